package experiments

import (
	"medml"
)

// Footprint is what training a configuration takes.
type Footprint struct {
	Params medml.Params `json:"params"`
	// Parameters is how many trainable numbers the model has.
	Parameters int `json:"parameters"`
	// Bytes is what its training takes, the data not counted.
	Bytes int64 `json:"bytes"`
}

// footprint returns what training a configuration takes.
func (j *Job) footprint(params medml.Params) (Footprint, error) {
	f := Footprint{Params: params}
	t := medml.Trial{Params: params}
	var err error
	if f.Parameters, _, err = j.Trainer.Cost(t); err != nil {
		return f, err
	}
	f.Bytes, err = j.Trainer.Need(t)
	return f, err
}

// extremes returns the configurations with the least and the most to take, nil where that
// isn't known.
func (j *Job) extremes() (smallest, largest *Footprint) {
	x := extremist{j.spec.Space(), j.spec.allows, j.footprint}
	return x.extreme(1), x.extreme(-1)
}

// extremist looks for the configurations of a space that take the least and the most.
// Memory grows with each hyperparameter by itself, or falls; so each is put to the end of
// its range, or to the choice, that takes the least or the most, until nothing changes any
// more.
type extremist struct {
	space     medml.Space
	allows    func(medml.Params) bool
	footprint func(medml.Params) (Footprint, error)
}

// extreme looks for the configuration whose bytes, times sign, are least.
func (x extremist) extreme(sign float64) *Footprint {
	var best *Footprint
	architecture, _ := x.space.Lookup(architectureName)
	for _, a := range architecture.Choices {
		// From both corners: at one of them what is required may not be met.
		for end := range 2 {
			c := corner{x.space, map[string]medml.Value{architectureName: a}, end}
			if f := x.settle(c, sign); f != nil && (best == nil || sign*float64(f.Bytes) < sign*float64(best.Bytes)) {
				best = f
			}
		}
	}
	return best
}

// settle improves a corner of the space one hyperparameter after the other.
func (x extremist) settle(c corner, sign float64) *Footprint {
	const rounds = 4
	var best *Footprint
	improves := func() bool {
		params := c.params()
		f, err := x.footprint(params)
		if err != nil || !x.allows(params) || best != nil && sign*float64(f.Bytes) >= sign*float64(best.Bytes) {
			return false
		}
		best = &f
		return true
	}
	improves()
	for range rounds {
		changed := false
		for _, p := range x.space {
			if p.Name == architectureName || p.Single() {
				continue
			}
			kept := c.value(p)
			for _, v := range ends(p) {
				if c.chosen[p.Name] = v; improves() {
					kept, changed = v, true
				}
			}
			c.chosen[p.Name] = kept
		}
		if !changed {
			break
		}
	}
	return best
}

// corner is a configuration with some hyperparameters chosen and the others at the low (0)
// or the high (1) end.
type corner struct {
	space  medml.Space
	chosen map[string]medml.Value
	end    int
}

func (c corner) value(p medml.Param) medml.Value {
	if v, ok := c.chosen[p.Name]; ok {
		return v
	}
	all := ends(p)
	return all[c.end*(len(all)-1)]
}

func (c corner) params() medml.Params {
	var params medml.Params
	for _, p := range c.space {
		if c.space.Active(p, params) {
			params = append(params, medml.Setting{Name: p.Name, Value: c.value(p)})
		}
	}
	return params
}

// ends returns the ends of a range, or the choices.
func ends(p medml.Param) []medml.Value {
	switch p.Kind {
	case medml.Categorical:
		return p.Choices
	case medml.Int:
		return []medml.Value{medml.IntValue(int(p.Low)), medml.IntValue(int(p.High))}
	}
	return []medml.Value{medml.FloatValue(p.Low), medml.FloatValue(p.High)}
}
