package augment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"medml/augment"

	"pgregory.net/rapid"
)

// each is a configuration of every change, and the shapes that it is for.
var each = []struct {
	name   string
	config augment.Config
	ranks  []int
	// keeps says that no number leaves the range of the example's and its channels' means.
	keeps bool
}{
	{"horizontal", augment.Config{Flip: "horizontal"}, []int{3}, true},
	{"vertical", augment.Config{Flip: "vertical"}, []int{3}, true},
	{"both", augment.Config{Flip: "both"}, []int{3}, true},
	{"rotate", augment.Config{Rotate: 30}, []int{3}, true},
	{"shift", augment.Config{Shift: 0.2}, []int{3}, true},
	{"zoom", augment.Config{Zoom: 0.3}, []int{3}, true},
	{"elastic", augment.Config{Elastic: 0.1}, []int{3}, true},
	{"brightness", augment.Config{Brightness: 0.5}, []int{2, 3}, false},
	{"contrast", augment.Config{Contrast: 0.5}, []int{2, 3}, false},
	{"cutout", augment.Config{Cutout: 0.4}, []int{2, 3}, true},
	{"jitter", augment.Config{Jitter: 0.1}, []int{1, 2, 3}, false},
	{"scaling", augment.Config{Scaling: 0.2}, []int{1, 2, 3}, false},
	{"warp", augment.Config{Warp: 0.5}, []int{2}, true},
	{"crop", augment.Config{Crop: 0.5}, []int{2}, true},
	{"channel dropout", augment.Config{ChannelDropout: 0.5}, []int{1, 2, 3}, true},
	{"all of an image", augment.Config{Flip: "both", Rotate: 10, Shift: 0.1, Zoom: 0.1, Elastic: 0.05, Brightness: 0.1, Contrast: 0.1, Cutout: 0.2, Jitter: 0.1, Scaling: 0.1, ChannelDropout: 0.1}, []int{3}, false},
	{"all of a signal", augment.Config{Brightness: 0.1, Contrast: 0.1, Cutout: 0.2, Jitter: 0.1, Scaling: 0.1, Warp: 0.2, Crop: 0.2, ChannelDropout: 0.1}, []int{2}, false},
}

func stream(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 7)) }

