package dataset

import (
	"fmt"
	"math"
	"slices"
)

// Preparation is what was learnt from a training part, and how it prepares examples: a
// missing value becomes Fill, and a value x becomes (x−Center)/Scale, or 0 where Scale is
// 0. It is learnt in float64 and in one order, so it has the same bits everywhere.
//
// A table's are learnt for each feature. Those of images, signals and volumes are learnt
// for each channel, which is the last side of their shape, and then for each covariate.
type Preparation struct {
	Fill, Center, Scale []float64 // [feature], or [channel and covariate]
	// TargetMean and TargetSD are the mean and standard deviation of a regression's
	// targets in the training part; TargetSD is 1 where they are all equal. Matrix gives
	// targets as they are: standardising them is left to the trainer. 0 and 1 for a
	// classification.
	TargetMean, TargetSD float64

	donors  *donors  // impute by neighbours; Fill then stands in where there are none
	ladders *ladders // scale by quantiles; nil for Center and Scale alone

	d *Dataset
}

// Matrix is a view of some rows, ready for training. A table's rows are prepared once; of
// images, signals and volumes the folds share one buffer, and [Matrix.Copy] prepares.
type Matrix struct {
	X       []float32 // a table's rows, prepared: [row, feature], row-major; else nil
	Width   int       // numbers of a row: of the dataset's Shape, row-major, and its Covariates
	Labels  []int32   // [row]: class; nil for a regression
	Targets []float32 // [row]: number to predict; nil for a classification

	media *mediaRows
}

// mediaRows are rows of a dataset that are prepared as they are copied.
type mediaRows struct {
	values              []float32 // of the dataset
	rows                []int
	fill, center, scale []float32 // [channel]; scale is what a value is multiplied by

	size       int       // of a row without its covariates
	covariates []float32 // [row, covariate], prepared: they are few, and may cost more
}

// Len returns the number of rows.
func (m Matrix) Len() int {
	switch {
	case m.media != nil:
		return len(m.media.rows)
	case m.Width > 0 && m.X != nil:
		return len(m.X) / m.Width
	}
	return max(len(m.Labels), len(m.Targets))
}

// Copy writes row i, prepared, to dst [Width].
func (m Matrix) Copy(dst []float32, i int) {
	if m.media == nil {
		copy(dst, m.X[i*m.Width:(i+1)*m.Width])
		return
	}
	m.CopyMedia(dst, i)
	m.CopyCovariates(dst[m.media.size:], i)
}

// CopyMedia writes the image, signal or volume of row i, prepared, to dst, without its
// covariates.
func (m Matrix) CopyMedia(dst []float32, i int) {
	m.media.copy(dst, m.media.values[m.media.rows[i]*m.Width:][:m.media.size])
}

// CopyCovariates writes the covariates of row i, prepared, to dst.
func (m Matrix) CopyCovariates(dst []float32, i int) {
	n := m.Width - m.media.size
	copy(dst, m.media.covariates[i*n:][:n])
}

// Row returns row i, prepared: [Width]. Of a table it is a view.
func (m Matrix) Row(i int) []float32 {
	if m.media == nil {
		return m.X[i*m.Width : (i+1)*m.Width : (i+1)*m.Width]
	}
	row := make([]float32, m.Width)
	m.Copy(row, i)
	return row
}

func (m *mediaRows) copy(dst, from []float32) {
	if len(m.fill) == 1 {
		fill, center, scale := m.fill[0], m.center[0], m.scale[0]
		for j, x := range from {
			if x != x {
				x = fill
			}
			dst[j] = float32(float32(x-center) * scale)
		}
		return
	}
	c := 0
	for j, x := range from {
		if x != x {
			x = m.fill[c]
		}
		dst[j] = float32(float32(x-m.center[c]) * m.scale[c])
		if c++; c == len(m.fill) {
			c = 0
		}
	}
}

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
	if !d.IsTable() {
		if err := p.forMedia(); err != nil {
			return nil, err
		}
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
	n := d.channels()
	out := &Preparation{
		Fill: make([]float64, n), Center: make([]float64, n), Scale: make([]float64, n),
		TargetSD: 1, d: d,
	}
	if d.IsTable() {
		out.learnFeatures(p, train)
	} else {
		out.learnChannels(p, train)
		out.learnCovariates(p, train)
	}
	if d.Task == Regression {
		out.learnTargets(train)
	}
	return out, nil
}

