package trainer

import (
	"medml/augment"
	"medml/nn"
)

// views are the ways in which every image is looked at when it is predicted: the scores are
// the mean over all of them (test-time augmentation, as Krizhevsky et al. 2012, section 4.1,
// do with mirrored images).
type views struct {
	shape   []int  // of an image
	size    int    // of it
	flips   []flip // that lead from each view to the next
	scratch []float32
	scores  []float64 // of a batch
}

// flip exchanges left and right, or top and bottom.
type flip bool

const (
	horizontal flip = false
	vertical   flip = true
)

// viewFlips are the flips of each choice of the hyperparameter.
var viewFlips = map[string][]flip{
	"horizontal": {horizontal},
	"vertical":   {vertical},
	"both":       {horizontal, vertical, horizontal},
}

// newViews are those of a choice, for batches of examples. Covariates stay as they are.
func newViews(choice string, in input, batch, outputs int) views {
	v := views{shape: in.Shape, size: in.shown(), flips: viewFlips[choice]}
	if in.shown() == 0 {
		v.flips = nil
	}
	if v.flips != nil {
		v.scratch, v.scores = make([]float32, in.Shape[1]*in.Shape[2]), make([]float64, batch*outputs)
	}
	return v
}

// viewBytes is what they take.
func viewBytes(choice string, in input, batch, outputs int) int64 {
	if viewFlips[choice] == nil || in.shown() == 0 {
		return 0
	}
	return 4*int64(in.Shape[1]*in.Shape[2]) + 8*int64(batch*outputs)
}

// viewCount is how often each example is predicted.
func viewCount(choice string) int64 { return 1 + int64(len(viewFlips[choice])) }

// score reads the scores of a batch whose first view the model has predicted, and lets it
// predict the others, for which it flips the batch.
func (v *views) score(model *nn.Model, x *nn.Tensor, read reading, scores []float64) {
	read.score(scores, model.Logits())
	if v.flips == nil {
		return
	}
	scores = scores[:x.Len()*read.outputs()]
	for _, f := range v.flips {
		for i := range x.Len() {
			augment.Mirror(x.Row(i)[:v.size], v.shape, bool(f), v.scratch)
		}
		model.Forward(x, false)
		read.score(v.scores, model.Logits())
		for i := range scores {
			scores[i] += v.scores[i]
		}
	}
	for i := range scores {
		scores[i] /= float64(1 + len(v.flips))
	}
}
