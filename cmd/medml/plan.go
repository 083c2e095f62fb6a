package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"medml"
	"medml/experiments"
	"medml/search"
	"medml/store"
)

// dryRun says what a sweep would do. It reads the store where the experiment begins with
// the trials of another study, and writes nothing.
func dryRun(ctx context.Context, e *env, o sweepOptions, spec *experiments.Spec, job *experiments.Job) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if spec.NeedsWarmStart() != "" {
		s, err := store.Open(o.store, store.Options{ReadOnly: true, MustExist: true})
		if err != nil {
			return err
		}
		err = errors.Join(warmStart(s, spec, job), s.Close())
		if err != nil {
			return err
		}
	}
	plan, err := job.Plan(ctx, experiments.Machine{
		Workers: workersFor(spec.Resources), Cores: runtime.NumCPU(),
		Memory: spec.Resources.Memory.Of(machineMemory()), Clock: e.now,
	})
	if err != nil {
		return err
	}
	if o.json {
		return printJSON(e.out, plan)
	}
	return printPlan(e.out, plan, job.About().Space)
}

// warmStart gives the search the trials of another study that the experiment asks for: those
// that the study was begun with, if it was, so that it stays the same study.
func warmStart(s *store.Store, spec *experiments.Spec, job *experiments.Job) error {
	from := spec.NeedsWarmStart()
	if from == "" {
		return nil
	}
	own, err := s.Study(spec.Name)
	if err == nil {
		if err := job.WarmStartAgain(own.Experiment); err != nil || spec.NeedsWarmStart() == "" {
			return err
		}
	} else if !errors.As(err, new(*store.UnknownStudyError)) {
		return err
	}
	snap, err := s.Snapshot(from)
	if errors.As(err, new(*store.UnknownStudyError)) {
		return spec.Place("", &search.FieldError{Field: "warm_start.from", Msg: err.Error()})
	}
	if err != nil {
		return err
	}
	return job.WarmStart(snap)
}

// printPlan writes a plan for people.
func printPlan(w io.Writer, p experiments.Plan, space medml.Space) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cells ...string) { fmt.Fprintln(t, strings.Join(cells, "\t")) }
	line("study", fmt.Sprintf("%s: %s, each on %s of %s", p.Study, trialsText(p.Trials), counted(p.Folds, "fold"), counted(p.Epochs, "epoch")))
	line("data", fmt.Sprintf("%d rows, %d of them locked away for the test", p.Rows, p.TestRows))
	line("sampler", p.Sampler)
	line("pruner", p.Pruner+rungsText(p))
	for i, x := range p.Space {
		line(onlyFirst(i, "space"), x.Branch+": "+extentText(x))
	}
	for _, f := range []struct {
		name string
		of   *experiments.Footprint
	}{{"smallest", p.Smallest}, {"largest", p.Largest}} {
		if f.of != nil {
			line(f.name, footprintText(*f.of)+": "+searchedText(f.of.Params, space))
		}
	}
	for i, s := range p.Samples {
		line(onlyFirst(i, "first"), fmt.Sprintf("trial %d: %s", s.Number, searchedText(s.Params, space)))
		line("", "  "+sampleText(s))
	}
	line("workers", strconv.Itoa(p.Workers)+memoryText(p.Memory))
	if p.Seconds > 0 {
		line("time", "about "+spanText(p.Seconds)+" if nothing is pruned")
	} else {
		line("time", "without a limit that can be told")
	}
	for _, warning := range p.Warnings {
		line("mind", warning)
	}
	line("", "nothing was written")
	return t.Flush()
}

// onlyFirst labels the first of several lines.
func onlyFirst(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func trialsText(n int) string {
	if n == 0 {
		return "as many trials as there is time for"
	}
	return counted(n, "trial")
}

// rungsText says where the pruner compares trials.
func rungsText(p experiments.Plan) string {
	if len(p.Rungs) == 0 {
		return ""
	}
	last := len(p.Rungs) - 1
	var words []string
	for _, r := range p.Rungs[:last] {
		word := strconv.Itoa(r)
		if p.Resource == "data" {
			word += "/" + strconv.Itoa(p.Rungs[last])
		}
		words = append(words, word)
	}
	if p.Resource == "data" {
		return fmt.Sprintf("; trials are compared when trained on %s of the data", strings.Join(words, ", "))
	}
	return fmt.Sprintf("; trials are compared after %s of their %d epochs", strings.Join(words, ", "), p.Folds*p.Epochs)
}

// extentText says how large a branch of the space is.
func extentText(x experiments.Extent) string {
	n := strconv.FormatFloat(x.Combinations, 'f', -1, 64)
	if x.Combinations > 1e9 {
		n = fmt.Sprintf("%.1e", x.Combinations)
	}
	text := n + " combinations"
	if x.Combinations == 1 {
		text = "1 combination"
	}
	if len(x.Continuous) == 0 {
		return text
	}
	short := make([]string, len(x.Continuous))
	for i, name := range x.Continuous {
		short[i] = medml.ShortName(name)
	}
	return fmt.Sprintf("%s × %d continuous (%s)", text, len(short), strings.Join(short, ", "))
}

func footprintText(f experiments.Footprint) string {
	return counted(f.Parameters, "parameter") + ", " + bytesText(f.Bytes)
}

// sampleText says what a trial takes, or why it can't be trained.
func sampleText(s experiments.Sample) string {
	var words []string
	if s.Bytes > 0 {
		words = append(words, footprintText(s.Footprint))
	}
	if s.Fault != "" {
		words = append(words, "fails: "+s.Fault)
	} else {
		words = append(words, spanText(s.StepSeconds)+" a batch, "+spanText(s.Seconds)+" a trial")
	}
	return strings.Join(words, ", ")
}

// searchedText lists the hyperparameters that have more than one value.
func searchedText(params medml.Params, space medml.Space) string {
	var words []string
	for _, s := range params {
		p, ok := space.Lookup(s.Name)
		if !ok || p.Single() {
			continue
		}
		value := s.Value.String()
		if s.Value.Kind() == medml.FloatKind {
			value = strconv.FormatFloat(s.Value.Float(), 'g', 3, 64)
		}
		words = append(words, p.Short()+" "+value)
	}
	if words == nil {
		return "the one there is"
	}
	return strings.Join(words, "  ")
}

func memoryText(n int64) string {
	if n == 0 {
		return ""
	}
	return ", with " + bytesText(n) + " of memory together"
}

func bytesText(n int64) string {
	switch {
	case n < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// spanText writes a time with the two digits that an estimate has.
func spanText(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < time.Minute:
		digits := math.Pow(10, math.Floor(math.Log10(float64(d)))-1)
		return d.Round(time.Duration(digits)).String()
	case d < time.Hour:
		return strings.TrimSuffix(d.Round(time.Second).String(), "0s")
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
