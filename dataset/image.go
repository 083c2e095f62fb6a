package dataset

import (
	"slices"

	"medml/internal/nearest"
)

// ImageConfig says how images and volumes are read.
type ImageConfig struct {
	// Size is [height, width] in pixels that every image is brought to; none keeps them as
	// they are, and they must then all be of one size.
	Size []int `yaml:"size" json:"size,omitempty"`
	// Aspect says what becomes of an image of another shape: stretch, pad (whole, with
	// black around it) or crop (its middle); "" is stretch.
	Aspect string `yaml:"aspect" json:"aspect,omitempty"`
	// Resize is bilinear (a triangle over the pixels that one covers) or area (their mean);
	// "" is bilinear.
	Resize string `yaml:"resize" json:"resize,omitempty"`
	// Crop keeps the middle share of each side before anything else; 0 is 1, all of it.
	Crop float64 `yaml:"crop" json:"crop,omitempty"`
	// Color is rgb or grey; "" is rgb for pictures, and for medical images what they are.
	Color string `yaml:"color" json:"color,omitempty"`
	// Labels is a CSV or TSV file beside the images with a line for each, which has the
	// target, the group and the subgroups. "" takes the folder that an image lies in for
	// its class.
	Labels string `yaml:"labels" json:"labels,omitempty"`
	// By is what names the image in Labels: file, or of DICOM SOPInstanceUID,
	// SeriesInstanceUID, StudyInstanceUID or PatientID, and then a line is of all images of
	// that series, study or patient, and images without a line are left out; "" is file.
	By string `yaml:"by" json:"by,omitempty"`
	// File is the column of Labels that names the image; "" is By.
	File string `yaml:"file" json:"file,omitempty"`
	// Corrupt is error, or skip to leave out images that can't be read; "" is error.
	Corrupt string `yaml:"corrupt" json:"corrupt,omitempty"`
	// Window says which part of a DICOM image's values becomes 0 to 1.
	Window WindowConfig `yaml:"window" json:"window,omitzero"`
	// Slices says which frames of a DICOM file, or slices of a volume, are examples: first,
	// middle or all; "" is middle.
	Slices string `yaml:"slices" json:"slices,omitempty"`
	// Every takes each so many-th slice alone where Slices is all; 0 is 1.
	Every int `yaml:"every" json:"every,omitempty"`
	// Axis is the direction of a volume's slices by how it lies in space: axial, coronal or
	// sagittal; "" is axial.
	Axis string `yaml:"axis" json:"axis,omitempty"`
	// Stack makes the slices of a volume the channels of one example, rather than examples.
	Stack bool `yaml:"stack" json:"stack,omitempty"`
	// Duplicates is report, or group to take images that look alike for one patient's, so
	// that they stay on one side of every split, together with all of that patient's; "" is
	// report.
	Duplicates string `yaml:"duplicates" json:"duplicates,omitempty"`
	// Distance is in how many of 64 bits the perceptual hashes of images that look alike
	// may differ; 0 is 8. Nearly all distances are even.
	Distance int `yaml:"distance" json:"distance,omitempty"`
}

// The words of an [ImageConfig], and what "" stands for first.
var (
	aspects   = []string{"stretch", "pad", "crop"}
	resizings = []string{"bilinear", "area"}
	colors    = []string{"", "rgb", "grey"}
	corrupts  = []string{"error", "skip"}
	likewise  = []string{"report", "group"}
	sliced    = []string{"first", "middle", "all"}
)

func (c ImageConfig) resolved() ImageConfig { return c }

// or returns a word, or what it is where it isn't said.
func or(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}

func (c ImageConfig) validate(found *mistakes) {
	const most = 4096
	if n := len(c.Size); n != 0 && n != 2 {
		found.add("image.size", "has %d sides: expected [height, width]", n)
	}
	for _, side := range c.Size {
		if side < 1 || side > most {
			found.add("image.size", "a side of %d pixels: expected 1 to %d", side, most)
		}
	}
	if c.Crop < 0 || c.Crop > 1 || c.Crop != c.Crop {
		found.add("image.crop", "%v is not a share: expected a number above 0, at most 1", c.Crop)
	}
	knownWord(found, "image.aspect", c.Aspect, aspects)
	knownWord(found, "image.resize", c.Resize, resizings)
	knownWord(found, "image.color", c.Color, colors)
	knownWord(found, "image.corrupt", c.Corrupt, corrupts)
	knownWord(found, "image.by", c.By, append([]string{"file"}, dicomKeys...))
	knownWord(found, "image.slices", c.Slices, sliced)
	knownWord(found, "image.axis", c.Axis, names(niftiAxes))
	if c.Every < 0 || c.Every > 1 && c.Slices != "all" {
		found.add("image.every", "%d: expected 1 or more, with slices: all", c.Every)
	}
	c.Window.validate(found)
	knownWord(found, "image.duplicates", c.Duplicates, likewise)
	if c.Distance < 0 || c.Distance > mostDistance {
		found.add("image.distance", "%d bits: expected 1 to %d, or 0 for %d", c.Distance, mostDistance, NearDistance)
	}
	if (c.File != "" || c.By != "") && c.Labels == "" {
		found.add("image.labels", "missing: image.file and image.by say how it names images")
	}
}

// knownWord holds a word against those known; "" is always.
func knownWord(found *mistakes, field, word string, known []string) {
	if word != "" && !slices.Contains(known, word) {
		found.add(field, "unknown word %q%s", word, nearest.Hint(word, known))
	}
}

// slices returns which of n frames or slices are taken.
func (c ImageConfig) slices(n int) []int {
	switch c.Slices {
	case "first":
		return []int{0}
	case "all":
		var all []int
		for i := 0; i < n; i += max(1, c.Every) {
			all = append(all, i)
		}
		return all
	}
	return []int{n / 2}
}
