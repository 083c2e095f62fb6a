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

// fitLine returns the line that makes Σ w·(log(1+e^f) - t·f) least, f = a + b·x and t in
// [0, 1], by Newton's method with backtracking (Lin, Lin & Weng 2007, Machine Learning
// 68:267, algorithm 1). It reports false where that has no least value within reach, as for
// targets of 0 and 1 that x separates. Weights nil are 1.
func fitLine(x, t []float64, w []int32) (at line, bend curvature, ok bool) {
	loss, moved := lineLoss(x, t, w, at), math.Inf(1)
	for range 100 {
		ga, gb, h := lineSlope(x, t, w, at)
		det := float64(h.aa*h.bb) - float64(h.ab*h.ab)
		if !(det > 1e-13*float64(h.aa*h.bb)) {
			return at, h, false // the loss is flat: separated, or all x alike
		}
		da := -(float64(h.bb*ga) - float64(h.ab*gb)) / det
		db := -(float64(h.aa*gb) - float64(h.ab*ga)) / det
		moved = max(math.Abs(da)/max(1, math.Abs(at.a)), math.Abs(db)/max(1, math.Abs(at.b)))
		if moved <= still {
			return at, h, true
		}
		next, least := at, math.Inf(1)
		for step := 1.0; step > 1e-10; step /= 2 {
			next = line{at.a + float64(step*da), at.b + float64(step*db)}
			least = lineLoss(x, t, w, next)
			if least <= loss+float64(rounding*math.Abs(loss)) {
				break
			}
		}
		if math.Abs(next.a) > 1e4 || math.Abs(next.b) > 1e4 {
			return at, h, false
		}
		at, loss, bend = next, least, h
	}
	return at, bend, moved <= 1e-7
}

// still is a step of Newton's that no longer matters, rounding what the loss is right to.
const still, rounding = 1e-12, 1e-13

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
		p := elementary.Sigmoid(at.a + float64(at.b*v))
		times := weight(w, i)
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
