package anchor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"medml/nn"
)

func TestTheTableHasEachModelOnce(t *testing.T) {
	if len(names) != len(models) {
		t.Fatalf("%d names, %d models", len(names), len(models))
	}
	for _, name := range Models() {
		if w, err := Lookup(name); err != nil || w.Name != name || w.Doc == "" {
			t.Errorf("%s: %+v, %v", name, w, err)
		}
	}
}

// The products of a pass use each element of each kernel once for each position.
func TestProductsMatchTheModelsKernels(t *testing.T) {
	for name, m := range models {
		want := 0
		for _, p := range m.products {
			want += p.n * p.k
		}
		got := 0
		for _, w := range newTraining(m, 1, 1).model.Weights() {
			if w.Decay {
				got += len(w.Data)
			}
		}
		if got != want {
			t.Errorf("%s has kernels of %d numbers, its products %d", name, got, want)
		}
	}
}

// A model's bits don't depend on the number of threads it is split over.
func TestThreadsDontChangeTheBits(t *testing.T) {
	for name, batch := range batches() {
		want := ""
		for _, threads := range []int{1, 2, 3, 5} {
			tr := newTraining(models[name], 1, batch)
			stop := tr.model.Split(threads)
			for range 2 {
				tr.step()
			}
			stop()
			got := tr.model.Hash()
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s has other weights on %d threads", name, threads)
			}
		}
	}
}

// Counted by hand from the layers' definitions, in millions an example.
func TestModelsTakeTheFlopsTheirDefinitionsSay(t *testing.T) {
	for name, want := range map[string]float64{"cnn150": 1274.1, "cnn28": 4.043, "lstm100": 49.25, "ae784": 0.5263} {
		if got := models[name].flops() / 1e6; math.Abs(got/want-1) > 1e-3 {
			t.Errorf("%s: %.4f Mflop, want %v", name, got, want)
		}
	}
}

// batches are the models to train in tests, and how many examples at a time: those that
// the kernels in use get through in a second or so.
func batches() map[string]int {
	if nn.Kernels() == "generic" {
		return map[string]int{"cnn28": 32, "lstm100": 2, "ae784": 32}
	}
	return map[string]int{"cnn150": 2, "cnn28": 32, "lstm100": 32, "ae784": 32}
}

func TestTrainingLowersTheLossWithoutAllocating(t *testing.T) {
	for name, batch := range batches() {
		const steps = 5
		tr := newTraining(models[name], 1, batch)
		tr.step()
		first := tr.last
		if n := testing.AllocsPerRun(steps, tr.step); n != 0 {
			t.Errorf("%s: %v allocations a step", name, n)
		}
		if !(tr.last < first) {
			t.Errorf("%s: the loss went from %v to %v", name, first, tr.last)
		}
	}
}

func TestProductsAreReadFromTheirNames(t *testing.T) {
	for name, want := range map[string]string{
		"sgemm512": "512 512 512 ", "sgemm32x784x64": "32 784 64 ", "sgemm5x6x7tn": "5 6 7 tn", "sgemm9nt": "9 9 9 nt",
		"sgemm": "error", "sgemm0": "error", "sgemm3x4": "error", "sgemm3x4x5x6": "error", "sgemm-1": "error",
		"sgemm3x4x5tt": "error", "sgemm99999999999999999999": "error", "sgemm65536": "error",
	} {
		p, form, err := parseProduct(name)
		got := fmt.Sprint(p.m, p.n, p.k, " ", form)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// All forms of a product give the same bits: their chains are the same.
func TestFormsOfAProductAgree(t *testing.T) {
	p := product{3, 40, 17}
	a, b := make([]float32, p.m*p.k), make([]float32, p.k*p.n)
	for i := range a {
		a[i] = float32(i%7) - 2.3
	}
	for i := range b {
		b[i] = float32(i%11) * 0.37
	}
	turned := func(rows, cols int, x []float32) []float32 {
		y := make([]float32, len(x))
		for i := range rows {
			for j := range cols {
				y[j*rows+i] = x[i*cols+j]
			}
		}
		return y
	}
	want, tn, nt := make([]float32, p.m*p.n), make([]float32, p.m*p.n), make([]float32, p.m*p.n)
	p.multiply("", a, b, want)()
	p.multiply("tn", turned(p.m, p.k, a), b, tn)()
	p.multiply("nt", a, turned(p.k, p.n, b), nt)()
	for i := range want {
		if want[i] != tn[i] || want[i] != nt[i] {
			t.Fatalf("element %d: %v, tn %v, nt %v", i, want[i], tn[i], nt[i])
		}
	}
}

func TestAnUnknownModelNamesTheNearest(t *testing.T) {
	_, err := Lookup("cnn15")
	if want := `unknown model "cnn15"; did you mean cnn150`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// A clock whose every reading is 10 ms after the one before, and one trial, so that the
// figures follow: a step between two readings takes 10 ms.
func TestTheRateIsThatOfTheClock(t *testing.T) {
	w := Workload{Samples: 4, FLOPs: 1e9, Start: func(uint64, int) (step, stop func()) { return func() {}, func() {} }}
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(10 * time.Millisecond); return now }
	r, err := Measure(context.Background(), w, Options{Time: time.Second, Now: clock})
	if err != nil || math.Abs(r.SamplesPerSecond-400) > 1e-6 || math.Abs(r.GFLOPS-100) > 1e-6 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTrialsAddUp(t *testing.T) {
	made := make(chan uint64, 3)
	w := Workload{Samples: 1, Start: func(seed uint64, _ int) (step, stop func()) {
		made <- seed
		return func() {}, func() {}
	}}
	r, err := Measure(context.Background(), w, Options{Trials: 3, Time: 10 * time.Millisecond, Now: time.Now})
	if err != nil || len(made) != 3 || r.SamplesPerSecond <= 0 {
		t.Errorf("%+v, %v, %d trials", r, err, len(made))
	}
}

func TestMeasuringStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := Workload{Samples: 1, Start: func(uint64, int) (step, stop func()) { return cancel, func() {} }}
	if _, err := Measure(ctx, w, Options{Time: time.Hour, Now: time.Now}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func ExampleLookup() {
	w, err := Lookup("ae784")
	if err != nil {
		panic(err)
	}
	step, stop := w.Start(1, 1)
	defer stop()
	step()
	fmt.Printf("%s: %d examples a step, %.1f Mflop\n", w.Name, w.Samples, w.FLOPs/1e6)
	// Output: ae784: 32 examples a step, 16.8 Mflop
}

func BenchmarkTraining(b *testing.B) {
	for _, name := range Models() {
		b.Run(name, func(b *testing.B) {
			tr := newTraining(models[name], 1, batch)
			tr.step()
			for b.Loop() {
				tr.step()
			}
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(batch*rate, "samples/s")
			b.ReportMetric(batch*models[name].flops()*rate/1e9, "GFLOP/s")
		})
	}
}
