package dataset

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/suyashkumar/dicom/pkg/tag"
)

func tagOf(t testing.TB, keyword string) tag.Tag {
	t.Helper()
	info, err := tag.FindByKeyword(keyword)
	if err != nil {
		t.Fatal(err)
	}
	return info.Tag
}

// made writes a DICOM file with the given elements, "Keyword": value; numbers are US.
type made struct {
	syntax string // its UID
	values map[string]any
	vr     string // of the pixels
	pixels string // with a length; or fragments
	parts  []string
}

func (m made) file(t testing.TB) string {
	t.Helper()
	var order binary.AppendByteOrder = binary.LittleEndian
	implicit := m.syntax == "1.2.840.10008.1.2"
	element := func(b []byte, order binary.AppendByteOrder, implicit bool, at tag.Tag, vr, value string) []byte {
		b = order.AppendUint16(order.AppendUint16(b, at.Group), at.Element)
		switch {
		case implicit:
			b = order.AppendUint32(b, uint32(len(value)))
		case strings.Contains(longRepresentations, vr+" "):
			b = order.AppendUint32(append(b, vr[0], vr[1], 0, 0), uint32(len(value)))
		default:
			b = order.AppendUint16(append(b, vr...), uint16(len(value)))
		}
		return append(b, value...)
	}
	b := append(make([]byte, 128), "DICM"...)
	b = element(b, order, false, tag.TransferSyntaxUID, "UI", m.syntax+strings.Repeat("\x00", len(m.syntax)%2))
	if m.syntax == "1.2.840.10008.1.2.2" {
		order = binary.BigEndian
	}
	type field struct {
		tag.Info
		value string
	}
	var fields []field
	for keyword, value := range m.values {
		info, err := tag.FindByKeyword(keyword)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := value.(string)
		if !ok {
			text = string(order.AppendUint16(nil, uint16(value.(int))))
		} else if len(text)%2 == 1 {
			text += " "
		}
		fields = append(fields, field{info, text})
	}
	slices.SortFunc(fields, func(a, b field) int { return a.Tag.Compare(b.Tag) })
	for _, f := range fields {
		b = element(b, order, implicit, f.Tag, f.VRs[0], f.value)
	}
	if m.parts == nil {
		return string(element(b, order, implicit, tag.PixelData, m.vr, m.pixels))
	}
	b = append(order.AppendUint16(order.AppendUint16(b, 0x7fe0), 0x10), "OB\x00\x00\xff\xff\xff\xff"...)
	for _, part := range m.parts {
		b = append(binary.LittleEndian.AppendUint32(append(b, "\xfe\xff\x00\xe0"...), uint32(len(part))), part...)
	}
	return string(append(b, "\xfe\xff\xdd\xe0\x00\x00\x00\x00"...))
}

const (
	implicitLittle = "1.2.840.10008.1.2"
	explicitLittle = "1.2.840.10008.1.2.1"
	explicitBig    = "1.2.840.10008.1.2.2"
	runLengths     = "1.2.840.10008.1.2.5"
)

// grey are the elements of a grey image of 16 bits, two rows by three columns.
func grey(more map[string]any) map[string]any {
	values := map[string]any{
		"PatientID": "p1", "PatientSex": "F", "PatientAge": "018M", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2",
		"Rows": 2, "Columns": 3, "BitsAllocated": 16, "BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0,
	}
	for name, value := range more {
		if values[name] = value; value == nil {
			delete(values, name)
		}
	}
	return values
}

