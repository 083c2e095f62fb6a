package dataset

import (
	"math"
	"slices"
)

// ladders are what features are scaled by under a quantile scaling.
type ladders struct {
	normal bool
	of     []ladder // [feature]; nil for one that has a centre and a scale
}

// learnFeatures learns how a table's features are filled and scaled.
func (p *Preparation) learnFeatures(c Preprocess, train []int) {
	d, n := p.d, len(p.Fill)
	counts := p.learnFill(c, train)
	var whole []float64 // [train, feature], filled by neighbours
	if c.Impute == "knn" {
		p.donors = newDonors(d, c.Neighbours, train)
		whole = make([]float64, 0, len(train)*n)
		for k, i := range train {
			whole = append(whole, d.Row(i)...)
			p.donors.fill(whole[k*n:], p.Fill)
		}
	}
	if c.Scale == "quantile" || c.Scale == "quantile-normal" {
		p.ladders = &ladders{normal: c.Scale == "quantile-normal", of: make([]ladder, n)}
	}
	filled := make([]float64, len(train))
	for j := range n {
		if counts[j] == 0 {
			continue // it teaches nothing, and becomes 0
		}
		for k, i := range train {
			if whole != nil {
				filled[k] = whole[k*n+j]
			} else {
				filled[k] = orElse(d.values[i*n+j], p.Fill[j])
			}
		}
		p.Center[j], p.Scale[j] = scalers[c.Scale](filled)
		if p.ladders != nil && p.Scale[j] != 0 && !isBinary(filled) {
			p.Center[j], p.Scale[j], p.ladders.of[j] = 0, 1, newLadder(filled)
		}
	}
}

// learnFill learns what stands in for missing values, and returns how many values there
// are of each feature.
func (p *Preparation) learnFill(c Preprocess, train []int) (counts []int) {
	d, impute := p.d, c.imputer()
	counts = make([]int, len(p.Fill))
	known := make([]float64, 0, len(train))
	for j := range p.Fill {
		known = d.known(known[:0], j, train)
		if counts[j] = len(known); len(known) > 0 {
			p.Fill[j] = impute(known)
		}
	}
	for _, b := range d.blocks {
		switch c.Impute {
		case "median", "mode":
			p.fillWord(b, train)
		case "constant":
			clear(p.Fill[b.first:b.end])
		}
	}
	return counts
}

// fillWord has the most frequent word stand in for a missing one, of several the first.
func (p *Preparation) fillWord(b block, train []int) {
	counts := make([]float64, b.end-b.first)
	for _, i := range train {
		for w, x := range p.d.Row(i)[b.first:b.end] {
			counts[w] += orElse(x, 0)
		}
	}
	clear(p.Fill[b.first:b.end])
	if most := slices.Max(counts); most > 0 {
		p.Fill[b.first+slices.Index(counts, most)] = 1
	}
}

// known appends the values that rows have of a feature.
func (d *Dataset) known(to []float64, feature int, rows []int) []float64 {
	n := len(d.Features)
	for _, i := range rows {
		if x := d.values[i*n+feature]; !math.IsNaN(x) {
			to = append(to, x)
		}
	}
	return to
}

// Apply prepares the features of one example of a table, x [feature] with NaN where a
// value is missing, into dst [feature].
func (p *Preparation) Apply(dst []float32, x []float64) {
	if p.donors != nil {
		x = slices.Clone(x)
		p.donors.fill(x, p.Fill)
	}
	for j, v := range x {
		dst[j] = p.one(j, v)
	}
}

// one prepares a value of feature j, NaN where it is missing.
func (p *Preparation) one(j int, v float64) float32 {
	v = orElse(v, p.Fill[j])
	switch {
	case p.Scale[j] == 0:
		return 0
	case p.ladders != nil && p.ladders.of[j] != nil:
		v = p.ladders.of[j].at(v)
		if p.ladders.normal {
			v = normal(v)
		}
		return float32(v)
	}
	return toFloat32((v - p.Center[j]) / p.Scale[j])
}
