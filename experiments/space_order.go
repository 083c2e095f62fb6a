package experiments

import (
	"slices"
	"strings"

	"medml"
	"medml/trainer"
)

// lateLast moves constants of hyperparameters that an architecture got after its first
// studies to the end of a space. What a sampler draws for a parameter goes by the
// parameter's place, which a default that nobody asked for must not move.
func lateLast(space medml.Space) medml.Space {
	asked := map[string]bool{}
	for _, p := range space {
		if p.When != nil {
			asked[p.When.Param] = true
		}
	}
	late := func(p medml.Param) bool { return p.Single() && !asked[p.Name] && isLate(p.Name) }
	var last medml.Space
	for _, p := range space {
		if late(p) {
			last = append(last, p)
		}
	}
	return append(slices.DeleteFunc(space, late), last...)
}

// isLate reports whether a parameter is an architecture's own that it got later.
func isLate(name string) bool {
	parts := strings.Split(name, ".")
	if len(parts) != 3 || parts[0] != architectureName {
		return false
	}
	h, ok := hyperNamed(trainer.ArchitectureHyperparameters(parts[1]), parts[2])
	return ok && h.Later
}
