package dataset_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml/dataset"
)

// numpyFacts are what NumPy says of the files: testdata/numpy/make.py.
type numpyFacts struct {
	Arrays map[string]struct {
		Shape []int
		Cells []string
	}
	Breastmnist map[string]struct {
		Pixels, Benign int
		Last           []int
	}
	Adbench map[string]struct {
		Shape   []int
		Columns []float64
		Ill     int
	}
}

func readNumpyFacts(t *testing.T) numpyFacts {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "numpy", "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts numpyFacts
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestBreastMNISTIsWhatNumPyReads(t *testing.T) {
	c := dataset.Config{Source: filepath.Join(dataset.DataFolder(t, "breastmnist"), "breastmnist.npz"), Positive: "malignant"}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Shape, []int{28, 28, 1}) || !slices.Equal(d.Classes, []string{"normal, benign", "malignant"}) || d.Groups != nil {
		t.Fatalf("shape %v, classes %q, groups %v", d.Shape, d.Classes, d.Groups)
	}
	facts := readNumpyFacts(t).Breastmnist
	for part, name := range map[dataset.Part]string{dataset.InTrain: "train", dataset.InValid: "val", dataset.InTest: "test"} {
		pixels, benign, last := 0.0, 0, 0
		for i := range d.Len() {
			if d.Parts[i] != part {
				continue
			}
			for _, x := range d.Media(i) {
				pixels += math.Round(float64(x) * 255)
			}
			benign += 1 - d.Label(i)
			last = i
		}
		want := facts[name]
		if int(pixels) != want.Pixels || benign != want.Benign {
			t.Errorf("%s: pixels %v, benign %d, want %+v", name, pixels, benign, want)
		}
		for j, x := range d.Media(last) {
			if x != float32(float64(want.Last[j])/255) {
				t.Fatalf("%s: last image, pixel %d is %v, want %d/255", name, j, x, want.Last[j])
			}
		}
	}
}

func TestTablesInArchivesAreWhatNumPyReads(t *testing.T) {
	folder := dataset.DataFolder(t, "adbench")
	for name, want := range readNumpyFacts(t).Adbench {
		c := dataset.Config{Source: filepath.Join(folder, name), Target: "y", Positive: "1"}
		d, err := dataset.Open(c, dataset.Classification, "")
		if err != nil {
			t.Fatal(err)
		}
		sums, ill := make([]float64, d.Width()), 0
		for i := range d.Len() {
			for j, x := range d.Media(i) {
				sums[j] += float64(x)
			}
			ill += d.Label(i)
		}
		if !slices.Equal([]int{d.Len(), d.Width()}, want.Shape) || ill != want.Ill || len(d.Shape) != 1 {
			t.Errorf("%s: %d examples of %v, %d ill; want %+v", name, d.Len(), d.Shape, ill, want)
		}
		for j := range sums {
			if math.Abs(sums[j]-want.Columns[j]) > 1e-9*(1+math.Abs(want.Columns[j])) {
				t.Errorf("%s: column %d sums to %v, want %v", name, j, sums[j], want.Columns[j])
			}
		}
	}
}

func TestAnArchiveKeepsPatientsAndSubgroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	writeNpz(t, path, map[string]string{
		"X":   npy("<i2", "4, 2", "\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\xff\xff"),
		"y":   npy("|b1", "4,", "\x00\x01\x00\x01"),
		"who": npy("|S2", "4,", "a\x00b\x00a\x00b\x00"),
		"age": npy("|u1", "4, 1", "\x10\x20\x30\x40"),
	})
	c := dataset.Config{Source: path, Target: "y", Group: "who", Subgroups: []dataset.Subgroup{{Column: "age"}}}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	age, _ := d.Attribute("age")
	if !slices.Equal(d.Groups, []int{0, 1, 0, 1}) || !slices.Equal(age.Numbers, []float64{16, 32, 48, 64}) {
		t.Errorf("patients %v, ages %v", d.Groups, age.Numbers)
	}
	if diff := cmp.Diff([]float32{7, -1}, d.Media(3)); diff != "" {
		t.Error(diff)
	}
}

func TestABareArrayHasItsLabelsBesideIt(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "x.npy", npy("|u1", "2, 1, 2", "\x00\xff\x33\x00"))
	write(t, folder, "labels.npy", npy("<U3", "2,", "i\x00\x00\x00l\x00\x00\x00l\x00\x00\x00o\x00\x00\x00k\x00\x00\x00\x00\x00\x00\x00"))
	d, err := dataset.Open(dataset.Config{Source: "x.npy"}, dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Classes, []string{"ill", "ok"}) || !slices.Equal(d.Media(1), []float32{0.2, 0}) || !slices.Equal(d.Shape, []int{1, 2, 1}) {
		t.Errorf("classes %q, image %v of %v", d.Classes, d.Media(1), d.Shape)
	}
}

func TestImagesInArchivesAreResized(t *testing.T) {
	folder := t.TempDir()
	writeNpz(t, filepath.Join(folder, "a.npz"), map[string]string{"X": npy("<f4", "2, 2, 2", "\x00\x00\x80\x3f\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x00\x40"+"\x00\x00\x80\x3f\x00\x00\x80\x3f\x00\x00\x80\x3f\x00\x00\x80\x3f"), "y": npy("|u1", "2,", "\x00\x01")})
	c := dataset.Config{Source: "a.npz", Target: "y", Image: dataset.ImageConfig{Size: []int{1, 1}}}
	d, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil || !slices.Equal(d.Shape, []int{1, 1, 1}) || d.Media(0)[0] != 1.5 || d.Media(1)[0] != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
}
