package dataset

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type pictureFacts struct {
	Files map[string]struct {
		Size      []int
		Grey, RGB []float64
	}
	Source  []float64
	Resized map[string][]float64
}

func readPictureFacts(t *testing.T) pictureFacts {
	t.Helper()
	text, err := os.ReadFile("testdata/images/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts pictureFacts
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

// far returns the largest difference.
func far(got []float32, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	most := 0.0
	for i, x := range got {
		most = max(most, math.Abs(float64(x)-want[i]))
	}
	return most
}

func TestPicturesOfEachKindAreWhatPILReads(t *testing.T) {
	facts := readPictureFacts(t)
	if len(facts.Files) < 20 {
		t.Fatalf("%d files", len(facts.Files))
	}
	for name, want := range facts.Files {
		file, err := os.ReadFile(filepath.Join("testdata", "images", name))
		if err != nil {
			t.Fatal(err)
		}
		// PIL greys in whole bytes; a JPEG's cosine transform may be rounded either way.
		allowed := map[int]float64{1: 0.51 / 255, 3: 1e-6}
		if strings.HasSuffix(name, ".jpg") {
			allowed = map[int]float64{1: 2.51 / 255, 3: 2.01 / 255}
		}
		for channels, pixels := range map[int][]float64{1: want.Grey, 3: want.RGB} {
			p, err := decodeImage(name, file, channels)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if d := far(p.pix, pixels); d > allowed[channels] || p.height != want.Size[0] || p.width != want.Size[1] {
				t.Errorf("%s, %d channels: %d by %d, %.2f/255 from PIL's", name, channels, p.height, p.width, d*255)
			}
		}
	}
}

func TestPicturesAreResizedAsPILDoes(t *testing.T) {
	facts := readPictureFacts(t)
	p := newPicture(9, 13, 1)
	for i, x := range facts.Source {
		p.pix[i] = float32(x)
	}
	for name, want := range facts.Resized {
		var how string
		var h, w int
		if _, err := fmt.Sscan(name, &how, &h, &w); err != nil {
			t.Fatal(err)
		}
		got := ImageConfig{Size: []int{h, w}, Resize: how}.fit(p)
		if d := far(got.pix, want); d > 1e-6 {
			t.Errorf("%s: %g from PIL's", name, d)
		}
	}
}

func TestTheMeanSurvivesResizingByArea(t *testing.T) {
	p := newPicture(12, 18, 3)
	for i := range p.pix {
		p.pix[i] = float32(i%7) / 7
	}
	mean := func(p picture) (sum float64) {
		for _, x := range p.pix {
			sum += float64(x)
		}
		return sum / float64(len(p.pix))
	}
	if got, want := mean(p.resize(4, 6, true)), mean(p); math.Abs(got-want) > 1e-6 {
		t.Errorf("mean %v, want %v", got, want)
	}
	flat := newPicture(5, 9, 1)
	for i := range flat.pix {
		flat.pix[i] = 0.25
	}
	for _, x := range flat.resize(7, 4, false).pix {
		if math.Abs(float64(x)-0.25) > 1e-7 {
			t.Fatalf("of an even picture a pixel became %v", x)
		}
	}
}

func TestAspects(t *testing.T) {
	p := newPicture(2, 4, 1) // 1 2 3 4, 1 2 3 4
	for i := range p.pix {
		p.pix[i] = float32(i%4 + 1)
	}
	for _, test := range []struct {
		c    ImageConfig
		want []float32
	}{
		{ImageConfig{Size: []int{2, 2}, Aspect: "crop"}, []float32{2, 3, 2, 3}},
		{ImageConfig{Size: []int{4, 4}, Aspect: "pad"}, []float32{0, 0, 0, 0, 1, 2, 3, 4, 1, 2, 3, 4, 0, 0, 0, 0}},
		{ImageConfig{Size: []int{2, 2}, Resize: "area"}, []float32{1.5, 3.5, 1.5, 3.5}},
		{ImageConfig{Size: []int{2, 4}, Aspect: "crop"}, []float32{1, 2, 3, 4, 1, 2, 3, 4}},
		{ImageConfig{Crop: 0.5}, []float32{2, 3}},
		{ImageConfig{Size: []int{2, 6}, Aspect: "pad"}, []float32{0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 0}},
	} {
		if got := test.c.fit(p); !slices.Equal(got.pix, test.want) {
			t.Errorf("%+v: %v, want %v", test.c, got.pix, test.want)
		}
	}
}

// FuzzPicture holds the decoders to no panic, one line of error, and pixels from 0 to 1.
func FuzzPicture(f *testing.F) {
	files, err := filepath.Glob("testdata/images/*.*")
	if err != nil || len(files) < 20 {
		f.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".py") {
			f.Add(file)
			f.Add(file[:len(file)*2/3])
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if kind, ok := imageKindOf(file); ok {
			// Blank images that are large are no find, and slow.
			if c, err := kind.config(strings.NewReader(string(file))); err == nil && c.Width*c.Height > 1<<16 {
				return
			}
		}
		p, err := decodeImage("x.png", file, 3)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("not one line of error: %q", err)
			}
			return
		}
		for _, x := range p.pix {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("a pixel of %v", x)
			}
		}
		ImageConfig{Size: []int{3, 5}, Aspect: "pad"}.fit(p)
	})
}
