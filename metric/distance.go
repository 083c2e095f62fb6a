package metric

import (
	"math"
	"slices"

	"medml/internal/elementary"
)

// Errors of numbers are named as by Hyndman & Koehler 2006 (Int. J. Forecasting 22:679), section 2.

var mse = judge(Metric{
	Name: "mse", Task: Regression, Low: 0, High: math.Inf(1),
	Doc:   "mean squared error, in the target's unit squared",
	ratio: &ratio{losses: squaredErrors, back: elementary.Exp},
}, numbers, averaged(squaredErrors, same))

var rmse = judge(Metric{
	Name: "rmse", Task: Regression, Low: 0, High: math.Inf(1),
	Doc:   "root of the mean squared error, in the target's unit",
	ratio: &ratio{losses: squaredErrors, back: func(log float64) float64 { return elementary.Exp(log / 2) }},
}, numbers, averaged(squaredErrors, math.Sqrt))

var mae = judge(Metric{
	Name: "mae", Task: Regression, Low: 0, High: math.Inf(1),
	Doc:   "mean absolute error, in the target's unit",
	ratio: &ratio{losses: absoluteErrors, back: elementary.Exp},
}, numbers, averaged(absoluteErrors, same))

var medae = judge(Metric{
	Name: "medae", Task: Regression, Low: 0, High: math.Inf(1),
	Doc: "median absolute error, in the target's unit",
}, numbers, medianError)

// r2 is R²₁ of Kvålseth 1985 (Am. Stat. 39:279).
var r2 = judge(Metric{
	Name: "r2", Task: Regression, Higher: true, Low: math.Inf(-1), High: 1, undefined: "the target is constant",
	Doc:   "coefficient of determination: 1 less the squared error's share of the target's variance; undefined for a constant target",
	ratio: &ratio{losses: squaredErrors, spread: true, back: func(log float64) float64 { return 1 - elementary.Exp(log) }},
}, numbers, determination)

// losses makes of the loss of one number that of each row, the sum over its numbers: [n].
func losses(f func(predicted, truth float64) float64) func(Predictions) []float64 {
	return func(p Predictions) []float64 {
		predicted, width := p.single(), p.width()
		sums := make([]float64, p.rows())
		for i, y := range p.Targets {
			sums[i/width] += f(predicted[i], y)
		}
		return sums
	}
}

var squaredErrors = losses(func(predicted, truth float64) float64 {
	d := predicted - truth
	return float64(d * d)
})

var absoluteErrors = losses(func(predicted, truth float64) float64 { return math.Abs(predicted - truth) })

// medianError is the middle one of the absolute errors, the mean of the two where their
// number is even.
func medianError(p Predictions) value {
	predicted, width := p.single(), p.width()
	type missed struct {
		by  float64
		row int
	}
	errors := make([]missed, len(p.Targets))
	for i, y := range p.Targets {
		errors[i] = missed{math.Abs(predicted[i] - y), i / width}
	}
	slices.SortFunc(errors, func(a, b missed) int {
		switch {
		case a.by < b.by:
			return -1
		case a.by > b.by:
			return 1
		}
		return a.row - b.row
	})
	return func(w []int32) float64 {
		n := 0
		for _, e := range errors {
			n += int(w[e.row])
		}
		lower, upper, seen := math.NaN(), math.NaN(), 0
		for _, e := range errors {
			before := seen
			seen += int(w[e.row])
			if before <= (n-1)/2 && (n-1)/2 < seen {
				lower = e.by
			}
			if before <= n/2 && n/2 < seen {
				upper = e.by
				break
			}
		}
		return float64(lower/2) + float64(upper/2)
	}
}

// determination is 1 - Σ(ŷ-y)²/Σ(y-ȳ)², all the numbers of the rows together.
func determination(p Predictions) value {
	squares, width := squaredErrors(p), p.width()
	return func(w []int32) float64 {
		centre := weightedMean(p.Targets, w, width)
		spread, wrong := 0.0, 0.0
		for i, y := range p.Targets {
			spread += float64(float64(w[i/width]) * float64((y-centre)*(y-centre)))
		}
		for i, s := range squares {
			wrong += float64(float64(w[i]) * s)
		}
		if spread == 0 {
			return math.NaN()
		}
		return 1 - wrong/spread
	}
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// weightedMean returns the mean of numbers of which each row has width.
func weightedMean(xs []float64, w []int32, width int) float64 {
	sum, n := 0.0, 0
	for i, x := range xs {
		sum += float64(float64(w[i/width]) * x)
		n += int(w[i/width])
	}
	return sum / float64(n)
}
