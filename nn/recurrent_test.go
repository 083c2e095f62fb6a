package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// recurrence64 is one step of a cell in float64: the state after x from the state before,
// with weights found under a prefix. memory is the LSTM's cell state, changed in place.
type recurrence64 func(w func(name string) []float64, x, before, memory []float64) []float64

// affine64 returns W·x + b of one kernel, for W [len(x), len(b)].
func affine64(w, b, x []float64) []float64 {
	y := slices.Clone(b)
	for j := range y {
		for i, v := range x {
			y[j] += v * w[i*len(b)+j]
		}
	}
	return y
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func maps64(w func(string) []float64, x, before []float64) (ofInput, ofState []float64) {
	return affine64(w("kernel"), w("bias"), x), affine64(w("recurrent_kernel"), w("recurrent_bias"), before)
}

func lstm64(w func(string) []float64, x, before, memory []float64) []float64 {
	a, b := maps64(w, x, before)
	u := len(before)
	h := make([]float64, u)
	for k := range h {
		z := func(gate int) float64 { return a[gate*u+k] + b[gate*u+k] }
		memory[k] = sigmoid64(z(1))*memory[k] + sigmoid64(z(0))*math.Tanh(z(2))
		h[k] = sigmoid64(z(3)) * math.Tanh(memory[k])
	}
	return h
}

func gru64(w func(string) []float64, x, before, _ []float64) []float64 {
	a, b := maps64(w, x, before)
	u := len(before)
	h := make([]float64, u)
	for k := range h {
		r, z := sigmoid64(a[k]+b[k]), sigmoid64(a[u+k]+b[u+k])
		n := math.Tanh(a[2*u+k] + r*b[2*u+k])
		h[k] = (1-z)*n + z*before[k]
	}
	return h
}

func rnn64(f func(float64) float64) recurrence64 {
	return func(w func(string) []float64, x, before, _ []float64) []float64 {
		h, b := maps64(w, x, before)
		for k := range h {
			h[k] = f(h[k] + b[k])
		}
		return h
	}
}

// recurrent64 runs a recurrence over [T, C] examples of unequal lengths as the layers'
// documentation says it.
func recurrent64(step recurrence64, time, in, units int, sequences, both bool, lengths []int) reference {
	ways := []string{""}
	if both {
		ways = []string{"forward.", "backward."}
	}
	return func(x []float64, n int, w map[string][]float64) []float64 {
		width := units * len(ways)
		y := make([]float64, n*time*width)
		if !sequences {
			y = make([]float64, n*width)
		}
		for i := range n {
			length := time
			if lengths != nil {
				length = lengths[i]
			}
			for way, prefix := range ways {
				weights := func(name string) []float64 { return w[prefix+name] }
				h, memory := make([]float64, units), make([]float64, units)
				for s := range length {
					t := s
					if way == 1 {
						t = length - 1 - s
					}
					h = step(weights, x[(i*time+t)*in:][:in], h, memory)
					if sequences {
						copy(y[(i*time+t)*width+way*units:], h)
					}
				}
				if !sequences {
					copy(y[i*width+way*units:], h)
				}
			}
		}
		return y
	}
}

func TestRecurrentLayersFollowTheirEquationsThroughTime(t *testing.T) {
	cells := []struct {
		name string
		new  func(units int, sequences, both bool) Layer
		step recurrence64
	}{
		{"LSTM", func(u int, s, b bool) Layer { return &LSTM{Units: u, ReturnSequences: s, Bidirectional: b} }, lstm64},
		{"GRU", func(u int, s, b bool) Layer { return &GRU{Units: u, ReturnSequences: s, Bidirectional: b} }, gru64},
		{"RNN", func(u int, s, b bool) Layer { return &RNN{Units: u, ReturnSequences: s, Bidirectional: b} }, rnn64(math.Tanh)},
	}
	rng := rand.New(rand.NewPCG(7, 7))
	for _, cell := range cells {
		for variant := range 8 {
			sequences, both, unequal := variant&1 != 0, variant&2 != 0, variant&4 != 0
			name := fmt.Sprintf("%s sequences=%v both=%v unequal=%v", cell.name, sequences, both, unequal)
			t.Run(name, func(t *testing.T) {
				for range 3 {
					n, time, in, units := 1+rng.IntN(5), 1+rng.IntN(6), 1+rng.IntN(4), 1+rng.IntN(5)
					var lengths []int
					if unequal {
						lengths = randomLengths(rng, n, time)
					}
					checkLayer(t, rng.Uint64(), layerCheck{
						layer:   cell.new(units, sequences, both),
						in:      []int{time, in},
						n:       n,
						lengths: lengths,
						ref:     recurrent64(cell.step, time, in, units, sequences, both, lengths),
					})
				}
			})
		}
	}
}

// randomLengths draws lengths from 0 to time, of which one at least is the full time.
func randomLengths(rng *rand.Rand, n, time int) []int {
	lengths := make([]int, n)
	for i := range lengths {
		lengths[i] = rng.IntN(time + 1)
	}
	lengths[rng.IntN(n)] = time
	return lengths
}

// A plain RNN with ReLU bends where a gate is zero: positive weights and inputs keep all
// gates of this test above it, except for one unit whose bias keeps it below.
func TestAPlainRNNWithReLUFollowsItsEquations(t *testing.T) {
	relu := func(x float64) float64 { return max(x, 0) }
	for seed := range uint64(5) {
		layer := &RNN{Units: 3, Nonlinearity: "relu", ReturnSequences: true, Bidirectional: true}
		lengths := []int{4, 2, 3}
		checkLayer(t, seed, layerCheck{
			layer: layer, in: []int{4, 2}, n: 3, lengths: lengths,
			ref:  recurrent64(rnn64(relu), 4, 2, 3, true, true, lengths),
			draw: positive,
			weigh: func(rng *rand.Rand, w []float32) {
				positive(rng, w)
				if len(w) == 3 { // a bias
					w[1] = -9
				}
			},
		})
	}
}

func positive(rng *rand.Rand, x []float32) {
	for i := range x {
		x[i] = 0.1 + 0.3*rng.Float32()
	}
}

// forwardOnce builds a layer from one seed and runs x through it.
func forwardOnce(l Layer, x *Tensor) *Tensor {
	p := NewPlan(x.Len(), rand.New(rand.NewPCG(5, 5)))
	l.Build(p, x.Shape[1:])
	p.Allocate()
	return l.Forward(x, false)
}

func TestWhatLiesBeyondAnExamplesLengthChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := TensorOf(normals(rng, 2*5*3), 2, 5, 3)
	x.Lengths = []int{3, 5}
	layer := &GRU{Units: 4, ReturnSequences: true, Bidirectional: true}
	want := slices.Clone(forwardOnce(layer, x).Data)
	for i := range 2 * 3 {
		x.Data[3*3+i] = float32(math.NaN())
	}
	y := layer.Forward(x, false)
	if !slices.Equal(y.Data, want) {
		t.Error("padding reached the output")
	}
	for _, v := range y.Row(0)[3*8:] {
		if v != 0 {
			t.Fatal("an output past the length isn't 0")
		}
	}
	if !slices.Equal(y.Lengths, x.Lengths) {
		t.Error("the sequences lost their lengths")
	}
}

