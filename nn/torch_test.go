package nn

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The fixtures under testdata/torch hold what PyTorch makes of the networks below; its
// make_fixtures.py says what they are and makes them.

// madeTensor says how both sides make a weight, an input or a target.
type madeTensor struct {
	Name          string
	Shape         []int
	Seed          uint32
	Scale, Offset float32
	SignsIn       []float32 `json:"signs_in"`  // of the last index but one, periodic
	SignsOut      []float32 `json:"signs_out"` // of the last index
	Lift          float32
}

// storedTensor is what is kept of a tensor of PyTorch's: up to 1,024 of its numbers, at
// hashed places, and a checksum of all.
type storedTensor struct {
	Shape    []int
	RMS, Sum float64
	Values   string // base64 of little-endian float32
}

// torchFixture is a model's file.
type torchFixture struct {
	Model         string
	Input         madeTensor
	Lengths       []int
	Weights       []madeTensor
	Labels        []int32
	Targets       *madeTensor
	Output        storedTensor
	InputGradient storedTensor `json:"input_gradient"`
	Gradients     []storedTensor
	Losses        []float64 // before each of five steps of Adam
	After         []storedTensor
	State         []storedTensor // running statistics after the steps
	Prediction    storedTensor   // output after the steps, not training
}

func readFixture(t *testing.T, name string) torchFixture {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "torch", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var fixture torchFixture
	if err := json.NewDecoder(z).Decode(&fixture); err != nil {
		t.Fatal(err)
	}
	return fixture
}

// hash32 is an avalanche of 32 bits, Wellons' lowbias32.
func hash32(seed, i uint32) uint32 {
	x := seed*0x9E3779B9 + i
	x = (x ^ x>>16) * 0x7FEB352D
	x = (x ^ x>>15) * 0x846CA68B
	return x ^ x>>16
}

// make fills x as make_fixtures.py does.
func (m madeTensor) make(x []float32) {
	last := m.Shape[len(m.Shape)-1]
	for i := range x {
		u := (float32(hash32(m.Seed, uint32(i))>>8) - 1<<23) / (1 << 23)
		x[i] = float32(m.Scale*u) + m.Offset
		if m.SignsIn != nil {
			row := i / last % m.Shape[len(m.Shape)-2]
			x[i] *= m.SignsIn[row%len(m.SignsIn)]
		}
		if m.SignsOut != nil {
			x[i] *= m.SignsOut[i%last]
		}
		x[i] += m.Lift
	}
}

func (m madeTensor) tensor() *Tensor {
	t := NewTensor(m.Shape...)
	m.make(t.Data)
	return t
}

// check compares x with what is stored: each number within 1e-5 of the larger of itself
// and the tensor's root mean square, and so the checksum.
func (s storedTensor) check(t *testing.T, what string, x []float32) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(s.Values)
	if err != nil {
		t.Fatal(err)
	}
	if len(x) != size(s.Shape) {
		t.Errorf("%s has %d numbers, PyTorch's %v", what, len(x), s.Shape)
		return
	}
	kept := len(raw) / 4
	worst, at := 0.0, 0
	for k := range kept {
		i := k
		if kept < len(x) {
			i = int(hash32(1, uint32(k)) % uint32(len(x)))
		}
		want := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:])))
		d := math.Abs(float64(x[i])-want) / max(math.Abs(want), s.RMS, 1e-30)
		if !(d <= worst) {
			worst, at = d, i
		}
	}
	if !(worst <= 1e-5) {
		t.Errorf("%s[%d] is %v, which differs from PyTorch's by %.1e", what, at, x[at], worst)
	}
	sum := 0.0
	for i, v := range x {
		sum += float64(v) * (1 - 2*float64(hash32(0, uint32(i))>>31))
	}
	sum /= math.Sqrt(float64(len(x)))
	if d := math.Abs(sum-s.Sum) / max(math.Abs(s.Sum), s.RMS, 1e-30); !(d <= 1e-5) {
		t.Errorf("%s has the checksum %v, which differs from PyTorch's by %.1e", what, sum, d)
	}
	t.Logf("%-28s differs by at most %.1e", what, worst)
}

