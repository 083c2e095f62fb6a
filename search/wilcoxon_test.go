package search

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"
)

func TestSignedRankAgreesWithSciPy(t *testing.T) {
	var fixtures struct {
		Cases []struct {
			Differences []float64 `json:"differences"`
			P           float64   `json:"p"`
		} `json:"cases"`
	}
	noError(t, json.Unmarshal(must[[]byte](t)(os.ReadFile("testdata/scipy/wilcoxon.json")), &fixtures))
	if len(fixtures.Cases) < 30 {
		t.Fatalf("only %d cases", len(fixtures.Cases))
	}
	for _, c := range fixtures.Cases {
		if p := signedRankP(c.Differences); math.Abs(p-c.P) > 1e-12 {
			t.Errorf("%v: p is %v, SciPy has %v", c.Differences, p, c.P)
		}
	}
}

// allSigns is the definition: the share of all signs whose positive ranks have a sum as
// large.
func allSigns(d []float64) float64 {
	rank := make([]float64, len(d))
	for i := range d {
		for j := range d {
			switch a, b := math.Abs(d[i]), math.Abs(d[j]); {
			case b < a && b > 0:
				rank[i]++
			case b == a:
				rank[i] += 0.5
			}
		}
		rank[i] += 0.5
	}
	at := func(positive func(i int) bool) (sum float64) {
		for i := range d {
			if d[i] != 0 && positive(i) {
				sum += rank[i]
			}
		}
		return sum
	}
	observed, as := at(func(i int) bool { return d[i] > 0 }), 0
	for signs := range 1 << len(d) {
		if at(func(i int) bool { return signs>>i&1 == 1 }) >= observed {
			as++
		}
	}
	return float64(as) / float64(int(1)<<len(d))
}

func TestSignedRankIsTheShareOfAllSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d []float64
		for range rapid.IntRange(0, 9).Draw(t, "folds") {
			d = append(d, float64(rapid.IntRange(-3, 3).Draw(t, "difference"))/4)
		}
		if got, want := signedRankP(d), allSigns(d); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v: p is %v, expected %v", d, got, want)
		}
	})
}

func TestOfNFoldsThatAreAllWorsePIsTwoToTheMinusN(t *testing.T) {
	for n := 1; n <= 60; n++ {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i + 1)
		}
		if p := signedRankP(d); p != math.Pow(2, -float64(n)) {
			t.Errorf("%d folds: p is %v", n, p)
		}
	}
}