func TestRecurrentLayersStandBatchesThatAreShortAsAWhole(t *testing.T) {
	lengths := []int{2, 0, 3}
	checkLayer(t, 11, layerCheck{
		layer: &GRU{Units: 3, Bidirectional: true}, in: []int{6, 2}, n: 3, lengths: lengths,
		ref: recurrent64(gru64, 6, 2, 3, false, true, lengths),
	})
}

func TestAFirstRecurrentLayerGivesNoGradientOfItsInput(t *testing.T) {
	layer := &LSTM{Units: 2}
	x := TensorOf([]float32{1, 2, 3}, 1, 3, 1)
	forwardOnce(layer, x)
	if dx := layer.Backward(TensorOf([]float32{1, 1}, 1, 2)); dx != nil {
		t.Errorf("got %v", dx)
	}
}

func TestABackwardDirectionIsAForwardOneOnTheReversedSignal(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	x := TensorOf(normals(rng, 6*2), 1, 6, 2)
	reversed := NewTensor(1, 6, 2)
	for i := range 6 {
		copy(reversed.Data[2*i:][:2], x.Data[2*(5-i):][:2])
	}
	layer := &LSTM{Units: 3, Bidirectional: true}
	p := NewPlan(1, rng)
	layer.Build(p, []int{6, 2})
	p.Allocate()
	for i, w := range p.weights[:4] {
		copy(p.weights[i+4].Data, w.Data)
	}
	y := slices.Clone(layer.Forward(x, false).Data)
	z := layer.Forward(reversed, false).Data
	if !slices.Equal(y[3:], z[:3]) || !slices.Equal(y[:3], z[3:]) {
		t.Errorf("%v and %v are not each other's mirror image", y, z)
	}
}

