package nn

// Optimizer changes weights along their gradients.
type Optimizer interface {
	// Step makes one update with the given learning rate and leaves the gradients as they
	// are.
	Step(rate float64)
	// Steps points to the number of updates made so far, so that a checkpoint can keep and
	// restore it.
	Steps() *int
	// State returns what the optimizer remembers beside the weights, as slices that a
	// checkpoint reads and writes in place. The order is the same for equal weights.
	State() []Moment
}

// Moment is what an optimizer remembers of one weight: Name is the weight's with the kind
// of moment, as in "body.0.kernel/velocity".
type Moment struct {
	Name string
	Data []float32
}

// OptimizerConfig is what an optimizer made by [NewOptimizer] may be told. Zero values are
// PyTorch's defaults, except that adamw doesn't decay unless told to; an optimizer reads the
// fields that concern it.
type OptimizerConfig struct {
	// WeightDecay is λ: added to the gradient as λ·w (L2), but in adamw taken off the
	// weight as rate·λ·w. As is usual and unlike PyTorch's default, it leaves out biases
	// and norms, that is, weights without Decay, unless DecayAll is set.
	WeightDecay float64
	DecayAll    bool

	Momentum float64 // sgd and rmsprop: of the velocity
	Nesterov bool    // sgd: look ahead along the velocity
	Beta1    float64 // adam and adamw: of the first moment; 0: 0.9
	Beta2    float64 // adam and adamw: of the second moment; 0: 0.999
	Alpha    float64 // rmsprop: of the mean square; 0: 0.99
	Epsilon  float64 // adam, adamw and rmsprop, added to the root; 0: 1e-8
}

var optimizers = map[string]func(weights []*Weight, c OptimizerConfig) Optimizer{
	"sgd":     newSGD,
	"adam":    newAdam,
	"adamw":   newAdamW,
	"rmsprop": newRMSprop,
}

// NewOptimizer returns the optimizer with a name for a model's weights; the error on an
// unknown name gives the nearest ones.
func NewOptimizer(name string, weights []*Weight, c OptimizerConfig) (Optimizer, error) {
	make, err := lookup("optimizer", name, optimizers)
	if err != nil {
		return nil, err
	}
	return make(weights, c), nil
}

// decay returns the weight decay that applies to w.
func (c OptimizerConfig) decay(w *Weight) float32 {
	if w.Decay || c.DecayAll {
		return float32(c.WeightDecay)
	}
	return 0
}

// or returns x, or the default where x is 0.
func or(x, otherwise float64) float64 {
	if x == 0 {
		return otherwise
	}
	return x
}

// moments keeps a slice for each weight, of as many numbers.
type moments struct {
	kind    string
	weights []*Weight
	data    [][]float32
}

func newMoments(kind string, weights []*Weight) moments {
	n := 0
	for _, w := range weights {
		n += len(w.Data)
	}
	var memory *lease
	if len(weights) > 0 {
		memory = weights[0].memory
	}
	all := memory.take(n)
	m := moments{kind: kind, weights: weights}
	for _, w := range weights {
		n := len(w.Data)
		m.data = append(m.data, all[:n:n])
		all = all[n:]
	}
	return m
}

// state appends the moments under their names.
func (m moments) state(to []Moment) []Moment {
	for i, w := range m.weights {
		to = append(to, Moment{Name: w.Name + "/" + m.kind, Data: m.data[i]})
	}
	return to
}

// counter counts an optimizer's updates.
type counter struct{ steps int }

// Steps points to the number of updates made so far.
func (c *counter) Steps() *int { return &c.steps }
