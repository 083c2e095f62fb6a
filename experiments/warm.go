package experiments

import (
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/search"
)

// NeedsWarmStart returns the study whose trials the experiment begins with, "" if it
// begins with none or has them already.
func (s *Spec) NeedsWarmStart() string {
	if len(s.WarmStart.Observations) > 0 {
		return ""
	}
	return s.WarmStart.From
}

// WarmStart takes the observations that the study's search begins with from another study:
// of its complete trials that lie in this space, as many as the file asks for, spread
// evenly over their ranking, so that the search learns what is bad, too.
func (j *Job) WarmStart(from medml.Snapshot) error {
	if err := j.spec.learn(from); err != nil {
		return err
	}
	return j.describe()
}

// WarmStartAgain takes the observations with which the study was begun, by its stored
// experiment, if that was asked for the same ones.
func (j *Job) WarmStartAgain(stored []byte) error {
	was, err := trainable().fromResolved(stored)
	if err != nil {
		return fmt.Errorf("the experiment that study %s holds: %w", j.spec.Name, err)
	}
	j.spec.learnAgain(was)
	return j.describe()
}

// learn takes observations from a study.
func (s *Spec) learn(from medml.Snapshot) error {
	found, err := s.observations(from)
	if err != nil {
		return s.Place("", &search.FieldError{Field: "warm_start.from", Msg: err.Error()})
	}
	s.WarmStart.Observations = found
	return nil
}

// learnAgain takes the observations of an experiment that asks for the same ones.
func (s *Spec) learnAgain(was *Spec) {
	if w := &s.WarmStart; w.From == was.WarmStart.From && w.Trials == was.WarmStart.Trials {
		w.Observations = was.WarmStart.Observations
	}
}

// observations returns what can be learnt from a study.
func (s *Spec) observations(from medml.Snapshot) ([]Observation, error) {
	if err := s.sameAims(from.About); err != nil {
		return nil, err
	}
	var fit []Observation
	complete := 0
	var why error
	for _, t := range from.Ranked() {
		if t.State != medml.Complete || t.Value != t.Value {
			continue
		}
		complete++
		params, err := s.adopt(t.Params)
		if err != nil {
			why = fmt.Errorf("trial %d %w", t.Number, err)
			continue
		}
		constraints, err := s.adoptConstraints(from.Constraints, t)
		if err != nil {
			why = err
			continue
		}
		fit = append(fit, Observation{Configuration{Params: params}, t.Value, t.Objectives, constraints})
	}
	switch {
	case complete == 0:
		return nil, fmt.Errorf("study %s has no complete trial", from.Study)
	case len(fit) == 0:
		return nil, fmt.Errorf("none of the %d complete trials of study %s lies in this space: %w", complete, from.Study, why)
	}
	return evenly(fit, s.WarmStart.Trials), nil
}

// adoptConstraints returns how far a trial of a study with those constraints is from
// meeting the ones of this study: as it was measured where they are the same, unknown and so
// nothing where they aren't. A trial that doesn't meet other constraints is no example.
func (s *Spec) adoptConstraints(of []string, t medml.Trial) ([]float64, error) {
	if !slices.Equal(of, s.Constraints) {
		if !t.Feasible() {
			return nil, fmt.Errorf("trial %d doesn't meet that study's constraints", t.Number)
		}
		return nil, nil
	}
	if slices.ContainsFunc(t.Constraints, math.IsNaN) {
		return nil, fmt.Errorf("trial %d meets constraints as far as nobody knows", t.Number)
	}
	return t.Constraints, nil
}

// sameAims returns an error where another study's values aren't those of this one.
func (s *Spec) sameAims(other medml.About) error {
	if other.Metric != s.Objective.Metric || len(other.Goals) != len(s.Objectives) {
		return fmt.Errorf("study %s improves %s, not %s", other.Study, aims(other.Metric, other.Goals), aims(s.Objective.Metric, s.Goals()))
	}
	for i, g := range s.Goals() {
		if other.Goals[i] != g {
			return fmt.Errorf("study %s improves %s, not %s", other.Study, aims(other.Metric, other.Goals), aims(s.Objective.Metric, s.Goals()))
		}
	}
	return nil
}

// aims names the objectives of a study.
func aims(metric string, goals []medml.Goal) string {
	for i, g := range goals {
		if i > 0 {
			metric += " and " + g.Metric
		}
	}
	return metric
}

// evenly returns n elements of a list, all if n is 0 or more than there are: the first, the
// last, and others at even distances.
func evenly[T any](list []T, n int) []T {
	if n == 0 || n >= len(list) {
		return list
	}
	if n == 1 {
		return list[:1]
	}
	var out []T
	for i := range n {
		out = append(out, list[i*(len(list)-1)/(n-1)])
	}
	return out
}

// adopt returns another study's configuration as one of this space. What has but one value
// here takes that, but for the architecture; a hyperparameter that stands on a branch in one
// of the two alone is known by its last part.
func (s *Spec) adopt(params medml.Params) (medml.Params, error) {
	space := s.Space()
	var out medml.Params
	for _, p := range space {
		if !space.Active(p, out) {
			continue
		}
		value, ok := single(p)
		if !ok || p.Name == architectureName {
			var err error
			if value, err = valueAmong(params, p); err != nil {
				return nil, err
			}
		}
		out = append(out, medml.Setting{Name: p.Name, Value: value})
	}
	if b := s.broken(out); b >= 0 {
		return nil, fmt.Errorf("breaks what is required: %s", s.Require[b])
	}
	return out, nil
}

// valueAmong finds the value of a hyperparameter in another study's configuration.
func valueAmong(params medml.Params, p medml.Param) (medml.Value, error) {
	v, ok := params.Lookup(p.Name)
	for i := 0; !ok && i < len(params); i++ {
		name := params[i].Name
		if ok = name == p.Short() || p.Name == medml.ShortName(name); ok {
			v = params[i].Value
		}
	}
	if !ok {
		return v, fmt.Errorf("has no %s", p.Name)
	}
	if p.Kind == medml.Float && v.Kind() == medml.IntKind {
		v = medml.FloatValue(v.Float())
	}
	if !p.Contains(v) {
		return v, fmt.Errorf("has %s %v, expected %s", p.Name, v, rangeText(p))
	}
	return v, nil
}
