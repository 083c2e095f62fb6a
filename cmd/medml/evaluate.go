package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/experiments"
	"medml/metric"
	"medml/store"
)

// evaluateOptions are the flags of `evaluate`.
type evaluateOptions struct {
	store       string
	against     string
	predictions string
	development bool
	json, quiet bool
}

func newEvaluate(e *env) *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate STUDY[/N]",
		Short: "Judge the finished model, and open the locked test part",
		Long: `Judge a study's model as its experiment's evaluation section says: the best trial's (or N's)
or the ensemble's, calibrated and with its threshold chosen on out-of-fold predictions
alone. Each figure has a 95 % confidence interval.

First it is judged on the patients it was developed on, each by models that hadn't seen
them; the search has chosen it on these, which flatters it. Then the locked test part is
opened. Each opening is put on record before a label is read, and a second one says so: a
test part that is looked at twice is no test any more.

Of a nested split, whose studies are STUDY.1, STUDY.2, …, the outer folds are judged
together, each by the model of its own search.`,
		Example: `  medml evaluate diagnosis
  medml evaluate diagnosis --development         # the test part stays closed
  medml evaluate diagnosis/17 --against 3        # two trials on the same patients
  medml evaluate diagnosis --json > evidence.json
  medml evaluate diagnosis --predictions each.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := parseTarget(args[0])
			if err != nil {
				return err
			}
			o.store = storeDir(cmd)
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return judgeStudy(ctx, e, o, t)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.against, "against", "", "another trial's number, to compare with on the same patients")
	f.BoolVar(&o.development, "development", false, "judge on the development part alone; the test part stays closed")
	f.StringVar(&o.predictions, "predictions", "", "a CSV file to write, with a line for each example that was judged")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	return cmd
}

// evidence is what is known of a model.
type evidence struct {
	Study       string              `json:"study"`
	Classes     []string            `json:"classes,omitempty"`
	Models      []modelEvidence     `json:"models"`
	Development experiments.Judged  `json:"development"`
	Test        *experiments.Judged `json:"test,omitempty"`
	OuterFolds  *experiments.Folded `json:"outer_folds,omitempty"`
	// Opening counts the openings of the test part, this one included; of a nested split,
	// of the outer fold that was opened most.
	Opening    int                 `json:"opening,omitempty"`
	Openings   []openingJSON       `json:"openings,omitempty"`
	Against    string              `json:"against,omitempty"`
	Comparison []metric.Comparison `json:"comparison,omitempty"`

	parts  []experiments.PartVerdicts
	opened atomic.Bool // from just before the first opening is recorded
}

// modelEvidence is one of the models that were judged.
type modelEvidence struct {
	Study       string             `json:"study"`
	Trial       int                `json:"trial"`
	Model       string             `json:"model"`
	Weights     string             `json:"weights"`
	Calibration metric.Calibration `json:"calibration"`
	Threshold   *float64           `json:"threshold,omitempty"`
}

type openingJSON struct {
	Study string    `json:"study"`
	At    time.Time `json:"at"`
	Model string    `json:"model"`
	Trial int       `json:"trial"`
}

func judgeStudy(ctx context.Context, e *env, o evaluateOptions, t target) error {
	out := evidence{Study: t.study}
	err := untilCancelled(ctx, func() error { return out.gather(ctx, e, o, t) })
	switch {
	case errors.Is(err, context.Canceled) && out.opened.Load():
		return &interrupted{"medml: interrupted; the test part was being opened: where that is on record, the next opening says so"}
	case errors.Is(err, context.Canceled):
		return &interrupted{"medml: interrupted; the test part wasn't opened"}
	case err != nil:
		return err
	case o.json:
		return printJSON(e.out, &out)
	}
	return printEvidence(e, &out)
}

// gather finds out what is to be known of the model.
func (v *evidence) gather(ctx context.Context, e *env, o evaluateOptions, t target) error {
	studies, err := evaluated(o.store, t)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(o.predictions); err == nil && o.predictions != "" {
		return usagef("--predictions: %s exists already", o.predictions)
	}
	var rival target
	if o.against != "" {
		if rival, err = parseTarget(path1(t.study, o.against)); err != nil {
			return err
		}
		if len(studies) > 1 || rival.study != t.study {
			return usagef("--against takes the number of another trial of the same study, and no nested one")
		}
		v.Against = path(rival.study, rival.n)
	}
	var finished, rivals []*experiments.Finished
	for _, s := range studies {
		f, err := finishModel(ctx, e, o, s, t.n)
		if err != nil {
			return err
		}
		finished = append(finished, f)
		v.add(s.study.Name, f)
		if o.against != "" {
			if f, err = finishModel(ctx, e, o, s, rival.n); err != nil {
				return err
			}
			rivals = append(rivals, f)
		}
	}
	v.Classes = studies[0].job.Classes()
	if err := v.judge(ctx, e, o, studies, finished, rivals); err != nil || o.predictions == "" {
		return err
	}
	return writePredictions(o.predictions, studies[0].job, v.parts)
}

// writePredictions writes a new file that its owner alone may read.
func writePredictions(name string, job *experiments.Job, parts []experiments.PartVerdicts) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing predictions: %w", err)
	}
	return errors.Join(job.WritePredictions(f, parts), f.Close())
}

// path1 completes a trial's number by its study.
func path1(study, arg string) string {
	if _, err := parseTarget(arg); err == nil && len(arg) > 0 && arg[0] >= '0' && arg[0] <= '9' {
		return study + "/" + arg
	}
	return arg
}

// add takes note of a model.
func (v *evidence) add(study string, f *experiments.Finished) {
	m := modelEvidence{Study: study, Trial: f.Trial, Model: f.Text, Weights: f.Weights, Calibration: f.Calibration}
	if f.TwoClasses() {
		m.Threshold = &f.Threshold
	}
	v.Models = append(v.Models, m)
}

// judge judges the models on the development part and, unless it is to stay closed, on the
// test part, whose opening is recorded first.
func (v *evidence) judge(ctx context.Context, e *env, o evaluateOptions, studies []*evaluatedStudy, finished, rivals []*experiments.Finished) error {
	job := studies[0].job
	said, err := gathered(finished, (*experiments.Finished).Development)
	if err != nil {
		return err
	}
	if len(studies) > 1 {
		// An example is developed on in all outer folds but one; one of them speaks for it.
		said = experiments.Once(said)
	}
	if v.Development, err = job.Judge(said); err != nil {
		return err
	}
	v.parts = append(v.parts, experiments.PartVerdicts{Part: "development", Verdicts: said})
	part := (*experiments.Finished).Development
	if job.HasTest() && !o.development {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.open(e, o, studies, finished); err != nil {
			return err
		}
		part = (*experiments.Finished).Test
		parts, err := each(finished, part)
		if err != nil {
			return err
		}
		if len(parts) > 1 {
			if over, ok := job.OverFolds(parts); ok {
				v.OuterFolds = &over
			}
		}
		said = experiments.Join(parts)
		judged, err := job.Judge(said)
		if err != nil {
			return err
		}
		v.Test = &judged
		v.parts = append(v.parts, experiments.PartVerdicts{Part: "test", Verdicts: said})
		if err := v.record(o, studies); err != nil {
			return err
		}
	}
	if len(rivals) == 0 {
		return nil
	}
	other, err := gathered(rivals, part)
	if err != nil {
		return err
	}
	v.Comparison, err = job.Compare(said, other)
	return err
}

func gathered(finished []*experiments.Finished, part func(*experiments.Finished) (experiments.Verdicts, error)) (experiments.Verdicts, error) {
	parts, err := each(finished, part)
	if err != nil {
		return experiments.Verdicts{}, err
	}
	return experiments.Join(parts), nil
}

func each(finished []*experiments.Finished, part func(*experiments.Finished) (experiments.Verdicts, error)) ([]experiments.Verdicts, error) {
	var parts []experiments.Verdicts
	for _, f := range finished {
		p, err := part(f)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// open puts the openings on record, and says so where there were some before.
func (v *evidence) open(e *env, o evaluateOptions, studies []*evaluatedStudy, finished []*experiments.Finished) error {
	s, err := store.Open(o.store, store.Options{MustExist: true, Command: "medml evaluate " + v.Study})
	if err != nil {
		return err
	}
	defer s.Close()
	v.opened.Store(true)
	for i, st := range studies {
		before, err := s.Openings(st.study.Name)
		if err != nil {
			return err
		}
		for _, b := range before {
			v.Openings = append(v.Openings, openingJSON{st.study.Name, b.At, b.Model, b.Trial})
		}
		f := finished[i]
		st.opening, err = s.RecordOpening(st.study.Name, store.Opening{Trial: f.Trial, At: e.now(), Model: f.Text, Weights: f.Weights})
		if err != nil {
			return err
		}
		v.Opening = max(v.Opening, st.opening+1)
	}
	return nil
}

// record puts on record what came of the openings.
func (v *evidence) record(o evaluateOptions, studies []*evaluatedStudy) error {
	result, err := json.Marshal(v.Test.Estimates)
	if err != nil {
		return err
	}
	s, err := store.Open(o.store, store.Options{MustExist: true, Command: "medml evaluate " + v.Study})
	if err != nil {
		return err
	}
	defer s.Close()
	for _, st := range studies {
		if err := s.Opened(st.study.Name, st.opening, result); err != nil {
			return err
		}
	}
	return nil
}

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
