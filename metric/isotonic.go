package metric

import "sort"

// Isotonic maps a score by a function that never falls, straight between its corners: one
// for each class against the rest, a single one where there are two; of more than two the
// results are made to sum to 1 again (Zadrozny & Elkan 2002, KDD). Beyond its corners it is
// constant.
type Isotonic struct {
	X [][]float64 `json:"x"` // the corners' scores, ascending
	Y [][]float64 `json:"y"` // and probabilities, never falling
}

// FitIsotonic returns the isotonic regression of the labels on the scores: the function that
// never falls with the least squared error, by pooling adjacent violators (Ayer et al.
// 1955, Ann. Math. Stat. 26:641; for calibration Zadrozny & Elkan 2002, KDD). Equal scores
// are one point. It can reach 0 and 1, and does so where the classes are separated.
func FitIsotonic(scores []float64, labels []int32, classes int) (Isotonic, error) {
	p, err := calibratable(scores, labels, classes)
	if err != nil {
		return Isotonic{}, err
	}
	var out Isotonic
	p.oneAgainstRest(func(scores []float64, labels []int32) {
		x, y := pool(scores, labels)
		out.X, out.Y = append(out.X, x), append(out.Y, y)
	})
	return out, nil
}

// pool returns the corners of the isotonic regression of labels on scores.
func pool(scores []float64, labels []int32) (x, y []float64) {
	type block struct {
		from, to     float64
		positives, n int
	}
	var blocks []block
	steps := thresholds(scores, labels, 1)
	for i := len(steps) - 1; i > 0; i-- { // from the lowest score up
		now, above := steps[i], steps[i-1]
		tp, fp := now.tp-above.tp, now.fp-above.fp
		b := block{now.from, now.from, tp, tp + fp}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if last.positives*b.n < b.positives*last.n {
				break
			}
			b = block{last.from, b.to, last.positives + b.positives, last.n + b.n}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		share := float64(b.positives) / float64(b.n)
		x, y = append(x, b.from), append(y, share)
		if b.to > b.from {
			x, y = append(x, b.to), append(y, share)
		}
	}
	return x, y
}

// rises reports whether the corners are those of that many functions that never fall.
func (t Isotonic) rises(columns int) bool {
	if len(t.X) != columns || len(t.Y) != columns {
		return false
	}
	for c, x := range t.X {
		y := t.Y[c]
		if len(x) == 0 || len(x) != len(y) || !allFinite(x) || !(y[0] >= 0 && y[len(y)-1] <= 1) {
			return false
		}
		for i := 1; i < len(x); i++ {
			if !(x[i] > x[i-1] && y[i] >= y[i-1]) {
				return false
			}
		}
	}
	return true
}

// Apply returns calibrated scores.
func (t Isotonic) Apply(scores []float64) []float64 {
	return eachColumn(scores, len(t.X), func(c int, s float64) float64 { return between(t.X[c], t.Y[c], s) })
}

// between returns the height at s of the lines between corners, NaN for NaN.
func between(x, y []float64, s float64) float64 {
	i := sort.SearchFloat64s(x, s)
	switch {
	case s != s:
		return s
	case i == len(x):
		return y[i-1]
	case i == 0 || x[i] == s:
		return y[i]
	}
	share := (s - x[i-1]) / (x[i] - x[i-1])
	return y[i-1] + float64(share*(y[i]-y[i-1]))
}
