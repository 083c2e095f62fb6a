package search

import (
	"math"
	"testing"

	"medml"
)

// forestSamples are n rows of a number, a choice and a whole number.
func forestSamples(n int, seed uint64) samples {
	dims := newDimensions(medml.Space{
		{Name: "x", Low: -1, High: 3},
		{Name: "w", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("a"), medml.StringValue("b"), medml.StringValue("c")}},
		{Name: "i", Kind: medml.Int, Low: 2, High: 5},
	})
	s := samples{dims: []*dimension{&dims[0], &dims[1], &dims[2]}, columns: make([][]float64, 3)}
	r := medml.Stream(seed, "samples")
	for range n {
		for f := range dims {
			s.columns[f] = append(s.columns[f], dims[f].uniform(r))
		}
		s.values = append(s.values, r.Float64())
	}
	return s
}

// predict returns the tree's value at a point.
func (nd *node) predict(s samples, point []float64) float64 {
	for nd.left != nil {
		x := point[nd.feature]
		if left := x < nd.at; s.dims[nd.feature].nominal() && x == nd.at || !s.dims[nd.feature].nominal() && left {
			nd = nd.left
		} else {
			nd = nd.right
		}
	}
	return nd.value
}

// A tree whose bootstrap sample has a row predicts its value, as rows differ in x.
func TestATreeKnowsItsSample(t *testing.T) {
	s := forestSamples(80, 1)
	root := growTree(s, medml.Stream(1, "tree"))
	r, drawn := medml.Stream(1, "tree"), map[int]bool{}
	for range 80 {
		drawn[r.IntN(80)] = true
	}
	for row := range drawn {
		point := []float64{s.columns[0][row], s.columns[1][row], s.columns[2][row]}
		if got := root.predict(s, point); math.Abs(got-s.values[row]) > 1e-12 {
			t.Errorf("row %d: %v, expected %v", row, got, s.values[row])
		}
	}
}

// The variance that a feature explains is that of the tree's mean over a fine grid of the
// others.
func TestMarginalsAreIntegralsOverTheSpace(t *testing.T) {
	const steps = 400
	s := forestSamples(25, 2)
	root := growTree(s, medml.Stream(2, "tree"))
	m := newMarginals(s.dims, root)
	volume := 0.0
	for _, l := range m.leaves {
		volume += l.volume
	}
	if math.Abs(volume-1) > 1e-12 {
		t.Errorf("the leaves have the volume %v", volume)
	}
	xs := make([]float64, steps)
	for k := range xs {
		xs[k] = -1 + 4*(float64(k)+0.5)/steps
	}
	grids := [][]float64{xs, {0, 1, 2}, {2, 3, 4, 5}}
	mean := 0.0
	means := [][]float64{make([]float64, steps), make([]float64, 3), make([]float64, 4)}
	for a, x := range grids[0] {
		for b, w := range grids[1] {
			for c, i := range grids[2] {
				v := root.predict(s, []float64{x, w, i})
				mean += v / (steps * 12)
				means[0][a] += v / 12
				means[1][b] += v / (steps * 4)
				means[2][c] += v / (steps * 3)
			}
		}
	}
	for f := range means {
		want := 0.0
		for _, v := range means[f] {
			want += (v - mean) * (v - mean) / float64(len(means[f]))
		}
		if got := m.of(f); math.Abs(got-want) > 0.02*want {
			t.Errorf("feature %d explains %v, by the grid %v", f, got, want)
		}
	}
}
