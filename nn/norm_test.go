package nn

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// normalised returns v less its mean over its standard deviation.
func normalised(v []float64, eps float64) []float64 {
	m, s := mean(v), 0.0
	for _, x := range v {
		s += (x - m) * (x - m)
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = (x - m) / math.Sqrt(s/float64(len(v))+eps)
	}
	return out
}

func TestBatchNormGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, c := drawLast(t)
		checkLayer(t, drawSeed(t), layerCheck{
			// Of two rows only the sign of their difference is left, and no gradient.
			layer: &BatchNorm{}, in: in, n: rapid.IntRange(4, 6).Draw(t, "n"), batchwise: true, draw: apart,
			ref: func(x []float64, _ int, w map[string][]float64) []float64 {
				y := make([]float64, len(x))
				for j := range c {
					var column []float64
					for i := j; i < len(x); i += c {
						column = append(column, x[i])
					}
					for i, v := range normalised(column, 1e-5) {
						y[i*c+j] = v*w["gamma"][j] + w["beta"][j]
					}
				}
				return y
			},
		})
	})
}

func TestLayerNormGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, c := drawLast(t)
		if c < 3 { // of two numbers only the sign is left, of one nothing
			c = 3 + c
			in[len(in)-1] = c
		}
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &LayerNorm{}, in: in, n: rapid.IntRange(1, 5).Draw(t, "n"), draw: apart,
			ref: func(x []float64, _ int, w map[string][]float64) []float64 {
				var y []float64
				for i := 0; i < len(x); i += c {
					for j, v := range normalised(x[i:i+c], 1e-5) {
						y = append(y, v*w["gamma"][j]+w["beta"][j])
					}
				}
				return y
			},
		})
	})
}

func TestBatchNormKeepsRunningStatisticsAsPyTorch(t *testing.T) {
	p := NewPlan(4, testStream(1))
	l := &BatchNorm{}
	l.Build(p, []int{1})
	p.Allocate()
	x := TensorOf([]float32{1, 2, 3, 6}, 4, 1) // mean 3, unbiased variance 14/3
	l.Forward(x, true)
	within(t, "running mean", l.mean.Data, []float64{0.3}, 1e-6)
	within(t, "running variance", l.vari.Data, []float64{0.9 + 0.1*14/3}, 1e-6)
	y := l.Forward(x, false)
	inv := 1 / math.Sqrt(0.9+0.1*14/3+1e-5)
	within(t, "output in use", y.Data, []float64{0.7 * inv, 1.7 * inv, 2.7 * inv, 5.7 * inv}, 1e-6)
	if l.mean.Data[0] != 0.3 {
		t.Errorf("use moved the running mean to %v", l.mean.Data[0])
	}
}

func TestBatchNormOfOneRowGivesBeta(t *testing.T) {
	p := NewPlan(1, testStream(1))
	l := &BatchNorm{}
	l.Build(p, []int{3})
	p.Allocate()
	y := l.Forward(TensorOf([]float32{1, 5, -7}, 1, 3), true)
	for i, v := range y.Data {
		if v != 0 || l.vari.Data[i] != 0.9 {
			t.Errorf("channel %d: output %v, running variance %v", i, v, l.vari.Data[i])
		}
	}
}
