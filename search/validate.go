package search

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"medml"
	"medml/internal/nearest"
)

// FieldError says what is wrong with a field of a configuration.
type FieldError struct {
	// Field is the field's path: in the section for the sections' own Validate
	// ("startup_trials"), and from the root for that of Config ("sampler.name", "goal",
	// "space.learning_rate").
	Field string
	// Msg says what was found and what was expected.
	Msg string
}

// Error returns the field and the message.
func (e *FieldError) Error() string { return e.Field + ": " + e.Msg }

// faults collects field errors.
type faults []error

func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, &FieldError{field, fmt.Sprintf(format, args...)})
}

// section adds the errors of a section under its name.
func (f *faults) section(name string, of faults) {
	for _, err := range of {
		if e, ok := err.(*FieldError); ok {
			f.add(name+"."+e.Field, "%s", e.Msg)
		}
	}
}

// atLeast adds an error unless x ≥ low.
func (f *faults) atLeast(field string, low, x float64) {
	if !(x >= low) || math.IsInf(x, 0) {
		f.add(field, "is %v, expected at least %v", x, low)
	}
}

func (f faults) err() error { return errors.Join(f...) }

// Validate returns the faults of the section as joined [FieldError]s.
func (c SamplerConfig) Validate() error { return c.faults().err() }

func (c SamplerConfig) faults() (f faults) {
	if _, ok := samplers[c.name()]; !ok {
		f.add("name", "%s", unknown("sampler", c.Name, Samplers()))
	}
	f.atLeast("startup_trials", 0, float64(c.StartupTrials))
	f.atLeast("candidates", 0, float64(c.Candidates))
	f = append(f, c.populationFaults()...)
	if c.Sigma != 0 && !(c.Sigma > 0 && c.Sigma <= 1) {
		f.add("sigma", "is %v, expected more than 0, at most 1", c.Sigma)
	}
	return f
}

// populationFaults returns what is wrong with the population of the sampler that has one.
func (c SamplerConfig) populationFaults() (f faults) {
	switch {
	case c.Population == 0:
	case c.name() == "nsga-ii":
		f.atLeast("population", 2, float64(c.Population))
	case c.Population < 4 || c.Population > maxPopulation:
		f.add("population", "is %d, expected 4 to %d", c.Population, maxPopulation)
	}
	return f
}

// Validate returns the faults of the section as joined [FieldError]s.
func (c PrunerConfig) Validate() error { return c.faults().err() }

func (c PrunerConfig) faults() (f faults) {
	if _, ok := pruners[c.name()]; !ok {
		f.add("name", "%s", unknown("pruner", c.Name, Pruners()))
	}
	f.atLeast("startup_trials", 0, float64(c.Startup))
	f.atLeast("warmup", 0, float64(c.Warmup))
	f.atLeast("min", 0, float64(c.Min))
	f.atLeast("max", 0, float64(c.Max))
	f.atLeast("patience", 0, float64(c.Patience))
	f.atLeast("min_delta", 0, c.MinDelta)
	f.atLeast("min_folds", 0, float64(c.MinFolds))
	if !(c.Threshold >= 0 && c.Threshold < 1) {
		f.add("p_threshold", "is %v, expected between 0 and 1", c.Threshold)
	}
	switch c.Resource {
	case "", byEpoch:
	case byData:
		if n := c.name(); n != "asha" && n != "hyperband" {
			f.add("resource", "is data, which only asha and hyperband know, not %s", n)
		}
	default:
		f.add("resource", "%s", unknown("resource", c.Resource, []string{byEpoch, byData}))
	}
	if !(c.Percentile >= 0 && c.Percentile <= 100) {
		f.add("percentile", "is %v, expected 0 to 100", c.Percentile)
	}
	if c.ReductionFactor != 0 && c.ReductionFactor < 2 {
		f.add("reduction_factor", "is %d, expected at least 2", c.ReductionFactor)
	}
	if c.name() == "threshold" && c.Lower == nil && c.Upper == nil {
		f.add("name", "threshold needs lower, upper or both")
	}
	if c.Lower != nil && *c.Lower != *c.Lower {
		f.add("lower", "is not a number")
	}
	if c.Upper != nil && *c.Upper != *c.Upper {
		f.add("upper", "is not a number")
	}
	if c.Lower != nil && c.Upper != nil && *c.Lower > *c.Upper {
		f.add("lower", "is %v, above upper, which is %v", *c.Lower, *c.Upper)
	}
	return f
}

// Validate returns the faults of the whole, and of how it fits the space, as joined
// [FieldError]s.
func (c Config) Validate(space medml.Space) error {
	_, _, err := c.build(space)
	return err
}

