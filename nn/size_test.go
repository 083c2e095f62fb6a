package nn

import (
	"runtime"
	"testing"
)

func TestProductsOnPaper(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []int
		body Sequential
		want int64
	}{
		{"dense", []int{7}, Sequential{&Dense{Units: 3}}, 7 * 3},
		{"dense over time", []int{5, 7}, Sequential{&Dense{Units: 3}}, 5 * 7 * 3},
		{"a convolution with its pool", []int{6, 6, 2}, Sequential{&Conv2D{Filters: 4, Padding: Same}, &ReLU{}, &MaxPool2D{}}, 6 * 6 * 3 * 3 * 2 * 4},
		{"a signal", []int{10, 3}, Sequential{&Conv1D{Filters: 4}}, 8 * 3 * 3 * 4},
		{"a transpose", []int{4, 4, 2}, Sequential{&Conv2DTranspose{Filters: 3}}, 4 * 4 * 3 * 3 * 2 * 3},
		{"both ways", []int{5, 2}, Sequential{&LSTM{Units: 3, Bidirectional: true}}, 2 * 5 * 4 * 3 * (2 + 3)},
		{"gru", []int{5, 2}, Sequential{&GRU{Units: 3}}, 5 * 3 * 3 * (2 + 3)},
		{"a residual", []int{7}, Sequential{&Residual{Body: Sequential{&Dense{Units: 7}, &ReLU{}, &Dense{Units: 7}}}}, 2 * 7 * 7},
		{"a look-up", []int{5}, Sequential{&Embedding{Vocabulary: 9, Units: 2}, &Dense{Units: 3}}, 5 * 2 * 3},
		{"norms", []int{5, 4}, Sequential{&BatchNorm{}, &LayerNorm{}, &ReLU{}, &Flatten{}}, 0},
	} {
		if got := Measure(Parts{Body: Sequential{}, Head: c.body}, c.in, 3).Products; got != c.want {
			t.Errorf("%s: %d products, want %d", c.name, got, c.want)
		}
	}
}

// The measure must tell what a model then allocates, to 2 % and some kilobytes for what has
// a struct of its own.
func TestMeasureTellsWhatAModelTakes(t *testing.T) {
	check := func(name string, in []int, batch int, body func() Sequential) {
		parts := func() Parts { return Parts{Body: Sequential{}, Head: body()} }
		want := Measure(parts(), in, batch)
		var before, after runtime.MemStats
		p, rng := parts(), testStream(1)
		runtime.ReadMemStats(&before)
		m := NewModel(p, in, batch, rng)
		runtime.ReadMemStats(&after)
		got := int64(after.TotalAlloc - before.TotalAlloc)
		if slack := want.Bytes/50 + 40<<10; got < want.Bytes || got > want.Bytes+slack {
			t.Errorf("%s: measured %d bytes, and it took %d", name, want.Bytes, got)
		}
		if want.Weights != m.WeightCount() || want.States != m.plan.stateCount() {
			t.Errorf("%s: %d weights and %d statistics, measured %d and %d", name, m.WeightCount(), m.plan.stateCount(), want.Weights, want.States)
		}
		runtime.KeepAlive(m)
	}
	for _, a := range anchors[1:] {
		check(a.name, a.in, 32, a.body)
	}
	for _, b := range bodies {
		check(b.name, b.in, 64, b.body)
	}
}

func BenchmarkMeasure(b *testing.B) {
	for _, a := range anchors {
		b.Run(a.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Measure(Parts{Body: Sequential{}, Head: a.body()}, a.in, 32)
			}
		})
	}
}