func example(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// levels are the means 0 and deviations 1 of so many channels.
func levels(channels int) augment.Levels {
	l := augment.Levels{Mean: make([]float32, channels), SD: make([]float32, channels)}
	for c := range l.SD {
		l.SD[c] = 1
	}
	return l
}

func product(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

type reporter interface {
	Helper()
	Fatal(...any)
}

func augmenter(t reporter, c augment.Config, shape ...int) *augment.Augmenter {
	t.Helper()
	a, err := augment.New(c, shape, levels(shape[len(shape)-1]))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func shapeOf(t *rapid.T, rank int) (shape []int) {
	for range rank {
		shape = append(shape, rapid.IntRange(1, 9).Draw(t, "side"))
	}
	return shape
}

func TestEveryChangeKeepsItsPromises(t *testing.T) {
	for _, e := range each {
		t.Run(e.name, rapid.MakeCheck(func(t *rapid.T) {
			shape := shapeOf(t, rapid.SampledFrom(e.ranks).Draw(t, "rank"))
			seed := rapid.Uint64().Draw(t, "seed")
			before := example(product(shape), stream(seed))
			x, again := slices.Clone(before), slices.Clone(before)
			a := augmenter(t, e.config, shape...)
			other := augmenter(t, e.config, shape...)
			other.Apply(example(len(x), stream(1)), stream(2)) // leaves nothing behind
			r, s := stream(seed+1), stream(seed+1)
			a.Apply(x, r)
			other.Apply(again, s)
			if !slices.Equal(x, again) {
				t.Fatal("equal streams give other numbers")
			}
			a.Apply(make([]float32, len(x)), s)
			other.Apply(example(len(x), stream(3)), r)
			if r.Uint64() != s.Uint64() {
				t.Fatal("how much is drawn depends on the example")
			}
			low, high := min(slices.Min(before), 0), max(slices.Max(before), 0)
			for _, v := range x {
				if v != v || math.IsInf(float64(v), 0) || e.keeps && (v < low-1e-5 || v > high+1e-5) {
					t.Fatalf("%v from numbers in [%v, %v]", v, low, high)
				}
			}
			if n := testing.AllocsPerRun(3, func() { a.Apply(x, r) }); n != 0 {
				t.Fatalf("%v allocations", n)
			}
		}))
	}
}

// Strengths that are next to nothing change next to nothing: there is no jump at 0.
func TestWhatIsFaintChangesLittle(t *testing.T) {
	const tiny = 1e-5
	for name, c := range map[string]augment.Config{
		"rotate": {Rotate: tiny}, "shift": {Shift: tiny}, "zoom": {Zoom: tiny}, "elastic": {Elastic: tiny},
		"brightness": {Brightness: tiny}, "contrast": {Contrast: tiny}, "cutout": {Cutout: tiny},
		"jitter": {Jitter: tiny}, "scaling": {Scaling: tiny}, "channel dropout": {ChannelDropout: 1e-12},
	} {
		before := example(8*7*2, stream(1))
		x := slices.Clone(before)
		augmenter(t, c, 8, 7, 2).Apply(x, stream(2))
		within(t, name, x, before, 1e-3)
	}
	for name, c := range map[string]augment.Config{"warp": {Warp: tiny}, "crop": {Crop: tiny}} {
		before := example(30*2, stream(1))
		x := slices.Clone(before)
		augmenter(t, c, 30, 2).Apply(x, stream(2))
		within(t, name, x, before, 1e-3)
	}
}

func within(t *testing.T, what string, x, want []float32, tolerance float64) {
	t.Helper()
	for i, v := range x {
		if d := math.Abs(float64(v - want[i])); !(d <= tolerance) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, v, want[i])
		}
	}
}

func TestTheZeroConfigChangesNothing(t *testing.T) {
	for _, c := range []augment.Config{{}, {Flip: "none"}} {
		if c.On() || c.Bytes(100) != 0 {
			t.Errorf("%+v is on", c)
		}
		before := example(30, stream(1))
		x := slices.Clone(before)
		r, s := stream(2), stream(2)
		augmenter(t, c, 5, 3, 2).Apply(x, r)
		if !slices.Equal(x, before) || r.Uint64() != s.Uint64() {
			t.Errorf("%+v changes an example or draws", c)
		}
	}
}

func TestAChangeThatDoesNotFitNamesItself(t *testing.T) {
	for _, e := range each[:len(each)-2] {
		for rank := 1; rank <= 3; rank++ {
			shape := []int{6, 5, 2}[3-rank:]
			_, err := augment.New(e.config, shape, levels(2))
			if fits := slices.Contains(e.ranks, rank); fits != (err == nil) {
				t.Errorf("%s on %v: %v", e.name, shape, err)
			}
		}
	}
	_, err := augment.New(augment.Config{Rotate: 5}, []int{10, 3}, levels(3))
	if want := "rotate is for images [H, W, C]: the examples are of shape [10 3]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := augment.New(augment.Config{Jitter: 1}, []int{10, 3}, levels(2)); err == nil {
		t.Error("levels of two channels for three")
	}
}

// The stream of a step doesn't depend on what earlier steps drew.
func TestEachStepHasDrawsOfItsOwn(t *testing.T) {
	a, b := augment.NewStream(stream(1)), augment.NewStream(stream(1))
	seen := map[uint64]bool{}
	for step := range 1000 {
		a.At(step)
		first := a.Uint64()
		if seen[first] {
			t.Fatalf("step %d draws what another drew", step)
		}
		seen[first] = true
		b.At(step)
		for range step % 3 {
			b.Uint64()
		}
		b.At(step)
		if got := b.Uint64(); got != first {
			t.Fatalf("step %d draws %d, and %d where more had been drawn", step, first, got)
		}
	}
	bits := 0
	a.At(0)
	x := a.Uint64()
	for step := 1; step <= 1000; step++ {
		a.At(step)
		y := a.Uint64()
		for d := x ^ y; d > 0; d &= d - 1 {
			bits++
		}
		x = y
	}
	if bits < 31500 || bits > 32500 { // of 64,000, with a deviation of 126
		t.Errorf("the first draws of neighbouring steps differ in %d of 64000 bits", bits)
	}
}

func ExampleAugmenter() {
	a, err := augment.New(augment.Config{Flip: "horizontal"}, []int{2, 3, 1}, augment.Levels{Mean: []float32{0}, SD: []float32{1}})
	if err != nil {
		panic(err)
	}
	x := []float32{
		1, 2, 3,
		4, 5, 6,
	}
	s := augment.NewStream(rand.New(rand.NewPCG(1, 2)))
	s.At(1)
	a.Apply(x, s.Rand)
	fmt.Println(x)
	// Output: [3 2 1 6 5 4]
}
