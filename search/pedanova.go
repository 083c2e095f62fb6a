package search

import (
	"math"
	"slices"

	"medml/internal/elementary"
)

const (
	// bestShare is the share of the trials that count as good.
	bestShare = 0.1
	// gridSteps is on how many points of an axis densities are compared at most.
	gridSteps = 50
	// leastDensity keeps quotients of densities finite.
	leastDensity = 1e-12
)

// pedANOVA is PED-ANOVA (Watanabe, Bansal and Hutter, PED-ANOVA: Efficiently Quantifying
// Hyperparameter Importance in Arbitrary Subspaces, 2023, algorithm 1) with the settings of
// Optuna: the Pearson divergence of a parameter's density in the best tenth of the trials
// from its density in all. A conditional parameter is judged by the trials that have it,
// times α²/β, where α is their share of the best tenth and β that of all (Optuna's
// conditional PED-ANOVA, 2026).
func pedANOVA(e *observed) []float64 {
	best := e.bestTrials()
	good := map[int]bool{}
	for _, row := range best {
		good[row] = true
	}
	out := make([]float64, len(e.dims))
	share := float64(len(best)) / float64(len(e.values))
	for i := range e.dims {
		all := e.having(i)
		if e.dims[i].distribution == nil || len(all) < 2 {
			continue
		}
		var top []int
		for _, row := range all {
			if good[row] {
				top = append(top, row)
			}
		}
		if len(top) == 0 {
			continue
		}
		alpha, beta := float64(len(top))/float64(len(best)), float64(len(all))/float64(len(e.values))
		out[i] = share * share * alpha * alpha / beta * divergence(e.density(i, top), e.density(i, all))
	}
	return out
}

// bestTrials returns the trials whose value is no worse than that of the best tenth.
func (e *observed) bestTrials() []int {
	sorted := slices.Sorted(slices.Values(e.values))
	cutoff := sorted[int(math.Ceil(bestShare*float64(len(sorted))))-1]
	var best []int
	for row, v := range e.values {
		if v <= cutoff {
			best = append(best, row)
		}
	}
	return best
}

// divergence is the Pearson divergence of p from q, the χ² of two densities on a grid.
func divergence(p, q []float64) float64 {
	sum := 0.0
	for i := range p {
		r := (p[i]+leastDensity)/(q[i]+leastDensity) - 1
		sum += float64((q[i] + leastDensity) * float64(r*r))
	}
	return sum
}

// density estimates the distribution of a parameter in some trials, on a grid.
func (e *observed) density(dim int, rows []int) []float64 {
	d := &e.dims[dim]
	counts := make([]int, d.gridSize())
	for _, row := range rows {
		counts[d.gridPoint(e.columns[dim][row], len(counts))]++
	}
	if d.nominal() {
		return categoryDensity(counts)
	}
	return scottDensity(counts)
}

// nominal reports whether the dimension's values are choices.
func (d *dimension) nominal() bool { return len(d.Choices) > 0 }

// gridSize returns on how many points the axis is laid out.
func (d *dimension) gridSize() int {
	switch {
	case d.nominal():
		return d.n
	case d.scale == continuous:
		return gridSteps
	case d.Log:
		return min(int(math.Ceil(elementary.Log2(d.High-d.Low+1)))+1, gridSteps)
	}
	return min(d.n, gridSteps)
}

// gridPoint returns the point of a grid of so many nearest to a coordinate, the lower one
// of two as near.
func (d *dimension) gridPoint(coordinate float64, size int) int {
	if d.nominal() {
		return int(coordinate)
	}
	low, high := d.axis(d.Low), d.axis(d.High)
	step := (high - low) / float64(size-1)
	at := math.Ceil((coordinate-low)/step - 0.5)
	return int(min(max(at, 0), float64(size-1)))
}

// categoryDensity is a mixture of a distribution for each observation, smoothed towards the
// uniform one, and the uniform one.
func categoryDensity(counts []int) []float64 {
	kernels, n := 1, 0
	for _, c := range counts {
		if n += c; c > 0 {
			kernels++
		}
	}
	smooth := 1 / float64(kernels)
	whole := 1 + float64(smooth*float64(len(counts)))
	density := make([]float64, len(counts))
	for i, c := range counts {
		others := float64(float64(n-c) * smooth / whole)
		own := float64(float64(c) * (1 + smooth) / whole)
		density[i] = (own + others + 1/float64(len(counts))) / float64(n+1)
	}
	return density
}

// scottDensity is a mixture of normal distributions, cut to the grid and integrated over
// each of its cells: one for each observation, as wide as Scott's rule says (Multivariate
// Density Estimation, 1992), and one as wide as the grid at its middle.
func scottDensity(counts []int) []float64 {
	size := float64(len(counts))
	n, sigma := 0, scottWidth(counts)
	density := make([]float64, len(counts))
	for at, c := range counts {
		n += c
		if c > 0 {
			addKernel(density, float64(at), sigma, float64(c))
		}
	}
	addKernel(density, (size-1)/2, size, 1)
	for i := range density {
		density[i] /= float64(n + 1)
	}
	return density
}

// scottWidth returns the standard deviation of the kernels, in cells.
func scottWidth(counts []int) float64 {
	var at, cumulative []int
	n, sum := 0, 0.0
	for i, c := range counts {
		if n += c; c > 0 {
			at, cumulative = append(at, i), append(cumulative, n)
			sum += float64(i * c)
		}
	}
	mean, squares := sum/float64(n), 0.0
	for i, c := range counts {
		squares += float64(float64(c) * float64((float64(i)-mean)*(float64(i)-mean)))
	}
	spread := math.Sqrt(squares / float64(max(1, n-1)))
	// The quartiles are the observations that the counts reach, as Optuna takes them.
	first, _ := slices.BinarySearch(cumulative, n/4)
	third, _ := slices.BinarySearch(cumulative, n*3/4+1)
	quartiles := float64(at[min(third, len(at)-1)] - at[first])
	width := 1.059 * min(quartiles/1.34, spread) * elementary.Pow(float64(n), -0.2)
	return max(width, 0.5/1.64) // nine tenths of a kernel no narrower than its cell
}

// addKernel adds a weighted normal distribution, cut to the grid, cell by cell.
func addKernel(density []float64, mu, sigma, weight float64) {
	whole := normMass((-0.5-mu)/sigma, (float64(len(density))-0.5-mu)/sigma)
	for i := range density {
		x := float64(i)
		density[i] += float64(weight * normMass((x-0.5-mu)/sigma, (x+0.5-mu)/sigma) / whole)
	}
}

// normMass returns the probability of a standard normal between a and b, a ≤ b, exact in
// both tails.
func normMass(a, b float64) float64 {
	if a > 0 {
		a, b = -b, -a
	}
	return elementary.NormCDF(b) - elementary.NormCDF(a)
}