// cnnLayers are the layers of cnn150: 32, 64 and 128 filters of 3×3, each followed by a max
// pool, and a dense layer of 512 before the 10 classes.
func cnnLayers() Sequential {
	var s Sequential
	for _, filters := range []int{32, 64, 128} {
		s = append(s, &Conv2D{Filters: filters}, &ReLU{}, &MaxPool2D{})
	}
	return append(s, &Flatten{}, &Dense{Units: 512}, &ReLU{}, &Dense{Units: 10})
}

// torchModels is the table of make_fixtures.py.
var torchModels = []struct {
	name   string
	layers func() Sequential
	loss   Loss
}{
	{"cnn22", cnnLayers, &CrossEntropy{}},
	{"lstm100", func() Sequential {
		return Sequential{&LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64}, &Dense{Units: 1}}
	}, MSE{}},
	{"ae784", func() Sequential {
		return Sequential{&Dense{Units: 64}, &ReLU{}, &Dense{Units: 32}, &ReLU{}, &Dense{Units: 64}, &ReLU{}, &Dense{Units: 784}}
	}, &BinaryCrossEntropy{}},
	{"gru", func() Sequential {
		return Sequential{&GRU{Units: 8, ReturnSequences: true}, &GRU{Units: 8}, &Dense{Units: 3}}
	}, &CrossEntropy{ClassWeights: []float64{0.5, 1, 2}, LabelSmoothing: 0.1}},
	{"bilstm", func() Sequential {
		return Sequential{&LSTM{Units: 6, ReturnSequences: true, Bidirectional: true}, &LSTM{Units: 6, Bidirectional: true}, &Dense{Units: 2}}
	}, MSE{}},
	{"rnn", func() Sequential {
		return Sequential{&RNN{Units: 10, ReturnSequences: true}, &RNN{Units: 8, Nonlinearity: "relu"}, &Dense{Units: 2}}
	}, Huber{}},
	{"batchnorm", func() Sequential {
		return Sequential{&Conv2D{Filters: 8, NoBias: true}, &BatchNorm{}, &ReLU{}, &Conv2D{Filters: 6, NoBias: true}, &BatchNorm{},
			&GELU{}, &GlobalAvgPool{}, &Dense{Units: 3}}
	}, &CrossEntropy{}},
	{"conv1d", func() Sequential {
		return Sequential{&Conv1D{Filters: 8, Kernel: 5, Padding: Same}, &GELU{}, &MaxPool1D{},
			&Conv1D{Filters: 12, Kernel: 4, Stride: 2, Padding: Same}, &LayerNorm{}, &ReLU{}, &GlobalMaxPool{}, &Dense{Units: 1}}
	}, &BinaryCrossEntropy{ClassWeights: []float64{1, 3}}},
	{"inception", func() Sequential {
		return Sequential{
			&Residual{Body: append(torchInception(), torchInception()...), Shortcut: Sequential{pointwise(20), &BatchNorm{}}},
			&GELU{}, &GlobalAvgPool{}, &Dense{Units: 3},
		}
	}, &CrossEntropy{}},
	{"attention", func() Sequential {
		return Sequential{&GRU{Units: 6, ReturnSequences: true, Bidirectional: true}, &LayerNorm{}, &AttentionPool{Units: 7}, &Dense{Units: 2}}
	}, MSE{}},
}

// torchInception is a module of InceptionTime with a smooth activation.
func torchInception() Sequential {
	var wide Concat
	for _, k := range []int{8, 4, 2} {
		wide.Branches = append(wide.Branches, Sequential{&Conv1D{Filters: 5, Kernel: k, Padding: Same, NoBias: true}})
	}
	pooled := Sequential{&MaxPool1D{Size: 3, Stride: 1, Padding: Same}, pointwise(5)}
	return Sequential{&Concat{Branches: []Layer{Sequential{pointwise(4), &wide}, pooled}}, &BatchNorm{}, &GELU{}}
}

