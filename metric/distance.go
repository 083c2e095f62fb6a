package metric

import (
	"math"
	"slices"
)

var rmse = Metric{
	Name: "rmse", Task: Regression, Low: 0, High: math.Inf(1),
	Doc: "root of the mean squared error, in the target's unit",
	Compute: regressed(func(predicted, truth []float64) float64 {
		return math.Sqrt(squaredError(predicted, truth) / float64(len(truth)))
	}),
}

var mae = Metric{
	Name: "mae", Task: Regression, Low: 0, High: math.Inf(1),
	Doc: "mean absolute error, in the target's unit",
	Compute: regressed(func(predicted, truth []float64) float64 {
		sum := 0.0
		for i, y := range truth {
			sum += math.Abs(predicted[i] - y)
		}
		return sum / float64(len(truth))
	}),
}

var medae = Metric{
	Name: "medae", Task: Regression, Low: 0, High: math.Inf(1),
	Doc: "median absolute error, in the target's unit",
	Compute: regressed(func(predicted, truth []float64) float64 {
		errors := make([]float64, len(truth))
		for i, y := range truth {
			errors[i] = math.Abs(predicted[i] - y)
		}
		slices.Sort(errors)
		n := len(errors)
		return float64(errors[(n-1)/2]/2) + float64(errors[n/2]/2)
	}),
}

var r2 = Metric{
	Name: "r2", Task: Regression, Higher: true, Low: math.Inf(-1), High: 1,
	Doc: "coefficient of determination: 1 less the squared error's share of the target's variance; undefined for a constant target",
	Compute: regressed(func(predicted, truth []float64) float64 {
		m := mean(truth)
		spread := 0.0
		for _, y := range truth {
			spread += float64((y - m) * (y - m))
		}
		if spread == 0 {
			return math.NaN()
		}
		return 1 - squaredError(predicted, truth)/spread
	}),
}

func squaredError(predicted, truth []float64) float64 {
	sum := 0.0
	for i, y := range truth {
		d := predicted[i] - y
		sum += float64(d * d)
	}
	return sum
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
