package medml

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slowFronts is the definition: the points that none of those left dominates, again and
// again.
func slowFronts(goals []Goal, points [][]float64) []int {
	of := make([]int, len(points))
	var left []int
	for i := range points {
		left = append(left, i)
	}
	for front := 0; len(left) > 0; front++ {
		var rest []int
		for _, i := range left {
			if slices.ContainsFunc(left, func(j int) bool { return Dominates(goals, points[j], points[i]) }) {
				rest = append(rest, i)
			} else {
				of[i] = front
			}
		}
		left = rest
	}
	return of
}

// Few distinct values make ties, equal points and NaN meet often.
func TestFrontsAreThoseOfTheDefinition(t *testing.T) {
	values := []float64{0, 1, 2, 3, math.NaN(), math.Inf(1), math.Inf(-1)}
	rapid.Check(t, func(t *rapid.T) {
		var goals []Goal
		for range rapid.IntRange(1, 4).Draw(t, "goals") {
			goals = append(goals, Goal{Direction: rapid.SampledFrom([]Direction{Minimize, Maximize}).Draw(t, "direction")})
		}
		var points [][]float64
		for range rapid.IntRange(0, 40).Draw(t, "points") {
			points = append(points, rapid.SliceOfN(rapid.SampledFrom(values), len(goals), len(goals)).Draw(t, "point"))
		}
		if got, want := Fronts(goals, points), slowFronts(goals, points); !slices.Equal(got, want) {
			t.Fatalf("%v: fronts %v, expected %v", points, got, want)
		}
	})
}

func TestTenThousandTrialsAreRankedWhileSomebodyWaits(t *testing.T) {
	r := Stream(1, "points")
	s := Snapshot{About: About{Direction: Minimize, Goals: []Goal{{"a", Minimize}, {"b", Maximize}, {"c", Minimize}}}}
	for i := range 10_000 {
		p := []float64{r.Float64(), r.Float64(), r.Float64()}
		s.Trials = append(s.Trials, Trial{Number: i, State: Complete, Value: p[0], Objectives: p})
	}
	start := time.Now()
	ranked := s.Ranked()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("ranking took %v", took)
	}
	front := s.Front()
	for i, n := range front {
		if i < 10 && !slices.ContainsFunc(ranked[:len(front)], func(t Trial) bool { return t.Number == n }) {
			t.Errorf("trial %d is on the front, and not among the first %d", n, len(front))
		}
	}
}

func BenchmarkFronts(b *testing.B) {
	r := Stream(1, "points")
	goals := []Goal{{"a", Minimize}, {"b", Minimize}}
	var points [][]float64
	for range 10_000 {
		points = append(points, []float64{r.Float64(), r.Float64()})
	}
	for b.Loop() {
		Fronts(goals, points)
	}
}
