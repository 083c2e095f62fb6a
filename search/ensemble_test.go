package search_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medml"
	"medml/search"
)

// squares is the mean squared error against labels of 0, 1, 0, 1, …
func squares(p []float64) float64 {
	sum := 0.0
	for i, v := range p {
		d := v - float64(i%2)
		sum += d * d
	}
	return sum / float64(len(p))
}

var libraries = rapid.Custom(func(t *rapid.T) [][]float64 {
	rows := rapid.IntRange(1, 5).Draw(t, "rows")
	return rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(0, 1), rows, rows), 1, 5).Draw(t, "predictions")
})

func weighted(predictions [][]float64, weights []float64) []float64 {
	mean := make([]float64, len(predictions[0]))
	for i, w := range weights {
		for j, p := range predictions[i] {
			mean[j] += w * p
		}
	}
	return mean
}

func TestAnEnsembleIsNeverWorseThanTheBestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		predictions, size := libraries.Draw(t, "library"), rapid.IntRange(1, 8).Draw(t, "size")
		weights, curve, err := search.SelectEnsemble(predictions, squares, size)
		if err != nil {
			t.Fatal(err)
		}
		best, sum := math.Inf(1), 0.0
		for i, p := range predictions {
			best, sum = min(best, squares(p)), sum+weights[i]
			if weights[i] < 0 {
				t.Fatalf("weights %v", weights)
			}
		}
		got := squares(weighted(predictions, weights))
		if got > best+1e-12 || math.Abs(sum-1) > 1e-12 {
			t.Fatalf("weights %v have the loss %v, the best model %v", weights, got, best)
		}
		if len(curve) != size || math.Abs(slices.Min(curve)-got) > 1e-12 {
			t.Fatalf("curve %v, the loss is %v", curve, got)
		}
		again, _, _ := search.SelectEnsemble(predictions, squares, size)
		if !slices.Equal(weights, again) {
			t.Fatalf("%v, then %v", weights, again)
		}
	})
}

// greedy is the definition, by brute force: the best start of the sorted models, then each
// time the model with which the mean over all members has the lowest loss.
func greedy(predictions [][]float64, size int) (members []int) {
	lossOf := func(members []int) float64 {
		weights := make([]float64, len(predictions))
		for _, i := range members {
			weights[i] += 1 / float64(len(members))
		}
		return squares(weighted(predictions, weights))
	}
	var sorted []int
	for i := range predictions {
		sorted = append(sorted, i)
	}
	slices.SortStableFunc(sorted, func(i, j int) int {
		return cmp.Compare(squares(predictions[i]), squares(predictions[j]))
	})
	members = sorted[:1]
	for n := 2; n <= min(size, len(sorted)); n++ {
		if lossOf(sorted[:n]) < lossOf(members) {
			members = sorted[:n]
		}
	}
	members = slices.Clone(members)
	for len(members) < size {
		best := 0
		for i := range predictions {
			if lossOf(append(slices.Clone(members), i)) < lossOf(append(slices.Clone(members), best)) {
				best = i
			}
		}
		members = append(members, best)
	}
	return members
}

func TestAnEnsembleIsTheGreedyOne(t *testing.T) {
	r := medml.Stream(5, "library")
	for range 200 {
		predictions := make([][]float64, 1+r.IntN(5))
		for i := range predictions {
			for range 4 {
				predictions[i] = append(predictions[i], r.Float64())
			}
		}
		size := 1 + r.IntN(6)
		weights, curve, err := search.SelectEnsemble(predictions, squares, size)
		if err != nil {
			t.Fatal(err)
		}
		members := greedy(predictions, size)
		for n := range members {
			part := make([]float64, len(predictions))
			for _, i := range members[:n+1] {
				part[i] += 1 / float64(n+1)
			}
			if got, want := curve[n], squares(weighted(predictions, part)); math.Abs(got-want) > 1e-12 {
				t.Fatalf("curve %v, expected %v at %d: members %v, weights %v", curve, want, n, members, weights)
			}
		}
	}
}

// With size tending to many, the weights of two models tend to the best mixture there is.
func TestTwoModelsAreMixedAsBestTheyCan(t *testing.T) {
	predictions := [][]float64{{0.4, 0.4}, {0.0, 0.9}, {0.2, 1}}
	weights, _, err := search.SelectEnsemble(predictions[:2], squares, 200)
	if err != nil {
		t.Fatal(err)
	}
	best, at := math.Inf(1), 0.0
	for i := range 1001 {
		w := float64(i) / 1000
		if l := squares(weighted(predictions[:2], []float64{w, 1 - w})); l < best {
			best, at = l, w
		}
	}
	if math.Abs(weights[0]-at) > 0.01 {
		t.Errorf("weights %v, the best mixture has %v of the first", weights, at)
	}
}

func TestEqualModelsAreTakenByNumber(t *testing.T) {
	weights, _, err := search.SelectEnsemble([][]float64{{1, 1}, {0.2, 0.8}, {0.2, 0.8}}, squares, 5)
	if err != nil || fmt.Sprint(weights) != "[0 1 0]" {
		t.Errorf("%v, %v", weights, err)
	}
}

func TestAModelWithoutALossIsLeftOut(t *testing.T) {
	predictions := [][]float64{{nan, 1}, {0.3, 0.6}, {nan, nan}}
	weights, _, err := search.SelectEnsemble(predictions, squares, 3)
	if err != nil || fmt.Sprint(weights) != "[0 1 0]" {
		t.Errorf("%v, %v", weights, err)
	}
	for want, c := range map[string][][]float64{
		"select an ensemble: none of 1 models has a loss":              predictions[:1],
		"select an ensemble of 3 from 0 models: both must be positive": nil,
		"select an ensemble: model 1 has 1 predictions, model 0 has 2": {{1, 1}, {1}},
	} {
		if _, _, err := search.SelectEnsemble(c, squares, 3); err == nil || err.Error() != want {
			t.Errorf("%v, expected %q", err, want)
		}
	}
}
