package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// weightsOf returns a kernel of [2, 3] and a bias of [3] with drawn numbers.
func weightsOf(seed uint64) []*Weight {
	rng := rand.New(rand.NewPCG(seed, 0))
	return []*Weight{
		{Name: "kernel", Shape: []int{2, 3}, Data: normals(rng, 6), Grad: normals(rng, 6), Decay: true},
		{Name: "bias", Shape: []int{3}, Data: normals(rng, 3), Grad: normals(rng, 3)},
	}
}

func mustOptimizer(t testing.TB, name string, weights []*Weight, c OptimizerConfig) Optimizer {
	t.Helper()
	o, err := NewOptimizer(name, weights, c)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// update64 is one update of one number in float64, as PyTorch's documentation gives the
// algorithm: s is what it remembers, step counts from 1.
type update64 func(w, g float64, s *[2]float64, step int) float64

func TestOptimizersFollowTheirAlgorithms(t *testing.T) {
	const rate, decay = 0.1, 0.2
	tests := []struct {
		name, optimizer string
		config          OptimizerConfig
		update          update64
	}{
		{"sgd", "sgd", OptimizerConfig{}, func(w, g float64, _ *[2]float64, _ int) float64 { return w - rate*g }},
		{"momentum and L2", "sgd", OptimizerConfig{Momentum: 0.9, WeightDecay: decay, DecayAll: true},
			func(w, g float64, s *[2]float64, _ int) float64 {
				s[0] = 0.9*s[0] + g + decay*w
				return w - rate*s[0]
			}},
		{"Nesterov's momentum and L2", "sgd", OptimizerConfig{Momentum: 0.9, Nesterov: true, WeightDecay: decay, DecayAll: true},
			func(w, g float64, s *[2]float64, _ int) float64 {
				d := g + decay*w
				s[0] = 0.9*s[0] + d
				return w - rate*(d+0.9*s[0])
			}},
		{"adam and L2", "adam", OptimizerConfig{WeightDecay: decay, DecayAll: true}, adam64(rate, 0.9, 0.999, 1e-8, decay, 0)},
		{"adam with its own betas", "adam", OptimizerConfig{Beta1: 0.5, Beta2: 0.9, Epsilon: 0.1}, adam64(rate, 0.5, 0.9, 0.1, 0, 0)},
		{"adamw", "adamw", OptimizerConfig{WeightDecay: decay, DecayAll: true}, adam64(rate, 0.9, 0.999, 1e-8, 0, decay)},
		{"rmsprop and L2", "rmsprop", OptimizerConfig{WeightDecay: decay, DecayAll: true},
			func(w, g float64, s *[2]float64, _ int) float64 {
				d := g + decay*w
				s[0] = 0.99*s[0] + 0.01*d*d
				return w - rate*d/(math.Sqrt(s[0])+1e-8)
			}},
		{"rmsprop with momentum", "rmsprop", OptimizerConfig{Momentum: 0.9, Alpha: 0.9},
			func(w, g float64, s *[2]float64, _ int) float64 {
				s[0] = 0.9*s[0] + 0.1*g*g
				s[1] = 0.9*s[1] + g/(math.Sqrt(s[0])+1e-8)
				return w - rate*s[1]
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			weights := weightsOf(1)
			o := mustOptimizer(t, tt.optimizer, weights, tt.config)
			want := [][]float64{widen(weights[0].Data), widen(weights[1].Data)}
			memory := make([][6][2]float64, 2)
			rng := rand.New(rand.NewPCG(2, 2))
			for step := 1; step <= 20; step++ {
				for k, w := range weights {
					copy(w.Grad, normals(rng, len(w.Grad)))
					for i, g := range w.Grad {
						want[k][i] = tt.update(want[k][i], float64(g), &memory[k][i], step)
					}
				}
				o.Step(rate)
			}
			for k, w := range weights {
				within(t, w.Name, w.Data, want[k], 1e-5)
			}
			if *o.Steps() != 20 {
				t.Errorf("%d updates were counted", *o.Steps())
			}
		})
	}
}

func adam64(rate, beta1, beta2, epsilon, coupled, decoupled float64) update64 {
	return func(w, g float64, s *[2]float64, step int) float64 {
		w -= rate * decoupled * w
		g += coupled * w
		s[0] = beta1*s[0] + (1-beta1)*g
		s[1] = beta2*s[1] + (1-beta2)*g*g
		m := s[0] / (1 - math.Pow(beta1, float64(step)))
		v := s[1] / (1 - math.Pow(beta2, float64(step)))
		return w - rate*m/(math.Sqrt(v)+epsilon)
	}
}

var everyOptimizer = []struct {
	name   string
	config OptimizerConfig
}{
	{"sgd", OptimizerConfig{}},
	{"sgd", OptimizerConfig{Momentum: 0.9}},
	{"sgd", OptimizerConfig{Momentum: 0.9, Nesterov: true}},
	{"adam", OptimizerConfig{}},
	{"adamw", OptimizerConfig{WeightDecay: 0.01}},
	{"rmsprop", OptimizerConfig{}},
	{"rmsprop", OptimizerConfig{Momentum: 0.5}},
}

func TestBiasesDoNotDecayUnlessAsked(t *testing.T) {
	for _, name := range []string{"sgd", "adam", "adamw", "rmsprop"} {
		for _, all := range []bool{false, true} {
			weights := weightsOf(3)
			for _, w := range weights {
				clear(w.Grad)
			}
			kernel, bias := slices.Clone(weights[0].Data), slices.Clone(weights[1].Data)
			mustOptimizer(t, name, weights, OptimizerConfig{WeightDecay: 0.1, DecayAll: all}).Step(0.001)
			for i, w := range weights[0].Data {
				if math.Abs(float64(w)) >= math.Abs(float64(kernel[i])) {
					t.Errorf("%s: the kernel's %v became %v", name, kernel[i], w)
				}
			}
			if moved := !slices.Equal(bias, weights[1].Data); moved != all {
				t.Errorf("%s with DecayAll %v: bias moved is %v", name, all, moved)
			}
		}
	}
}

func TestAnOptimizerGoesOnFromItsStateToTheSameBits(t *testing.T) {
	for _, tt := range everyOptimizer {
		t.Run(fmt.Sprintf("%s %+v", tt.name, tt.config), func(t *testing.T) {
			run := func(o Optimizer, weights []*Weight, from, to int) {
				for step := from; step < to; step++ {
					rng := rand.New(rand.NewPCG(uint64(step), 1))
					for _, w := range weights {
						copy(w.Grad, normals(rng, len(w.Grad)))
					}
					o.Step(0.01)
				}
			}
			weights := weightsOf(4)
			o := mustOptimizer(t, tt.name, weights, tt.config)
			run(o, weights, 0, 5)

			restored := weightsOf(5)
			r := mustOptimizer(t, tt.name, restored, tt.config)
			run(r, restored, 7, 9) // what it did before is overwritten
			for i, w := range weights {
				copy(restored[i].Data, w.Data)
			}
			*r.Steps() = *o.Steps()
			saved := o.State()
			for i, m := range r.State() {
				if m.Name != saved[i].Name || len(m.Data) != len(saved[i].Data) {
					t.Fatalf("state %d is %s, then %s", i, saved[i].Name, m.Name)
				}
				copy(m.Data, saved[i].Data)
			}
			run(o, weights, 5, 10)
			run(r, restored, 5, 10)
			for i, w := range weights {
				if !slices.Equal(w.Data, restored[i].Data) {
					t.Errorf("%s went another way", w.Name)
				}
			}
		})
	}
}

func TestAdamSetBackStartsItsCorrectionsAnew(t *testing.T) {
	weights := weightsOf(8)
	o := mustOptimizer(t, "adam", weights, OptimizerConfig{})
	first := slices.Clone(weights[0].Data)
	o.Step(0.1)
	want := slices.Clone(weights[0].Data)
	o.Step(0.1)
	o.Step(0.1)

	*o.Steps() = 0
	for _, m := range o.State() {
		clear(m.Data)
	}
	copy(weights[0].Data, first)
	o.Step(0.1)
	if !slices.Equal(weights[0].Data, want) {
		t.Errorf("the first step gave %v, and after all was set back %v", want, weights[0].Data)
	}
}

func TestOptimizersMinimise(t *testing.T) {
	for _, tt := range everyOptimizer {
		w := &Weight{Name: "w", Data: []float32{3, -2}, Grad: make([]float32, 2)}
		o := mustOptimizer(t, tt.name, []*Weight{w}, tt.config)
		for range 2000 {
			w.Grad[0], w.Grad[1] = 2*(w.Data[0]-1), 20*(w.Data[1]-0.5)
			o.Step(0.005)
		}
		if math.Abs(float64(w.Data[0]-1)) > 0.02 || math.Abs(float64(w.Data[1]-0.5)) > 0.02 {
			t.Errorf("%s %+v ended at %v, the minimum is at [1 0.5]", tt.name, tt.config, w.Data)
		}
	}
}

func TestAStepAllocatesNothingAndLeavesTheGradients(t *testing.T) {
	for _, tt := range everyOptimizer {
		weights := weightsOf(6)
		before := slices.Clone(weights[0].Grad)
		o := mustOptimizer(t, tt.name, weights, tt.config)
		if a := testing.AllocsPerRun(3, func() { o.Step(0.1); ClipNorm(weights, 1e9) }); a != 0 {
			t.Errorf("%s %+v allocates %v times", tt.name, tt.config, a)
		}
		if !slices.Equal(before, weights[0].Grad) {
			t.Errorf("%s %+v changed the gradients", tt.name, tt.config)
		}
	}
}

func TestClippingBoundsTheJointNorm(t *testing.T) {
	weights := []*Weight{{Grad: []float32{3, 0}}, {Grad: []float32{-4}}}
	if got := ClipNorm(weights, 5); got != 5 || weights[0].Grad[0] != 3 {
		t.Errorf("a norm of 5 is %v and became %v", got, weights[0].Grad)
	}
	if got := ClipNorm(weights, 1); got != 5 {
		t.Errorf("a norm of 5 is %v", got)
	}
	within(t, "clipped", append(weights[0].Grad, weights[1].Grad...), []float64{0.6, 0, -0.8}, 1e-6)
	if got := ClipNorm(weights, 1); got > 1 {
		t.Errorf("the norm after clipping to 1 is %v", got)
	}
}

func TestClippingLeavesWhatIsNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		weights := []*Weight{{Grad: []float32{float32(bad), 2}}}
		if got := ClipNorm(weights, 1); !math.IsNaN(got) && !math.IsInf(got, 1) || weights[0].Grad[1] != 2 {
			t.Errorf("norm %v, gradient %v", got, weights[0].Grad)
		}
	}
}

func BenchmarkOptimizers(b *testing.B) {
	for _, tt := range everyOptimizer {
		b.Run(fmt.Sprintf("%s momentum=%v nesterov=%v", tt.name, tt.config.Momentum, tt.config.Nesterov), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			const n = 100_000
			w := []*Weight{{Name: "w", Data: normals(rng, n), Grad: normals(rng, n)}}
			o, err := NewOptimizer(tt.name, w, tt.config)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(4 * n)
			for b.Loop() {
				o.Step(1e-6)
			}
		})
	}
}
