//go:build !amd64 || purego

package f32

var vectors = [1]vectorKernels{}
