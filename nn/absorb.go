package nn

// An absorber does the work of layers that follow it in a [Sequential] itself, where that
// saves passes over memory: a dense layer or a convolution that of a ReLU, and a
// convolution that of a max pool behind it. What is absorbed passes everything through.
// The outputs and the gradients of the input have the same bits either way.
type absorber interface {
	// absorb tells the layer, before Build, what follows it.
	absorb(next []Layer)
}

// reluOf returns the ReLU that next begins with, nil if it begins with something else.
func reluOf(next []Layer) *ReLU {
	if len(next) == 0 {
		return nil
	}
	relu, _ := next[0].(*ReLU)
	return relu
}
