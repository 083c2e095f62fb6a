package metric

import (
	"math"

	"medml/internal/elementary"
)

// line is log odds a + b·x.
type line struct{ a, b float64 }

// farthest bounds the log odds that a probability is taken to have: those of 1 - 2⁻⁵².
const farthest = 36

// logOdds returns log p/(1-p) within ±36.
func logOdds(p float64) float64 {
	p = max(0x1p-53, min(1-0x1p-53, p))
	return max(-farthest, min(farthest, elementary.Log(p)-elementary.Log1p(-p)))
}

// curvature is the second derivatives of a loss by a and b.
type curvature struct{ aa, ab, bb float64 }

// fitLine returns the line that makes Σ w·(log(1+e^f) - t·f) least, f = a + b·x, x within
// ±36 and t in [0, 1], by Newton's method from a first guess, with backtracking (Lin, Lin &
// Weng 2007, Machine Learning 68:267, algorithm 1). It reports false where that has no least
// value within reach, as for targets of 0 and 1 that x separates. Weights nil are 1.
func fitLine(x, t []float64, w []int32, from line) (at line, bend curvature, ok bool) {
	at = from
	for range 100 {
		ga, gb, h := lineSlope(x, t, w, at)
		bend = h
		det := float64(h.aa*h.bb) - float64(h.ab*h.ab)
		if !(det > 1e-13*float64(h.aa*h.bb)) {
			return at, bend, false // the loss is flat: separated, or all x alike
		}
		step := line{
			a: -(float64(h.bb*ga) - float64(h.ab*gb)) / det,
			b: -(float64(h.aa*gb) - float64(h.ab*ga)) / det,
		}
		moved := max(math.Abs(step.a)/max(1, math.Abs(at.a)), math.Abs(step.b)/max(1, math.Abs(at.b)))
		at = downhill(x, t, w, at, step)
		if moved <= still {
			if w == nil {
				_, _, bend = lineSlope(x, t, w, at) // that of a resample isn't asked for
			}
			return at, bend, true
		}
		if math.Abs(at.a) > 1e4 || math.Abs(at.b) > 1e4 {
			return at, bend, false
		}
	}
	return at, bend, false
}

// downhill takes a step, or the first of its halves that doesn't make the loss greater. One
// that moves no log odds by more than 1 is taken as it is: there the loss is near enough to
// its parabola.
func downhill(x, t []float64, w []int32, at, step line) line {
	if math.Abs(step.a)+float64(farthest*math.Abs(step.b)) <= 1 {
		return line{at.a + step.a, at.b + step.b}
	}
	loss := lineLoss(x, t, w, at)
	for share := 1.0; share > 1e-10; share /= 2 {
		next := line{at.a + float64(share*step.a), at.b + float64(share*step.b)}
		if lineLoss(x, t, w, next) <= loss+float64(rounding*math.Abs(loss)) {
			return next
		}
	}
	return at
}

// still is a step of Newton's after which the next would be rounding, its square; rounding
// is what the loss is right to.
const still, rounding = 1e-7, 1e-13

func lineLoss(x, t []float64, w []int32, at line) float64 {
	sum := 0.0
	for i, v := range x {
		f := at.a + float64(at.b*v)
		l := max(f, 0) + elementary.Log1p(elementary.Exp(-math.Abs(f))) - float64(t[i]*f)
		sum += float64(weight(w, i) * l)
	}
	return sum
}

func lineSlope(x, t []float64, w []int32, at line) (ga, gb float64, h curvature) {
	for i, v := range x {
		times := weight(w, i)
		if times == 0 {
			continue
		}
		p := elementary.Sigmoid(at.a + float64(at.b*v))
		d := float64(times * (p - t[i]))
		q := float64(times * float64(p*(1-p)))
		ga += d
		gb += float64(d * v)
		h.aa += q
		h.ab += float64(q * v)
		h.bb += float64(float64(q*v) * v)
	}
	return ga, gb, h
}

func weight(w []int32, i int) float64 {
	if w == nil {
		return 1
	}
	return float64(w[i])
}
