package anchor

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"medml/nn/internal/f32"
)

const productPrefix = "sgemm"

// Product returns the workload of one matrix product, [M, K] by [K, N] in float32. Its
// name is sgemm with the sizes: sgemm512 is a cube, sgemm32x784x64 has M = 32, N = 784 and
// K = 64. The suffix tn has the first matrix stored transposed, nt the second.
func Product(name string) (Workload, error) {
	p, form, err := parseProduct(name)
	if err != nil {
		return Workload{}, err
	}
	return Workload{
		Name: name, Doc: fmt.Sprintf("product of [%d, %d] by [%d, %d]", p.m, p.k, p.k, p.n),
		Samples: 1, FLOPs: p.flops(),
		Start: func(seed uint64, _ int) (step, stop func()) {
			rng := rand.New(rand.NewPCG(seed, 0))
			a, b, c := make([]float32, p.m*p.k), make([]float32, p.k*p.n), make([]float32, p.m*p.n)
			uniform(rng, a)
			uniform(rng, b)
			return p.multiply(form, a, b, c), func() {}
		},
	}, nil
}

// most is the largest dimension, and the largest number of elements of a matrix, that a
// product may have.
const most = 1 << 28

func parseProduct(name string) (p product, form string, err error) {
	sizes := strings.TrimPrefix(name, productPrefix)
	for _, f := range []string{"tn", "nt"} {
		if cut, ok := strings.CutSuffix(sizes, f); ok {
			sizes, form = cut, f
		}
	}
	parts := strings.Split(sizes, "x")
	if len(parts) == 1 {
		parts = []string{sizes, sizes, sizes}
	}
	var n [3]int
	ok := len(parts) == 3
	for i := range n {
		if ok {
			n[i], err = strconv.Atoi(parts[i])
			ok = err == nil && n[i] >= 1 && n[i] <= most
		}
	}
	if !ok || n[0]*n[1] > most || n[0]*n[2] > most || n[1]*n[2] > most {
		return p, "", fmt.Errorf("%q is no product: write sgemm512 for a cube, sgemm32x784x64 for M, N and K, "+
			"and tn or nt behind it for a transposed matrix", name)
	}
	return product{n[0], n[1], n[2]}, form, nil
}

// multiply returns a step that sets c to the product.
func (p product) multiply(form string, a, b, c []float32) func() {
	m, n, k := p.m, p.n, p.k
	switch form {
	case "tn":
		return func() { f32.GemmTN(m, n, k, a, m, b, n, c, n, false) }
	case "nt":
		return func() { f32.GemmNT(m, n, k, a, k, b, k, c, n, false) }
	}
	return func() { f32.GemmNN(m, n, k, a, k, b, n, c, n, false) }
}
