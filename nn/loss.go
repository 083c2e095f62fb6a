package nn

// Target is what a batch should have come to. A loss reads the field it needs.
type Target struct {
	Labels []int32   // [N]: the class of each example
	Values []float32 // [N, …]: numbers, shaped as the output
}

// Loss measures how far a batch's output is from its target.
type Loss interface {
	// Compute returns the mean loss over the batch and, unless grad is nil, writes its
	// gradient with respect to out into grad, which has out's shape.
	Compute(out *Tensor, target Target, grad *Tensor) float64
}
