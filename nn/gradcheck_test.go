package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// reporter is what testing.T and rapid.T share.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// reference is a layer's forward pass in float64, written straight from its definition:
// x is [n, in...], w holds the weights by name, the result is [n, out...].
type reference func(x []float64, n int, w map[string][]float64) []float64

// layerCheck is a layer with what to hold it against.
type layerCheck struct {
	layer   Layer
	in      []int // shape of an example
	n       int   // examples in the batch
	lengths []int // of the examples, where not nil
	ref     reference
	draw    func(rng *rand.Rand, x []float32) // fills the input; nil: normal numbers
	weigh   func(rng *rand.Rand, x []float32) // fills each weight; nil: normal numbers, halved
	// batchwise says that examples of a training batch affect each other, as in BatchNorm.
	batchwise bool
}

// checkLayer proves a layer: its training output against the reference, the gradients of
// each weight and of the input, for a random linear functional of the output, against
// central differences of the reference; and the promises of [Layer]: gradients add up,
// the input is left alone, an example's bits don't depend on the others, nothing is
// allocated.
func checkLayer(t reporter, seed uint64, c layerCheck) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0))
	p, x := buildFor(c, rng)
	soil(p, rng, c)
	before := slices.Clone(x.Data)
	y := c.layer.Forward(x, true)
	if want := size(y.Shape); len(y.Data) != want || y.Len() != c.n {
		t.Fatalf("output of shape %v has %d numbers for %d examples", y.Shape, len(y.Data), c.n)
	}
	ref := func(x []float64, w map[string][]float64) []float64 { return c.ref(x, c.n, w) }
	xs, ws := widen(x.Data), widenWeights(p)
	near(t, "output", y.Data, ref(xs, ws), 1e-5)

	g := normals(rng, len(y.Data))
	objective := func() float64 { return functional(g, ref(xs, ws)) }
	dy := TensorOf(slices.Clone(g), y.Shape...)
	dx := c.layer.Backward(dy)
	if dx == nil {
		t.Fatalf("no gradient of the input though the plan wants it")
	}
	if !slices.Equal(before, x.Data) {
		t.Fatalf("the layer changed its input")
	}
	if !slices.Equal(dx.Shape, x.Shape) {
		t.Fatalf("gradient of the input has shape %v, input %v", dx.Shape, x.Shape)
	}
	checkGradient(t, rng, "input", dx.Data, xs, objective)
	for _, w := range p.weights {
		checkGradient(t, rng, w.Name, w.Grad, ws[w.Name], objective)
	}
	checkSums(t, p, c.layer, x, g)
	checkExamplesAlone(t, c, x)
	checkAllocations(t, c.layer, x, g)
}

// buildFor builds the layer on a plan with room for one example more than the batch, and
// draws weights and an input.
func buildFor(c layerCheck, rng *rand.Rand) (*Plan, *Tensor) {
	p := NewPlan(c.n+1, rng)
	p.WantInputGrad()
	c.layer.Build(p, c.in)
	p.Allocate()
	for _, w := range p.weights {
		if c.weigh != nil {
			c.weigh(rng, w.Data)
			continue
		}
		for i := range w.Data {
			w.Data[i] = float32(rng.NormFloat64() / 2)
		}
	}
	x := NewTensor(append([]int{c.n}, c.in...)...)
	x.Lengths = c.lengths
	if c.draw == nil {
		c.draw = func(rng *rand.Rand, x []float32) { copy(x, normals(rng, len(x))) }
	}
	c.draw(rng, x.Data)
	return p, x
}

// soil runs a step on a full batch of other numbers, so that whatever a layer fails to set
// anew shows.
func soil(p *Plan, rng *rand.Rand, c layerCheck) {
	x := NewTensor(append([]int{c.n + 1}, c.in...)...)
	if c.draw != nil {
		c.draw(rng, x.Data)
	} else {
		copy(x.Data, normals(rng, len(x.Data)))
	}
	y := c.layer.Forward(x, true)
	c.layer.Backward(TensorOf(normals(rng, len(y.Data)), y.Shape...))
	clear(p.grad)
}