// build validates the configuration and returns the dimensions of the space and the
// sampler.
func (c Config) build(space medml.Space) ([]dimension, sampler, error) {
	var f faults
	if c.Direction != medml.Maximize && c.Direction != medml.Minimize {
		f.add("direction", "is %q, expected maximize or minimize", c.Direction)
	}
	f.atLeast("lookback", 0, float64(c.Lookback))
	f.atLeast("trials", 0, float64(c.Trials))
	f.atLeast("patience", 0, float64(c.Patience))
	f.atLeast("min_delta", 0, c.MinDelta)
	if c.Goal != nil && *c.Goal != *c.Goal {
		f.add("goal", "is not a number")
	}
	f = append(f, c.goalFaults()...)
	f.section("sampler", c.Sampler.faults())
	f.section("pruner", c.Pruner.faults())
	f.section("space", spaceFaults(space))
	if len(f) > 0 {
		return nil, sampler{}, f.err()
	}
	dims := newDimensions(space)
	_, f = pruners[c.Pruner.name()](c)
	f = append(f, c.initialFaults(dims)...)
	f = append(f, c.requireFaults(dims)...)
	if len(f) > 0 {
		return nil, sampler{}, f.err()
	}
	s, f := samplers[c.Sampler.name()](c, dims)
	return dims, s, f.err()
}

// goalFaults returns what is wrong with the objectives of a study with several.
func (c Config) goalFaults() (f faults) {
	for i, g := range c.Goals {
		if g.Direction != medml.Maximize && g.Direction != medml.Minimize {
			f.add(fmt.Sprintf("objectives[%d].direction", i), "is %q, expected maximize or minimize", g.Direction)
		}
	}
	switch {
	case len(c.Goals) == 1:
		f.add("objectives", "is one; a study with one objective has none of these")
	case len(c.Goals) > 1:
		if c.Goals[0].Direction != c.Direction {
			f.add("objectives[0].direction", "is %v, the study's is %v", c.Goals[0].Direction, c.Direction)
		}
		if n := c.Pruner.name(); n != "none" {
			f.add("pruner.name", "is %s; with several objectives nothing can be pruned, as an intermediate value is that of one", n)
		}
		if c.MinDelta != 0 {
			f.add("min_delta", "is %v; with several objectives an improvement is one of the Pareto front", c.MinDelta)
		}
	}
	f.atLeast("folds", 0, float64(c.Folds))
	f.atLeast("epochs", 0, float64(c.Epochs))
	return f
}

// spaceFaults returns what would make a space impossible to draw from.
func spaceFaults(space medml.Space) (f faults) {
	earlier := map[string]medml.Param{}
	for _, p := range space {
		if _, ok := earlier[p.Name]; ok || p.Name == "" {
			f.add(p.Name, "stands twice in the space or has no name")
		}
		if p.When != nil {
			on, ok := earlier[p.When.Param]
			if !ok {
				f.add(p.Name, "depends on %q, which is no earlier parameter", p.When.Param)
			} else {
				conditionFaults(p, on, &f)
			}
		}
		earlier[p.Name] = p
		paramFaults(p, &f)
	}
	return f
}

// conditionFaults returns what would make a parameter depend on a value that there isn't.
func conditionFaults(p, on medml.Param, f *faults) {
	for c := p.When; c != nil; c = c.Or {
		if c.Param != on.Name {
			f.add(p.Name, "depends on both %s and %s, expected one of them", on.Name, c.Param)
		} else if !on.Contains(c.Equals) {
			f.add(p.Name, "depends on %s=%v, which it never is", on.Name, c.Equals)
		}
	}
}

func paramFaults(p medml.Param, f *faults) {
	if p.Kind == medml.Categorical {
		if len(p.Choices) == 0 {
			f.add(p.Name, "has no choices")
		}
		for i, c := range p.Choices {
			if slices.Contains(p.Choices[:i], c) {
				f.add(p.Name, "has the choice %v twice", c)
			}
		}
		return
	}
	const whole = 1 << 53 // up to which a float64 holds every whole number
	switch {
	case !(p.Low <= p.High) || math.IsInf(p.Low, 0) || math.IsInf(p.High-p.Low, 0):
		f.add(p.Name, "ranges from %v to %v, expected low ≤ high, both finite", p.Low, p.High)
	case p.Log && p.Low <= 0:
		f.add(p.Name, "is logarithmic from %v, expected low > 0", p.Low)
	case p.Step < 0 || p.Step != p.Step || p.Step > 0 && p.Log:
		f.add(p.Name, "has the step %v, expected a positive one, or none with log", p.Step)
	case p.Step > 0 && (p.High-p.Low)/p.Step > whole:
		f.add(p.Name, "has the step %v, too many values from %v to %v", p.Step, p.Low, p.High)
	case p.Step > 0 && math.Abs(math.Remainder(p.High-p.Low, p.Step)) > 1e-6*p.Step:
		f.add(p.Name, "has the step %v, which doesn't divide its range from %v to %v", p.Step, p.Low, p.High)
	case p.Kind == medml.Int && (p.Low != math.Trunc(p.Low) || p.High != math.Trunc(p.High) || p.Step != math.Trunc(p.Step)):
		f.add(p.Name, "is an int from %v to %v step %v, expected whole numbers", p.Low, p.High, p.Step)
	case p.Kind == medml.Int && max(-p.Low, p.High) > whole:
		f.add(p.Name, "is an int from %v to %v, expected less than 2⁵³", p.Low, p.High)
	}
}

// unknown returns the message about a name that is none of the known ones.
func unknown(what, name string, known []string) string {
	return fmt.Sprintf("unknown %s %q%s", what, name, nearest.Hint(name, known))
}

// sortedNames returns the names of a table.
func sortedNames[T any](table map[string]T) []string {
	return slices.Sorted(maps.Keys(table))
}