func dicomMade(t testing.TB) map[string]string {
	six := "\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\xff\xff" // the last has bits above the twelve
	rle := func(planes ...string) string {
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(planes)))
		at := 64
		for _, p := range planes {
			head = binary.LittleEndian.AppendUint32(head, uint32(at))
			at += len(p)
		}
		return string(append(head, make([]byte, 64-len(head))...)) + strings.Join(planes, "")
	}
	return map[string]string{
		"explicit":  made{explicitLittle, grey(nil), "OW", six, nil}.file(t),
		"implicit":  made{implicitLittle, grey(nil), "OW", six, nil}.file(t),
		"big":       made{explicitBig, grey(nil), "OW", "\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\xff\xff", nil}.file(t),
		"signed":    made{explicitLittle, grey(map[string]any{"PixelRepresentation": 1}), "OW", six, nil}.file(t),
		"rescaled":  made{explicitLittle, grey(map[string]any{"RescaleSlope": "2", "RescaleIntercept": "-10"}), "OW", six, nil}.file(t),
		"inverse":   made{explicitLittle, grey(map[string]any{"PhotometricInterpretation": "MONOCHROME1"}), "OW", six, nil}.file(t),
		"frames":    made{explicitLittle, grey(map[string]any{"NumberOfFrames": "2"}), "OW", strings.Repeat("\x09\x00", 6) + six, nil}.file(t),
		"windowed":  made{explicitLittle, grey(map[string]any{"WindowCenter": "3.5", "WindowWidth": "3"}), "OW", six, nil}.file(t),
		"runs":      made{runLengths, grey(nil), "", "", []string{"", rle("\xfc\x00\x00\x0f", "\x04\x01\x02\x03\x04\x05\x00\xff")}}.file(t),
		"planar":    made{explicitLittle, grey(map[string]any{"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 1, "Rows": 1, "Columns": 2, "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}), "OB", "\x00\xff\x33\x66\x99\xcc", nil}.file(t),
		"luminance": made{explicitLittle, grey(map[string]any{"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL", "PlanarConfiguration": 0, "Rows": 1, "Columns": 2, "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}), "OB", "\xff\x80\x80\x4c\x55\xff", nil}.file(t),
		"bits":      made{explicitLittle, grey(map[string]any{"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}), "OB", "\x29\x00", nil}.file(t),
	}
}

func TestDicomPixelsByTheStandard(t *testing.T) {
	files := dicomMade(t)
	plain := []float32{1, 2, 3, 4, 5, 4095}
	for name, want := range map[string][]float32{
		"explicit": plain, "implicit": plain, "big": plain, "runs": plain, "windowed": plain,
		"signed":    {1, 2, 3, 4, 5, -1},
		"rescaled":  {-8, -6, -4, -2, 0, 8180},
		"inverse":   {4094, 4093, 4092, 4091, 4090, 0},
		"frames":    {9, 9, 9, 9, 9, 9},
		"planar":    {0, 0.2, 0.6, 1, 0.4, 0.8},
		"luminance": {1, 1, 1, 254. / 255, 0, 0},
		"bits":      {1, 0, 0, 1, 0, 1},
	} {
		p, _, err := firstFrame(name, []byte(files[name]), WindowConfig{})
		if err != nil || !slices.Equal(p.pix, want) {
			t.Errorf("%s: %v, want %v; %v", name, p.pix, want, err)
		}
	}
	// PS3.3: of width 3 at 3.5, 2 is the last black and 4 the first white.
	p, _, err := firstFrame("windowed", []byte(files["windowed"]), WindowConfig{Kind: "file"})
	if want := []float32{0, 0, 0.5, 1, 1, 1}; err != nil || !slices.Equal(p.pix, want) {
		t.Errorf("window of the file: %v, want %v; %v", p.pix, want, err)
	}
	p, _, err = firstFrame("inverse", []byte(files["inverse"]), WindowConfig{Center: 3.5, Width: 3})
	if want := []float32{1, 1, 0.5, 0, 0, 0}; err != nil || !slices.Equal(p.pix, want) {
		t.Errorf("window of the experiment, inverse: %v, want %v; %v", p.pix, want, err)
	}
}

func TestADicomFolderIsPatientsWithTags(t *testing.T) {
	folder := t.TempDir()
	pixels := strings.Repeat("\x07\x00", 6)
	for i, name := range []string{"ill/1.dcm", "ill/2", "well/1.dcm"} {
		values := grey(map[string]any{"PatientID": fmt.Sprint("p", i/2), "SOPInstanceUID": fmt.Sprint("1.2.", i), "NumberOfFrames": "1"})
		writeBelow(t, folder, name, made{explicitLittle, values, "OW", pixels, nil}.file(t))
	}
	writeBelow(t, folder, "labels.csv", "SOPInstanceUID,dx,PatientSex\n1.2.0,a,M\n1.2.2,b,M\n")
	c := Config{Source: folder, Format: "dicom", Subgroups: []Subgroup{{Column: "PatientAge"}, {Column: "PatientSex"}}}
	d, err := Open(c, Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	age, _ := d.Attribute("PatientAge")
	if !slices.Equal(d.Groups, []int{0, 0, 1}) || !slices.Equal(d.Classes, []string{"ill", "well"}) || !slices.Equal(age.Numbers, []float64{1.5, 1.5, 1.5}) {
		t.Errorf("patients %v, classes %v, ages %v", d.Groups, d.Classes, age.Numbers)
	}
	c.Target, c.Image = "dx", ImageConfig{Labels: "labels.csv", By: "SOPInstanceUID"}
	if d, err = Open(c, Classification, ""); err != nil {
		t.Fatal(err)
	}
	sex, _ := d.Attribute("PatientSex")
	if d.Len() != 2 || !slices.Equal(d.Classes, []string{"a", "b"}) || !slices.Equal(sex.Words, []string{"M"}) {
		t.Errorf("by table: %d of classes %v, sexes %v", d.Len(), d.Classes, sex.Words)
	}
}

func TestEachBadDicomFileHasItsError(t *testing.T) {
	good := dicomMade(t)
	with := func(more map[string]any) string {
		return made{explicitLittle, grey(more), "OW", strings.Repeat("\x01\x00", 6), nil}.file(t)
	}
	for _, test := range []struct{ name, file, want string }{
		{"no DICOM", "hello", "found no DICOM file"},
		{"pixels cut off", good["explicit"][:len(good["explicit"])-2], "element (7fe0,0010) of 12 bytes that goes on beyond the file's end"},
		{"run lengths cut off", strings.Replace(good["runs"], "\x04\x01\x02", "\x06\x01\x02", 1), "run lengths of frame 1 that are cut off or damaged"},
		{"too few pixels", with(map[string]any{"Rows": 3}), "found 12 bytes of pixels, expected 18"},
		{"absurd frames", with(map[string]any{"NumberOfFrames": "1000000"}), "found 12 bytes of pixels, expected 12000000"},
		{"absurd sides", with(map[string]any{"Rows": 65535, "Columns": 65535}), "found an image of 65535 by 65535 pixels"},
		{"no rows", with(map[string]any{"Rows": nil}), "found 0 in element (0028,0010)[Rows], expected a number from 1"},
		{"a palette", with(map[string]any{"PhotometricInterpretation": "PALETTE COLOR"}), `found photometric interpretation "PALETTE COLOR"`},
		{"64 bits", with(map[string]any{"BitsAllocated": 64, "BitsStored": 64, "HighBit": 63}), "found 64 bits allocated"},
		{"more bits than there are", with(map[string]any{"BitsStored": 16, "HighBit": 11}), "found 16 bits stored up to bit 11 of 16"},
		{"a slope that is no number", with(map[string]any{"RescaleSlope": "two"}), `found "two" in element (0028,1053)[RescaleSlope]`},
		{"no patient", with(map[string]any{"PatientID": nil}), "found no PatientID"},
		{"an unknown syntax", strings.Replace(good["explicit"], explicitLittle+"\x00", "1.2.3.4.5.6.7.8.9.10", 1), "found transfer syntax"},
		{"a syntax that isn't supported", made{"1.2.840.10008.1.2.4.90", grey(nil), "", "", []string{"", "x"}}.file(t), "found transfer syntax JPEG 2000 Lossless, expected"},
		{"no pixels at all", strings.Replace(good["explicit"], "\xe0\x7f\x10\x00", "\xe0\x7f\x20\x00", 1), "found no pixels"},
	} {
		folder := t.TempDir()
		writeBelow(t, folder, "a/1.dcm", good["explicit"])
		writeBelow(t, folder, "b/2.dcm", test.file)
		_, err := Open(Config{Source: folder, Format: "dicom"}, Classification, "")
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if got := err.Error(); !strings.Contains(got, test.want) || !strings.Contains(got, filepath.Join("b", "2.dcm")) || strings.Contains(got, "p1") {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// A small file that promises much must not be given room for it.
func TestADicomPromiseIsNotAllocated(t *testing.T) {
	file := dicomMade(t)["explicit"]
	at := strings.Index(file, "OW\x00\x00")
	for name, hostile := range map[string]string{
		"pixels":     file[:at+4] + "\xf0\xff\xff\xff" + file[at+8:],
		"a sequence": strings.Replace(file, "\x10\x00\x40\x00CS\x02\x00F ", "\x10\x00\x40\x00SQ\x00\x00\xf0\xff\xff\x7f", 1),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := firstFrame(name, []byte(hostile), WindowConfig{})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > 1<<20 {
			t.Errorf("%s: %d bytes, %v", name, used, err)
		}
	}
}

// writeBelow writes a file below a folder.
func writeBelow(t testing.TB, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
