package elementary

import (
	"math/rand/v2"
	"testing"
)

var sink float64

func BenchmarkFunctions(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	xs := make([]float64, 1024)
	for i := range xs {
		xs[i] = rng.Float64() * 3
	}
	for _, f := range []struct {
		name string
		f    func(float64) float64
	}{
		{"Exp", Exp}, {"Log", Log}, {"Log1p", Log1p}, {"Sin", Sin}, {"Tanh", Tanh}, {"Erfc", Erfc}, {"NormCDF", NormCDF},
	} {
		b.Run(f.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				sink = f.f(xs[i&1023])
			}
		})
	}
}
