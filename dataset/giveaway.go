package dataset

import (
	"cmp"
	"math"
	"slices"
)

// Bounds beyond which one feature alone is suspicious.
const (
	suspectAUROC       = 0.99
	suspectCorrelation = 0.999
	leastOfClass       = 10
)

// describeGiveaways finds the features that alone say the target, at most one entry each.
func (d *Dataset) describeGiveaways(out *Description, rows []int) {
	counts := d.Counts(rows)
	for j, name := range d.Features {
		known := make([]scored, 0, len(rows))
		for _, i := range rows {
			if x := d.values[i*len(d.Features)+j]; !math.IsNaN(x) {
				known = append(known, scored{x, i})
			}
		}
		if d.Task == Regression {
			if r := math.Abs(d.correlation(known)); r > suspectCorrelation && len(known) >= leastOfClass {
				out.Giveaways = append(out.Giveaways, Separator{Feature: name, Strength: r})
			}
			continue
		}
		slices.SortFunc(known, func(a, b scored) int { return cmp.Compare(a.x, b.x) })
		best := Separator{Feature: name}
		for class := range d.Classes {
			if len(d.Classes) == 2 && class == 0 || counts[class] < leastOfClass {
				continue
			}
			if a := d.separation(known, class); a > best.Strength {
				best.Strength, best.Class = a, d.Classes[class]
			}
		}
		if best.Strength > suspectAUROC {
			out.Giveaways = append(out.Giveaways, best)
		}
	}
}

// scored is an example and its value of a feature.
type scored struct {
	x   float64
	row int
}

// separation is the AUROC of a feature for one class against the others, by the ranks of
// Mann and Whitney (1947) with ties halved, in the better direction; 0 with too few of
// either.
func (d *Dataset) separation(sorted []scored, class int) float64 {
	sum, positives := 0.0, 0
	for first := 0; first < len(sorted); {
		end, here := first, 0
		for ; end < len(sorted) && sorted[end].x == sorted[first].x; end++ {
			if int(d.label(sorted[end].row)) == class {
				here++
			}
		}
		rank := float64(first+end+1) / 2 // the middle of first+1 … end
		sum += float64(rank * float64(here))
		positives += here
		first = end
	}
	negatives := len(sorted) - positives
	if positives < leastOfClass || negatives < leastOfClass {
		return 0
	}
	u := sum - float64(positives)*float64(positives+1)/2
	a := u / float64(positives) / float64(negatives)
	return max(a, 1-a)
}

// correlation is Pearson's, 0 where either doesn't vary.
func (d *Dataset) correlation(known []scored) float64 {
	xs, ys := make([]float64, len(known)), make([]float64, len(known))
	for k, s := range known {
		xs[k], ys[k] = s.x, d.target(s.row)
	}
	if len(xs) == 0 {
		return 0
	}
	mx, sx := standard(xs)
	my, sy := standard(ys)
	if sx == 0 || sy == 0 {
		return 0
	}
	sum := 0.0
	for k := range xs {
		sum += float64((xs[k] - mx) / sx * ((ys[k] - my) / sy))
	}
	return sum / float64(len(xs))
}
