package experiments

import (
	"math"
	"slices"

	"medml"
)

// Extent is how large a part of the space is: the number of combinations of what is
// finite, and the names of the hyperparameters that are continuous. What is required isn't
// taken off.
type Extent struct {
	// Branch is the architecture.
	Branch       string   `json:"branch"`
	Combinations float64  `json:"combinations"`
	Continuous   []string `json:"continuous"`
}

// extents returns the extent of each architecture's branch.
func extents(space medml.Space) []Extent {
	architecture, _ := space.Lookup(architectureName)
	var out []Extent
	for _, choice := range architecture.Choices {
		branch := slices.Clone(space)
		for i, p := range branch {
			if p.Name == architectureName {
				branch[i].Choices = []medml.Value{choice}
			}
		}
		x := Extent{Branch: choice.String(), Combinations: 1, Continuous: []string{}}
		for _, p := range branch {
			if p.When == nil {
				x.Combinations *= x.count(branch, p)
			}
		}
		out = append(out, x)
	}
	return out
}

// count returns how many combinations a hyperparameter has with those that depend on it.
func (x *Extent) count(space medml.Space, p medml.Param) float64 {
	values, finite := valueCount(p)
	if !finite {
		if !slices.Contains(x.Continuous, p.Name) {
			x.Continuous = append(x.Continuous, p.Name)
		}
		values = 1
	}
	// The values on which something depends, one by one; the others are all alike.
	var told []medml.Value
	for _, c := range space {
		if c.When == nil || c.When.Param != p.Name {
			continue
		}
		for when := c.When; when != nil; when = when.Or {
			if p.Contains(when.Equals) && !slices.Contains(told, when.Equals) {
				told = append(told, when.Equals)
			}
		}
	}
	total := values - float64(len(told))
	for _, v := range told {
		under := 1.0
		for _, c := range space {
			if c.When != nil && c.When.Param == p.Name && c.When.Holds(v) {
				under *= x.count(space, c)
			}
		}
		total += under
	}
	return total
}

// valueCount returns how many values a hyperparameter has, if they can be counted.
func valueCount(p medml.Param) (n float64, finite bool) {
	switch {
	case p.Kind == medml.Categorical:
		return float64(len(p.Choices)), true
	case p.Single():
		return 1, true
	case p.Step > 0:
		return math.Round((p.High-p.Low)/p.Step) + 1, true
	case p.Kind == medml.Int:
		return p.High - p.Low + 1, true
	}
	return 0, false
}
