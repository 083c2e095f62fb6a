//go:build !amd64 || purego

package f32

func scatter(_ Axis, _ int, _ Axis, _, _ []float32, _ int, _ []float32, _, _ int) {
	panic("f32: no kernels") // active is generic
}
