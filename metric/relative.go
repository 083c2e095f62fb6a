package metric

import "math"

// mape is that of Hyndman & Koehler 2006 (Int. J. Forecasting 22:679), a share instead of per cent.
var mape = judge(Metric{
	Name: "mape", Task: Regression, Low: 0, High: math.Inf(1),
	Doc: "mean absolute error as a share of the target (1 is 100 %); undefined where a target is 0",
}, noZero, averaged(losses(func(predicted, truth float64) float64 {
	return math.Abs(predicted-truth) / math.Abs(truth)
}), same))

// smape is that of Makridakis 1993 (Int. J. Forecasting 9:527) with absolute values in the
// denominator.
var smape = judge(Metric{
	Name: "smape", Task: Regression, Low: 0, High: 2,
	Doc: "symmetric mean absolute percentage error: the mean of 2·|error|/(|target| + |prediction|), 0 where both are 0",
}, numbers, averaged(losses(func(predicted, truth float64) float64 {
	both := math.Abs(predicted) + math.Abs(truth)
	if both == 0 {
		return 0
	}
	return min(2, float64(2*math.Abs(predicted-truth))/both)
}), same))

// noZero is numbers for errors relative to the target.
func noZero(p Predictions) string {
	if why := numbers(p); why != "" {
		return why
	}
	for _, y := range p.Targets {
		if y == 0 {
			return "a target is 0"
		}
	}
	return ""
}
