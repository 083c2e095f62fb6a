package experiments

import (
	"bytes"
	"slices"
	"time"

	"medml"
	"medml/dataset"
	"medml/internal/expression"
	"medml/metric"
	"medml/search"
	"medml/trainer"
)

// Job is an experiment made ready: its data read, split and prepared. The labels of the
// test part are locked away: nothing here can read them.
type Job struct {
	Trainer *trainer.Trainer

	spec   *Spec
	data   *dataset.Dataset
	splits dataset.Splits
	about  medml.About
}

// Build reads the data, splits them, and prepares the trainer. What can go wrong before the
// first epoch goes wrong here, and nothing is written.
func (s *Spec) Build() (*Job, error) {
	data, err := dataset.Open(s.Data, s.Task, s.Dir)
	if err != nil {
		return nil, s.Place("data", err)
	}
	splits, err := data.Split(s.Data.Split, medml.Stream(s.Data.Split.Seed, "split"))
	if err != nil {
		return nil, s.Place("data", err)
	}
	config, err := s.trainer(data.Classes)
	if err != nil {
		return nil, err
	}
	if err := s.defined(config.Metric, data, splits); err != nil {
		return nil, err
	}
	s.counted = len(splits.Folds)
	data = data.Lock(splits.Test)
	t, err := trainer.New(config, data, splits.Folds, s.Data.Preprocess)
	if err != nil {
		return nil, s.Place("data", err)
	}
	j := &Job{Trainer: t, spec: s, data: data, splits: splits}
	if err := j.suits(); err != nil {
		return nil, err
	}
	return j, j.describe()
}

// trainer returns how trials are trained and judged, with classes of these names.
func (s *Spec) trainer(classes []string) (trainer.Config, error) {
	c := trainer.Config{
		Seed: s.Sampler.Seed, Task: s.Task, Aggregate: s.Objective.Aggregate, Epochs: s.Budget.Epochs,
		Threads: s.Resources.ThreadsPerTrial, Shares: s.Shares(), Keep: s.Ensemble.Size > 0,
	}
	for _, g := range s.Goals() {
		c.Objectives = append(c.Objectives, g.Metric)
	}
	for _, e := range s.constraints {
		c.Constraints = append(c.Constraints, e)
	}
	recorded := s.recorded()
	for i, r := range recorded {
		m, err := fitting(r.name, s.Task, classes)
		if err != nil {
			return c, s.Place("", &search.FieldError{Field: r.path, Msg: err.Error()})
		}
		if i == 0 {
			c.Metric = m
		} else {
			c.Metrics = append(c.Metrics, m)
		}
	}
	for i, name := range s.Evaluation.Metrics {
		if _, err := fitting(name, s.Task, classes); err != nil {
			return c, s.Place("", &search.FieldError{Field: element("evaluation.metrics", i), Msg: err.Error()})
		}
	}
	if s.asksFor(inferenceFact) {
		c.Clock = time.Now
	}
	return c, nil
}

// recordedMetric is a metric that is computed of every trial, and the field that asks for
// it first.
type recordedMetric struct{ name, path string }

// recorded returns the metrics that are computed of every trial: the objective, those that
// the file names, and those that further objectives and constraints ask for.
func (s *Spec) recorded() []recordedMetric {
	var all []recordedMetric
	add := func(name, path string) {
		if !slices.Contains(facts, name) && !slices.ContainsFunc(all, func(r recordedMetric) bool { return r.name == name }) {
			all = append(all, recordedMetric{name, path})
		}
	}
	add(s.Objective.Metric, join(s.firstObjective(), "metric"))
	for i, name := range s.Metrics {
		add(name, element("metrics", i))
	}
	for i, o := range s.Objectives {
		add(o.Metric, join(element("objectives", i), "metric"))
	}
	for i, e := range s.constraints {
		for _, name := range e.Names() {
			add(name, element("constraints", i))
		}
	}
	return all
}

// asksFor reports whether an objective or a constraint names a fact.
func (s *Spec) asksFor(fact string) bool {
	return slices.ContainsFunc(s.Objectives, func(o Objective) bool { return o.Metric == fact }) ||
		slices.ContainsFunc(s.constraints, func(e expression.Expr) bool { return slices.Contains(e.Names(), fact) })
}

// fitting returns a metric that can judge the task, with classes of these names. Nil leaves
// open which there are; a class that the metric's name has isn't looked for then.
func fitting(name string, task dataset.Task, classes []string) (metric.Metric, error) {
	m, err := metric.Lookup(name)
	if err == nil && classes != nil {
		m, err = m.Among(classes)
	}
	if err != nil {
		return m, err
	}
	return m, m.Fits(metric.Task(task), len(classes))
}

// describe says what the study is.
func (j *Job) describe() error {
	s := j.spec
	study, err := j.Study(nil)
	if err != nil {
		return err
	}
	sampler, pruner := study.Describe()
	j.about = medml.About{
		Study: s.Name, Description: s.Description, Metric: s.Objective.Metric, Direction: s.Objective.Direction,
		Goals: s.Goals(), Constraints: s.Constraints, Leaders: s.leaders(), Sampler: sampler, Pruner: pruner, Seed: s.Sampler.Seed, Space: s.Space(),
		Folds: len(j.splits.Folds), Epochs: s.Budget.Epochs,
	}
	if card := j.data.Card(); card != nil {
		for _, r := range card.References {
			if r.Metric == s.Objective.Metric {
				j.about.References = append(j.about.References, medml.Reference(r))
			}
		}
	}
	return nil
}

// Study returns the search, with what it knows from the trials of earlier sessions.
func (j *Job) Study(past []medml.Trial) (*search.Study, error) {
	study, err := search.New(j.spec.Space(), j.spec.Search(), past)
	if err != nil {
		return nil, j.spec.Place("", err)
	}
	return study, nil
}

// About says what the study is.
func (j *Job) About() medml.About { return j.about }

// Rows returns the number of examples, TestRows how many of them are locked away.
func (j *Job) Rows() int { return j.data.Len() }

// TestRows returns the size of the locked test part.
func (j *Job) TestRows() int { return len(j.splits.Test) }

// Splits returns which rows of the data, from 0, are in which part.
func (j *Job) Splits() dataset.Splits { return j.splits }

// Leaks returns what the split gives away: examples that are the same on both sides.
func (j *Job) Leaks() []dataset.Leak { return j.data.Check(j.splits) }

// Suspicions returns which features should most likely not be learnt from, and why. The
// targets of the test part aren't looked at.
func (j *Job) Suspicions() []string {
	return j.data.Suspicions(j.splits.Test)
}

// DataDigest returns the "sha256:…" of the source's bytes.
func (j *Job) DataDigest() string { return j.data.Digest() }

// Source returns the experiment as it was written.
func (s *Spec) Source() []byte { return bytes.Clone(s.source) }
