package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// loss64 is a loss in float64, straight from its definition: of outputs x [n, c] and
// targets y, which are the classes for a loss of labels.
type loss64 func(x, y []float64, n, c int) float64

// checkLoss proves a loss: its value against the reference, its gradient against central
// differences of the reference, and that it allocates nothing.
func checkLoss(t reporter, l Loss, x *Tensor, target Target, ref loss64) {
	t.Helper()
	n, c := x.Len(), x.Size()
	y := widen(target.Values)
	if target.Labels != nil {
		y = make([]float64, len(target.Labels))
		for i, label := range target.Labels {
			y[i] = float64(label)
		}
	}
	xs := widen(x.Data)
	grad := NewTensor(append([]int{n + 2}, x.Shape[1:]...)...) // room for a larger batch
	within(t, "value", []float32{float32(l.Compute(x, target, grad))}, []float64{ref(xs, y, n, c)}, 1e-6)
	if !slices.Equal(grad.Shape, x.Shape) {
		t.Fatalf("the gradient has the shape %v, the output %v", grad.Shape, x.Shape)
	}
	const h = 1e-5
	want := make([]float64, len(xs))
	for i, was := range xs {
		xs[i] = was + h
		up := ref(xs, y, n, c)
		xs[i] = was - h
		want[i] = (up - ref(xs, y, n, c)) / (2 * h)
		xs[i] = was
	}
	within(t, "gradient", grad.Data, want, 1e-5)
	if with, without := l.Compute(x, target, grad), l.Compute(x, target, nil); with != without {
		t.Fatalf("the loss is %v with a gradient and %v without", with, without)
	}
	if a := testing.AllocsPerRun(2, func() { l.Compute(x, target, grad) }); a != 0 {
		t.Fatalf("a loss allocates %v times", a)
	}
}

// crossEntropy64 is CrossEntropy's formula.
func crossEntropy64(l *CrossEntropy) loss64 {
	return func(x, y []float64, n, c int) float64 {
		weight := func(k int) float64 {
			if l.ClassWeights == nil {
				return 1
			}
			return l.ClassWeights[k]
		}
		sum, weights := 0.0, 0.0
		for i := range n {
			z := x[i*c:][:c]
			total := 0.0
			for _, v := range z {
				total += math.Exp(v)
			}
			for k, v := range z {
				p, q := math.Exp(v)/total, l.LabelSmoothing/float64(c)
				if k == int(y[i]) {
					q += 1 - l.LabelSmoothing
				}
				sum -= weight(k) * q * math.Pow(1-p, l.Gamma) * math.Log(p)
			}
			weights += weight(int(y[i]))
		}
		return sum / weights
	}
}

func TestCrossEntropyIsItsFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n, c := 1+rng.IntN(6), 2+rng.IntN(6)
		l := &CrossEntropy{
			LabelSmoothing: rapid.SampledFrom([]float64{0, 0.1, 0.5}).Draw(t, "smoothing"),
			Gamma:          rapid.SampledFrom([]float64{0, 0.5, 1, 2, 3.5}).Draw(t, "gamma"),
		}
		if rapid.Bool().Draw(t, "weighted") {
			for range c {
				l.ClassWeights = append(l.ClassWeights, 0.2+rng.Float64())
			}
		}
		labels := make([]int32, n)
		for i := range labels {
			labels[i] = rng.Int32N(int32(c))
		}
		checkLoss(t, l, TensorOf(normals(rng, n*c), n, c), Target{Labels: labels}, crossEntropy64(l))
	})
}

// binary64 is BinaryCrossEntropy's formula.
func binary64(l *BinaryCrossEntropy) loss64 {
	return func(x, y []float64, _, _ int) float64 {
		w0, w1 := 1.0, 1.0
		if l.ClassWeights != nil {
			w0, w1 = l.ClassWeights[0], l.ClassWeights[1]
		}
		sum := 0.0
		for i, v := range x {
			p := sigmoid64(v)
			t := (1-l.LabelSmoothing)*y[i] + l.LabelSmoothing/2
			sum -= w1*t*math.Pow(1-p, l.Gamma)*math.Log(p) + w0*(1-t)*math.Pow(p, l.Gamma)*math.Log(1-p)
		}
		return sum / float64(len(x))
	}
}

func TestBinaryCrossEntropyIsItsFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		l := &BinaryCrossEntropy{
			LabelSmoothing: rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "smoothing"),
			Gamma:          rapid.SampledFrom([]float64{0, 0.5, 2}).Draw(t, "gamma"),
		}
		if rapid.Bool().Draw(t, "weighted") {
			l.ClassWeights = []float64{0.3 + rng.Float64(), 0.3 + rng.Float64()}
		}
		n, c := 1+rng.IntN(6), 1
		target := Target{Labels: make([]int32, n)}
		for i := range target.Labels {
			target.Labels[i] = rng.Int32N(2)
		}
		if rapid.Bool().Draw(t, "values") {
			c = 1 + rng.IntN(5)
			target = Target{Values: make([]float32, n*c)}
			for i := range target.Values {
				target.Values[i] = rng.Float32()
			}
		}
		checkLoss(t, l, TensorOf(normals(rng, n*c), n, c), target, binary64(l))
	})
}

// mean64 is the mean of f over the differences.
func mean64(f func(d float64) float64) loss64 {
	return func(x, y []float64, _, _ int) float64 {
		sum := 0.0
		for i, v := range x {
			sum += f(v - y[i])
		}
		return sum / float64(len(x))
	}
}

