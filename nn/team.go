package nn

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// team shares the large pieces of a step between goroutines. It hands out ranges of
// output elements and splits no element's chain of operations, so that any number of
// threads gives the same bits. With one thread, as most trainings run, it calls straight
// through.
type team struct {
	helpers []chan struct{} // wakes each
	done    sync.WaitGroup
	failed  atomic.Pointer[any] // what a helper panicked with

	// The piece of work at hand: n units, handed out grain by grain from next on.
	part     func(worker, from, to int)
	n, grain int
	next     atomic.Int64
	enough   int // how many multiplications are worth waking a helper for

	gemm  gemm
	zero  []float32
	zeros func(worker, from, to int) // clears a range of zero, made once
}

// enough is about a tenth of a millisecond of multiplications: waking a helper takes some
// tens of microseconds.
const enough = 1 << 23

// What passes over memory costs, in multiplications for each number.
const (
	costOfStore  = 8
	costOfUpdate = 32
)

func newTeam() *team {
	t := &team{enough: enough}
	t.gemm.part = t.gemm.multiply
	t.zeros = func(_, from, to int) { clear(t.zero[from:to]) }
	return t
}

// start adds helpers up to so many threads, and returns what ends them.
func (t *team) start(threads int) (stop func()) {
	if threads < 1 || len(t.helpers) > 0 {
		panic(fmt.Sprintf("nn: a model that runs on %d threads can't be split over %d", t.threads(), threads))
	}
	for worker := 1; worker < threads; worker++ {
		wake := make(chan struct{}, 1)
		t.helpers = append(t.helpers, wake)
		go t.help(worker, wake)
	}
	return sync.OnceFunc(func() {
		for _, wake := range t.helpers {
			close(wake)
		}
		t.helpers = nil
	})
}

// threads returns how many threads share the work.
func (t *team) threads() int { return len(t.helpers) + 1 }

// each calls part for ranges that together are the units 0 to n, grain units at a time,
// and returns when all are done. A unit costs about so many multiplications. Parts run at
// the same time on workers numbered from 0; they must write to different places, and to
// scratch memory by worker.
func (t *team) each(n, grain, cost int, part func(worker, from, to int)) {
	if !t.worth(n, grain, cost) {
		part(0, 0, n)
		return
	}
	t.n, t.grain, t.part = n, grain, part
	t.next.Store(0)
	for _, wake := range t.helpers {
		t.done.Add(1)
		wake <- struct{}{}
	}
	defer t.gather() // also where the caller's own share panics
	t.work(0)
}

// worth reports whether work is shared.
func (t *team) worth(n, grain, cost int) bool {
	return len(t.helpers) > 0 && n > grain && n*cost >= t.enough
}

// grains returns into how many units at a time to divide n so that each thread gets a few
// shares and one that is held up keeps nobody waiting for long: a multiple of least.
func (t *team) grains(n, least int) int {
	const shares = 3
	per := n/(shares*t.threads()) + least - 1
	return max(per-per%least, least)
}

// clear sets x to zeros.
func (t *team) clear(x []float32) {
	t.zero = x
	t.each(len(x), t.grains(len(x), 1024), costOfStore, t.zeros)
	t.zero = nil
}

// gather waits for the helpers and passes on a panic of theirs.
func (t *team) gather() {
	t.done.Wait()
	t.part = nil
	if p := t.failed.Swap(nil); p != nil {
		panic(*p)
	}
}

// help works whenever woken.
func (t *team) help(worker int, wake chan struct{}) {
	for range wake {
		t.share(worker)
	}
}

// share is a helper's share of one piece.
func (t *team) share(worker int) {
	defer t.done.Done()
	defer func() {
		if p := recover(); p != nil {
			first := p // allocated only here
			t.failed.CompareAndSwap(nil, &first)
		}
	}()
	t.work(worker)
}

// work takes grains until none is left.
func (t *team) work(worker int) {
	for {
		to := int(t.next.Add(int64(t.grain)))
		from := to - t.grain
		if from >= t.n {
			return
		}
		t.part(worker, from, min(to, t.n))
	}
}
