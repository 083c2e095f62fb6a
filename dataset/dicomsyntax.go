package dataset

// dicomSyntax is how a file's data set and pixels are written (PS3.5, annex A; PS3.6).
type dicomSyntax struct {
	name                    string
	implicit, big, deflated bool
	encapsulated            bool
	decode                  string // of encapsulated pixels: rle or jpeg; "" is not supported
}

// dicomSyntaxes are the known ones. Those that aren't supported are here for their name.
var dicomSyntaxes = map[string]dicomSyntax{
	"1.2.840.10008.1.2":      {name: "Implicit VR Little Endian", implicit: true},
	"1.2.840.10008.1.2.1":    {name: "Explicit VR Little Endian"},
	"1.2.840.10008.1.2.1.99": {name: "Deflated Explicit VR Little Endian", deflated: true},
	"1.2.840.10008.1.2.2":    {name: "Explicit VR Big Endian", big: true},
	"1.2.840.10008.1.2.5":    {name: "RLE Lossless", encapsulated: true, decode: "rle"},

	"1.2.840.10008.1.2.4.50":  {name: "JPEG Baseline (Process 1)", encapsulated: true, decode: "jpeg"},
	"1.2.840.10008.1.2.4.51":  {name: "JPEG Extended (Process 2 and 4)", encapsulated: true, decode: "jpeg"},
	"1.2.840.10008.1.2.4.57":  {name: "JPEG Lossless (Process 14)", encapsulated: true},
	"1.2.840.10008.1.2.4.70":  {name: "JPEG Lossless (Process 14, Selection Value 1)", encapsulated: true},
	"1.2.840.10008.1.2.4.80":  {name: "JPEG-LS Lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.81":  {name: "JPEG-LS Near-lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.90":  {name: "JPEG 2000 Lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.91":  {name: "JPEG 2000", encapsulated: true},
	"1.2.840.10008.1.2.4.92":  {name: "JPEG 2000 Part 2 Lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.93":  {name: "JPEG 2000 Part 2", encapsulated: true},
	"1.2.840.10008.1.2.4.100": {name: "MPEG2 Main Profile", encapsulated: true},
	"1.2.840.10008.1.2.4.102": {name: "MPEG-4 AVC/H.264 High Profile", encapsulated: true},
	"1.2.840.10008.1.2.4.107": {name: "HEVC/H.265 Main Profile", encapsulated: true},
	"1.2.840.10008.1.2.4.201": {name: "High-Throughput JPEG 2000 Lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.202": {name: "High-Throughput JPEG 2000 with RPCL Lossless", encapsulated: true},
	"1.2.840.10008.1.2.4.203": {name: "High-Throughput JPEG 2000", encapsulated: true},
}
