package search

import (
	"math"

	"medml/internal/elementary"
)

// strategy holds the constants of the evolution strategy for d coordinates and a population
// (Hansen, The CMA Evolution Strategy: A Tutorial, 2016, as revised in 2023, Equations 49
// to 58), in his names.
type strategy struct {
	d, lambda, mu  int
	weights        []float64 // by rank; those of the worse half are negative
	muEff          float64
	cSigma, dSigma float64
	cC, c1, cMu    float64
	chi            float64 // the expected length of a standard normal vector
}

func newStrategy(d, lambda int) *strategy {
	n := float64(d)
	s := &strategy{d: d, lambda: lambda, mu: lambda / 2}
	for i := range lambda {
		s.weights = append(s.weights, elementary.Log(float64(lambda+1)/2)-elementary.Log(float64(i+1)))
	}
	positive, muEff := sumAndSize(s.weights[:s.mu])
	negative, muEffMinus := sumAndSize(s.weights[s.mu:])
	s.muEff = muEff
	s.cC = (4 + muEff/n) / (n + 4 + 2*muEff/n)
	s.c1 = 2 / (float64((n+1.3)*(n+1.3)) + muEff)
	s.cMu = min(1-s.c1, 2*(0.25+muEff-2+1/muEff)/(float64((n+2)*(n+2))+muEff))
	s.cSigma = (muEff + 2) / (n + muEff + 5)
	s.dSigma = 1 + 2*max(0, math.Sqrt((muEff-1)/(n+1))-1) + s.cSigma
	s.chi = math.Sqrt(n) * (1 - 1/(4*n) + 1/float64(21*n*n))
	least := min(1+s.c1/s.cMu, 1+2*muEffMinus/(muEff+2), (1-s.c1-s.cMu)/float64(n*s.cMu))
	for i, w := range s.weights {
		if i < s.mu {
			s.weights[i] = w / positive
		} else if negative != 0 {
			s.weights[i] = w / -negative * max(least, 0)
		}
	}
	return s
}

// sumAndSize returns the sum of weights and their effective number.
func sumAndSize(weights []float64) (sum, size float64) {
	squares := 0.0
	for _, w := range weights {
		sum += w
		squares += float64(w * w)
	}
	if squares > 0 {
		size = sum * sum / squares
	}
	return sum, size
}

// cloud is the normal distribution from which a generation is drawn: its mean, and
// σ·stretch·B·D times a standard normal vector.
type cloud struct {
	run     int // how often the strategy had been restarted
	mean    []float64
	sigma   float64
	b       []float64 // [d, d], the eigenvectors of the covariance matrix, in columns
	scales  []float64 // D, the roots of its eigenvalues
	stretch []float64 // by coordinate, 1 or more: see [evolution.widen]
}

// draw returns the point that belongs to a standard normal vector.
func (c *cloud) draw(z []float64) []float64 {
	d := len(z)
	x := make([]float64, d)
	for i := range x {
		y := 0.0
		for j := range z {
			y += float64(c.b[i*d+j] * float64(c.scales[j]*z[j]))
		}
		x[i] = c.mean[i] + float64(c.sigma*float64(c.stretch[i]*y))
	}
	return x
}

// step returns what drew x: its distance y from the mean in units of σ and the stretch, and
// C^(-1/2)·y. One longer than samples are is shortened, as it came from elsewhere (Hansen,
// Injecting External Solutions Into CMA-ES, 2011).
func (c *cloud) step(x []float64) (y, white []float64) {
	y = make([]float64, len(x))
	for i := range y {
		y[i] = (x[i] - c.mean[i]) / float64(c.sigma*c.stretch[i])
	}
	white = c.whiten(y)
	n := float64(len(x))
	if longest, length := math.Sqrt(n)+2*n/(n+2), math.Sqrt(dot(white, white)); length > longest {
		for i := range y {
			y[i] *= longest / length
			white[i] *= longest / length
		}
	}
	return y, white
}

// whiten returns C^(-1/2)·y.
func (c *cloud) whiten(y []float64) []float64 {
	d, white := len(y), make([]float64, len(y))
	for j := range d {
		z := 0.0
		for i := range d {
			z += float64(c.b[i*d+j] * y[i])
		}
		z /= c.scales[j]
		for i := range d {
			white[i] += float64(c.b[i*d+j] * z)
		}
	}
	return white
}