func TestAnLSTMRemembersAcrossManySteps(t *testing.T) {
	layer := &LSTM{Units: 1}
	p := NewPlan(1, rand.New(rand.NewPCG(1, 1)))
	layer.Build(p, []int{200, 1})
	p.Allocate()
	for _, w := range p.weights { // i opens at x = 1 only; f is always open, o too
		clear(w.Data)
	}
	copy(p.weights[0].Data, []float32{40, 0, 3, 0})
	copy(p.weights[2].Data, []float32{-20, 30, 0, 30})
	x := NewTensor(1, 200, 1)
	x.Data[0] = 1
	want := math.Tanh(math.Tanh(3))
	if got := layer.Forward(x, false).Data[0]; math.Abs(float64(got)-want) > 1e-4 {
		t.Errorf("after 200 steps the pulse is %v, want %v", got, want)
	}
}

func TestRecurrentLayersStartAsKerasDoes(t *testing.T) {
	layer := &LSTM{Units: 5}
	p := NewPlan(1, rand.New(rand.NewPCG(1, 1)))
	layer.Build(p, []int{2, 3})
	p.Allocate()
	bias := p.weights[2].Data
	want := []float32{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if !slices.Equal(bias, want) {
		t.Errorf("bias is %v, want %v", bias, want)
	}
	recurrent := p.weights[1].Data // orthonormal rows
	sum := 0.0
	for _, v := range recurrent[:20] {
		sum += float64(v) * float64(v)
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("a row of the recurrent kernel has the length %v", math.Sqrt(sum))
	}
}

func TestRecurrentLayersRefuseWhatTheyCannotBuild(t *testing.T) {
	tests := []struct {
		layer Layer
		in    []int
		want  string
	}{
		{&LSTM{Units: 3}, []int{5}, "nn: LSTM wants [T, C], got [5]"},
		{&GRU{}, []int{5, 2}, "nn: GRU wants Units of 1 or more, got 0"},
		{&RNN{Units: 2, Nonlinearity: "sine"}, []int{5, 2}, `nn: RNN wants the nonlinearity tanh or relu, got "sine"`},
	}
	for _, tt := range tests {
		func() {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("panic of %v, want %s", got, tt.want)
				}
			}()
			tt.layer.Build(NewPlan(1, rand.New(rand.NewPCG(1, 1))), tt.in)
		}()
	}
}

func TestALengthOutOfRangePanics(t *testing.T) {
	x := NewTensor(1, 3, 1)
	x.Lengths = []int{4}
	defer func() {
		if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "nn: example 0 has 4 time steps of 3") {
			t.Errorf("panic of %q", got)
		}
	}()
	forwardOnce(&RNN{Units: 1}, x)
}

// A step is forward and backward over 32 examples of 100 steps; lstm100 is three LSTMs, the
// model that is measured beside PyTorch.
func BenchmarkRecurrent(b *testing.B) {
	const batch, time = 32, 100
	models := []struct {
		name string
		body Sequential
	}{
		{"lstm100", Sequential{&LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64}}},
		{"gru", Sequential{&GRU{Units: 64}}},
		{"rnn", Sequential{&RNN{Units: 64}}},
	}
	for _, m := range models {
		b.Run(m.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			p := NewPlan(batch, rng)
			m.body.Build(p, []int{time, 1})
			p.Allocate()
			x, dy := TensorOf(normals(rng, batch*time), batch, time, 1), TensorOf(normals(rng, batch*64), batch, 64)
			for b.Loop() {
				m.body.Forward(x, true)
				m.body.Backward(dy)
			}
			b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
