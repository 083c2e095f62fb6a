package nn

import (
	"math"
	"slices"
	"sync"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

// smallAnchors are the anchors at sizes that train in milliseconds.
var smallAnchors = map[string][]int{
	"cnn150": {31, 31, 3}, "cnn28": {28, 28, 1}, "ae784": {784}, "lstm100": {12, 1}, "signal10": {10, 3},
}

// Models that use one memory after the other, each leaving it full of NaN, learn what they
// would have in memory of their own.
func TestAModelInUsedMemoryLearnsTheSame(t *testing.T) {
	var arenas Arenas
	for range 2 {
		for _, a := range anchors {
			in := smallAnchors[a.name]
			want, step := anchorStep(t, in, a.body(), 3)
			m, again := anchorStepIn(t, &arenas, in, a.body(), 3)
			for range 3 {
				step()
				again()
			}
			if m.Hash() != want.Hash() {
				t.Errorf("%s learns other weights in used memory", a.name)
			}
			m.Release()
			for _, x := range arenas.free {
				f32.Fill(x[:cap(x)], float32(math.NaN()))
			}
		}
	}
}

func TestMemoryIsHandedOn(t *testing.T) {
	var arenas Arenas
	large, small := []int{20}, []int{10}
	build := func(in []int) *Model {
		return arenas.NewModel(Parts{Body: Sequential{}, Head: &Dense{Units: 3}}, in, 4, testStream(1))
	}
	m := build(large)
	first := &m.plan.data[0]
	m.Release()
	for _, in := range [][]int{small, large} {
		m = build(in)
		if &m.plan.data[0] != first {
			t.Errorf("a model of inputs %v has memory of its own, where a released one's would do", in)
		}
		m.Release()
	}
}

// Whatever is taken and given back, in whatever order: it is zeros, and there are never more
// pieces than were in use at once, nor larger ones than were asked for.
func TestArenasKeepNoMoreThanWasInUse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var arenas Arenas
		var used [][]float32
		most, largest := 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "turns") {
			if len(used) > 0 && rapid.Bool().Draw(t, "give") {
				i := rapid.IntRange(0, len(used)-1).Draw(t, "which")
				arenas.give(used[i])
				used = slices.Delete(used, i, i+1)
			} else {
				n := rapid.IntRange(0, 40).Draw(t, "size")
				x := arenas.take(n)
				if len(x) != n || slices.ContainsFunc(x, func(v float32) bool { return v != 0 }) {
					t.Fatalf("asked for %d zeros, got %v", n, x)
				}
				f32.Fill(x, 1)
				used = append(used, x)
				most, largest = max(most, len(used)), max(largest, n)
			}
			pieces := slices.Concat(used, arenas.free)
			if len(pieces) > most {
				t.Fatalf("%d pieces, where at most %d were in use", len(pieces), most)
			}
			for _, x := range pieces {
				if cap(x) > largest {
					t.Fatalf("a piece of %d, where at most %d were asked for", cap(x), largest)
				}
			}
		}
	})
}

func TestArenasMayBeSharedByGoroutines(t *testing.T) {
	var arenas Arenas
	var done sync.WaitGroup
	hashes := make([]string, 4)
	for i := range hashes {
		done.Go(func() {
			for range 5 {
				m, step := anchorStepIn(t, &arenas, []int{10, 3}, anchors[4].body(), 3)
				step()
				hashes[i] = m.Hash()
				m.Release()
			}
		})
	}
	done.Wait()
	if len(slices.Compact(hashes)) != 1 {
		t.Error("models that share arenas at the same time learn differently")
	}
}

func TestAReleasedModelPanics(t *testing.T) {
	m, step := anchorStepIn(t, new(Arenas), []int{784}, anchors[2].body(), 2)
	step()
	m.Release()
	defer func() {
		if recover() == nil {
			t.Error("a released model goes on")
		}
	}()
	step()
}
