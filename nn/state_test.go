package nn

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"medml/nn/internal/f32"
)

// bodies hold every kind of layer.
var bodies = []struct {
	name string
	in   []int
	body func() Sequential
}{
	{"dense, activations and dropout", []int{7}, func() Sequential {
		return Sequential{&Dense{Units: 9}, &ReLU{}, &Dropout{Rate: 0.4}, &Dense{Units: 5}, &Tanh{}, &LayerNorm{},
			&Dense{Units: 5}, &Sigmoid{}, &SiLU{}, &Dense{Units: 5}, &GELU{}, &Dropout{Rate: 0.1}, &Dense{Units: 4}, &LeakyReLU{}, &Softmax{}}
	}},
	{"images", []int{6, 6, 2}, func() Sequential {
		return Sequential{&Conv2D{Filters: 4, Padding: Same}, &BatchNorm{}, &ReLU{}, &MaxPool2D{}, &Conv2DTranspose{Filters: 3},
			&UpSample2D{}, &AvgPool2D{}, &Residual{Body: Sequential{&Conv2D{Filters: 3, Padding: Same}, &BatchNorm{}}},
			&Dropout{Rate: 0.3}, &GlobalMaxPool{}, &Dense{Units: 3}}
	}},
	{"signals", []int{8, 3}, func() Sequential {
		return Sequential{&Conv1D{Filters: 5}, &BatchNorm{Momentum: 0.3}, &ReLU{}, &UpSample1D{}, &MaxPool1D{}, &Conv1DTranspose{Filters: 4},
			&AvgPool1D{}, &Dropout{Rate: 0.2}, &GlobalAvgPool{}, &Dense{Units: 2}}
	}},
	{"recurrent cells", []int{5, 2}, func() Sequential {
		return Sequential{&LSTM{Units: 3, ReturnSequences: true, Bidirectional: true}, &Dropout{Rate: 0.2},
			&GRU{Units: 4, ReturnSequences: true}, &RNN{Units: 3}, &Reshape{Shape: []int{3, 1}}, &Flatten{}, &Dense{Units: 2}}
	}},
	{"two parts of a vector", []int{9}, func() Sequential {
		return Sequential{
			&Concat{Branches: []Layer{
				Sequential{&Slice{To: 6}, &Reshape{Shape: []int{3, 2}}, &GRU{Units: 3}}, Sequential{&Slice{From: 6, To: 9}, &Dense{Units: 4}, &ReLU{}},
			}}, &Dense{Units: 2},
		}
	}},
	{"branches", []int{6, 2}, func() Sequential {
		return Sequential{
			&Concat{Branches: []Layer{Sequential{&Conv1D{Filters: 3, Padding: Same}, &Dropout{Rate: 0.2}}, &Dense{Units: 2}, &Dropout{Rate: 0.3}}},
			&BatchNorm{}, &ReLU{}, &AttentionPool{Units: 3}, &Dense{Units: 2},
		}
	}},
}

// TestTheBodiesHoldEveryLayer keeps the table above whole.
func TestTheBodiesHoldEveryLayer(t *testing.T) {
	var names []string
	var walk func(l Layer)
	walk = func(l Layer) {
		names = append(names, fmt.Sprintf("%T", l))
		switch l := l.(type) {
		case Sequential:
			for _, x := range l {
				walk(x)
			}
		case *Residual:
			walk(l.Body)
		case *Concat:
			for _, x := range l.Branches {
				walk(x)
			}
		}
	}
	for _, b := range bodies {
		walk(b.body())
	}
	for _, w := range layerNames(t) {
		if !slices.Contains(names, "*nn."+w) && w != "Sequential" && w != "Embedding" { // has integers for its input
			t.Errorf("no body has a %s", w)
		}
	}
}

// layerNames reads the names of the package's layers from its source.
func layerNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	must(t, err)
	method := regexp.MustCompile(`(?m)^func \(\w+ \*?([A-Z]\w*)\) (?:Build|Forward)\(`)
	var names []string
	for _, file := range files {
		src, err := os.ReadFile(file)
		must(t, err)
		for _, m := range method.FindAllSubmatch(src, -1) {
			if name := string(m[1]); name != "Model" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) < 20 {
		t.Fatalf("only the layers %v were found", names)
	}
	return names
}

