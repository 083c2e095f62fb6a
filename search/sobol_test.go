package search_test

import (
	"math"
	"strconv"
	"testing"

	"medml"
)

// unitPoints returns the first n points that a sampler proposes in the unit cube.
func unitPoints(t *testing.T, sampler string, dims, n int, seed uint64) [][]float64 {
	t.Helper()
	c := config(sampler)
	c.Sampler.Seed = seed
	var points [][]float64
	for _, trial := range run(t, mustNew(t, axes(dims, 0, 1), c), n, func(medml.Params) float64 { return 0 }) {
		points = append(points, numbers(trial.Params))
	}
	return points
}

// Of 2^m points from the first on, or from any multiple of 2^m, each 2^m-th of an axis has
// exactly one.
func TestEachAxisOfSobolIsStratified(t *testing.T) {
	const dims = 160 // all that have direction numbers
	for seed := range uint64(2) {
		points := unitPoints(t, "sobol", dims, 64, seed)
		for _, n := range []int{2, 8, 32, 64} {
			for first := 0; first+n <= len(points); first += n {
				for d := range dims {
					seen := make([]bool, n)
					for _, p := range points[first : first+n] {
						cell := int(p[d] * float64(n))
						if seen[cell] {
							t.Fatalf("seed %d: of points %d to %d, two are in cell %d of axis %d", seed, first, first+n-1, cell, d)
						}
						seen[cell] = true
					}
				}
			}
		}
	}
}

// The first two dimensions are a (0, m, 2)-net: each box of area 2^-m, however it is cut,
// has one point.
func TestThePlaneOfSobolIsStratified(t *testing.T) {
	const m = 6
	points := unitPoints(t, "sobol", 2, 1<<m, 1)
	for across := range m + 1 {
		wide, high := 1<<across, 1<<(m-across)
		seen := map[[2]int]bool{}
		for _, p := range points {
			seen[[2]int{int(p[0] * float64(wide)), int(p[1] * float64(high))}] = true
		}
		if len(seen) != 1<<m {
			t.Errorf("%d × %d boxes: %d of %d have a point", wide, high, len(seen), 1<<m)
		}
	}
}

// discrepancy is the squared L₂ star discrepancy (Warnock 1972).
func discrepancy(points [][]float64) float64 {
	n, d := float64(len(points)), len(points[0])
	single, pairs := 0.0, 0.0
	for _, p := range points {
		product := 1.0
		for _, x := range p {
			product *= (1 - x*x) / 2
		}
		single += product
		for _, q := range points {
			product := 1.0
			for i := range p {
				product *= 1 - max(p[i], q[i])
			}
			pairs += product
		}
	}
	return math.Pow(3, -float64(d)) - 2/n*single + pairs/(n*n)
}

func TestSobolIsMoreEvenThanRandom(t *testing.T) {
	for dims, share := range map[int]float64{2: 0.3, 5: 0.5, 10: 0.85} {
		for seed := range uint64(5) {
			even := discrepancy(unitPoints(t, "sobol", dims, 128, seed))
			random := discrepancy(unitPoints(t, "random", dims, 128, seed))
			if even > share*random {
				t.Errorf("%d dimensions, seed %d: squared discrepancy %.3g, random %.3g", dims, seed, even, random)
			}
		}
	}
}

// The scrambling spreads each point over the whole cube, so that none is preferred.
func TestEverySobolPointIsUniformOverTheSeeds(t *testing.T) {
	const seeds = 400
	for index := range 3 {
		for d := range 3 {
			mean, counts := 0.0, [4]float64{}
			for seed := range uint64(seeds) {
				x := unitPoints(t, "sobol", 3, index+1, seed)[index][d]
				mean += x / seeds
				counts[int(x*4)]++
			}
			chi2 := 0.0
			for _, c := range counts {
				chi2 += (c - seeds/4) * (c - seeds/4) / (seeds / 4)
			}
			// The 99.9 % quantiles of a normal distribution and of χ² with 3 degrees.
			if math.Abs(mean-0.5)*math.Sqrt(12*seeds) > 3.3 || chi2 > 16.3 {
				t.Errorf("point %d, axis %d: mean %.3f, quarters %v", index, d, mean, counts)
			}
		}
	}
}

// Equal shares: of as many points as there are combinations of powers of two, each value of
// each parameter has its part, both ends included.
func TestSobolDrawsDiscreteValuesInEqualShares(t *testing.T) {
	space := medml.Space{
		words("word", "a", "b", "c", "d"), integer("int", -3, 4), stepped(float("float", 0, 0.3), 0.1), float("free", 0, 1),
	}
	counts := map[string]map[medml.Value]int{}
	for _, trial := range run(t, mustNew(t, space, config("sobol")), 64, func(medml.Params) float64 { return 0 }) {
		for _, p := range trial.Params[:3] {
			if counts[p.Name] == nil {
				counts[p.Name] = map[medml.Value]int{}
			}
			counts[p.Name][p.Value]++
		}
	}
	for name, n := range map[string]int{"word": 4, "int": 8, "float": 4} {
		for v, count := range counts[name] {
			if count != 64/n || len(counts[name]) != n {
				t.Errorf("%s=%v was drawn %d times of 64, expected %d", name, v, count, 64/n)
			}
		}
	}
}

// A branch that isn't taken doesn't shift the points of the other parameters.
func TestSobolPointsDontDependOnTheBranches(t *testing.T) {
	free := axes(2, 0, 1)
	space := medml.Space{words("kind", "a", "b"), when(float("kind.a.x", 0, 1), "kind", "a"), when(float("kind.b.y", 0, 1), "kind", "b")}
	all := medml.Space{words("kind", "a", "b"), float("kind.a.x", 0, 1), float("kind.b.y", 0, 1)}
	a := run(t, mustNew(t, append(space, free...), config("sobol")), 32, func(medml.Params) float64 { return 0 })
	b := run(t, mustNew(t, append(all, free...), config("sobol")), 32, func(medml.Params) float64 { return 0 })
	for i := range a {
		for _, p := range a[i].Params {
			if v, _ := b[i].Params.Lookup(p.Name); v != p.Value {
				t.Errorf("trial %d: %s=%v, without branches %v", i, p.Name, p.Value, v)
			}
		}
	}
}

func TestSobolTellsWhereItsDirectionNumbersEnd(t *testing.T) {
	study := mustNew(t, axes(161, 0, 1), config("sobol"))
	if about, _ := study.Describe(); about != "sobol (parameters beyond the 160th at random)" {
		t.Error(about)
	}
	for _, trial := range run(t, study, 3, func(medml.Params) float64 { return 0 }) {
		if v, ok := trial.Params.Lookup("x" + strconv.Itoa(160)); !ok || v.Float() < 0 || v.Float() > 1 {
			t.Errorf("trial %d: %v", trial.Number, v)
		}
	}
}
