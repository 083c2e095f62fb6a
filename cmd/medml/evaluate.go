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
	unfinished  bool
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
test part that is looked at twice is no test any more. That of a sweep that hasn't ended
stays closed, unless --unfinished says that it won't be gone on with.

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
	f.BoolVar(&o.unfinished, "unfinished", false, "open the test part even though the sweep hasn't ended")
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
	if err := mayOpen(o, studies); err != nil {
		return err
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

// mayOpen returns an error where a test part would be opened for a model that the search
// may yet better.
func mayOpen(o evaluateOptions, studies []*evaluatedStudy) error {
	if o.development || o.unfinished || !studies[0].job.HasTest() {
		return nil
	}
	for _, s := range studies {
		if s.snap.State != medml.StudyComplete {
			return usagef("study %s is %s: end it with medml sweep first, for what is chosen after a look at the test part isn't tested by it; or say --development, or --unfinished",
				s.study.Name, s.snap.State)
		}
	}
	return nil
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
