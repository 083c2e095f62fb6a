package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"medml"
)

// Retry says which trials that failed are trained again. It changes no result.
type Retry struct {
	// Max is how often a trial is trained again; 0, the default, is never.
	Max int `yaml:"max" json:"max"`
	// On are the faults for which it is: panic, out-of-memory, time (the trial's is used
	// up), error (any other). The first two are the default.
	On []medml.Cause `yaml:"on" json:"on,omitempty"`
}

// WarmStart gives the search trials of another study to learn from.
type WarmStart struct {
	// From is the other study's name, in the same store.
	From string `yaml:"from" json:"from"`
	// Trials is the most trials that are taken, spread evenly over the ranking of those that
	// are complete; 0, the default, takes all.
	Trials int `yaml:"trials" json:"trials,omitempty"`
	// Observations are the trials that were taken when the study began. A file needn't name
	// them; the resolved form does, so that the study doesn't need the other one again.
	Observations []Observation `yaml:"observations" json:"observations,omitempty"`
}

// Observation is a configuration and what came of it.
type Observation struct {
	Params Configuration `yaml:"params" json:"params"`
	Value  float64       `yaml:"value" json:"value"`
	// Objectives are the values of all objectives of a study with several.
	Objectives []float64 `yaml:"objectives" json:"objectives,omitempty"`
	// Constraints say how far it was from meeting each of the study's.
	Constraints []float64 `yaml:"constraints" json:"constraints,omitempty"`
}

// trials returns the observations as trials of a study.
func (w WarmStart) trials() []medml.Trial {
	var trials []medml.Trial
	for i, o := range w.Observations {
		trials = append(trials, medml.Trial{
			Number: i, State: medml.Complete, Params: o.Params.Params,
			Value: o.Value, Low: math.NaN(), High: math.NaN(), Objectives: o.Objectives, Constraints: o.Constraints,
		})
	}
	return trials
}

// Repeats trains the best trials from further seeds once the search is over.
type Repeats struct {
	// Count is how many trainings the best trials have in all, the search's own included; 1,
	// the default, is no more.
	Count int `yaml:"count" json:"count"`
	// Promote says which trials those are; top-5 by default.
	Promote Promote `yaml:"promote" json:"promote"`
}

// Promote is a number of best trials, written as top-5.
type Promote int

// MarshalText writes "top-N".
func (p Promote) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "top-%d", int(p)), nil }

// UnmarshalText reads "top-N".
func (p *Promote) UnmarshalText(b []byte) error {
	const most = 1000
	text, ok := strings.CutPrefix(string(b), "top-")
	n, isWhole := whole(text)
	if !ok || !isWhole || n < 1 || n > most {
		return fmt.Errorf("expected top-1 to top-%d, found %s", most, quoted(string(b)))
	}
	*p = Promote(n)
	return nil
}

// Ensemble says how many models the ensemble of the best trials has, one that occurs twice
// counted twice; 0, the default, is none. It changes no trial.
type Ensemble struct {
	Size int `yaml:"size" json:"size"`
}

// The words of their fields.
var (
	drains = []string{string(medml.DrainFinish), string(medml.DrainCheckpoint), string(medml.DrainKill)}
	causes = []string{string(medml.CausePanic), string(medml.CauseMemory), string(medml.CauseTime), string(medml.CauseError)}
)

// orchestration checks what happens around the trials.
func (v *validator) orchestration() {
	const most = 100
	s := v.spec
	if r := s.Retry.Max; r < 0 || r > most {
		v.report("retry.max", "", "expected 0 (never) to %d, found %d", most, r)
	}
	v.causes()
	if n := s.WarmStart.Trials; n < 0 {
		v.report("warm_start.trials", "", "expected 0 (all) or more, found %d", n)
	}
	if s.WarmStart.From == "" && v.root.lookup("warm_start") != nil {
		v.report("warm_start.from", "", "missing: expected the name of another study")
	} else if s.WarmStart.From != "" && !nameForm.MatchString(s.WarmStart.From) {
		v.report("warm_start.from", "", "%s isn't a study's name", quoted(s.WarmStart.From))
	} else if s.WarmStart.From == s.Name && s.Name != "" {
		v.report("warm_start.from", "", "a study can't begin with its own trials")
	}
	v.repeats()
	if n := s.Ensemble.Size; n < 0 || n > most {
		v.report("ensemble.size", "", "expected 0 (none) to %d, found %d", most, n)
	}
	v.evaluation()
}

// causes checks what a trial is trained again for, and fills in the default.
func (v *validator) causes() {
	r := &v.spec.Retry
	for i, c := range r.On {
		path := element("retry.on", i)
		switch {
		case !slices.Contains(causes, string(c)):
			v.report(path, didYouMean(string(c), causes), "unknown fault %s", quoted(string(c)))
		case slices.Contains(r.On[:i], c):
			v.report(path, "", "%s stands there twice", c)
		}
	}
	switch {
	case len(r.On) > 0 && r.Max == 0 && v.root.missing("retry.max"):
		v.report("retry.max", "", "missing: expected how often a trial is trained again")
	case r.Max == 0:
		*r = Retry{} // whatever for, it is never
	case r.On == nil:
		r.On = []medml.Cause{medml.CausePanic, medml.CauseMemory}
	}
}

// repeats checks the repeats and fills in their defaults.
func (v *validator) repeats() {
	const most = 100
	r := &v.spec.Repeats
	if v.root.lookup("repeats") == nil {
		return
	}
	if v.root.missing("repeats.count") {
		v.report("repeats.count", "", "missing: expected how often the best trials are trained in all")
	} else if r.Count < 1 || r.Count > most {
		v.report("repeats.count", "", "expected 1 (no more) to %d, found %d", most, r.Count)
	}
	if r.Count == 1 {
		*r = Repeats{} // whichever trials, it is none
		return
	}
	orDefault(&r.Promote, 5)
}
