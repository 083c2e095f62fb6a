package dataset

import (
	"fmt"
	"math"
	"slices"
)

// Preparation is what was learnt from a training part, and how it prepares examples: a
// missing value becomes Fill, and a value x becomes (x−Center)/Scale, or 0 where Scale is
// 0. It is learnt in float64 and in one order, so it has the same bits everywhere.
type Preparation struct {
	Fill, Center, Scale []float64 // [feature]
	// TargetMean and TargetSD are the mean and standard deviation of a regression's
	// targets in the training part; TargetSD is 1 where they are all equal. Matrix gives
	// targets as they are: standardising them is left to the trainer. 0 and 1 for a
	// classification.
	TargetMean, TargetSD float64

	d *Dataset
}

// Matrix is a view of some rows, ready for training.
type Matrix struct {
	X       []float32 // [row, feature], row-major; the features of a row have the dataset's Shape
	Width   int       // features of a row
	Labels  []int32   // [row]: class; nil for a regression
	Targets []float32 // [row]: number to predict; nil for a classification
}

// Len returns the number of rows.
func (m Matrix) Len() int { return max(len(m.Labels), len(m.Targets)) }

// Row returns the features of row i of the matrix, [feature], as a view.
func (m Matrix) Row(i int) []float32 { return m.X[i*m.Width : (i+1)*m.Width : (i+1)*m.Width] }

// Prepare learns from the training rows alone how to fill missing values and scale, as p
// says. What is learnt depends on which rows they are and not on their order. A feature
// that has no value in them, or (unless nothing is scaled) one value only, teaches
// nothing and becomes 0 everywhere.
func (d *Dataset) Prepare(p Preprocess, train []int) (*Preparation, error) {
	p = Config{Preprocess: p}.Resolved(d.Task).Preprocess
	var found mistakes
	if p.validate(&found); len(found) > 0 {
		return nil, found[0]
	}
	if len(train) == 0 {
		return nil, fmt.Errorf("preparing %s: the training part is empty", d.Name)
	}
	if p.Impute == "none" {
		if err := d.checkComplete(); err != nil {
			return nil, err
		}
	}
	train = slices.Clone(train)
	slices.Sort(train)
	n := len(d.Features)
	out := &Preparation{
		Fill: make([]float64, n), Center: make([]float64, n), Scale: make([]float64, n),
		TargetSD: 1, d: d,
	}
	impute, scale := imputers[p.Impute], scalers[p.Scale]
	known, filled := make([]float64, 0, len(train)), make([]float64, len(train))
	for j := range n {
		known = known[:0]
		for _, i := range train {
			if x := d.values[i*n+j]; !math.IsNaN(x) {
				known = append(known, x)
			}
		}
		if len(known) == 0 {
			continue
		}
		out.Fill[j] = impute(known)
		for k, i := range train {
			filled[k] = orElse(d.values[i*n+j], out.Fill[j])
		}
		out.Center[j], out.Scale[j] = scale(filled)
	}
	if d.Task == Regression {
		out.learnTargets(train)
	}
	return out, nil
}

func (p *Preparation) learnTargets(train []int) {
	targets := make([]float64, len(train))
	for k, i := range train {
		targets[k] = p.d.targets[i]
	}
	p.TargetMean, p.TargetSD = standard(targets)
	if p.TargetSD == 0 {
		p.TargetSD = 1
	}
}

// checkComplete returns an error at the first missing value.
func (d *Dataset) checkComplete() error {
	for at, x := range d.values {
		if math.IsNaN(x) {
			return fmt.Errorf("preparing %s: example %d has no value of %s, and impute is none",
				d.Name, at/len(d.Features)+1, d.Features[at%len(d.Features)])
		}
	}
	return nil
}

// Apply prepares the features of one example, x [feature] with NaN where a value is
// missing, into dst [feature].
func (p *Preparation) Apply(dst []float32, x []float64) {
	for j, v := range x {
		switch v = orElse(v, p.Fill[j]); {
		case p.Scale[j] == 0:
			dst[j] = 0
		default:
			dst[j] = toFloat32((v - p.Center[j]) / p.Scale[j])
		}
	}
}

// Matrix prepares the given rows, in their order. Made once for each part of a fold, it
// is what batches are gathered from.
func (p *Preparation) Matrix(rows []int) Matrix {
	d := p.d
	m := Matrix{X: make([]float32, len(rows)*len(d.Features)), Width: len(d.Features)}
	if d.Task == Classification {
		m.Labels = make([]int32, len(rows))
	} else {
		m.Targets = make([]float32, len(rows))
	}
	for k, i := range rows {
		p.Apply(m.X[k*m.Width:(k+1)*m.Width], d.Row(i))
		if d.Task == Classification {
			m.Labels[k] = d.labels[i]
		} else {
			m.Targets[k] = float32(d.targets[i])
		}
	}
	return m
}

func orElse(x, fill float64) float64 {
	if math.IsNaN(x) {
		return fill
	}
	return x
}

// toFloat32 rounds x; what is too large for float32 becomes the largest there is.
func toFloat32(x float64) float32 {
	return float32(max(-math.MaxFloat32, min(math.MaxFloat32, x)))
}
