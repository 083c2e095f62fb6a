package nn

import (
	"math"
	"math/rand/v2"

	"medml/internal/elementary"
)

// Orthogonal draws a matrix with orthonormal columns, or rows where it has fewer rows
// than columns, times gain (Saxe et al. 2014). The shape's last dimension are the columns
// and the others together the rows. The matrix is uniformly distributed over all such
// (Haar measure): normal numbers made orthonormal by Gram and Schmidt, whose R has a
// positive diagonal as that needs (Mezzadri 2007).
func Orthogonal(gain float64) Init {
	return func(rng *rand.Rand, shape []int, w []float32) {
		if len(shape) < 2 {
			panic("nn: an orthogonal weight needs two or more dimensions")
		}
		cols := shape[len(shape)-1]
		rows := len(w) / cols
		long, short := max(rows, cols), min(rows, cols)
		q := make([]float64, short*long) // row i is the i-th vector
		for i := range q {
			q[i] = elementary.NormQuantile(open(rng))
		}
		orthonormalise(q, short, long)
		for i := range short {
			for j := range long {
				at := i*cols + j // a wide matrix has the vectors for rows
				if rows >= cols {
					at = j*cols + i
				}
				w[at] = float32(gain * q[i*long+j])
			}
		}
	}
}

// orthonormalise makes the n rows of q, of m numbers each, orthonormal from the first on.
// Each is freed of those before it twice, which is enough for full precision (Giraud et
// al. 2005).
func orthonormalise(q []float64, n, m int) {
	for i := range n {
		row := q[i*m:][:m]
		for range 2 {
			for j := range i {
				before := q[j*m:][:m]
				c := -dot64(row, before)
				for k, x := range before {
					row[k] += float64(c * x)
				}
			}
		}
		norm := math.Sqrt(dot64(row, row))
		for k := range row {
			row[k] /= norm
		}
	}
}

func dot64(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x * b[i])
	}
	return sum
}
