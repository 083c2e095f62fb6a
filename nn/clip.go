package nn

import (
	"math"

	"medml/nn/internal/f32"
)

// ClipNorm scales all gradients so that their joint Euclidean norm is at most max (Pascanu
// et al. 2013), and returns the norm it found. Like PyTorch it divides by norm + 1e-6. A
// norm that isn't finite changes nothing, so that the loss shows what happened.
//
// The squares are summed within a weight by the kernels' tree, in float32, and over the
// weights in their order, in float64.
func ClipNorm(weights []*Weight, max float64) float64 {
	sum := 0.0
	for _, w := range weights {
		sum += float64(f32.SumSquares(w.Grad))
	}
	norm := math.Sqrt(sum)
	if norm > max && !math.IsInf(norm, 1) {
		scale := float32(max / (norm + 1e-6))
		for _, w := range weights {
			f32.Scale(scale, w.Grad)
		}
	}
	return norm
}
