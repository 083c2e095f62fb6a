package nn

import (
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestATeamDoesEachUnitOnce(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, threads := range []int{1, 2, 3, 5} {
		team := newTeam()
		stop := team.start(threads)
		for _, n := range []int{0, 1, 2, 7, 64, 1000} {
			for _, grain := range []int{1, 3, 64} {
				done := make([]atomic.Int32, n)
				team.each(n, grain, enough, func(worker, from, to int) {
					if worker < 0 || worker >= threads || from%grain != 0 {
						t.Errorf("worker %d of %d takes %d to %d in grains of %d", worker, threads, from, to, grain)
					}
					for i := from; i < to; i++ {
						done[i].Add(1)
					}
				})
				for i := range done {
					if done[i].Load() != 1 {
						t.Fatalf("%d threads, %d units by %d: unit %d was done %d times", threads, n, grain, i, done[i].Load())
					}
				}
			}
		}
		stop()
		stop()
	}
}

func TestSmallWorkIsNotShared(t *testing.T) {
	team := newTeam()
	defer team.start(3)()
	calls := 0
	team.each(1000, 1, 1, func(_, from, to int) { calls++ })
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAPanicReachesTheCallerAndTheTeamGoesOn(t *testing.T) {
	team := newTeam()
	defer team.start(4)()
	for _, bad := range []int{0, 500, 999} {
		func() {
			defer func() {
				if p := recover(); p != "bad unit" {
					t.Errorf("recovered %v", p)
				}
			}()
			team.each(1000, 1, enough, func(_, from, to int) {
				if from <= bad && bad < to {
					panic("bad unit")
				}
			})
			t.Error("no panic")
		}()
	}
	var sum atomic.Int64
	team.each(1000, 1, enough, func(_, from, to int) { sum.Add(int64(to - from)) })
	if sum.Load() != 1000 {
		t.Errorf("%d units were done afterwards", sum.Load())
	}
}

func TestSharedProductsHaveTheSameBits(t *testing.T) {
	rng := testStream(5)
	for _, s := range [][3]int{{32, 700, 65}, {700, 32, 65}, {129, 130, 70}, {1, 2000, 600}, {2000, 1, 600}, {13, 65, 2000}} {
		m, n, k := s[0], s[1], s[2]
		a, b, start := normals(rng, m*k), normals(rng, k*n), normals(rng, m*n)
		for _, accumulate := range []bool{false, true} {
			for form, multiply := range map[string]func(*team, []float32){
				"nn": func(t *team, c []float32) { t.gemmNN(m, n, k, a, k, b, n, c, n, accumulate) },
				"tn": func(t *team, c []float32) { t.gemmTN(m, n, k, a, m, b, n, c, n, accumulate) },
				"nt": func(t *team, c []float32) { t.gemmNT(m, n, k, a, k, b, k, c, n, accumulate) },
			} {
				alone := append([]float32{}, start...)
				multiply(newTeam(), alone)
				for _, threads := range []int{2, 3, 5} {
					team := newTeam()
					team.enough = 0
					stop := team.start(threads)
					shared := append([]float32{}, start...)
					multiply(team, shared)
					stop()
					sameBits(t, fmt.Sprintf("%s %v on %d threads", form, s, threads), shared, alone)
				}
			}
		}
	}
}

func TestSharingAllocatesNothing(t *testing.T) {
	team := newTeam()
	defer team.start(2)()
	c := make([]float32, 256*256)
	a := normals(testStream(1), len(c))
	if n := testing.AllocsPerRun(20, func() { team.gemmNN(256, 256, 256, a, 256, a, 256, c, 256, false) }); n != 0 {
		t.Errorf("%v allocations a product", n)
	}
}

func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: element %d is %v, not %v", what, i, got[i], want[i])
		}
	}
}
