package dataset_test

import (
	"math"
	"strings"
	"testing"

	"medml/dataset"
)

// FuzzRead holds the reader to: no panic, one short line of error, or a dataset whose
// parts agree.
func FuzzRead(f *testing.F) {
	for _, bad := range badFiles {
		f.Add(bad.file, false, false)
		f.Add(bad.file, true, true)
	}
	f.Add("a,p,y\n1,u,2\n,v,3\n", true, true)
	f.Fuzz(func(t *testing.T, file string, regression, grouped bool) {
		task, c := dataset.Classification, dataset.Config{}
		if regression {
			task = dataset.Regression
		}
		if grouped {
			c.Group = "p"
		}
		d, err := parse(file, c, task)
		if err != nil {
			if s := err.Error(); strings.ContainsAny(s, "\n\x1b") {
				t.Fatalf("not one line of error: %q", s)
			}
			return
		}
		check(t, d)
		again, err := parse(file, c, task)
		if err != nil || table(again) != table(d) || again.Digest() != d.Digest() {
			t.Fatalf("read again it is another dataset: %v", err)
		}
	})
}

// check fails where the parts of a dataset don't agree.
func check(t testing.TB, d *dataset.Dataset) {
	t.Helper()
	if d.Len() == 0 || len(d.Features) == 0 {
		t.Fatalf("%d examples of %d features", d.Len(), len(d.Features))
	}
	if d.Groups != nil && len(d.Groups) != d.Len() {
		t.Fatalf("%d examples of %d patients", d.Len(), len(d.Groups))
	}
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
		for j, x := range d.Row(i) {
			if math.Abs(x) > math.MaxFloat32 {
				t.Fatalf("example %d, feature %d: %v", i, j, x)
			}
		}
	}
	for class, n := range d.Counts(rows) {
		if n == 0 {
			t.Fatalf("class %d has no example", class)
		}
	}
	p, err := d.Prepare(dataset.Preprocess{}, rows)
	if err != nil {
		t.Fatal(err)
	}
	for k, x := range p.Matrix(rows).X {
		if x != x || math.Abs(float64(x)) > math.MaxFloat32 {
			t.Fatalf("prepared value %d is %v", k, x)
		}
	}
}
