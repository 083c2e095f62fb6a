package metric

import (
	"fmt"
	"math"

	"medml/internal/elementary"
)

// mase is the mean absolute scaled error of Hyndman & Koehler 2006 (Int. J. Forecasting
// 22:679): each error over the mean absolute error that the naive forecast has within the
// series before it.
var mase = judge(Metric{
	Name: "mase", Task: Forecasting, Low: 0, High: math.Inf(1),
	Doc: "mean absolute error as a multiple of that of the naive forecast in the series before",
}, scaled, averaged(scaledErrors, same))

// pinball is the mean over the quantiles of Koenker & Bassett's loss (1978, Econometrica 46:33).
var pinball = judge(Metric{
	Name: "pinball", Task: Forecasting, Low: 0, High: math.Inf(1),
	Doc: "mean pinball loss over the predicted quantiles, in the target's unit",
}, quantiled, averaged(pinballLosses(1), same))

// crps approximates ∫ 2·pinball(τ) dτ by the mean over the predicted quantiles (Gneiting &
// Raftery 2007, JASA 102:359, section 4.2), exact as they become many and evenly spread.
var crps = judge(Metric{
	Name: "crps", Task: Forecasting, Low: 0, High: math.Inf(1),
	Doc: "continuous ranked probability score, in the target's unit: of predicted quantiles twice their mean pinball loss, of a predicted normal distribution its closed form",
}, distributed, func(p Predictions) value {
	if p.Spread != nil {
		return averaged(normalScores, same)(p)
	}
	return averaged(pinballLosses(2), same)(p)
})

// coverage is the share that Christoffersen 1998 (Int. Econ. Rev. 39:841) holds against the
// nominal one.
var coverage = judge(Metric{
	Name: "interval_coverage", Task: Forecasting, Higher: true, Low: 0, High: 1,
	Doc: "share of the targets between the lowest and the highest predicted quantile; the nominal share is the difference of the two",
}, quantiled, averaged(inside, same))

// NaiveScale returns the mean absolute error of the forecast that each value is the one
// season steps before it, which mase divides by (Hyndman & Koehler 2006, Int. J. Forecasting
// 22:679): a season of 1 is "as the last". It is NaN
// for a series that isn't longer than a season.
func NaiveScale(series []float64, season int) float64 {
	if season < 1 {
		panic(fmt.Sprintf("metric: a season of %d steps", season))
	}
	if len(series) <= season {
		return math.NaN()
	}
	sum := 0.0
	for i := season; i < len(series); i++ {
		sum += math.Abs(series[i] - series[i-season])
	}
	return sum / float64(len(series)-season)
}

// scaled is numbers for errors on the scale of the naive forecast's.
func scaled(p Predictions) string {
	if why := numbers(p); why != "" {
		return why
	}
	if len(p.Scale) == 0 {
		return "the naive forecast's error isn't known"
	}
	if len(p.Scale) != p.rows() {
		panic(fmt.Sprintf("metric: %d scales for %d rows", len(p.Scale), p.rows()))
	}
	for _, s := range p.Scale {
		if !(s > 0) {
			return "the naive forecast makes no error in a series"
		}
	}
	return ""
}

func scaledErrors(p Predictions) []float64 {
	sums := losses(func(predicted, truth float64) float64 { return math.Abs(predicted - truth) })(p)
	for i, s := range p.Scale {
		sums[i] /= s
	}
	return sums
}

// quantiled is the check of predicted quantiles.
func quantiled(p Predictions) string {
	p.checkTargets()
	switch {
	case len(p.Targets) == 0:
		return "no examples"
	case len(p.Quantiles) == 0:
		return "no quantiles are predicted"
	case anyNaN(p.Scores) || anyNaN(p.Targets):
		return "a number is missing"
	}
	last := 0.0
	for _, q := range p.Quantiles {
		if !(q > last && q < 1) {
			panic(fmt.Sprintf("metric: quantiles %v don't rise between 0 and 1", p.Quantiles))
		}
		last = q
	}
	return ""
}

// distributed is the check of a predicted distribution: quantiles or a normal one's spread.
func distributed(p Predictions) string {
	if p.Spread == nil {
		return quantiled(p)
	}
	if why := numbers(p); why != "" {
		return why
	}
	if len(p.Spread) != len(p.Targets) {
		panic(fmt.Sprintf("metric: %d spreads for %d targets", len(p.Spread), len(p.Targets)))
	}
	for _, s := range p.Spread {
		if !(s > 0) {
			return "a predicted spread is not above 0"
		}
	}
	return ""
}

// pinballLosses returns times the pinball loss (Koenker & Bassett 1978, Econometrica
// 46:33), the mean over the quantiles τ of (y-q)·τ above q and (q-y)·(1-τ) below.
func pinballLosses(times float64) func(Predictions) []float64 {
	return func(p Predictions) []float64 {
		sums, many := make([]float64, p.rows()), len(p.Quantiles)
		for i, y := range p.Targets {
			sum := 0.0
			for j, tau := range p.Quantiles {
				d := y - p.Scores[i*many+j]
				sum += max(float64(tau*d), float64((tau-1)*d))
			}
			sums[i/p.width()] += float64(times*sum) / float64(many)
		}
		return sums
	}
}

// normalScores returns σ·(z·(2Φ(z)-1) + 2φ(z) - 1/√π) with z = (y-μ)/σ (Gneiting & Raftery
// 2007, equation 21).
func normalScores(p Predictions) []float64 {
	sums := make([]float64, p.rows())
	for i, y := range p.Targets {
		sigma := p.Spread[i]
		z := (y - p.Scores[i]) / sigma
		density := elementary.Exp(-float64(z*z)/2) / math.Sqrt(2*math.Pi)
		within := float64(z * (float64(2*elementary.NormCDF(z)) - 1))
		sums[i/p.width()] += float64(sigma * (within + float64(2*density) - 1/math.Sqrt(math.Pi)))
	}
	return sums
}

func inside(p Predictions) []float64 {
	sums, many := make([]float64, p.rows()), len(p.Quantiles)
	for i, y := range p.Targets {
		if p.Scores[i*many] <= y && y <= p.Scores[(i+1)*many-1] {
			sums[i/p.width()]++
		}
	}
	return sums
}
