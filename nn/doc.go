// Package nn is a training engine for small and medium neural networks on a CPU:
// float32, static shapes, a forward and a backward written by hand for each layer, and no
// allocation in a training step.
//
// A [Layer] is built once on a [Plan], which collects the weights and buffers it needs;
// [Plan.Allocate] lays them out in one arena. A [Model] is a body, a head that ends in
// logits, and optionally a decoder that reconstructs the input. One step is
//
//	m.Forward(x, true)
//	value := loss.Compute(m.Logits(), target, dlogits)
//	m.Backward(dlogits, nil)
//	opt.Step(rate)
//
// Layout: a [Tensor] is dense and row-major, and its first dimension is the batch. A
// vector is [N, C], a signal [N, T, C] and an image [N, H, W, C]: channels come last.
// Dimension letters: N examples, T time steps, H rows (in recurrent layers: units), W
// columns, C channels, K kernel size, I inputs, O outputs.
//
// Weights of dense maps are stored [I, O], those of convolutions [K, C, O] and
// [K, K, C, O], so that a forward pass multiplies row-major by row-major.
//
// Every output element is one chain of fused multiply-adds in a fixed order, whatever the
// batch, the processor and the number of threads, so that equal weights and inputs give
// equal bits. A mistake in shapes is a programmer's
// error and panics with a message that begins "nn: ".
package nn
