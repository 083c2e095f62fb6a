package nn

import (
	"math"
	"slices"
	"testing"
)

func builtDropout(rate float64, batch, c int) *Dropout {
	l := &Dropout{Rate: rate}
	p := NewPlan(batch, testStream(11))
	p.WantInputGrad()
	l.Build(p, []int{c})
	p.Allocate()
	return l
}

func TestDropoutKeepsTheMeanAndDropsAtItsRate(t *testing.T) {
	const n, c = 100, 1001
	x := NewTensor(n, c)
	for i := range x.Data {
		x.Data[i] = 1
	}
	for _, rate := range []float64{0.1, 0.25, 0.5, 0.9} {
		y := builtDropout(rate, n, c).Forward(x, true)
		dropped, both := 0, 0
		for i, v := range y.Data {
			if i%2 == 1 && v == 0 && y.Data[i-1] == 0 {
				both++
			}
			switch v {
			case 0:
				dropped++
			case float32(1 / (1 - rate)):
			default:
				t.Fatalf("rate %v: got %v, neither dropped nor scaled", rate, v)
			}
		}
		// Five standard deviations: a right one fails once in two million times.
		if d := math.Abs(float64(dropped)/(n*c) - rate); d > 5*math.Sqrt(rate*(1-rate)/(n*c)) {
			t.Errorf("rate %v: %v of the numbers dropped", rate, float64(dropped)/(n*c))
		}
		pairs, p := float64(n*c/2), rate*rate
		if d := math.Abs(float64(both)/pairs - p); d > 5*math.Sqrt(p*(1-p)/pairs) {
			t.Errorf("rate %v: %v of neighbours dropped together, want %v", rate, float64(both)/pairs, p)
		}
	}
}

func TestDropoutsGradientPassesWhereItsInputDid(t *testing.T) {
	l := builtDropout(0.4, 3, 7)
	x := TensorOf(normals(testStream(2), 21), 3, 7)
	y := slices.Clone(l.Forward(x, true).Data)
	dx := l.Backward(TensorOf(slices.Clone(x.Data), 3, 7)) // the map is linear and its own transpose
	if !slices.Equal(dx.Data, y) {
		t.Errorf("got %v, want %v", dx.Data, y)
	}
}

func TestDropoutDrawsAnotherMaskEachTimeAndTheSameFromTheSameStream(t *testing.T) {
	x := TensorOf(normals(testStream(2), 200), 2, 100)
	a, b := builtDropout(0.5, 2, 100), builtDropout(0.5, 2, 100)
	first := slices.Clone(a.Forward(x, true).Data)
	if !slices.Equal(first, b.Forward(x, true).Data) {
		t.Error("equal streams gave different masks")
	}
	if slices.Equal(first, a.Forward(x, true).Data) {
		t.Error("two steps had the same mask")
	}
}

func TestDropoutLeavesEverythingOutsideTraining(t *testing.T) {
	x := TensorOf(normals(testStream(2), 14), 2, 7)
	if y := builtDropout(0.5, 2, 7).Forward(x, false); !slices.Equal(y.Data, x.Data) {
		t.Errorf("got %v, want %v", y.Data, x.Data)
	}
	l := builtDropout(0.5, 2, 7)
	if n := testing.AllocsPerRun(5, func() { l.Backward(l.Forward(x, true)) }); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}
}