// checkGradient compares up to 40 elements of a gradient with central differences of the
// objective in at, whose elements it moves and puts back.
func checkGradient(t reporter, rng *rand.Rand, name string, got []float32, at []float64, objective func() float64) {
	t.Helper()
	if len(got) != len(at) {
		t.Fatalf("gradient of %s has %d numbers for %d", name, len(got), len(at))
	}
	const h = 1e-5
	picks := rng.Perm(len(at))
	picks = picks[:min(len(picks), 40)]
	var g []float32
	var want []float64
	for _, i := range picks {
		was := at[i]
		at[i] = was + h
		up := objective()
		at[i] = was - h
		down := objective()
		at[i] = was
		want, g = append(want, (up-down)/(2*h)), append(g, got[i])
	}
	near(t, "gradient of "+name, g, want, 2e-4)
}

// checkSums runs a second step and expects the weights' gradients to have doubled.
func checkSums(t reporter, p *Plan, l Layer, x *Tensor, g []float32) {
	t.Helper()
	var want [][]float64
	for _, w := range p.weights {
		twice := widen(w.Grad)
		for i := range twice {
			twice[i] *= 2
		}
		want = append(want, twice)
	}
	y := l.Forward(x, true)
	l.Backward(TensorOf(slices.Clone(g), y.Shape...))
	for i, w := range p.weights {
		near(t, "sum of two gradients of "+w.Name, w.Grad, want[i], 1e-5)
	}
}

// checkExamplesAlone expects each example to give the same bits alone as in the batch.
func checkExamplesAlone(t reporter, c layerCheck, x *Tensor) {
	t.Helper()
	modes := []bool{true, false}
	if c.batchwise {
		modes = modes[1:]
	}
	for _, train := range modes {
		all := c.layer.Forward(x, train)
		want := slices.Clone(all.Data)
		for i := range c.n {
			one := TensorOf(x.Row(i), append([]int{1}, c.in...)...)
			if x.Lengths != nil {
				one.Lengths = x.Lengths[i : i+1]
			}
			y := c.layer.Forward(one, train)
			if !slices.Equal(y.Data, want[i*len(y.Data):(i+1)*len(y.Data)]) {
				t.Fatalf("train=%v: example %d alone differs from example %d in the batch", train, i, i)
			}
		}
	}
}

func checkAllocations(t reporter, l Layer, x *Tensor, g []float32) {
	t.Helper()
	y := l.Forward(x, true)
	dy := TensorOf(slices.Clone(g), y.Shape...)
	allocs := testing.AllocsPerRun(5, func() {
		l.Forward(x, true)
		l.Backward(dy)
	})
	if allocs != 0 {
		t.Fatalf("a step allocates %v times", allocs)
	}
}

// within compares each number with its reference, relative to the larger of the number
// and the references' root mean square, of numbers of order one.
func within(t reporter, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	compare(t, what, got, want, tolerance, tolerance/20)
}

// near is within, but forgives a few units of float32's 6e-8 for rounding: a layer's sums
// of numbers of order one may all but cancel.
func near(t reporter, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	compare(t, what, got, want, tolerance, 3e-6)
}

func compare(t reporter, what string, got []float32, want []float64, relative, absolute float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, reference %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale += v * v
	}
	scale = math.Sqrt(scale / float64(max(len(want), 1)))
	for i, v := range want {
		allowed := relative*max(scale, math.Abs(v)) + absolute
		if d := math.Abs(float64(got[i]) - v); !(d <= allowed) {
			t.Fatalf("%s[%d] is %v, want %v (off by %.2g, allowed %.2g)", what, i, got[i], v, d, allowed)
		}
	}
}

// functional returns the sum of g·y.
func functional(g []float32, y []float64) float64 {
	s := 0.0
	for i, v := range y {
		s += float64(g[i]) * v
	}
	return s
}

func normals(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// apartFromZero draws normal numbers at least 0.05 away from zero, where ReLU bends.
func apartFromZero(rng *rand.Rand, x []float32) {
	for i := range x {
		v := float32(rng.NormFloat64())
		x[i] = v + float32(math.Copysign(0.05, float64(v)))
	}
}

// apart draws numbers that differ from each other by 0.05 at least, so that no maximum is
// near a tie.
func apart(rng *rand.Rand, x []float32) {
	for i, j := range rng.Perm(len(x)) {
		x[i] = 0.05*float32(j) - 0.025*float32(len(x))
	}
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func widenWeights(p *Plan) map[string][]float64 {
	w := map[string][]float64{}
	for _, v := range p.weights {
		if w[v.Name] != nil {
			panic(fmt.Sprintf("two weights are called %s", v.Name))
		}
		w[v.Name] = widen(v.Data)
	}
	return w
}
