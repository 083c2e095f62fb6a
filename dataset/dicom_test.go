package dataset

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dicomFact is what pydicom says of a file: testdata/dicom/make.py.
type dicomFact struct {
	Error                  string
	Shape                  []int
	Sum, Squares, Weighted float64
	First                  []float64
	Patient, Sex           string
	Window                 *float64
}

// dicomFolder is that of the real files.
func dicomFolder(t testing.TB) string { return DataFolder(t, "dicom") }

// firstFrame reads a file's first frame.
func firstFrame(name string, file []byte, c WindowConfig) (p picture, f *dicomFile, err error) {
	if f, err = openDicom(name, file, fileLimits); err != nil {
		return p, f, err
	}
	m, err := f.form()
	if err != nil {
		return p, f, err
	}
	p, err = f.frame(m, 0, c)
	return p, f, err
}

func TestDicomFilesAreWhatPydicomReads(t *testing.T) {
	folder := dicomFolder(t)
	text, err := os.ReadFile("testdata/dicom/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string]dicomFact
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	for name, want := range facts {
		file, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		p, f, err := firstFrame(name, file, WindowConfig{})
		if want.Error != "" || name == "JPEG2000.dcm" {
			if err == nil {
				t.Errorf("%s: no error, pydicom has %s", name, want.Error)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		scale, allowed := 1.0, 0.0
		if p.channels == 3 {
			scale = 255
		}
		if f.syntax.decode == "jpeg" {
			allowed = 2 // each sample may be rounded the other way
		}
		var sum, squares, weighted float64
		for i, x := range p.pix {
			v := math.Round(float64(x) * scale)
			sum, squares, weighted = sum+v, squares+v*v, weighted+v*float64(i%97)
			if i < len(want.First) && math.Abs(v-want.First[i]) > allowed {
				t.Errorf("%s: value %d is %v, want %v", name, i, v, want.First[i])
			}
		}
		n := float64(len(p.pix))
		if math.Abs(sum-want.Sum) > n*allowed/10 || allowed == 0 && (squares != want.Squares || weighted != want.Weighted) {
			t.Errorf("%s: sums %v, %v, %v; want %+v", name, sum, squares, weighted, want)
		}
		if p.height != want.Shape[0] || p.width != want.Shape[1] || f.word(tagOf(t, "PatientID")) != want.Patient || f.word(tagOf(t, "PatientSex")) != want.Sex {
			t.Errorf("%s: %d by %d of %q, want %+v", name, p.height, p.width, f.word(tagOf(t, "PatientID")), want)
		}
		if want.Window != nil {
			p, _, err := firstFrame(name, file, WindowConfig{Kind: "file"})
			sum := 0.0
			for _, x := range p.pix {
				sum += float64(x)
			}
			if err != nil || math.Abs(sum-*want.Window) > 1e-4*sum {
				t.Errorf("%s: windowed %v, want %v; %v", name, sum, *want.Window, err)
			}
		}
	}
}

// Whatever is cut off a file, it is an error: pixels must be whole. Only what may be left
// out behind them, or is padding, may go.
func TestATruncatedDicomFileIsAnError(t *testing.T) {
	for _, name := range []string{"CT_small.dcm", "MR_small.dcm", "SC_rgb_rle.dcm", "ExplVR_BigEnd.dcm", "liver_1frame.dcm", "image_dfl.dcm", "SC_rgb_jpeg.dcm"} {
		file, err := os.ReadFile(filepath.Join(dicomFolder(t), name))
		if err != nil {
			t.Fatal(err)
		}
		whole, _, err := firstFrame(name, file, WindowConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range cuts(len(file)) {
			p, _, err := firstFrame(name, file[:cut], WindowConfig{})
			if err == nil && !slices.Equal(p.pix, whole.pix) {
				t.Errorf("%s cut to %d of %d bytes gave other pixels and no error", name, cut, len(file))
			}
			if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%s cut to %d: %q", name, cut, err)
			}
		}
		if _, _, err := firstFrame(name, file[:len(file)*9/10], WindowConfig{}); err == nil {
			t.Errorf("%s without its last tenth gave no error", name)
		}
	}
}

// cuts are about thirty lengths below n, the last ten among them.
func cuts(n int) []int {
	var all []int
	for at := 0; at < n-10; at += max(1, n/20) {
		all = append(all, at)
	}
	for at := max(0, n-10); at < n; at++ {
		all = append(all, at)
	}
	return all
}

func FuzzDicom(f *testing.F) {
	for name := range dicomMade(f) {
		f.Add([]byte(dicomMade(f)[name]))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		small := fileLimits
		small.bytes = 1 << 22
		d, err := openDicom("x.dcm", file, small)
		if err == nil {
			var m dicomImage
			if m, err = d.form(); err == nil && m.size() < 1<<20 {
				var p picture
				if p, err = d.frame(m, m.frames-1, WindowConfig{Kind: "file"}); err == nil && len(p.pix) != m.size() {
					t.Fatalf("%d values of %+v", len(p.pix), m)
				}
			}
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Fatalf("not one line of error: %q", err)
		}
	})
}
