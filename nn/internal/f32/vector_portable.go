//go:build !amd64 || purego

package f32

var vectors = [1]vectorKernels{}

func transpose(m, n int, src []float32, lds int, dst []float32, ldd int) {
	for i := range m {
		for j, v := range src[i*lds:][:n] {
			dst[j*ldd+i] = v
		}
	}
}
