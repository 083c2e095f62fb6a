package search

// maxKernels is how many kernels are around observations at most. Of more observations of
// a single numeric parameter, those are merged that lie in the same of so many equal cells
// of the axis: a cell is a fifth of the narrowest kernel then, so the density is nearly
// the same. Of several parameters, a sample of so many stands for all. So a proposal takes
// as long after 100,000 trials as after 1,000.
const maxKernels = 512

// maxObservations is how many observations of a single parameter are looked at.
const maxObservations = 8192

// mostOf returns how many trials a sample for a density of the dimensions may have.
func mostOf(dims []*dimension) int {
	if len(dims) == 1 {
		return maxObservations
	}
	return maxKernels
}

// merged returns fewer observations of one dimension with nearly the same density.
func merged(d *dimension, at points) points {
	xs := at.coordinates[0]
	switch {
	case d.scale == unordered:
		return gather(d.n, at, func(i int) float64 { return float64(d.position(xs[i])) + 0.5 },
			func(cell float64) float64 { return cell - 0.5 })
	case len(xs) > maxKernels:
		scale := maxKernels / (d.high - d.low)
		return gather(maxKernels, at, func(i int) float64 { return float64((xs[i] - d.low) * scale) },
			func(cell float64) float64 { return d.low + float64(cell/scale) })
	}
	return at
}

// gather merges the observations in each of n cells: their total weight at their mean.
// cell returns the place of an observation, in cells, and back a coordinate for a place.
func gather(n int, at points, cell func(int) float64, back func(float64) float64) points {
	weight, moment := make([]float64, n), make([]float64, n)
	for i, w := range at.weights {
		x := cell(i)
		c := min(max(int(x), 0), n-1)
		weight[c] += w
		moment[c] += float64(w * x)
	}
	out := points{coordinates: [][]float64{nil}, n: at.n}
	for c, w := range weight {
		if w > 0 {
			out.weights = append(out.weights, w)
			out.coordinates[0] = append(out.coordinates[0], back(moment[c]/w))
		}
	}
	return out
}
