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
	if c.Population != 0 && (c.Population < 4 || c.Population > maxPopulation) {
		f.add("population", "is %d, expected 4 to %d", c.Population, maxPopulation)
	}
	if c.Sigma != 0 && !(c.Sigma > 0 && c.Sigma <= 1) {
		f.add("sigma", "is %v, expected more than 0, at most 1", c.Sigma)
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
	f.atLeast("patience", 0, float64(c.Patience))
	f.atLeast("min_delta", 0, c.MinDelta)
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
	f.section("sampler", c.Sampler.faults())
	f.section("pruner", c.Pruner.faults())
	f.section("space", spaceFaults(space))
	if len(f) > 0 {
		return nil, sampler{}, f.err()
	}
	dims := newDimensions(space)
	s, f := samplers[c.Sampler.name()](c, dims)
	return dims, s, f.err()
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
			} else if !on.Contains(p.When.Equals) {
				f.add(p.Name, "depends on %s=%v, which it never is", on.Name, p.When.Equals)
			}
		}
		earlier[p.Name] = p
		paramFaults(p, &f)
	}
	return f
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
