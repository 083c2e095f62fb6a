package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/c-bata/goptuna"

	"medml"
	"medml/internal/elementary"
)

// scale says how a dimension's values lie on the axis on which they are modelled.
type scale uint8

const (
	continuous scale = iota // any number between low and high
	discrete                // n values, each the owner of a cell of the axis
	unordered               // n values without any order
)

// dimension is a parameter as the samplers see it. A value has three forms:
//
//   - the medml.Value that a trial gets;
//   - goptuna's internal representation, a float64: the number itself, or the index of a
//     choice;
//   - its coordinate on the axis on which densities are estimated: the internal form or,
//     for a logarithmic parameter, its logarithm.
type dimension struct {
	medml.Param
	// distribution is the goptuna distribution, nil for a parameter with a single value.
	distribution any
	scale        scale
	n            int     // how many values; 0 for a continuous dimension
	low, high    float64 // the axis; for a discrete one from the first cell's edge to the last's
}

// newDimensions returns a dimension for each parameter of the space.
func newDimensions(space medml.Space) []dimension {
	dims := make([]dimension, len(space))
	for i, p := range space {
		dims[i] = newDimension(p)
	}
	return dims
}

func newDimension(p medml.Param) dimension {
	d := dimension{Param: p}
	switch {
	case p.Kind == medml.Categorical:
		d.n, d.scale = len(p.Choices), unordered
		if p.Ordered {
			d.scale = discrete
		}
		d.low, d.high = -0.5, float64(d.n)-0.5
	case p.Kind == medml.Int || p.Step > 0:
		d.scale = discrete
		d.n = 1 + int(math.Floor((p.High-p.Low)/d.step()+1e-9))
		d.low, d.high = d.axis(p.Low-d.step()/2), d.axis(p.High+d.step()/2)
	default:
		d.low, d.high = d.axis(p.Low), d.axis(p.High)
	}
	if !p.Single() {
		d.distribution = d.goptuna()
	}
	return d
}

// goptuna returns the distribution that goptuna is told. A whole number on a logarithmic
// scale, which goptuna lacks, is a LogUniform widened by a half at each end, so that
// after rounding both ends get their full share.
func (d *dimension) goptuna() any {
	low, high := int(d.Low), int(d.High)
	switch {
	case d.Kind == medml.Categorical:
		return goptuna.CategoricalDistribution{Choices: d.labels()}
	case d.Kind == medml.Int && d.Log:
		return goptuna.LogUniformDistribution{Low: d.Low - 0.5, High: d.High + 0.5}
	case d.Kind == medml.Int && d.Step > 1:
		return goptuna.StepIntUniformDistribution{Low: low, High: high, Step: int(d.Step)}
	case d.Kind == medml.Int:
		return goptuna.IntUniformDistribution{Low: low, High: high}
	case d.Log:
		return goptuna.LogUniformDistribution{Low: d.Low, High: d.High}
	case d.Step > 0:
		return goptuna.DiscreteUniformDistribution{Low: d.Low, High: d.High, Q: d.Step}
	}
	return goptuna.UniformDistribution{Low: d.Low, High: d.High}
}

// labels returns goptuna's names of the choices. They are the indices: a word and a
// number may be spelt alike.
func (d *dimension) labels() []string {
	labels := make([]string, len(d.Choices))
	for i := range labels {
		labels[i] = strconv.Itoa(i)
	}
	return labels
}

// suggest asks goptuna for the parameter and returns the exact value.
func (d *dimension) suggest(t *goptuna.Trial) (medml.Value, error) {
	var x float64
	var err error
	switch dist := d.distribution.(type) {
	case nil:
		return d.value(d.number(0)), nil
	case goptuna.CategoricalDistribution:
		var label string
		if label, err = t.SuggestCategorical(d.Name, dist.Choices); err == nil {
			var i int
			i, err = strconv.Atoi(label)
			x = float64(i)
		}
	case goptuna.LogUniformDistribution:
		x, err = t.SuggestLogFloat(d.Name, dist.Low, dist.High)
	case goptuna.StepIntUniformDistribution:
		var i int
		i, err = t.SuggestStepInt(d.Name, dist.Low, dist.High, dist.Step)
		x = float64(i)
	case goptuna.IntUniformDistribution:
		var i int
		i, err = t.SuggestInt(d.Name, dist.Low, dist.High)
		x = float64(i)
	case goptuna.DiscreteUniformDistribution:
		x, err = t.SuggestDiscreteFloat(d.Name, dist.Low, dist.High, dist.Q)
	default:
		x, err = t.SuggestFloat(d.Name, d.Low, d.High)
	}
	if err != nil {
		return medml.Value{}, fmt.Errorf("suggest %s: %w", d.Name, err)
	}
	return d.value(d.nearest(x)), nil
}

// value returns the Value of an internal number.
func (d *dimension) value(x float64) medml.Value {
	switch d.Kind {
	case medml.Categorical:
		return d.Choices[int(x)]
	case medml.Int:
		return medml.IntValue(int(x))
	}
	return medml.FloatValue(x)
}

// internal returns the internal number of a Value that the parameter contains.
func (d *dimension) internal(v medml.Value) (float64, error) {
	if !d.Contains(v) {
		return 0, fmt.Errorf("%s=%v is no value of the parameter", d.Name, v)
	}
	if d.Kind == medml.Categorical {
		for i, c := range d.Choices {
			if c == v {
				return float64(i), nil
			}
		}
	}
	return v.Float(), nil
}

// step is the distance of neighbouring values of a discrete number.
func (d *dimension) step() float64 {
	if d.Kind == medml.Int {
		return max(d.Step, 1)
	}
	return d.Step
}

// number returns the internal number of the i-th value: Low + i·step, and never more
// than High, which rounding could exceed by a bit.
func (d *dimension) number(i int) float64 {
	if d.Kind == medml.Categorical {
		return float64(i)
	}
	if i == 0 {
		return d.Low
	}
	return min(d.Low+float64(float64(i)*d.step()), d.High)
}

// position returns the index of the value nearest to an internal number.
func (d *dimension) position(x float64) int {
	i := x
	if d.Kind != medml.Categorical {
		i = (x - d.Low) / d.step()
	}
	return int(min(max(math.Round(i), 0), float64(d.n-1)))
}

// nearest returns the internal number of the value nearest to x.
func (d *dimension) nearest(x float64) float64 {
	if d.scale == continuous {
		return min(max(x, d.Low), d.High)
	}
	return d.number(d.position(x))
}

// axis returns the coordinate of an internal number.
func (d *dimension) axis(x float64) float64 {
	if d.Log {
		return elementary.Log(x)
	}
	return x
}

// at returns the internal number of the value nearest to a coordinate.
func (d *dimension) at(coordinate float64) float64 {
	if d.Log {
		coordinate = elementary.Exp(coordinate)
	}
	return d.nearest(coordinate)
}

// cell returns the edges, as coordinates, of what belongs to a value of a discrete
// dimension.
func (d *dimension) cell(x float64) (from, to float64) {
	half := 0.5
	if d.Kind != medml.Categorical {
		half = d.step() / 2
	}
	return d.axis(x - half), d.axis(x + half)
}

// uniform draws an internal number: uniformly over the values, or, for a logarithmic
// parameter, over their logarithms.
func (d *dimension) uniform(r *rand.Rand) float64 {
	if d.scale != continuous && !d.Log {
		return d.number(r.IntN(d.n))
	}
	u := r.Float64()
	// Not low + u·(high - low): that overflows for a range as wide as the numbers.
	return d.at(float64((1-u)*d.low) + float64(u*d.high))
}