// channels is how many features, or channels and covariates, are prepared each by itself.
func (d *Dataset) channels() int {
	if d.IsTable() {
		return len(d.Features)
	}
	return d.Shape[len(d.Shape)-1] + len(d.Covariates)
}

// mostLooked is how many values of a channel are looked at: of more, every second, third, …
const mostLooked = 1 << 22

func (p *Preparation) learnChannels(c Preprocess, train []int) {
	d, width := p.d, p.d.Width()
	channels := d.Shape[len(d.Shape)-1]
	impute, scale := c.imputer(), scalers[c.Scale]
	steps := d.size() / channels
	stride := 1 + (len(train)*steps-1)/mostLooked
	looked := make([]float64, 0, len(train)*steps/stride+1)
	for ch := range channels {
		looked = looked[:0]
		gaps := 0
		for at := 0; at < len(train)*steps; at += stride {
			x := float64(d.media[train[at/steps]*width+at%steps*channels+ch])
			if math.IsNaN(x) {
				gaps++
				continue
			}
			looked = append(looked, x)
		}
		if len(looked) == 0 {
			continue
		}
		if gaps > 0 {
			p.Fill[ch] = impute(looked)
			for range gaps {
				looked = append(looked, p.Fill[ch])
			}
		}
		p.Center[ch], p.Scale[ch] = scale(looked)
	}
}

func (p *Preparation) learnTargets(train []int) {
	targets := make([]float64, len(train))
	for k, i := range train {
		targets[k] = p.d.target(i)
	}
	p.TargetMean, p.TargetSD = standard(targets)
	if p.TargetSD == 0 {
		p.TargetSD = 1
	}
}

// checkComplete returns an error at the first missing value.
func (d *Dataset) checkComplete() error {
	for at, x := range d.media {
		if x != x {
			return fmt.Errorf("preparing %s: example %d lacks a value, and impute is none", d.Name, at/d.Width()+1)
		}
	}
	for at, x := range d.values {
		if math.IsNaN(x) {
			return fmt.Errorf("preparing %s: example %d has no value of %s, and impute is none",
				d.Name, at/len(d.Features)+1, d.Features[at%len(d.Features)])
		}
	}
	return nil
}

// Matrix prepares the given rows, in their order. Made once for each part of a fold, it
// is what batches are gathered from.
func (p *Preparation) Matrix(rows []int) Matrix { return p.Of(p.d, rows) }

// Of prepares rows of another dataset of the same features or shape.
func (p *Preparation) Of(d *Dataset, rows []int) Matrix {
	m := Matrix{Width: d.Width()}
	if d.Task == Classification {
		m.Labels = make([]int32, len(rows))
	} else {
		m.Targets = make([]float32, len(rows))
	}
	if d.IsTable() {
		m.X = make([]float32, len(rows)*m.Width)
	} else {
		m.media = p.mediaRows(d, rows)
	}
	for k, i := range rows {
		if d.IsTable() {
			p.Apply(m.X[k*m.Width:(k+1)*m.Width], d.Row(i))
		}
		if d.Task == Classification {
			m.Labels[k] = d.label(i)
		} else {
			m.Targets[k] = float32(d.target(i))
		}
	}
	return m
}

// mediaRows are rows of images, signals or volumes. A channel that doesn't vary becomes 0.
func (p *Preparation) mediaRows(d *Dataset, rows []int) *mediaRows {
	m := &mediaRows{values: d.media, rows: slices.Clone(rows), size: d.size()}
	m.covariates = make([]float32, 0, len(rows)*len(d.Covariates))
	for _, i := range rows {
		m.covariates = p.appendCovariates(m.covariates, d.Beside(i))
	}
	for ch := range d.Shape[len(d.Shape)-1] {
		m.fill, m.center = append(m.fill, toFloat32(p.Fill[ch])), append(m.center, toFloat32(p.Center[ch]))
		scale := 0.0
		if p.Scale[ch] != 0 {
			scale = 1 / p.Scale[ch]
		}
		m.scale = append(m.scale, toFloat32(scale))
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
