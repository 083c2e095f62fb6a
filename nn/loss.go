package nn

import "fmt"

// Target is what a batch should have come to. A loss reads the field it needs.
type Target struct {
	Labels []int32   // [N]: the class of each example
	Values []float32 // [N, …]: numbers, shaped as the output
}

// Loss measures how far a batch's output is from its target.
type Loss interface {
	// Compute returns the mean loss over the batch and, unless grad is nil, writes its
	// gradient with respect to out into grad, which has out's shape. It resizes grad to
	// out's number of examples.
	Compute(out *Tensor, target Target, grad *Tensor) float64
}

// LossConfig is what a loss made by [NewLoss] may be told. Zero values are the defaults of
// Keras and PyTorch; a loss reads the fields that concern it.
type LossConfig struct {
	ClassWeights   []float64 // of each class; nil: all 1
	LabelSmoothing float64   // share of the target spread over all classes
	Gamma          float64   // focusing exponent of the focal loss
	Delta          float64   // where the Huber loss becomes linear; 0: 1
}

var losses = map[string]func(c LossConfig) Loss{
	"cross_entropy":        func(c LossConfig) Loss { return &CrossEntropy{c.ClassWeights, c.LabelSmoothing, c.Gamma} },
	"binary_cross_entropy": func(c LossConfig) Loss { return &BinaryCrossEntropy{c.ClassWeights, c.LabelSmoothing, c.Gamma} },
	"mse":                  func(LossConfig) Loss { return MSE{} },
	"mae":                  func(LossConfig) Loss { return MAE{} },
	"huber":                func(c LossConfig) Loss { return Huber{Delta: c.Delta} },
}

// NewLoss returns the loss with a name; the error on an unknown name gives the nearest.
func NewLoss(name string, c LossConfig) (Loss, error) {
	make, err := lookup("loss", name, losses)
	if err != nil {
		return nil, err
	}
	return make(c), nil
}

// mustCover panics unless a target has one number for each of the output's.
func mustCover(loss string, out *Tensor, values []float32) {
	if len(values) != len(out.Data) {
		panic(fmt.Sprintf("nn: %s: %d target values for an output of %v", loss, len(values), out.Shape))
	}
}
