package arch_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"medml/nn"
	"medml/nn/arch"
	"medml/nn/internal/f32"
)

// shapes are what every architecture must read: a vector, a signal, an image.
var shapes = [][]int{{30}, {10, 3}, {1, 1}, {9, 8, 2}}

func build(t *testing.T, name string, s arch.Settings, in []int, out, batch int) (*nn.Model, float64) {
	t.Helper()
	a, err := arch.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.Build(s, arch.Input{Shape: in}, out)
	if err != nil {
		t.Fatal(err)
	}
	return nn.NewModel(b.Parts, in, batch, rand.New(rand.NewPCG(1, 2))), b.ReconstructionWeight
}

func TestEveryArchitectureTurnsEveryShapeIntoLogits(t *testing.T) {
	for _, name := range arch.Names() {
		for _, in := range shapes {
			for _, s := range append([]arch.Settings{nil}, settings[name]...) {
				for _, out := range []int{1, 4} {
					m, weight := build(t, name, s, in, out, 5)
					x := nn.NewTensor(append([]int{5}, in...)...)
					m.Forward(x, false)
					if got := m.Logits().Shape; !slices.Equal(got, []int{5, out}) {
						t.Errorf("%s with %v on %v: logits of shape %v, want [5 %d]", name, s, in, got, out)
					}
					if (m.Reconstruction() != nil) != (weight > 0) {
						t.Errorf("%s: a decoder and a weight of its loss belong together", name)
					}
				}
			}
		}
	}
}

// settings are every architecture's choices away from its defaults.
var settings = map[string][]arch.Settings{
	"cnn": {
		{"filters": 5, "kernel": 5, "depth": 3},
		{"batch_norm": true, "dense": 7, "depth": 1},
		{"residual": true, "filters": 8, "pooling": "flatten"},
		{"residual": true, "batch_norm": true, "filters": 6, "growth": 1.5, "blocks": 2, "pooling": "average"},
		{"blocks": 2, "filters": 12, "pooling": "both", "stem_stride": 2},
		{"filters": 16, "pooling": "attention", "depth": 1},
		{"residual": true, "filters": 16, "pooling": "max", "stem_stride": 2, "depth": 3},
	},
	"inception": {
		{"filters": 4, "depth": 3, "pooling": "both"},
		{"filters": 6, "depth": 2, "kernel": 3, "bottleneck": 0, "residual": false, "pooling": "attention"},
	},
	"mlp": {
		{"layers": 0},
		{"layers": 3, "hidden": 24, "activation": "tanh"},
		{"layers": 1, "hidden": 32, "activation": "gelu", "batch_norm": true},
		{"activation": "silu"},
	},
	"lstm": {
		{"cell": "gru", "hidden": 6, "layers": 2, "bidirectional": true},
		{"cell": "rnn", "hidden": 5},
		{"cell": "lstm", "bidirectional": true},
		{"pooling": "average", "layer_norm": true},
		{"pooling": "attention", "bidirectional": true, "layers": 2, "cell": "gru", "hidden": 8},
		{"pooling": "both", "conv": 12, "conv_stride": 2},
		{"conv": 16, "conv_stride": 1, "hidden": 16},
	},
	"autoencoder": {
		{"latent": 2, "hidden": 9, "reconstruction_weight": 0.5},
	},
}

func TestEveryArchitectureLearnsSixteenExamplesByHeart(t *testing.T) {
	for _, name := range arch.Names() {
		if len(settings[name]) == 0 {
			t.Errorf("%s has no settings in the test's table", name)
		}
		for _, s := range append([]arch.Settings{nil}, settings[name]...) {
			if acc := overfit(t, name, s); acc < 1 {
				t.Errorf("%s with %v: %.2f of 16 examples learnt", name, s, acc)
			}
		}
	}
}

// overfit trains on 16 random examples with random labels, until the model gets them right
// or for some hundred steps, and returns the share that it then gets right.
func overfit(t *testing.T, name string, s arch.Settings) float64 {
	const n, steps = 16, 300
	in := []int{10, 3}
	m, weight := build(t, name, s, in, 1, n)
	rng := rand.New(rand.NewPCG(3, 4))
	x := nn.NewTensor(n, 10, 3)
	for i := range x.Data {
		x.Data[i] = float32(2*rng.Float64() - 1)
	}
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(i % 2)
	}
	opt, err := nn.NewOptimizer("adam", m.Weights(), nn.OptimizerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	dlogits, drec := nn.NewTensor(n, 1), nn.NewTensor(n, 30)
	for step := range steps {
		if step%25 == 0 && known(m, x, labels) == n {
			break
		}
		m.Forward(x, true)
		(&nn.BinaryCrossEntropy{}).Compute(m.Logits(), nn.Target{Labels: labels}, dlogits)
		var d *nn.Tensor
		if weight > 0 {
			nn.MSE{}.Compute(m.Reconstruction(), nn.Target{Values: x.Data}, drec)
			for i := range drec.Data {
				drec.Data[i] *= float32(weight)
			}
			d = drec
		}
		m.Backward(dlogits, d)
		opt.Step(0.01)
	}
	return float64(known(m, x, labels)) / n
}

