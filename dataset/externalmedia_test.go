package dataset

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// numerals is a format of signals: a line a channel, each digit a value; the name of the
// file is the class, and its patient the first digit.
func numerals(o *origin, _ Config, _ limits, into *cases) error {
	files, err := o.list()
	if err != nil {
		return err
	}
	for i, name := range files {
		b, err := o.bytes(name)
		if err != nil {
			return err
		}
		var x []float32
		for _, digit := range strings.TrimSpace(string(b)) {
			x = append(x, float32(digit-'0'))
		}
		if i == 0 {
			if err := into.begin([]int{len(x), 1}); err != nil {
				return err
			}
		}
		class, _, _ := strings.Cut(name, ".")
		e := example{where: o.where(name), values: x, label: class, patient: string(b[0]), hasPart: o.isDir() && strings.HasPrefix(filepath.Base(o.path()), "here")}
		if err := into.add(e); err != nil {
			return err
		}
	}
	return nil
}

func TestAnotherHospitalsImagesAreTheTestPart(t *testing.T) {
	formats["numerals"] = format{gather: numerals}
	defer delete(formats, "numerals")
	dir := t.TempDir()
	write := func(folder string, n int, digits string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for _, class := range []string{"ill", "well"} {
				name := filepath.Join(dir, folder, fmt.Sprintf("%s.%02d", class, i))
				if err := os.WriteFile(name, []byte(fmt.Sprintf("%d%s", i%10, digits)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	write("here", 10, "123")
	write("there", 3, "456")
	write("wider", 3, "4567")
	c := Config{Source: "here", Format: "numerals", Target: "class", Split: SplitConfig{External: "there"}}
	d, err := Open(c, Classification, dir)
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 26 || d.Media(20)[1] != 4 || d.Parts[19] != InTrain || d.Parts[20] != InTest || d.Groups[20] != 10 {
		t.Fatalf("%d examples, %v, parts %v, patients %v", d.Len(), d.Media(20), d.Parts, d.Groups)
	}
	// The source has parts, and patients that the configuration can't know of: neither is
	// an error, and the folds are grouped.
	if kind := c.Resolved(Classification).Split.Kind; kind != "" {
		t.Errorf("before the source is read, the split is %q", kind)
	}
	if err := (&division{of: d, groups: d.Groups, stratified: true}).checkEnough(without(20, nil), 5, ""); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Split(c.Split, stream()); err != nil || len(s.Test) != 6 || s.Test[0] != 20 {
		t.Errorf("%v is tested: %v", s.Test, err)
	}
	c.Split.External = "wider"
	want := "data.split.external: " + filepath.Join(dir, "wider") + " has examples of shape [5 1], and " + filepath.Join(dir, "here") + " of [4 1]"
	if _, err := Open(c, Classification, dir); err == nil || err.Error() != want {
		t.Errorf("other shapes:\n got %v\nwant %s", err, want)
	}
}

func stream() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }
