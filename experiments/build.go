package experiments

import (
	"bytes"
	"fmt"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/search"
	"medml/trainer"
)

// Job is an experiment made ready: its data read, split and prepared. The test part is
// locked: nothing here reads its labels.
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
	config, err := s.trainer(len(data.Classes))
	if err != nil {
		return nil, err
	}
	t, err := trainer.New(config, data, splits.Folds, s.Data.Preprocess)
	if err != nil {
		return nil, s.Place("data", err)
	}
	j := &Job{Trainer: t, spec: s, data: data, splits: splits}
	if err := j.describe(config.Metric); err != nil {
		return nil, err
	}
	return j, nil
}

// trainer returns how trials are trained and judged.
func (s *Spec) trainer(classes int) (trainer.Config, error) {
	c := trainer.Config{
		Seed: s.Sampler.Seed, Task: s.Task, Aggregate: s.Objective.Aggregate, Epochs: s.Budget.Epochs,
		Threads: s.Resources.ThreadsPerTrial,
	}
	var err error
	if c.Metric, err = fitting(s.Objective.Metric, s.Task, classes); err != nil {
		return c, s.Place("", &search.FieldError{Field: "objective.metric", Msg: err.Error()})
	}
	for i, name := range s.Metrics {
		m, err := fitting(name, s.Task, classes)
		if err != nil {
			return c, s.Place("", &search.FieldError{Field: fmt.Sprintf("metrics[%d]", i), Msg: err.Error()})
		}
		c.Metrics = append(c.Metrics, m)
	}
	return c, nil
}

// fitting returns a metric that can judge the task.
func fitting(name string, task dataset.Task, classes int) (metric.Metric, error) {
	m, err := metric.Lookup(name)
	if err != nil {
		return m, err
	}
	return m, m.Fits(metric.Task(task), classes)
}

// describe says what the study is.
func (j *Job) describe(m metric.Metric) error {
	s := j.spec
	study, err := j.Study(nil)
	if err != nil {
		return err
	}
	sampler, pruner := study.Describe()
	j.about = medml.About{
		Study: s.Name, Description: s.Description, Metric: m.Name, Direction: s.Objective.Direction,
		Sampler: sampler, Pruner: pruner, Seed: s.Sampler.Seed, Space: s.Space(),
		Folds: len(j.splits.Folds), Epochs: s.Budget.Epochs,
	}
	if card := j.data.Card(); card != nil {
		for _, r := range card.References {
			if r.Metric == m.Name {
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

// DataDigest returns the "sha256:…" of the source's bytes.
func (j *Job) DataDigest() string { return j.data.Digest() }

// Source returns the experiment as it was written.
func (s *Spec) Source() []byte { return bytes.Clone(s.source) }