func pointwise(filters int) Layer {
	return &Conv1D{Filters: filters, Kernel: 1, Padding: Same, NoBias: true}
}

func TestModelsTrainAsPyTorchs(t *testing.T) {
	for _, m := range torchModels {
		t.Run(m.name, func(t *testing.T) {
			f := readFixture(t, m.name)
			trainAsTorch(t, f, m.layers(), m.loss, true)
		})
	}
}

// trainAsTorch runs a fixture's model through its steps of Adam and compares everything, or,
// if it isn't to train, its output and loss.
func trainAsTorch(t *testing.T, f torchFixture, layers Sequential, loss Loss, train bool) {
	t.Helper()
	x := f.Input.tensor()
	x.Lengths = f.Lengths
	target := Target{Labels: f.Labels}
	if f.Targets != nil {
		target.Values = f.Targets.tensor().Data
	}
	p := planAsTorch(t, f, layers, x)
	adam := mustOptimizer(t, "adam", p.weights, OptimizerConfig{})
	grad := NewTensor(f.Output.Shape...)
	for step, want := range f.Losses {
		clear(p.grad)
		y := layers.Forward(x, true)
		if step == 0 {
			f.Output.check(t, "output", y.Data)
		}
		if got := loss.Compute(y, target, grad); !(math.Abs(got-want) <= 1e-5*want) {
			t.Errorf("the loss at step %d is %v, PyTorch's %v", step, got, want)
		}
		if !train {
			return
		}
		dx := layers.Backward(grad)
		if step == 0 {
			f.InputGradient.check(t, "gradient of the input", dx.Data)
			for i, w := range p.weights {
				f.Gradients[i].check(t, "gradient of "+w.Name, w.Grad)
			}
		}
		adam.Step(1e-3)
	}
	for i, w := range p.weights {
		f.After[i].check(t, "trained "+w.Name, w.Data)
	}
	for i, s := range p.states {
		f.State[i].check(t, fmt.Sprintf("running statistic %d", i), s.Data)
	}
	f.Prediction.check(t, "prediction", layers.Forward(x, false).Data)
}

// planAsTorch builds the layers and sets the fixture's weights.
func planAsTorch(t *testing.T, f torchFixture, layers Sequential, x *Tensor) *Plan {
	t.Helper()
	p := NewPlan(x.Len(), rand.New(rand.NewPCG(1, 1)))
	p.WantInputGrad()
	if out := layers.Build(p, x.Shape[1:]); !slices.Equal(out, f.Output.Shape[1:]) {
		t.Fatalf("outputs are of shape %v, PyTorch's %v", out, f.Output.Shape)
	}
	for _, w := range p.weights { // the fixture's come soon, and orthogonal ones take long
		w.init = Zeros
	}
	p.Allocate()
	if len(p.weights) != len(f.Weights) || len(p.states) != len(f.State) {
		t.Fatalf("%d weights and %d statistics, the fixture has %d and %d", len(p.weights), len(p.states), len(f.Weights), len(f.State))
	}
	for i, w := range p.weights {
		if m := f.Weights[i]; w.Name != m.Name || !slices.Equal(w.Shape, m.Shape) {
			t.Fatalf("weight %d is %s %v, in the fixture %s %v", i, w.Name, w.Shape, m.Name, m.Shape)
		}
		f.Weights[i].make(w.Data)
	}
	return p
}

// Under the race detector five steps at full size take a minute, and the smaller network
// goes through the same code.
func TestTheFullSizeNetworkTrainsAsPyTorchs(t *testing.T) {
	trainAsTorch(t, readFixture(t, "cnn150"), cnnLayers(), &CrossEntropy{}, !raceDetector)
}
