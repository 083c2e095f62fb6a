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
	m, ok := any(j.Trainer).(measurer)
	if !ok {
		return f, errUnmeasured
	}
	t := medml.Trial{Params: params}
	var err error
	if f.Parameters, _, err = m.Cost(t); err != nil {
		return f, err
	}
	f.Bytes, err = m.Need(t)
	return f, err
}

// extremes returns the configurations with the least and the most to take. Memory grows
// with each hyperparameter by itself, or falls; so each is put to the end of its range, or
// to the choice, that takes the least or the most, until nothing changes any more.
func (j *Job) extremes() (smallest, largest *Footprint) {
	for _, sign := range [...]float64{1, -1} {
		best := j.extreme(sign)
		if sign > 0 {
			smallest = best
		} else {
			largest = best
		}
	}
	return smallest, largest
}

// extreme looks for the configuration whose bytes, times sign, are least.
func (j *Job) extreme(sign float64) *Footprint {
	space := j.spec.Space()
	var best *Footprint
	architecture, _ := space.Lookup(architectureName)
	for _, a := range architecture.Choices {
		// From both corners: at one of them what is required may not be met.
		for corner := range 2 {
			c := corners{space, map[string]medml.Value{architectureName: a}, corner}
			if f := j.settle(c, sign); f != nil && (best == nil || sign*float64(f.Bytes) < sign*float64(best.Bytes)) {
				best = f
			}
		}
	}
	return best
}

// settle improves a corner of the space one hyperparameter after the other.
func (j *Job) settle(c corners, sign float64) *Footprint {
	const rounds = 4
	var best *Footprint
	improve := func() bool {
		params := c.params()
		f, err := j.footprint(params)
		if err != nil || !j.spec.allows(params) || best != nil && sign*float64(f.Bytes) >= sign*float64(best.Bytes) {
			return false
		}
		best = &f
		return true
	}
	changed := improve() || best == nil
	for range rounds {
		if !changed {
			break
		}
		changed = false
		for _, p := range c.space {
			if p.Name == architectureName || p.Single() {
				continue
			}
			kept, had := c.chosen[p.Name]
			for _, v := range ends(p) {
				c.chosen[p.Name] = v
				if improve() {
					kept, had, changed = v, true, true
				}
			}
			if had {
				c.chosen[p.Name] = kept
			} else {
				delete(c.chosen, p.Name)
			}
		}
	}
	return best
}

// corners are configurations of a space with some hyperparameters chosen and the others at
// the low (0) or the high (1) end.
type corners struct {
	space  medml.Space
	chosen map[string]medml.Value
	end    int
}

func (c corners) params() medml.Params {
	var params medml.Params
	for _, p := range c.space {
		if !c.space.Active(p, params) {
			continue
		}
		v, ok := c.chosen[p.Name]
		if !ok {
			all := ends(p)
			v = all[c.end*(len(all)-1)]
		}
		params = append(params, medml.Setting{Name: p.Name, Value: v})
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
