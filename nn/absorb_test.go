package nn

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// separate runs layers one after the other as Sequential does, but lets none absorb
// another.
type separate []Layer

func (s separate) Build(p *Plan, in []int) []int {
	for _, l := range s {
		in = l.Build(p, in)
	}
	return in
}

func (s separate) Forward(x *Tensor, train bool) *Tensor { return Sequential(s).Forward(x, train) }
func (s separate) Backward(dy *Tensor) *Tensor           { return Sequential(s).Backward(dy) }

// What a layer absorbs must not change a bit of the output and of the gradients, but for
// the bias's, whose sum passes over the maxima instead of all places.
func TestAbsorbedLayersGiveTheSameBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, filters := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 35).Draw(t, "filters")
		kernel, stride := rapid.IntRange(1, 3).Draw(t, "kernel"), rapid.IntRange(1, 2).Draw(t, "stride")
		padding, noBias, pooled := drawPadding(t), rapid.Bool().Draw(t, "no bias"), rapid.Bool().Draw(t, "pooled")
		signal := rapid.Bool().Draw(t, "signal")
		side := func(name string) int { return rapid.IntRange(kernel, 14).Draw(t, name) }
		in := []int{side("h"), side("w"), rapid.IntRange(1, 3).Draw(t, "c")}
		var lengths []int
		if signal {
			in = in[1:]
			if rapid.Bool().Draw(t, "lengths") {
				lengths = rapid.SliceOfN(rapid.IntRange(0, in[0]), n, n).Draw(t, "lengths")
			}
		}
		fits := func(out int) bool { return out >= 2 }
		for _, s := range in[:len(in)-1] {
			pooled = pooled && fits(newSpan("", s, kernel, stride, padding).out)
		}
		layers := func() []Layer {
			var l []Layer
			if signal {
				l = []Layer{&Conv1D{Filters: filters, Kernel: kernel, Stride: stride, Padding: padding, NoBias: noBias}, &ReLU{}, &MaxPool1D{}}
			} else {
				l = []Layer{&Conv2D{Filters: filters, Kernel: kernel, Stride: stride, Padding: padding, NoBias: noBias}, &ReLU{}, &MaxPool2D{}}
			}
			if !pooled {
				l = l[:2]
			}
			return l
		}
		seed := drawSeed(t)
		run := func(l Layer) (out, dx []float32, grads [][]float32) {
			rng := rand.New(rand.NewPCG(seed, 1))
			p, x := buildFor(layerCheck{layer: l, in: in, n: n, lengths: lengths}, rng)
			y := l.Forward(x, true)
			out = slices.Clone(y.Data)
			dx = slices.Clone(l.Backward(TensorOf(normals(rng, len(y.Data)), y.Shape...)).Data)
			for _, w := range p.weights {
				grads = append(grads, w.Grad)
			}
			return out, dx, grads
		}
		y, dx, grads := run(Sequential(layers()))
		wantY, wantDx, wantGrads := run(separate(layers()))
		if !slices.Equal(y, wantY) {
			t.Fatalf("output %v, separately %v", y, wantY)
		}
		if !slices.Equal(dx, wantDx) {
			t.Fatalf("gradient of the input %v, separately %v", dx, wantDx)
		}
		if !slices.Equal(grads[0], wantGrads[0]) {
			t.Fatalf("gradient of the kernel %v, separately %v", grads[0], wantGrads[0])
		}
		if !noBias {
			near(t, "gradient of the bias", grads[1], widen(wantGrads[1]), 1e-5)
		}
	})
}

func TestADenseLayerAbsorbsAReLU(t *testing.T) {
	run := func(l Layer) []float32 {
		rng := rand.New(rand.NewPCG(1, 1))
		p, x := buildFor(layerCheck{layer: l, in: []int{7}, n: 5}, rng)
		y := l.Forward(x, true)
		all := slices.Clone(y.Data)
		all = append(all, l.Backward(TensorOf(normals(rng, len(y.Data)), y.Shape...)).Data...)
		return append(all, p.grad...)
	}
	for _, d := range []Dense{{Units: 19}, {Units: 19, NoBias: true}} {
		one, other := d, d
		if got, want := run(Sequential{&one, &ReLU{}}), run(separate{&other, &ReLU{}}); !slices.Equal(got, want) {
			t.Errorf("got %v, separately %v", got, want)
		}
	}
}
