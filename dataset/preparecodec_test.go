package dataset_test

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medml/dataset"
)

func encoded(t rapid.TB, p *dataset.Preparation) []byte {
	t.Helper()
	b, err := p.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPreparationComesBackWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grid, how := drawGrid(rt), drawPreprocess(rt)
		d := gridDataset(t, grid)
		p, err := d.Prepare(how, []int{0, 1, 2})
		if err != nil {
			rt.Fatal(err)
		}
		b := encoded(rt, p)
		var again dataset.Preparation
		if err := again.UnmarshalBinary(b); err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(encoded(rt, &again), b) {
			rt.Fatal("written again it is other bytes")
		}
		rows := all(d)
		if !slices.Equal(again.Of(d, rows).X, p.Matrix(rows).X) {
			rt.Fatalf("%+v: read back it prepares otherwise", how)
		}
	})
}

func TestAnIncompletePreparationIsRefused(t *testing.T) {
	d := gridDataset(t, [][]float64{{1, 2}, {2, 5}, {3, 4}, {9, 9}})
	for _, how := range []dataset.Preprocess{{}, {Impute: "knn"}, {Scale: "quantile-normal"}} {
		p, err := d.Prepare(how, all(d))
		if err != nil {
			t.Fatal(err)
		}
		b := encoded(t, p)
		for n := range b {
			if new(dataset.Preparation).UnmarshalBinary(b[:n]) == nil {
				t.Errorf("%+v: %d of %d bytes suffice", how, n, len(b))
			}
		}
		if new(dataset.Preparation).UnmarshalBinary(append(b, 0)) == nil {
			t.Errorf("%+v: a byte too many is read", how)
		}
	}
}

// FuzzPreparation holds that whatever is read can prepare an example.
func FuzzPreparation(f *testing.F) {
	d := gridDataset(f, [][]float64{{1, 2}, {2, 5}, {3, 4}, {9, 9}})
	for _, how := range []dataset.Preprocess{{}, {Impute: "knn"}, {Scale: "quantile"}, {Impute: "knn", Scale: "quantile-normal"}} {
		p, err := d.Prepare(how, all(d))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(encoded(f, p))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p dataset.Preparation
		if p.UnmarshalBinary(b) != nil {
			return
		}
		x := make([]float64, len(p.Fill))
		for j := range x {
			x[j] = float64(j) / 3
		}
		p.Apply(make([]float32, len(x)), x)
		if len(x) > 0 {
			x[0] /= 0 * x[0] // no number
			p.Apply(make([]float32, len(x)), x)
		}
	})
}