// known returns how many examples the model gets right.
func known(m *nn.Model, x *nn.Tensor, labels []int32) (right int) {
	m.Forward(x, false)
	for i, l := range m.Logits().Data {
		if (l > 0) == (labels[i] == 1) {
			right++
		}
	}
	return right
}

func TestAStepAllocatesNothing(t *testing.T) {
	for _, name := range arch.Names() {
		for _, s := range append([]arch.Settings{{"dropout": 0.3}}, settings[name]...) {
			m, weight := build(t, name, s, []int{10, 3}, 1, 8)
			x := nn.NewTensor(8, 10, 3)
			labels := make([]int32, 8)
			opt, err := nn.NewOptimizer("adamw", m.Weights(), nn.OptimizerConfig{WeightDecay: 0.01})
			if err != nil {
				t.Fatal(err)
			}
			dlogits, drec := nn.NewTensor(8, 1), nn.NewTensor(8, 30)
			loss := &nn.BinaryCrossEntropy{}
			step := func() {
				m.Forward(x, true)
				loss.Compute(m.Logits(), nn.Target{Labels: labels}, dlogits)
				d := drec
				if weight == 0 {
					d = nil
				}
				m.Backward(dlogits, d)
				nn.ClipNorm(m.Weights(), 1)
				opt.Step(0.001)
			}
			if n := testing.AllocsPerRun(10, step); n != 0 {
				t.Errorf("%s with %v: %v allocations a step", name, s, n)
			}
		}
	}
}

// A whole training must end with the same bits on every path of kernels.
func TestEveryArchitectureTrainsToTheSameBitsOnEveryPath(t *testing.T) {
	before := nn.Kernels()
	t.Cleanup(func() { _ = nn.SelectKernels(before) })
	for _, name := range arch.Names() {
		for _, s := range append([]arch.Settings{{"dropout": 0.2}}, settings[name]...) {
			for _, in := range shapes {
				want := ""
				for _, path := range f32.Paths() {
					if err := nn.SelectKernels(path); err != nil {
						t.Fatal(err)
					}
					m, _ := build(t, name, s, in, 1, 5)
					steps(t, m, in, 3)
					if want == "" {
						want = m.Hash()
					}
					if m.Hash() != want {
						t.Errorf("%s with %v on %v: other weights on the path %s", name, s, in, path)
					}
				}
			}
		}
	}
}

// steps trains on five examples of random numbers.
func steps(t *testing.T, m *nn.Model, in []int, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	x := nn.NewTensor(append([]int{5}, in...)...)
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	opt, err := nn.NewOptimizer("adam", m.Weights(), nn.OptimizerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	dlogits := nn.NewTensor(5, 1)
	for range n {
		m.Forward(x, true)
		(&nn.BinaryCrossEntropy{}).Compute(m.Logits(), nn.Target{Labels: []int32{0, 1, 1, 0, 1}}, dlogits)
		m.Backward(dlogits, nil)
		opt.Step(0.01)
	}
}

func TestEqualSeedsGiveEqualModels(t *testing.T) {
	for _, name := range arch.Names() {
		a, _ := build(t, name, nil, []int{10, 3}, 1, 4)
		b, _ := build(t, name, nil, []int{10, 3}, 1, 64)
		if a.Hash() != b.Hash() {
			t.Errorf("%s: the initial weights depend on the batch's size", name)
		}
	}
}

func TestDefaultsAreLegal(t *testing.T) {
	for _, name := range arch.Names() {
		a, _ := arch.Lookup(name)
		for _, h := range a.Hypers {
			legal := false
			switch v := h.Default.(type) {
			case float64:
				legal = h.Kind == arch.Float && v >= h.Low && v <= h.High
			case int:
				legal = h.Kind == arch.Int && float64(v) >= h.Low && float64(v) <= h.High
			case bool:
				legal = h.Kind == arch.Bool
			case string:
				legal = h.Kind == arch.Choice && slices.Contains(h.Choices, v)
			}
			if !legal || h.Doc == "" {
				t.Errorf("%s.%s: default %v or doc %q is not right", name, h.Name, h.Default, h.Doc)
			}
		}
	}
}

func TestAnUnknownArchitectureNamesTheKnown(t *testing.T) {
	_, err := arch.Lookup("lsmt")
	if want := `unknown architecture "lsmt"; did you mean lstm?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestShapesNobodyReadsAreErrors(t *testing.T) {
	for _, name := range arch.Names() {
		a, _ := arch.Lookup(name)
		if _, err := a.Build(nil, arch.Input{Shape: []int{10, 0}}, 1); err == nil {
			t.Errorf("%s builds on empty examples", name)
		}
	}
}

func ExampleLookup() {
	a, err := arch.Lookup("cnn")
	if err != nil {
		panic(err)
	}
	// Ten steps of three channels, two classes.
	built, err := a.Build(arch.Settings{"filters": 16, "depth": 2}, arch.Input{Shape: []int{10, 3}}, 1)
	if err != nil {
		panic(err)
	}
	m := nn.NewModel(built.Parts, []int{10, 3}, 32, rand.New(rand.NewPCG(1, 2)))
	fmt.Println(m.WeightCount(), "weights, logits of shape", m.Out())
	// Output: 1793 weights, logits of shape [1]
}
