package nn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"medml/internal/elementary"
	"medml/nn"
)

// draw returns what the initialiser of a name gives for a shape.
func draw(t *testing.T, name string, shape ...int) []float64 {
	t.Helper()
	init, err := nn.InitByName(name)
	if err != nil {
		t.Fatal(err)
	}
	n := 1
	for _, d := range shape {
		n *= d
	}
	w := make([]float32, n)
	init(rand.New(rand.NewPCG(1, 2)), shape, w)
	x := make([]float64, n)
	for i, v := range w {
		x[i] = float64(v)
	}
	return x
}

// kolmogorov returns √n times the largest distance between the sample's distribution and
// that of cdf. It exceeds 1.95 in one of a thousand true samples.
func kolmogorov(x []float64, cdf func(float64) float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := float64(len(x))
	worst := 0.0
	for i, v := range x {
		f := cdf(v)
		worst = max(worst, math.Abs(f-float64(i)/n), math.Abs(f-float64(i+1)/n))
	}
	return worst * math.Sqrt(n)
}

func uniformOn(limit float64) func(float64) float64 {
	return func(x float64) float64 { return min(max((x+limit)/(2*limit), 0), 1) }
}

func phi(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

func normalOf(std float64) func(float64) float64 {
	return func(x float64) float64 { return phi(x / std) }
}

func truncatedOf(std float64) func(float64) float64 {
	return func(x float64) float64 {
		return min(max((phi(x/std)-phi(-2))/(phi(2)-phi(-2)), 0), 1)
	}
}

// kerasShrink is the deviation of a standard normal cut at two deviations, as Keras and
// SciPy (truncnorm.std(-2, 2)) have it.
const kerasShrink = 0.87962566103423978

func TestInitialisersDrawFromTheirDistributions(t *testing.T) {
	dense, conv := []int{120, 80}, []int{3, 3, 20, 40} // fans 120, 80 and 180, 360
	tests := []struct {
		name  string
		shape []int
		cdf   func(float64) float64
	}{
		{"uniform", dense, uniformOn(0.05)},
		{"normal", dense, normalOf(0.05)},
		{"truncated_normal", dense, truncatedOf(0.05)},
		{"glorot_uniform", dense, uniformOn(math.Sqrt(6.0 / 200))},
		{"xavier_uniform", conv, uniformOn(math.Sqrt(6.0 / 540))},
		{"glorot_normal", dense, truncatedOf(math.Sqrt(2.0/200) / kerasShrink)},
		{"xavier_normal", conv, normalOf(math.Sqrt(2.0 / 540))},
		{"he_uniform", dense, uniformOn(math.Sqrt(6.0 / 120))},
		{"kaiming_uniform", conv, uniformOn(math.Sqrt(6.0 / 180))},
		{"he_normal", []int{5, 24, 80}, truncatedOf(math.Sqrt(2.0/120) / kerasShrink)},
		{"kaiming_normal", dense, normalOf(math.Sqrt(2.0 / 120))},
		{"lecun_uniform", dense, uniformOn(math.Sqrt(3.0 / 120))},
		{"lecun_uniform", []int{9000}, uniformOn(math.Sqrt(3.0 / 9000))}, // a vector has its length for fan
		{"lecun_normal", dense, truncatedOf(math.Sqrt(1.0/120) / kerasShrink)},
	}
	for _, tt := range tests {
		if d := kolmogorov(draw(t, tt.name, tt.shape...), tt.cdf); d > 1.95 {
			t.Errorf("%s: the distance of Kolmogorov and Smirnov is %.2f, a false alarm once in 1000", tt.name, d)
		}
	}
}

func TestTheDeviationOfATruncatedNormalIsWhatItsFansSay(t *testing.T) {
	x := draw(t, "lecun_normal", 250, 400)
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	// The deviation of the estimate is 0.18 %: the fourth moment of a truncated normal is
	// 2.06 variances squared.
	if got := math.Sqrt(sum/float64(len(x))) * math.Sqrt(250); math.Abs(got-1) > 0.006 {
		t.Errorf("standard deviation is %.4f of what was asked", got)
	}
}

func TestConstantsFill(t *testing.T) {
	for name, want := range map[string]float64{"zeros": 0, "ones": 1} {
		for _, v := range draw(t, name, 3, 4) {
			if v != want {
				t.Fatalf("%s gave %v", name, v)
			}
		}
	}
}

func TestOrthogonalRowsOrColumnsAreOrthonormal(t *testing.T) {
	for _, shape := range [][]int{{7, 7}, {20, 6}, {6, 20}, {3, 3, 2, 5}, {1, 4}, {4, 1}} {
		x := draw(t, "orthogonal", shape...)
		cols := shape[len(shape)-1]
		rows := len(x) / cols
		at := func(v, k int) float64 { return x[k*cols+v] } // element k of column v
		long, short := rows, cols
		if rows < cols {
			at = func(v, k int) float64 { return x[v*cols+k] }
			long, short = cols, rows
		}
		for a := range short {
			for b := range a + 1 {
				dot, want := 0.0, 0.0
				for k := range long {
					dot += at(a, k) * at(b, k)
				}
				if a == b {
					want = 1
				}
				if math.Abs(dot-want) > 1e-6 {
					t.Fatalf("%v: vectors %d and %d have the product %g", shape, a, b, dot)
				}
			}
		}
	}
}

func TestAVectorCannotBeOrthogonal(t *testing.T) {
	defer func() {
		if got := recover(); got != "nn: an orthogonal weight needs two or more dimensions" {
			t.Errorf("panic of %v", got)
		}
	}()
	draw(t, "orthogonal", 5)
}

// Under Haar's measure the first element of a 3×3 orthogonal matrix is the first
// coordinate of a point on the sphere, which is uniform on [-1, 1] (Archimedes).
func TestOrthogonalIsUniformOverRotations(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	init := nn.Orthogonal(1)
	for _, element := range []int{0, 4, 8, 2} {
		x := make([]float64, 3000)
		w := make([]float32, 9)
		for i := range x {
			init(rng, []int{3, 3}, w)
			x[i] = float64(w[element])
		}
		if d := kolmogorov(x, uniformOn(1)); d > 1.95 {
			t.Errorf("element %d: distance %.2f, a false alarm once in 1000", element, d)
		}
	}
}

func TestNormalNumbersAreQuantilesOfTheStream(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	w := make([]float32, 4)
	nn.Normal(1)(rand.New(rand.NewPCG(9, 9)), []int{4}, w)
	for i, v := range w {
		u := (float64(rng.Uint64()>>12) + 0.5) / (1 << 52)
		if want := float32(elementary.NormQuantile(u)); v != want {
			t.Errorf("number %d is %v, want %v", i, v, want)
		}
	}
}

func TestUnknownNamesAreAnsweredWithTheNearest(t *testing.T) {
	_, errInit := nn.InitByName("he_normel")
	_, errLoss := nn.NewLoss("binary_crossentropy", nn.LossConfig{})
	_, errOpt := nn.NewOptimizer("adamv", nil, nn.OptimizerConfig{})
	_, errFar := nn.NewOptimizer("levenberg-marquardt", nil, nn.OptimizerConfig{})
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errInit, `unknown initialiser "he_normel"; did you mean he_normal?`},
		{errLoss, `unknown loss "binary_crossentropy"; did you mean binary_cross_entropy?`},
		{errOpt, `unknown optimizer "adamv"; did you mean adam or adamw?`},
		{errFar, `unknown optimizer "levenberg-marquardt"; known are adam, adamw, rmsprop, sgd`},
	} {
		if tt.err == nil || tt.err.Error() != tt.want {
			t.Errorf("got %v, want %s", tt.err, tt.want)
		}
	}
	if _, err := nn.InitByName("Glorot_Uniform"); err == nil || !strings.Contains(err.Error(), "glorot_uniform") {
		t.Errorf("capitals are not near: %v", err)
	}
}
