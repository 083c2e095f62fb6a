package metric

// subset returns the predictions of some rows alone.
func (p Predictions) subset(rows []int) Predictions {
	q := p
	take := func(from []float64, width int) []float64 {
		if from == nil {
			return nil
		}
		to := make([]float64, 0, len(rows)*width)
		for _, r := range rows {
			to = append(to, from[r*width:(r+1)*width]...)
		}
		return to
	}
	if p.Classes > 0 {
		q.Labels = make([]int32, len(rows))
		for i, r := range rows {
			q.Labels[i] = p.Labels[r]
		}
	}
	q.Scores = take(p.Scores, len(p.Scores)/max(1, p.rows()))
	q.Targets, q.Spread = take(p.Targets, p.width()), take(p.Spread, p.width())
	q.Scale = take(p.Scale, 1)
	return q
}

// repeated returns the predictions with each row as often as its weight says.
func (p Predictions) repeated(w []int32) Predictions {
	var rows []int
	for row, times := range w {
		for range times {
			rows = append(rows, row)
		}
	}
	return p.subset(rows)
}
