package dataset

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gathered makes a dataset of signals of two channels, the first 1, 2, … and the second
// missing in each odd example.
func gathered(t *testing.T, n int) *Dataset {
	t.Helper()
	c := Config{Source: "signals", Target: "class", Group: "patient", Subgroups: []Subgroup{{Column: "sex"}}}
	cs := newCases("signals", c, Classification, fileLimits)
	if err := cs.begin([]int{3, 2}); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		second := float32(100 + i)
		if i%2 == 1 {
			second = float32(math.NaN())
		}
		x := float32(i + 1)
		err := cs.add(example{
			where: "signal", values: []float32{x, second, x, second, x, second}, label: []string{"ill", "well"}[i%2],
			patient: string(rune('a' + i/2)), part: Part(i % 3), hasPart: true, facts: map[string]string{"sex": []string{"f", "m"}[i%2]},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := cs.dataset()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestChannelsArePreparedByTheTrainingPartAlone(t *testing.T) {
	d := gathered(t, 6)
	p, err := d.Prepare(Preprocess{}, []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.Fill, []float64{0, 101}) || !slices.Equal(p.Center, []float64{2, 101}) {
		t.Fatalf("fills %v, centres %v", p.Fill, p.Center)
	}
	got := p.Matrix([]int{5}).Row(0)
	want := float32(float32(6-2) * float32(1/p.Scale[0]))
	if got[0] != want || got[1] != 0 || got[4] != want {
		t.Errorf("prepared %v, want %v and 0 for what is missing", got, want)
	}
	if a, _ := d.Attribute("sex"); !slices.Equal(a.Words, []string{"f", "m"}) || a.Codes[1] != 1 {
		t.Errorf("attribute %+v", a)
	}
	if d.Parts[4] != InValid || d.Groups[5] != 2 {
		t.Errorf("parts %v, patients %v", d.Parts, d.Groups)
	}
}

func TestAnOriginStaysInItsFolder(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("in/b", "22")
	write("in/sub/a", "1")
	write("in/.hidden", "x")
	write("out", "secret")
	o, err := openOrigin(filepath.Join(folder, "in"), fileLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	if files, err := o.list(); err != nil || !slices.Equal(files, []string{"b", "sub/a"}) {
		t.Fatalf("files %v, %v", files, err)
	}
	if _, err := o.bytes("../out"); err == nil {
		t.Error("a file outside the folder was read")
	}
	before := o.digest()
	if b, err := o.bytes("b"); err != nil || string(b) != "22" || o.digest() == before {
		t.Errorf("%q, %v", b, err)
	}
	small := fileLimits
	small.bytes = 1
	o, err = openOrigin(filepath.Join(folder, "in", "b"), small)
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	if _, err := o.bytes(""); err == nil || !strings.Contains(err.Error(), "more than 1 bytes") {
		t.Errorf("beyond the limit: %v", err)
	}
}
