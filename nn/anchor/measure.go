package anchor

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Options say how to measure.
type Options struct {
	// Trials is how many of the workload run at once, each on a goroutine with memory of
	// its own; 0: 1.
	Trials int
	// Threads is how many threads each trial is split over; 0: 1.
	Threads int
	// Time is how long to measure.
	Time time.Duration
	// Now is the clock.
	Now func() time.Time
}

// Result is what [Measure] found.
type Result struct {
	SamplesPerSecond float64 // of all trials together
	GFLOPS           float64 // 10⁹ floating-point operations a second, as [Workload] counts them
}

// window is how long one rate is taken over; a workload's is the median of its windows.
// Measurements shorter than eight windows have shorter ones.
const window = 500 * time.Millisecond

// spacing is about how long is at least between two readings of the clock.
const spacing = time.Millisecond

// warmup is the number of steps before the first window.
const warmup = 3

// Measure readies the workload and runs it. It stops early with the context's error.
func Measure(ctx context.Context, w Workload, o Options) (Result, error) {
	trials := max(o.Trials, 1)
	steps := make([]func(), trials)
	for i := range steps {
		step, stop := w.Start(uint64(i+1), max(o.Threads, 1))
		defer stop()
		steps[i] = step
	}
	together(steps, func(_ int, step func()) {
		for range warmup {
			if ctx.Err() == nil {
				step()
			}
		}
	})
	rates := make([]float64, trials)
	together(steps, func(i int, step func()) { rates[i] = stepsPerSecond(ctx, step, o) })
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	sum := 0.0
	for _, r := range rates {
		sum += r
	}
	return Result{SamplesPerSecond: sum * float64(w.Samples), GFLOPS: sum * w.FLOPs / 1e9}, nil
}

// together runs do on each step at once, a single one on this goroutine.
func together(steps []func(), do func(i int, step func())) {
	var wg sync.WaitGroup
	for i, step := range steps[1:] {
		wg.Go(func() { do(i+1, step) })
	}
	do(0, steps[0])
	wg.Wait()
}

// stepsPerSecond repeats the step and returns the median rate of the windows.
func stepsPerSecond(ctx context.Context, step func(), o Options) float64 {
	var rates []float64
	width := min(window, o.Time/8)
	chunk := 1 // steps between two readings, which take longer than the shortest steps
	for begin := o.Now(); ; {
		n := 0
		start := o.Now()
		for ctx.Err() == nil {
			for range chunk {
				step()
			}
			n += chunk
			took := o.Now().Sub(start)
			if took >= width && took > 0 {
				rates = append(rates, float64(n)/took.Seconds())
				break
			}
			if took < time.Duration(n/chunk)*spacing {
				chunk *= 2
			}
		}
		if ctx.Err() != nil || o.Now().Sub(begin) >= o.Time {
			return median(rates)
		}
	}
}

// median sorts x and returns its middle, 0 of nothing.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
