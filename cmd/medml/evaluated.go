package main

import (
	"context"
	"errors"
	"fmt"

	"medml"
	"medml/experiments"
	"medml/store"
)

// evaluatedStudy is a study made ready to be judged.
type evaluatedStudy struct {
	study   store.Study
	snap    medml.Snapshot
	job     *experiments.Job
	opening int
}

// evaluated reads the study of that name, or those of its outer folds.
func evaluated(dir string, t target) ([]*evaluatedStudy, error) {
	first, err := ready(dir, t.study)
	var unknown *store.UnknownStudyError
	if !errors.As(err, &unknown) {
		if err != nil {
			return nil, err
		}
		return []*evaluatedStudy{first}, nil
	}
	one, inner := ready(dir, experiments.OuterName(t.study, 1))
	switch {
	case errors.As(inner, &unknown):
		return nil, err
	case inner != nil:
		return nil, inner
	case t.n >= 0:
		return nil, usagef("%s is nested: each outer fold has trials of its own, as in %s/%d", t.study, experiments.OuterName(t.study, 1), t.n)
	}
	studies := []*evaluatedStudy{one}
	for outer := 2; outer <= one.job.OuterFolds(); outer++ {
		s, err := ready(dir, experiments.OuterName(t.study, outer))
		if err != nil {
			return nil, err
		}
		studies = append(studies, s)
	}
	return studies, nil
}

func ready(dir, name string) (*evaluatedStudy, error) {
	s, study, err := openStudy(dir, name)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	snap, err := s.Snapshot(name)
	if err != nil {
		return nil, err
	}
	job, err := storedJob(study)
	if err != nil {
		return nil, err
	}
	if job.DataDigest() != study.Environment.Data {
		return nil, fmt.Errorf("the data of study %s have changed: were %s, now %s", name, study.Environment.Data, job.DataDigest())
	}
	return &evaluatedStudy{study: study, snap: snap, job: job}, nil
}

// finishModel makes the model of a study: that of trial n, or where it is negative what the
// experiment says.
func finishModel(ctx context.Context, e *env, o evaluateOptions, s *evaluatedStudy, n int) (*experiments.Finished, error) {
	if n < 0 && s.job.EvaluatesEnsemble() {
		p, err := ensembleOf(o.store, s)
		if err != nil {
			return nil, err
		}
		return s.job.Finish(p)
	}
	trial, err := pick(s.snap, target{s.study.Name, n})
	if err != nil {
		return nil, err
	}
	if trial.State != medml.Complete {
		return nil, usagef("trial %s is %v: there is no finished model", path(s.study.Name, trial.Number), trial.State)
	}
	kept, err := keptOf(o.store, s.study.Name, trial)
	if err != nil {
		return nil, err
	}
	done := 0
	p, err := s.job.Retrain(ctx, trial, s.job.EvaluationSeeds(), kept, func(seed int) medml.Monitor {
		return medml.ReportFunc(func(int, medml.Epoch) error {
			done++
			if e.errTerminal && !o.quiet && !o.json {
				fmt.Fprintf(e.err, "\rtraining %s again: seed %d, epoch %d", path(s.study.Name, trial.Number), seed, done)
			}
			return ctx.Err()
		})
	})
	if e.errTerminal && !o.quiet && !o.json {
		fmt.Fprint(e.err, "\r\x1b[K")
	}
	if err != nil {
		return nil, err
	}
	return s.job.Finish(p)
}

// keptOf returns the models of a trial, nil where they aren't kept.
func keptOf(dir, study string, t medml.Trial) ([]byte, error) {
	if t.Artifact == "" {
		return nil, nil
	}
	s, _, err := openStudy(dir, study)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Artifact(study, t.Number)
}

// ensembleOf selects the ensemble of a study and returns its models.
func ensembleOf(dir string, s *evaluatedStudy) (*experiments.Predictor, error) {
	st, _, err := openStudy(dir, s.study.Name)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	artifact := func(n int) ([]byte, error) { return st.Artifact(s.study.Name, n) }
	c, err := s.job.Combine(s.snap.Trials, artifact, s.job.EnsembleSize())
	if err != nil {
		return nil, err
	}
	return s.job.Ensemble(c, artifact)
}
