package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"medml"
)

// ParamImportance is how much a parameter matters.
type ParamImportance struct {
	Name string `json:"name"`
	// Importance is the parameter's share of all importance; those of a study sum to 1, or
	// are all 0 where nothing can be said.
	Importance float64 `json:"importance"`
	// Trials is of how many trials that have the parameter this was learnt.
	Trials int `json:"trials"`
}

// importances is the table of methods. A new one is a file and a line.
var importances = map[string]func(*observed) []float64{
	"fanova":    fanova,
	"ped-anova": pedANOVA,
}

// Importances returns the names of the methods by which [Importance] can judge.
func Importances() []string { return sortedNames(importances) }

// Importance returns how much each parameter matters for a trial's value, the most
// important first and equals in the order of the space. Only complete trials count whose
// value is a finite number. The methods:
//
//   - ped-anova, also "": how much the distribution of the parameter in the best tenth of
//     the trials differs from that in all of them. It asks what matters for a good value.
//   - fanova: how much of the variance of the values over the whole space the parameter
//     explains by itself, as a random forest sees it. It asks what matters anywhere.
//
// A parameter of a branch is judged by the trials that have it, and counts by how many
// those are; see the methods. One with a single value has the importance 0.
func Importance(space medml.Space, direction medml.Direction, trials []medml.Trial, method string) ([]ParamImportance, error) {
	if method == "" {
		method = "ped-anova"
	}
	judge, ok := importances[method]
	if !ok {
		return nil, &FieldError{"method", unknown("method", method, Importances())}
	}
	if f := spaceFaults(space); len(f) > 0 {
		return nil, fmt.Errorf("importance: %w", f.err())
	}
	e := newObserved(space, direction, trials)
	if len(e.values) < 2 {
		return nil, fmt.Errorf("importance: %s with a value; at least 2 are needed", counted(len(e.values), "complete trial"))
	}
	raw := judge(e)
	sum := 0.0
	for _, v := range raw {
		sum += v
	}
	out := make([]ParamImportance, len(space))
	for i, p := range space {
		out[i] = ParamImportance{Name: p.Name, Trials: len(e.having(i))}
		if sum > 0 {
			out[i].Importance = raw[i] / sum
		}
	}
	slices.SortStableFunc(out, func(a, b ParamImportance) int { return cmp.Compare(b.Importance, a.Importance) })
	return out, nil
}

// observed is complete trials as the methods see them.
type observed struct {
	dims []dimension
	// columns hold a coordinate for each dimension and trial, NaN where it hasn't the
	// parameter.
	columns [][]float64
	values  []float64 // minimised
}

func newObserved(space medml.Space, direction medml.Direction, trials []medml.Trial) *observed {
	e := &observed{dims: newDimensions(space), columns: make([][]float64, len(space))}
	for _, t := range trials {
		if t.State != medml.Complete || t.Value != t.Value || math.IsInf(t.Value, 0) {
			continue
		}
		value := t.Value
		if direction == medml.Maximize {
			value = -value
		}
		e.values = append(e.values, value)
		for i := range e.dims {
			d, at := &e.dims[i], math.NaN()
			if v, ok := t.Params.Lookup(d.Name); ok {
				if x, err := d.internal(v); err == nil {
					at = d.axis(x)
				}
			}
			e.columns[i] = append(e.columns[i], at)
		}
	}
	return e
}

// having returns the trials that have a parameter.
func (e *observed) having(dim int) []int {
	var rows []int
	for row, x := range e.columns[dim] {
		if x == x {
			rows = append(rows, row)
		}
	}
	return rows
}
