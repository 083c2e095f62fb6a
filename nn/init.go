package nn

import (
	"math"
	"math/rand/v2"

	"medml/internal/elementary"
)

// Init draws a weight's initial values. shape is the weight's: [I, O] for a dense map,
// [K, C, O] and [K, K, C, O] for convolutions.
//
// The fan-in of a shape is the number of inputs one output is computed from, I or K·C or
// K·K·C, and the fan-out is that with O for C. A vector of n has both fans n.
type Init func(rng *rand.Rand, shape []int, w []float32)

// inits are the initialisers by the names of Keras and PyTorch. Where both have a name
// for the same thing both are here; the normal ones differ, since Keras truncates.
var inits = map[string]Init{
	"zeros":            Zeros,
	"ones":             Ones,
	"uniform":          Uniform(-0.05, 0.05),
	"normal":           Normal(0.05),
	"truncated_normal": TruncatedNormal(0.05),
	"glorot_uniform":   GlorotUniform,
	"xavier_uniform":   GlorotUniform,
	"glorot_normal":    GlorotNormal,
	"xavier_normal":    XavierNormal,
	"he_uniform":       HeUniform,
	"kaiming_uniform":  HeUniform,
	"he_normal":        HeNormal,
	"kaiming_normal":   KaimingNormal,
	"lecun_uniform":    LecunUniform,
	"lecun_normal":     LecunNormal,
	"orthogonal":       Orthogonal(1),
}

// InitByName returns the initialiser with a name of Keras or PyTorch, such as
// "he_normal"; the error on an unknown name gives the nearest ones.
func InitByName(name string) (Init, error) { return lookup("initialiser", name, inits) }

// Zeros sets every weight to 0.
func Zeros(_ *rand.Rand, _ []int, w []float32) { clear(w) }

// Ones sets every weight to 1.
func Ones(rng *rand.Rand, shape []int, w []float32) { Constant(1)(rng, shape, w) }

// Constant sets every weight to value.
func Constant(value float32) Init {
	return func(_ *rand.Rand, _ []int, w []float32) {
		for i := range w {
			w[i] = value
		}
	}
}

// Uniform draws from [low, high).
func Uniform(low, high float64) Init {
	return func(rng *rand.Rand, _ []int, w []float32) { fillUniform(rng, low, high, w) }
}

// Normal draws from a normal distribution of mean 0 and the standard deviation std.
func Normal(std float64) Init {
	return func(rng *rand.Rand, _ []int, w []float32) { fillNormal(rng, std, w) }
}

// TruncatedNormal draws from what lies within two std of the mean 0 of a normal
// distribution of standard deviation std, as Keras does.
func TruncatedNormal(std float64) Init {
	return func(rng *rand.Rand, _ []int, w []float32) { fillTruncated(rng, std, w) }
}

// GlorotUniform draws from ±√(6/(fan-in+fan-out)) (Glorot & Bengio 2010, eq. 16).
func GlorotUniform(rng *rand.Rand, shape []int, w []float32) {
	in, out := fans(shape)
	limit := math.Sqrt(6 / (in + out))
	fillUniform(rng, -limit, limit, w)
}

// GlorotNormal draws from a truncated normal of variance 2/(fan-in+fan-out), as Keras.
func GlorotNormal(rng *rand.Rand, shape []int, w []float32) {
	in, out := fans(shape)
	fillTruncated(rng, math.Sqrt(2/(in+out))/truncatedStd, w)
}

// XavierNormal draws from a normal of variance 2/(fan-in+fan-out), as PyTorch.
func XavierNormal(rng *rand.Rand, shape []int, w []float32) {
	in, out := fans(shape)
	fillNormal(rng, math.Sqrt(2/(in+out)), w)
}

// HeUniform draws from ±√(6/fan-in) (He et al. 2015, eq. 10), the gain being that of ReLU.
func HeUniform(rng *rand.Rand, shape []int, w []float32) {
	in, _ := fans(shape)
	limit := math.Sqrt(6 / in)
	fillUniform(rng, -limit, limit, w)
}

// HeNormal draws from a truncated normal of variance 2/fan-in, as Keras.
func HeNormal(rng *rand.Rand, shape []int, w []float32) {
	in, _ := fans(shape)
	fillTruncated(rng, math.Sqrt(2/in)/truncatedStd, w)
}

// KaimingNormal draws from a normal of variance 2/fan-in, as PyTorch.
func KaimingNormal(rng *rand.Rand, shape []int, w []float32) {
	in, _ := fans(shape)
	fillNormal(rng, math.Sqrt(2/in), w)
}

// LecunUniform draws from ±√(3/fan-in) (LeCun et al. 1998, section 4.6).
func LecunUniform(rng *rand.Rand, shape []int, w []float32) {
	in, _ := fans(shape)
	limit := math.Sqrt(3 / in)
	fillUniform(rng, -limit, limit, w)
}

// LecunNormal draws from a truncated normal of variance 1/fan-in, as Keras.
func LecunNormal(rng *rand.Rand, shape []int, w []float32) {
	in, _ := fans(shape)
	fillTruncated(rng, math.Sqrt(1/in)/truncatedStd, w)
}

// fans returns a shape's fan-in and fan-out.
func fans(shape []int) (in, out float64) {
	last := len(shape) - 1
	if last < 1 {
		n := float64(size(shape))
		return n, n
	}
	field := size(shape[:last-1])
	return float64(field * shape[last-1]), float64(field * shape[last])
}

func fillUniform(rng *rand.Rand, low, high float64, w []float32) {
	for i := range w {
		w[i] = float32(low + float64((high-low)*rng.Float64()))
	}
}

// fillNormal turns one uniform number into one normal one by the inverse of the distribution
// function, so that the stream's position says how many were drawn.
func fillNormal(rng *rand.Rand, std float64, w []float32) {
	for i := range w {
		w[i] = float32(std * elementary.NormQuantile(open(rng)))
	}
}

const (
	belowMinus2  = 0.022750131948179207 // Φ(-2), what a truncation at two deviations cuts off below
	within2      = 0.9544997361036416   // Φ(2) - Φ(-2)
	truncatedStd = 0.8796256610342398   // standard deviation of what is left of a standard normal
)

func fillTruncated(rng *rand.Rand, std float64, w []float32) {
	for i := range w {
		w[i] = float32(std * elementary.NormQuantile(belowMinus2+float64(within2*open(rng))))
	}
}

// open draws a uniform number that is neither 0 nor 1: the middle of one of 2⁵² cells.
func open(rng *rand.Rand) float64 {
	return (float64(rng.Uint64()>>12) + 0.5) / (1 << 52)
}
