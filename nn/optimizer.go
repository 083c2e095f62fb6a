package nn

// Optimizer changes weights along their gradients.
type Optimizer interface {
	// Step makes one update with the given learning rate and leaves the gradients as they
	// are.
	Step(rate float64)
}