func TestLossesOfDifferencesAreTheirFormulas(t *testing.T) {
	huber := func(delta float64) func(float64) float64 {
		return func(d float64) float64 {
			if math.Abs(d) <= delta {
				return d * d / 2
			}
			return delta * (math.Abs(d) - delta/2)
		}
	}
	tests := []struct {
		name string
		loss Loss
		f    func(d float64) float64
	}{
		{"mse", MSE{}, func(d float64) float64 { return d * d }},
		{"mae", MAE{}, math.Abs},
		{"huber", Huber{}, huber(1)},
		{"huber with a delta", Huber{Delta: 0.3}, huber(0.3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(4, 4))
			for range 20 {
				n, c := 1+rng.IntN(5), 1+rng.IntN(5)
				x := TensorOf(normals(rng, n*c), n, c)
				y := make([]float32, n*c)
				apartFromZero(rng, y) // differences stay away from the kink at 0
				for i := range y {
					y[i] += x.Data[i]
				}
				checkLoss(t, tt.loss, x, Target{Values: y}, mean64(tt.f))
			}
		})
	}
}

func TestCrossEntropiesStandExtremeLogits(t *testing.T) {
	for _, gamma := range []float64{0, 0.5, 2} {
		x, grad := TensorOf([]float32{3e38, -3e38, 0}, 1, 3), NewTensor(1, 3)
		right := (&CrossEntropy{Gamma: gamma}).Compute(x, Target{Labels: []int32{0}}, grad)
		for _, g := range grad.Data {
			if g != 0 {
				t.Errorf("gamma %v: a certain and right answer has the gradient %v", gamma, grad.Data)
			}
		}
		wrong := (&CrossEntropy{Gamma: gamma}).Compute(x, Target{Labels: []int32{1}}, grad)
		if right != 0 || wrong < 5e38 || math.IsInf(wrong, 0) || grad.Data[1] != -1 || grad.Data[0] != 1 {
			t.Errorf("gamma %v: losses %v and %v, gradient %v", gamma, right, wrong, grad.Data)
		}
		z, dz := TensorOf([]float32{300, -300}, 2, 1), NewTensor(2, 1)
		for _, l := range []*BinaryCrossEntropy{{Gamma: gamma}, {Gamma: gamma, ClassWeights: []float64{1, 1}}} {
			right = l.Compute(z, Target{Values: []float32{1, 0}}, dz)
			wrong = l.Compute(z, Target{Values: []float32{0, 1}}, dz)
			if right > 1e-30 || math.Abs(wrong-300) > 1e-4 || dz.Data[0] != 0.5 || dz.Data[1] != -0.5 {
				t.Errorf("gamma %v: losses %v and %v, gradient %v", gamma, right, wrong, dz.Data)
			}
		}
	}
}

func TestADivergedModelHasALossThatIsNotANumber(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	values := Target{Values: []float32{0, 1}}
	for name, l := range map[string]Loss{
		"binary": &BinaryCrossEntropy{}, "focal": &BinaryCrossEntropy{Gamma: 2}, "mse": MSE{}, "mae": MAE{}, "huber": Huber{},
	} {
		if got := l.Compute(TensorOf([]float32{nan, 0}, 1, 2), values, NewTensor(1, 2)); !math.IsNaN(got) {
			t.Errorf("%s of NaN is %v", name, got)
		}
	}
	for _, bad := range []float32{nan, inf} {
		if got := (&CrossEntropy{}).Compute(TensorOf([]float32{bad, 0}, 1, 2), Target{Labels: []int32{0}}, NewTensor(1, 2)); !math.IsNaN(got) {
			t.Errorf("cross entropy of %v is %v", bad, got)
		}
	}
}

func TestLossesRefuseTargetsThatDoNotFit(t *testing.T) {
	x := NewTensor(2, 3)
	tests := []struct {
		name   string
		loss   Loss
		target Target
		want   string
	}{
		{"too few labels", &CrossEntropy{}, Target{Labels: []int32{0}}, "nn: cross entropy: 1 labels for logits of [2 3]"},
		{"an unknown class", &CrossEntropy{}, Target{Labels: []int32{0, 3}}, "nn: cross entropy: a label is not one of the 3 classes"},
		{"too few weights", &CrossEntropy{ClassWeights: []float64{1}}, Target{Labels: []int32{0, 1}}, "nn: cross entropy: 1 class weights for 3 classes"},
		{"labels for several outputs", &BinaryCrossEntropy{}, Target{Labels: []int32{0, 1}}, "nn: binary cross entropy: 2 labels for an output of [2 3]"},
		{"a third class", &BinaryCrossEntropy{}, Target{Labels: []int32{0, 1, 2, 0, 0, 0}}, "nn: binary cross entropy: a label is neither 0 nor 1"},
		{"no values", MSE{}, Target{}, "nn: mse: 0 target values for an output of [2 3]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("panic of %v, want %s", got, tt.want)
				}
			}()
			tt.loss.Compute(x, tt.target, nil)
		})
	}
}

func TestLossesAreFoundByName(t *testing.T) {
	c := LossConfig{ClassWeights: []float64{1, 2}, LabelSmoothing: 0.1, Gamma: 2, Delta: 3}
	for _, name := range []string{"cross_entropy", "binary_cross_entropy", "mse", "mae", "huber"} {
		l, err := NewLoss(name, c)
		if err != nil {
			t.Fatal(err)
		}
		switch l := l.(type) {
		case *CrossEntropy:
			if l.ClassWeights[1] != 2 || l.LabelSmoothing != 0.1 || l.Gamma != 2 {
				t.Errorf("%s is %+v", name, l)
			}
		case *BinaryCrossEntropy:
			if l.ClassWeights[1] != 2 || l.LabelSmoothing != 0.1 || l.Gamma != 2 {
				t.Errorf("%s is %+v", name, l)
			}
		case Huber:
			if l.Delta != 3 {
				t.Errorf("%s is %+v", name, l)
			}
		}
	}
}
