package metric

import (
	"math"

	"medml/internal/elementary"
)

// most is how many blocks of patients the acceleration is had from. That of all patients
// one by one is estimated by it without bias, with an error of 0.4/most (the skewness of
// sums of b patients is that of one over √b).
const most = 1000

// influence is how a value hangs on the patients: in each stratum, with l = (n-1)·(mean -
// value without i) for its n blocks i of patients.
type influence struct {
	squares  []float64 // Σ l²/n²
	cubes    []float64 // Σ l³/n³
	patients []int
}

// influences leaves out the blocks of each stratum in turn. A stratum of one patient has
// none, and no part in it.
func (s *sample) influences(stats []value) []influence {
	out := make([]influence, len(stats))
	times, weights := once(s.patients), make([]int32, len(s.patient))
	for _, blocks := range s.blocks(most) {
		if len(blocks) < 2 {
			continue
		}
		without, patients := make([][]float64, len(stats)), 0
		for _, block := range blocks {
			for _, patient := range block {
				times[patient] = 0
			}
			s.spread(times, weights)
			for j, stat := range stats {
				without[j] = append(without[j], stat(weights))
			}
			for _, patient := range block {
				times[patient] = 1
			}
			patients += len(block)
		}
		for j, values := range without {
			out[j].add(values, patients)
		}
	}
	return out
}

// add takes a stratum's values without each of its blocks.
func (i *influence) add(without []float64, patients int) {
	n, centre := float64(len(without)), mean(without)
	squares, cubes := 0.0, 0.0
	for _, x := range without {
		l := float64((n - 1) / n * (centre - x))
		squares += float64(l * l)
		cubes += float64(float64(l*l) * l)
	}
	i.squares, i.cubes, i.patients = append(i.squares, squares), append(i.cubes, cubes), append(i.patients, patients)
}

// acceleration is ⅙·Σ l³/n³ / (Σ l²/n²)^(3/2) over all strata (Davison & Hinkley 1997,
// Bootstrap Methods, equation 5.23 for several samples), NaN where nothing varies.
func (i influence) acceleration() float64 {
	squares, cubes := 0.0, 0.0
	for k := range i.squares {
		squares += i.squares[k]
		cubes += i.cubes[k]
	}
	return cubes / float64(6*float64(squares*math.Sqrt(squares)))
}

// widening is what the bootstrap doesn't know of a few patients, times how wide it thinks:
// resamples spread as Σ (x-x̄)²/n and not /(n-1), and their spread is itself uncertain, as
// Student's t takes into account (Hesterberg 2015, Am. Stat. 69:371, "expanded" levels).
// Degrees of freedom over the strata are Satterthwaite's (1946, Biom. Bull. 2:110), in
// whole numbers. It is 1.01 for 200 patients and 1.22 for 10; 1 where nothing varies.
func (i influence) widening() float64 {
	sum, unbiased, uncertain := 0.0, 0.0, 0.0
	for k, v := range i.squares {
		n := float64(i.patients[k])
		u := float64(v * (n / (n - 1)))
		sum += v
		unbiased += u
		uncertain += float64(u*u) / (n - 1)
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return 1
	}
	degrees := max(1, int(float64(unbiased*unbiased)/uncertain))
	t := studentQuantile(level, degrees)
	return float64(math.Sqrt(unbiased/sum) * (t / elementary.NormQuantile(0.5+level/2)))
}
