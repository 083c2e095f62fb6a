package f32_test

import (
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
)

// Each vector kernel on a row that fits into the first cache, on every path.
func BenchmarkVector(b *testing.B) {
	const n = 4096
	rng := rand.New(rand.NewPCG(1, 1))
	dst, x, y, z := filled(rng, n, false), filled(rng, n, false), filled(rng, n, false), make([]float32, n)
	gates, c, tanhC := make([]float32, 4*n), make([]float32, n), make([]float32, n)
	winner := make([]uint8, n)
	cell := f32.Cell{N: n / 64, U: 64}
	windows := f32.Windows{Lines: 1, N: n / 128, Rows: 2, C: 32, Row: n / 2}
	rates := &f32.AdamRates{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Root: 1, Epsilon: 1e-8, Shrink: 1}
	moments := [2][]float32{make([]float32, n), make([]float32, n)}
	kernels := append(maps[:len(maps):len(maps)], []struct {
		name string
		run  func(dst, a, b []float32)
		want func(dst, a, b float32) float32
	}{
		{name: "LSTM", run: func(dst, a, b []float32) { f32.LSTM(cell, gates, a, b, c, tanhC, dst, 64) }},
		{name: "LSTMGrad", run: func(dst, a, b []float32) { f32.LSTMGrad(cell, gates, a, dst, b, tanhC) }},
		{name: "Adam", run: func(dst, a, _ []float32) { f32.Adam(dst, a, moments[0], moments[1], rates) }},
		{name: "BinaryCrossEntropy", run: func(dst, a, b []float32) { f32.BinaryCrossEntropy(a, b, dst, 1) }},
		{name: "Dot", run: func(dst, a, b []float32) { dst[0] = f32.Dot(a, b) }},
		{name: "ColumnSums", run: func(dst, a, _ []float32) { f32.ColumnSums(n/32, 32, a, z) }},
		{name: "AddRowsReLU", run: func(dst, a, b []float32) { f32.AddRowsReLU(n/32, 32, dst, b) }},
		{name: "PoolReLU", run: func(dst, a, b []float32) { f32.PoolReLU(windows, a, b, dst, winner) }},
		{name: "Unpool", run: func(dst, a, _ []float32) { f32.Unpool(windows, dst, a, winner) }},
	}...)
	for _, k := range kernels {
		for _, path := range f32.Paths() {
			b.Run(k.name+"/"+path, func(b *testing.B) {
				use(b, path)
				for b.Loop() {
					k.run(dst, x, y)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/n, "ns/number")
			})
		}
	}
}
