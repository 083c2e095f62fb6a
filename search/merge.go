package search

// maxKernels is how many trials are in a sample for a joint density, and so kernels. So a
// proposal takes as long after 100,000 trials as after 1,000.
const maxKernels = 512

// A density of a single parameter is estimated from more trials: the observations that lie
// in the same of some equal cells of the axis share a kernel. A cell is less than half as
// wide as the narrowest kernel then, so the density is nearly the same.
const (
	maxObservations = 2048
	cells           = 256
)

// mostOf returns how many trials a sample for a density of so many dimensions may have.
func mostOf(dims int) int {
	if dims == 1 {
		return maxObservations
	}
	return maxKernels
}

// merged returns the observations of a dimension with those in the same cell as one: their
// total weight at their mean. Where no more than two cells' worth are to merge, all stay,
// unless the parameter has no order, whose equal values are merged always.
func merged(d *dimension, xs []float64, at sample) points {
	n, width := cells, d.high-d.low
	switch {
	case d.scale == unordered:
		n = d.n
	case len(xs) <= 2*cells:
		return points{[][]float64{xs}, at.weights, at.n}
	}
	weight, moment := make([]float64, n), make([]float64, n) // moment is in cells
	for i, w := range at.weights {
		x := float64((xs[i] - d.low) / width * float64(n))
		c := min(max(int(x), 0), n-1)
		weight[c] += w
		moment[c] += float64(w * x)
	}
	out := points{[][]float64{make([]float64, 0, n+1)}, make([]float64, 0, n+1), at.n}
	for c, w := range weight {
		if w > 0 {
			out.weights = append(out.weights, w)
			out.coordinates[0] = append(out.coordinates[0], d.low+float64(moment[c]/w/float64(n)*width))
		}
	}
	return out
}
