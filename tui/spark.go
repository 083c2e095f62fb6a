package tui

import (
	"strings"

	"medml"
)

// learningCurve returns a trial's metric by epoch, the mean over the folds that have
// come that far. Epochs without a number are left out.
func learningCurve(t medml.Trial) []float64 {
	return meanByEpoch(t, func(e medml.Epoch) float64 { return e.Value })
}

// meanByEpoch returns the mean over the folds of what pick takes from each epoch; NaN
// where no fold has a number.
func meanByEpoch(t medml.Trial, pick func(medml.Epoch) float64) []float64 {
	longest := 0
	for _, r := range t.Runs {
		longest = max(longest, len(r.Epochs))
	}
	means := make([]float64, longest)
	for i := range means {
		sum, n := 0.0, 0.0
		for _, r := range t.Runs {
			if i >= len(r.Epochs) {
				continue
			}
			if x := pick(r.Epochs[i]); x == x {
				sum, n = sum+x, n+1
			}
		}
		means[i] = sum / n
	}
	return means
}

// spark draws numbers in at most w cells, each cell the mean of its share of them,
// scaled between the lowest and the highest.
func (g glyphs) spark(xs []float64, w int) string {
	xs = finite(xs)
	if len(xs) == 0 || w <= 0 {
		return ""
	}
	cells := make([]float64, min(w, len(xs)))
	for i := range cells {
		from, to := i*len(xs)/len(cells), (i+1)*len(xs)/len(cells)
		for _, x := range xs[from:to] {
			cells[i] += x / float64(to-from)
		}
	}
	low, high := bounds(cells)
	var b strings.Builder
	for _, x := range cells {
		level := len(g.levels) / 2
		if high > low {
			level = int((x - low) / (high - low) * float64(len(g.levels)-1))
		}
		b.WriteString(g.levels[min(max(level, 0), len(g.levels)-1)])
	}
	return b.String()
}

// finite returns xs without NaN and infinities, and without copying if there are none.
func finite(xs []float64) []float64 {
	for i, x := range xs {
		if x-x == 0 {
			continue
		}
		kept := append([]float64(nil), xs[:i]...)
		for _, y := range xs[i+1:] {
			if y-y == 0 {
				kept = append(kept, y)
			}
		}
		return kept
	}
	return xs
}

// bounds returns the least and the greatest of xs, which isn't empty.
func bounds(xs []float64) (low, high float64) {
	low, high = xs[0], xs[0]
	for _, x := range xs {
		low, high = min(low, x), max(high, x)
	}
	return low, high
}
