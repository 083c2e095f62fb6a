package search

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medml"
)

// area is the area that points dominate below (right, top), counted cell by cell.
func area(points [][]float64, right, top float64) float64 {
	xs, ys := []float64{right}, []float64{top}
	for _, p := range points {
		xs, ys = append(xs, p[0]), append(ys, p[1])
	}
	slices.Sort(xs)
	slices.Sort(ys)
	sum := 0.0
	for i := range len(xs) - 1 {
		for j := range len(ys) - 1 {
			if slices.ContainsFunc(points, func(p []float64) bool { return p[0] <= xs[i] && p[1] <= ys[j] }) {
				sum += (xs[i+1] - xs[i]) * (ys[j+1] - ys[j])
			}
		}
	}
	return sum
}

// fronts generates points in the plane none of which dominates another.
var planeFronts = rapid.Custom(func(t *rapid.T) [][]float64 {
	var f front
	for range rapid.IntRange(1, 30).Draw(t, "points") {
		f.add([]float64{float64(rapid.IntRange(-9, 9).Draw(t, "x")), float64(rapid.IntRange(-9, 9).Draw(t, "y"))})
	}
	return f.points
})

func TestEachPickAddsTheMostArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := planeFronts.Draw(t, "front")
		right, top := beyond(points, 0), beyond(points, 1)
		order := byArea(points)
		var picked [][]float64
		for i, pick := range order[:min(len(order), maxGood)] {
			with := area(append(slices.Clip(picked), points[pick]), right, top)
			for _, other := range order[i+1:] {
				if a := area(append(slices.Clip(picked), points[other]), right, top); a > with+1e-9 {
					t.Fatalf("of %v, %v was picked after %v, adding up to %v; %v makes %v", points, points[pick], picked, with, points[other], a)
				}
			}
			picked = append(picked, points[pick])
		}
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, rising(len(points))) {
			t.Fatalf("%v isn't every point once", order)
		}
	})
}

func TestCrowding(t *testing.T) {
	got := crowdingOf([][]float64{{0, 8}, {1, 4}, {2, 2}, {8, 0}})
	want := []float64{math.Inf(1), 2./8 + 6./8, 7./8 + 4./8, math.Inf(1)}
	if !slices.Equal(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
	if got := crowdingOf([][]float64{{1, 1}, {1, 1}, {1, 1}}); got[1] != 0 && got[1] != math.Inf(1) {
		t.Errorf("equal points are %v apart", got)
	}
}

func TestAFrontKeepsWhatNothingDominates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 3).Draw(t, "objectives")
		var f front
		var all [][]float64
		for range rapid.IntRange(1, 30).Draw(t, "points") {
			p := make([]float64, n)
			for i := range p {
				p[i] = float64(rapid.IntRange(0, 4).Draw(t, "value"))
			}
			asGood := slices.ContainsFunc(all, func(q []float64) bool {
				return slices.Equal(p, q) || medml.Dominates(toMinimise(n), q, p)
			})
			if f.add(p) == asGood {
				t.Fatalf("%v added to %v: %v", p, all, !asGood)
			}
			all = append(all, p)
		}
		for i, at := range medml.Fronts(toMinimise(n), all) {
			in := slices.ContainsFunc(f.points, func(q []float64) bool { return slices.Equal(q, all[i]) })
			if in != (at == 0) {
				t.Fatalf("%v stands on front %d of %v; kept are %v", all[i], at, all, f.points)
			}
		}
	})
}

func TestCrossoverKeepsTheMeanAndMutationTheMiddle(t *testing.T) {
	r := medml.Stream(1, "genes")
	steps, spread := 0.0, 0.0
	for range 10_000 {
		a, b, u := r.Float64(), r.Float64(), r.Float64()
		x, y := crossed(a, b, true, u), crossed(a, b, false, u)
		if math.Abs(x+y-a-b) > 1e-12 {
			t.Fatalf("children %v and %v of %v and %v", x, y, a, b)
		}
		m := mutation(u)
		if m < -1 || m > 1 || math.Abs(m+mutation(1-u)) > 1e-9 {
			t.Fatalf("mutation by %v at %v, %v at its mirror", m, u, mutation(1-u))
		}
		steps += math.Abs(m) / 10_000
		spread += math.Abs(x-y) / math.Abs(a-b) / 10_000
	}
	// A step is |(2u)^(1/21) - 1|, whose mean is 1/22. The spread's is η_c/2·… of its two
	// halves: 21/44 below 1, 21/40 above.
	if math.Abs(steps-1./22) > 0.002 || math.Abs(spread-(21./44+21./40)) > 0.01 {
		t.Errorf("mean step %.4f, mean spread %.4f", steps, spread)
	}
}

// The ranking is kept from call to call; made anew it is the same.
func TestTheRankingByFrontsIsTheSameMadeAnew(t *testing.T) {
	c := Config{Direction: medml.Minimize, Lookback: 4, Trials: 40,
		Goals: []medml.Goal{{Metric: "a", Direction: medml.Minimize}, {Metric: "b", Direction: medml.Maximize}}}
	s := must[*Study](t)(New(viewSpace(), c, nil))
	for i := range 40 {
		trial := must[medml.Trial](t)(s.Ask())
		fresh := past{history: s.ledger.history, now: s.view.past.now, lookback: 4, goals: 2}
		if got, want := s.view.past.ranked(), fresh.ranked(); !slices.Equal(got, want) {
			t.Fatalf("trial %d: %v, made anew %v", i, got, want)
		}
		rate, _ := trial.Params.Lookup("rate")
		trial.State, trial.Value = medml.Complete, rate.Float()
		trial.Objectives = []float64{trial.Value, float64(i*7%11) * trial.Value}
		if i%5 == 0 {
			trial.Constraints = []float64{float64(i)}
		}
		noError(t, s.Tell(trial))
	}
}
