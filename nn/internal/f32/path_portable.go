//go:build !amd64 || purego

package f32

func best() path { return generic }
