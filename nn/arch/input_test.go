package arch_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"medml/nn"
	"medml/nn/arch"
)

func TestEveryArchitectureReadsShapeAndCovariates(t *testing.T) {
	for _, name := range arch.Names() {
		a, err := arch.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, shape := range shapes {
			for _, units := range []int{0, 5} {
				in := arch.Input{Shape: shape, Covariates: 3}
				built, err := a.Build(arch.Settings{"covariate_units": units}, in, 2)
				if err != nil {
					t.Fatal(err)
				}
				m := nn.NewModel(built.Parts, in.Tensor(), 4, rand.New(rand.NewPCG(1, 2)))
				x := nn.NewTensor(4, in.Size()+3)
				rng := rand.New(rand.NewPCG(3, 4))
				for i := range x.Data {
					x.Data[i] = rng.Float32()
				}
				logits := func() []float32 {
					m.Forward(x, false)
					return slices.Clone(m.Logits().Data)
				}
				before := logits()
				if len(before) != 4*2 {
					t.Fatalf("%s of %v gives %d logits of 4 examples, want 8", name, shape, len(before))
				}
				x.Row(1)[in.Size()+1] += 2
				beside := logits()
				x.Row(2)[0] += 2
				both := logits()
				for i := range 4 {
					of := func(y []float32) []float32 { return y[2*i : 2*i+2] }
					if changed := !slices.Equal(of(before), of(beside)); changed != (i == 1) {
						t.Errorf("%s of %v: example %d after a covariate of example 1 changed: %v, before %v", name, shape, i, of(beside), of(before))
					}
					if changed := !slices.Equal(of(beside), of(both)); changed && i != 2 {
						t.Errorf("%s of %v: a number of example 2 changed example %d", name, shape, i)
					}
				}
			}
		}
	}
}

func TestCovariatesTrainEveryWeight(t *testing.T) {
	in := arch.Input{Shape: []int{6, 2}, Covariates: 4}
	a, err := arch.Lookup("lstm")
	if err != nil {
		t.Fatal(err)
	}
	built, err := a.Build(arch.Settings{"hidden": 5, "covariate_units": 16}, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	m := nn.NewModel(built.Parts, in.Tensor(), 8, rand.New(rand.NewPCG(1, 2)))
	x, d := nn.NewTensor(8, 16), nn.NewTensor(8, 1)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	for i := range d.Data {
		d.Data[i] = 1
	}
	m.Forward(x, true)
	m.Backward(d, nil)
	for _, w := range m.Weights() {
		if !slices.ContainsFunc(w.Grad, func(g float32) bool { return g != 0 }) {
			t.Errorf("%s has no gradient", w.Name)
		}
	}
}