// training is a model with all that its training needs.
type training struct {
	model    *Model
	optim    Optimizer
	schedule Schedule
	step     int
	x, grad  *Tensor
}

// optimizers are all there are, and their variants with moments of their own.
var optimizersUnderTest = []struct {
	name   string
	config OptimizerConfig
}{
	{"sgd", OptimizerConfig{}}, {"sgd", OptimizerConfig{Momentum: 0.9, Nesterov: true, WeightDecay: 0.01}},
	{"adam", OptimizerConfig{}}, {"adamw", OptimizerConfig{WeightDecay: 0.01}},
	{"rmsprop", OptimizerConfig{}}, {"rmsprop", OptimizerConfig{Momentum: 0.8}},
}

// newTraining builds a body anew; seed draws its weights and streams.
func newTraining(t testing.TB, body, optimizer int, schedule string, seed uint64) *training {
	t.Helper()
	const batch = 5
	b, o := bodies[body], optimizersUnderTest[optimizer]
	tr := &training{model: NewModel(Parts{Body: Sequential{}, Head: b.body()}, b.in, batch, testStream(seed))}
	tr.optim = mustOptimizer(t, o.name, tr.model.Weights(), o.config)
	tr.schedule = scheduleUnderTest(t, schedule)
	tr.x = NewTensor(append([]int{batch}, b.in...)...)
	tr.grad = NewTensor(append([]int{batch}, tr.model.Out()...)...)
	return tr
}

func scheduleUnderTest(t testing.TB, name string) Schedule {
	t.Helper()
	s, err := NewSchedule(name, ScheduleConfig{Rate: 0.01, Steps: 40, Warmup: 4, Patience: 2})
	must(t, err)
	return s
}

// run makes steps on batches that are drawn for each, of unequal sizes, and ends an epoch
// after every third.
func (tr *training) run(steps int) {
	for range steps {
		n := 3 + tr.step%3
		tr.x.Resize(n)
		tr.grad.Resize(n)
		rng := testStream(100 + uint64(tr.step))
		copy(tr.x.Data, normals(rng, len(tr.x.Data)))
		tr.model.Forward(tr.x, true)
		copy(tr.grad.Data, normals(rng, len(tr.grad.Data)))
		tr.model.Backward(tr.grad, nil)
		tr.optim.Step(tr.schedule.Rate(tr.step))
		tr.step++
		if tr.step%3 == 0 {
			tr.schedule.EpochEnded(validLoss(tr.step))
		}
	}
}

// validLoss falls at first.
func validLoss(step int) float64 { return 1 / float64(min(step, 9)) }

// bits are all the state there is.
func (tr *training) bits() []byte {
	return AppendOptimizer(tr.model.AppendState(nil), tr.optim)
}

// resume returns a training that goes on where tr is, built anew from another seed.
func (tr *training) resume(t testing.TB, body, optimizer int, schedule string) *training {
	t.Helper()
	again := newTraining(t, body, optimizer, schedule, 999)
	must(t, again.model.RestoreState(tr.model.AppendState(nil)))
	must(t, RestoreOptimizer(again.optim, AppendOptimizer(nil, tr.optim)))
	again.step = tr.step
	for step := 3; step <= tr.step; step += 3 {
		again.schedule.EpochEnded(validLoss(step))
	}
	return again
}

func TestARestoredTrainingGoesOnToTheSameBits(t *testing.T) {
	before := f32.Path()
	t.Cleanup(func() { must(t, SelectKernels(before)) })
	schedules := []string{"constant", "step", "cosine", "plateau"}
	for _, path := range f32.Paths() {
		must(t, SelectKernels(path))
		for body := range bodies {
			for optimizer := range optimizersUnderTest {
				for i, schedule := range schedules {
					if i != (body+optimizer)%len(schedules) && os.Getenv("MEDML_LONG") == "" {
						continue
					}
					whole := newTraining(t, body, optimizer, schedule, 1)
					whole.run(24)
					for _, k := range []int{0, 1, 11} {
						first := newTraining(t, body, optimizer, schedule, 1)
						first.run(k)
						rest := first.resume(t, body, optimizer, schedule)
						rest.run(5)
						rest = rest.resume(t, body, optimizer, schedule) // interrupted again
						rest.run(24 - 5 - k)
						if !bytes.Equal(rest.bits(), whole.bits()) {
							t.Errorf("%s, %v, %s on %s: restored after %d steps it ends with other bits",
								bodies[body].name, optimizersUnderTest[optimizer], schedule, path, k)
						}
					}
				}
			}
		}
	}
}

