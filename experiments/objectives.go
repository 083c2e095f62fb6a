package experiments

import (
	"fmt"
	"slices"
	"strings"

	"medml"
	"medml/internal/expression"
	"medml/internal/nearest"
	"medml/metric"
)

// What a model takes, as objectives and constraints name it.
const (
	parametersFact = "parameters"   // trainable numbers
	flopsFact      = "flops"        // multiply-adds of an example's prediction
	inferenceFact  = "inference_ms" // time of an example's prediction, measured
)

var facts = []string{parametersFact, flopsFact, inferenceFact}

// objectives checks what the search improves: one objective, or a list of several.
func (v *validator) objectives() {
	s := v.spec
	if v.root.lookup("objectives") == nil {
		if !v.spoilt["objectives"] {
			v.objective(&s.Objective, "objective")
		}
		return
	}
	if v.root.lookup("objective") != nil {
		v.report("objectives", "keep one of them", "objective stands there, too")
		return
	}
	if len(s.Objectives) < 2 && !v.spoilt["objectives"] {
		v.report("objectives", "write objective for one", "expected two or more objectives, found %d", len(s.Objectives))
		return
	}
	for i := range s.Objectives {
		o, path := &s.Objectives[i], element("objectives", i)
		if i == 0 {
			orDefault(&o.Aggregate, "mean")
		}
		v.objective(o, path)
		v.further(s.Objectives, i, path)
	}
	if len(s.Objectives) > 0 {
		s.Objective = s.Objectives[0]
	}
}

// further checks what is so of one among several objectives.
func (v *validator) further(all []Objective, i int, path string) {
	o := all[i]
	switch {
	case i == 0 && slices.Contains(facts, o.Metric):
		v.report(join(path, "metric"), "write a metric first", "the first objective must be a metric, found %s", o.Metric)
	case i > 0 && o.Aggregate != "":
		v.report(join(path, "aggregate"), "", "that of the first objective counts for all")
	case i > 0 && o.Goal != nil:
		v.report(join(path, "goal"), "", "the first objective alone can have a goal")
	}
	if slices.ContainsFunc(all[:i], func(p Objective) bool { return p.Metric == o.Metric && o.Metric != "" }) {
		v.report(join(path, "metric"), "", "%s stands there twice", o.Metric)
	}
}

// objective checks an objective and takes its direction from the metric.
func (v *validator) objective(o *Objective, path string) {
	if o.Aggregate != "" && !slices.Contains(aggregates, o.Aggregate) {
		v.report(join(path, "aggregate"), didYouMean(o.Aggregate, aggregates), "unknown aggregate %s", quoted(o.Aggregate))
	}
	if o.Metric == "" {
		v.report(join(path, "metric"), "", "missing: expected the metric to improve")
		return
	}
	implied := medml.Minimize
	if slices.Contains(facts, o.Metric) {
		if path == "objective" {
			v.report("objective.metric", "write objectives: [{metric: …}, {metric: "+o.Metric+"}]", "%s can only stand beside a metric", o.Metric)
		}
		v.measured(o.Metric, join(path, "metric"))
	} else {
		m, ok := v.metric(o.Metric, join(path, "metric"))
		if !ok {
			return
		}
		o.Metric = m.Name // as this package spells it: "@specificity=.95" is "@specificity=0.95"
		if m.Higher {
			implied = medml.Maximize
		}
		if o.Goal != nil && (*o.Goal < m.Low || *o.Goal > m.High) {
			v.report(join(path, "goal"), "", "%s lies between %s and %s, found %s", o.Metric, show(m.Low), show(m.High), show(*o.Goal))
		}
	}
	v.direction(o, implied, join(path, "direction"))
}

// direction checks a direction against the one that the metric implies.
func (v *validator) direction(o *Objective, implied medml.Direction, path string) {
	directions := []string{string(medml.Maximize), string(medml.Minimize)}
	switch {
	case o.Direction == "":
		o.Direction = implied
	case !slices.Contains(directions, string(o.Direction)):
		v.report(path, didYouMean(string(o.Direction), directions), "unknown direction %s", quoted(string(o.Direction)))
	case o.Direction != implied:
		v.report(path, "leave it out", "expected %s, which %s implies, found %s", implied, o.Metric, quoted(string(o.Direction)))
	}
}

// measured refuses a measured time in a study that promises the same result each time.
func (v *validator) measured(fact, path string) {
	if fact == inferenceFact && v.spec.Reproducibility.Deterministic {
		v.report(path, "write reproducibility: {deterministic: false}", "%s is measured, and another time in each run of a deterministic study", fact)
	}
}

func (v *validator) metrics() {
	for i, name := range v.spec.Metrics {
		path := element("metrics", i)
		m, ok := v.metric(name, path)
		if !ok {
			continue
		}
		v.spec.Metrics[i] = m.Name
		switch {
		case m.Name == v.spec.Objective.Metric:
			v.report(path, "leave it out here", "%s is the objective and recorded anyway", name)
		case slices.Contains(v.spec.Metrics[:i], m.Name):
			v.report(path, "", "%s stands there twice", name)
		}
	}
}

// constraints reads the conditions on a trial's results.
func (v *validator) constraints() {
	for i, src := range v.spec.Constraints {
		path := element("constraints", i)
		e, ok := v.expression(path, src, measures{v.spec})
		if !ok {
			continue
		}
		v.spec.Constraints[i] = e.String()
		v.spec.constraints = append(v.spec.constraints, e)
		for _, name := range e.Names() {
			v.measured(name, path)
		}
	}
}

// measures is the scope of constraints: the metrics of the task, and what a model takes.
type measures struct{ spec *Spec }

// Resolve finds a metric or a fact.
func (m measures) Resolve(name string) (expression.Meaning, error) {
	if slices.Contains(facts, name) {
		return expression.Meaning{Paths: []string{name}}, nil
	}
	found, err := metric.Lookup(name)
	if err == nil && slices.Contains(tasks, string(m.spec.Task)) {
		err = found.Fits(metric.Task(m.spec.Task), 0)
	}
	if err != nil {
		if near := nearest.Names(name, facts); len(near) > 0 {
			return expression.Meaning{}, fmt.Errorf("unknown metric %s; did you mean %s?", quoted(name), strings.Join(near, " or "))
		}
		return expression.Meaning{}, err
	}
	return expression.Meaning{Paths: []string{found.Name}}, nil
}
