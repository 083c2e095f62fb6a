package augment

import (
	"math/rand/v2"

	"medml/internal/elementary"
)

// speeds is at how many times, evenly apart, the speed of a warped signal is drawn.
const speeds = 6

// retime crops and warps a signal, both in one reading between its steps.
func (a *Augmenter) retime(x []float32, r *rand.Rand) {
	t := a.times
	if a.config.Warp > 0 {
		var speed [speeds]float64
		for i := range speed {
			speed[i] = elementary.Exp(a.config.Warp * float64(nearlyNormal(r)))
		}
		warp(t, &speed)
	} else {
		for i := range t {
			t[i] = float32(i)
		}
	}
	if a.config.Crop > 0 {
		share := float64(a.config.Crop * r.Float64())
		first := float32(float64(len(t)-1) * share * r.Float64())
		for i := range t {
			t[i] = first + float32(float32(1-share)*t[i])
		}
	}
	copy(a.scratch, x)
	last := float32(len(t) - 1)
	s := size{1, a.size.w, a.size.c}
	for i, at := range t {
		between(x[i*s.c:][:s.c], a.scratch, s, 0, min(max(at, 0), last))
	}
}

// warp sets t to the times that a signal has come to at each step, whose speed is linear
// between the given ones: 0 at the first step, and the last step at the last.
func warp(t []float32, speed *[speeds]float64) {
	n := len(t)
	if n < 2 {
		clear(t)
		return
	}
	at := func(i int) float64 { // the speed between steps i and i+1
		u := float64((float64(i) + 0.5) / float64(n-1) * (speeds - 1))
		k := min(int(u), speeds-2)
		f := u - float64(k)
		return float64((1-f)*speed[k]) + float64(f*speed[k+1])
	}
	total := 0.0
	for i := range n - 1 {
		total += at(i)
	}
	sum := 0.0
	for i := range t {
		t[i] = float32(sum / total * float64(n-1))
		if i < n-1 {
			sum += at(i)
		}
	}
	t[n-1] = float32(n - 1)
}