func TestRestoredWeightsPredictTheSame(t *testing.T) {
	for body := range bodies {
		tr := newTraining(t, body, 0, "constant", 1)
		tr.run(4)
		again := newTraining(t, body, 0, "constant", 2)
		must(t, again.model.RestoreWeights(tr.model.AppendWeights(nil)))
		if again.model.Hash() != tr.model.Hash() {
			t.Errorf("%s: another hash", bodies[body].name)
		}
		tr.x.Resize(5)
		tr.model.Forward(tr.x, false)
		again.model.Forward(tr.x, false)
		if !slices.Equal(again.model.Logits().Data, tr.model.Logits().Data) {
			t.Errorf("%s: other logits", bodies[body].name)
		}
	}
}

func TestAStateOfAnotherModelIsRefused(t *testing.T) {
	tr := newTraining(t, 1, 2, "constant", 1)
	tr.run(2)
	state, optim, weights := tr.model.AppendState(nil), AppendOptimizer(nil, tr.optim), tr.model.AppendWeights(nil)
	before := tr.bits()
	other := newTraining(t, 2, 2, "constant", 1)
	plain := newTraining(t, 1, 0, "constant", 1)
	for name, err := range map[string]error{
		"another body":             other.model.RestoreState(state),
		"weights of another body":  other.model.RestoreWeights(weights),
		"weights for a state":      tr.model.RestoreState(weights),
		"an optimizer for a model": tr.model.RestoreState(optim),
		"another optimizer":        RestoreOptimizer(plain.optim, optim),
		"another body's moments":   RestoreOptimizer(other.optim, optim),
		"nothing":                  tr.model.RestoreState(nil),
		"a cut state":              tr.model.RestoreState(state[:len(state)-1]),
		"a longer state":           tr.model.RestoreState(append(state[:len(state):len(state)], 0)),
		"a damaged stream":         tr.model.RestoreState(flipped(state, len(state)-streamSize)),
		"a later version":          tr.model.RestoreState(flipped(state, 1)),
		"a wild number of updates": RestoreOptimizer(tr.optim, flipped(optim, headerSize+7)),
	} {
		if !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(tr.bits(), before) {
		t.Error("a state that was refused left a trace")
	}
}

func flipped(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 0xff
	return b
}

// FuzzState holds that no bytes panic, and that what is accepted is the state from then on.
func FuzzState(f *testing.F) {
	tr := newTraining(f, 1, 2, "constant", 1)
	tr.run(1)
	f.Add(tr.model.AppendState(nil))
	f.Add(AppendOptimizer(nil, tr.optim))
	f.Add(tr.model.AppendWeights(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if tr.model.RestoreState(b) == nil && !bytes.Equal(tr.model.AppendState(nil), b) {
			t.Error("an accepted state isn't the model's")
		}
		if tr.model.RestoreWeights(b) == nil && !bytes.Equal(tr.model.AppendWeights(nil), b) {
			t.Error("accepted weights aren't the model's")
		}
		if RestoreOptimizer(tr.optim, b) == nil {
			tr.optim.Step(1e-3) // must return at once, whatever the number of updates
		}
	})
}

// Adam's corrections are powers that are multiplied up step by step: setting the number of
// steps high must neither hang nor give other numbers than going there would.
func TestAdamsCorrectionsReachTheirEnd(t *testing.T) {
	a := mustOptimizer(t, "adam", weightsOf(1), OptimizerConfig{}).(*adam)
	p := 1.0
	for range 5_000_000 {
		p *= a.beta2
	}
	a.steps = maxSteps
	a.correct()
	if a.power2 != p || a.power1*a.beta1 != a.power1 || math.IsNaN(p) {
		t.Errorf("the power ends at %v, want %v", a.power2, p)
	}
}
