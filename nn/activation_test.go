package nn

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestActivationGradients(t *testing.T) {
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, c := range []struct {
		name  string
		layer func() Layer
		f     func(float64) float64
	}{
		{"ReLU", func() Layer { return &ReLU{} }, func(x float64) float64 { return max(x, 0) }},
		{"LeakyReLU", func() Layer { return &LeakyReLU{} }, func(x float64) float64 { return max(x, 0.01*x) }},
		{"LeakyReLU of slope 0.3", func() Layer { return &LeakyReLU{Slope: 0.3} }, func(x float64) float64 { return max(x, 0.3*x) }},
		{"Tanh", func() Layer { return &Tanh{} }, math.Tanh},
		{"Sigmoid", func() Layer { return &Sigmoid{} }, sigmoid},
		{"SiLU", func() Layer { return &SiLU{} }, func(x float64) float64 { return x * sigmoid(x) }},
		{"GELU", func() Layer { return &GELU{} }, func(x float64) float64 { return x * (1 + math.Erf(x/math.Sqrt2)) / 2 }},
		{"GELU by tanh", func() Layer { return &GELU{Tanh: true} }, func(x float64) float64 {
			return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, _ := drawLast(t)
				checkLayer(t, drawSeed(t), layerCheck{
					layer: c.layer(), in: in, n: rapid.IntRange(1, 5).Draw(t, "n"), draw: apartFromZero,
					ref: func(x []float64, _ int, _ map[string][]float64) []float64 {
						y := make([]float64, len(x))
						for i, v := range x {
							y[i] = c.f(v)
						}
						return y
					},
				})
			})
		})
	}
}

func TestSoftmaxGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, c := drawLast(t)
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &Softmax{}, in: in, n: rapid.IntRange(1, 5).Draw(t, "n"),
			ref: func(x []float64, _ int, _ map[string][]float64) []float64 {
				y := make([]float64, len(x))
				for r := 0; r < len(x); r += c {
					s := 0.0
					for _, v := range x[r : r+c] {
						s += math.Exp(v)
					}
					for i, v := range x[r : r+c] {
						y[r+i] = math.Exp(v) / s
					}
				}
				return y
			},
		})
	})
}

func TestActivationsAtTheEdges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		name    string
		layer   Layer
		x, want []float32
	}{
		{"ReLU keeps a NaN", &ReLU{}, []float32{nan, -inf, inf}, []float32{nan, 0, inf}},
		{"sigmoid saturates", &Sigmoid{}, []float32{-inf, inf, 200, -200}, []float32{0, 1, 1, 0}},
		{"tanh saturates", &Tanh{}, []float32{-inf, inf, 50, -50}, []float32{-1, 1, 1, -1}},
		{"softmax takes large logits", &Softmax{}, []float32{1000, 1000, -1000, 1000}, []float32{1. / 3, 1. / 3, 0, 1. / 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := NewPlan(1, testStream(1))
			c.layer.Build(p, []int{len(c.x)})
			p.Allocate()
			y := c.layer.Forward(TensorOf(c.x, 1, len(c.x)), false)
			for i, v := range y.Data {
				if v != c.want[i] && !(v != v && c.want[i] != c.want[i]) {
					t.Errorf("of %v: %v, want %v", c.x[i], v, c.want[i])
				}
			}
		})
	}
}
