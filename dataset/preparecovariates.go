package dataset

import "math"

// learnCovariates learns how the covariates are filled and scaled, as a table's features
// are.
func (p *Preparation) learnCovariates(c Preprocess, train []int) {
	d, n := p.d, len(p.d.Covariates)
	if n == 0 {
		return
	}
	first := len(p.Fill) - n
	how := byDefault(c.Covariates, c.Scale)
	if how == "quantile" || how == "quantile-normal" {
		p.ladders = &ladders{normal: how == "quantile-normal", of: make([]ladder, len(p.Fill))}
	}
	impute := c.imputer()
	known, filled := make([]float64, 0, len(train)), make([]float64, len(train))
	for j := range n {
		known = known[:0]
		for k, i := range train {
			filled[k] = float64(d.Beside(i)[j])
			if !math.IsNaN(filled[k]) {
				known = append(known, filled[k])
			}
		}
		if len(known) == 0 {
			continue // it teaches nothing, and becomes 0
		}
		at := first + j
		p.Fill[at] = impute(known)
		for k, x := range filled {
			filled[k] = orElse(x, p.Fill[at])
		}
		p.Center[at], p.Scale[at] = scalers[how](filled)
		if p.ladders != nil && p.Scale[at] != 0 && !isBinary(filled) {
			p.Center[at], p.Scale[at], p.ladders.of[at] = 0, 1, newLadder(filled)
		}
	}
}

// appendCovariates appends those of one example, x, prepared.
func (p *Preparation) appendCovariates(to, x []float32) []float32 {
	first := len(p.Fill) - len(x)
	for j, v := range x {
		to = append(to, p.one(first+j, float64(v)))
	}
	return to
}
