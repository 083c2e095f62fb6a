package search

import (
	"math"

	"medml/internal/elementary"
)

// standardised returns ranked trials' values in a form that a Gaussian process can follow:
// lower is better, the mean is 0 and the variance 1.
//
// Values above the median first give way to the logarithm of their distance from it, the
// faster the farther they are in units of the distance between the first and the ninth
// decile. So a few explosions don't make the differences among the good ones vanish, and
// values without such a tail stay nearly as they are. Pruned trials get, in their order,
// the values of the worse half of the complete ones; those that don't meet the constraints
// rise in theirs from the worst by the distance of the deciles; those without a number for
// a value get the worst of all.
func standardised(p *past, ranked []int32) []float64 {
	y := make([]float64, len(ranked))
	complete, pruned, infeasible := 0, 0, 0
	for i, number := range ranked {
		switch p.trials[number].class() {
		case completeClass:
			y[i] = bounded(p.trials[number].value)
			complete++
		case prunedClass:
			pruned++
		case infeasibleClass:
			infeasible++
		}
	}
	compress(y[:complete])
	for i := complete; i < len(y); i++ {
		switch {
		case complete == 0:
			y[i] = float64(min(i, pruned+infeasible))
		case i < complete+pruned:
			worse := complete - complete/2
			y[i] = y[complete/2+(i-complete)*worse/pruned]
		case infeasible > 0:
			place := min(i-complete-pruned+1, infeasible)
			y[i] = y[complete-1] + float64(place)/float64(infeasible)
		default:
			y[i] = y[complete-1]
		}
	}
	standardise(y)
	return y
}

// bounded returns the finite number nearest to x.
func bounded(x float64) float64 { return min(max(x, -math.MaxFloat64), math.MaxFloat64) }

// tail is how far above the median, in units of the distance between the deciles, values
// are left nearly as they are: among normally distributed ones the farthest are at 1. None
// gets farther than twice that.
const tail = 6

// compress shortens the upper tail of rising values and measures them from their median, in
// units of the distance between their deciles.
func compress(y []float64) {
	if len(y) == 0 {
		return
	}
	// In units of the largest, no difference overflows.
	largest := max(math.Abs(y[0]), math.Abs(y[len(y)-1]))
	if largest == 0 {
		return
	}
	for i := range y {
		y[i] /= largest
	}
	median := y[len(y)/2]
	unit := y[(len(y)-1)*9/10] - y[(len(y)-1)/10]
	if unit == 0 {
		unit = y[len(y)-1] - y[0]
	}
	if unit == 0 {
		unit = 1
	}
	for i := range y {
		y[i] = (y[i] - median) / unit
		if y[i] > 0 {
			y[i] = min(float64(tail*elementary.Log1p(y[i]/tail)), 2*tail)
		}
	}
}

// standardise shifts and scales the values to the mean 0 and the variance 1; equal ones
// become 0.
func standardise(y []float64) {
	mean, squares := 0.0, 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	for i := range y {
		y[i] -= mean
		squares += float64(y[i]*y[i]) / float64(len(y))
	}
	if sd := math.Sqrt(squares); sd > 1e-12 && !math.IsInf(sd, 0) {
		for i := range y {
			y[i] /= sd
		}
	} else {
		clear(y)
	}
}
