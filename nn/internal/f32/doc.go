// Package f32 holds the float32 kernels the engine spends its time in: matrix products
// ([GemmNN], [GemmTN], [GemmNT]), maps over slices ([Exp], [ReLU], [Axpy], …), reductions
// ([Sum], [Dot], …), and what layers and optimizers do in one pass ([LSTM], [GRU],
// [PoolReLU], [Adam], …).
//
// Every output element is one chain of roundings in an order that its documentation
// states, fused where that says [FMA] and nowhere else, and never split by the machine's
// vector width, so that each path of [Select] gives the same bits. Sums that have no natural
// chain go through one tree of 16 lanes, see [Sum]. Matrices are row-major with a leading dimension: element (i, j) of a
// is a[i*lda+j].
//
// Slices must be long enough for the sizes given; a shorter one panics.
package f32
