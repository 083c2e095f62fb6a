package metric

// ByHorizon judges forecasts step by step: [Width, metrics], the first of what comes next, as
// errors grow with the lead time (Tashman 2000, Int. J. Forecasting 16:437).
func ByHorizon(ms []Metric, p Predictions, o Options) [][]Estimate {
	p.checkTargets()
	steps := make([][]Estimate, p.width())
	for h := range steps {
		steps[h] = Evaluate(ms, p.step(h), o)
	}
	return steps
}

// step returns the predictions of one number of each row.
func (p Predictions) step(h int) Predictions {
	q := p
	q.Width = 1
	take := func(from []float64, each int) []float64 {
		if from == nil {
			return nil
		}
		var to []float64
		for row := range p.rows() {
			at := (row*p.width() + h) * each
			to = append(to, from[at:at+each]...)
		}
		return to
	}
	q.Scores = take(p.Scores, max(1, len(p.Quantiles)))
	q.Targets, q.Spread = take(p.Targets, 1), take(p.Spread, 1)
	return q
}
