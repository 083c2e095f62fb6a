package search

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"medml"
)

// The parameters of testdata/optuna/density.py.
var optunaDims = map[string]dimension{
	"line":     newDimension(medml.Param{Low: -1, High: 3}),
	"rate":     newDimension(medml.Param{Low: 1e-4, High: 1e-1, Log: true}),
	"int":      newDimension(medml.Param{Kind: medml.Int, Low: 3, High: 14}),
	"stepped":  newDimension(medml.Param{Kind: medml.Int, Low: 8, High: 64, Step: 8}),
	"many":     newDimension(medml.Param{Kind: medml.Int, Low: 1, High: 1000, Log: true}),
	"quarters": newDimension(medml.Param{Low: 0, High: 2, Step: 0.25}),
	"word":     newDimension(medml.Param{Kind: medml.Categorical, Choices: letters()}),
}

// The densities are Optuna's. Those of whole numbers with narrow cells, which are not
// integrated, to a thousandth. A continuous parameter's lack a factor of √(2π).
func TestTheJointDensityIsOptunas(t *testing.T) {
	var peer struct {
		Cases []struct {
			Names    []string
			Seen, At map[string][]float64
			Log      []float64
		}
	}
	b := must[[]byte](t)(os.ReadFile("testdata/optuna/density.json"))
	noError(t, json.Unmarshal(b, &peer))
	for _, c := range peer.Cases {
		var dims []*dimension
		var seen points
		at := make([][]float64, len(c.Log))
		common, tolerance := 0.0, 1e-7
		for _, name := range c.Names {
			d := optunaDims[name]
			dims = append(dims, &d)
			column := make([]float64, len(c.Seen[name]))
			for i, x := range c.Seen[name] {
				column[i] = d.axis(d.nearest(x))
			}
			seen.coordinates = append(seen.coordinates, column)
			for i, x := range c.At[name] {
				at[i] = append(at[i], d.nearest(x))
			}
			if d.scale == continuous {
				common += halfLogTwoPi
			}
			if d.scale == discrete {
				tolerance = 1e-6
			}
		}
		seen.n = len(seen.coordinates[0])
		for i := range seen.n {
			seen.weights = append(seen.weights, ageWeight(i, seen.n))
		}
		density := newParzen(dims, seen)
		for i := range at {
			got := density.logAt(at[i])
			if got -= common; math.Abs(got-c.Log[i]) > tolerance {
				t.Errorf("%v after %d observations at %v: %v, Optuna's is %v", c.Names, seen.n, at[i], got, c.Log[i])
			}
		}
	}
}

func letters() []medml.Value {
	return []medml.Value{medml.StringValue("a"), medml.StringValue("b"), medml.StringValue("c")}
}
