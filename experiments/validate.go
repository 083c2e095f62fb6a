package experiments

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"medml/dataset"
	"medml/internal/nearest"
	"medml/metric"
	"medml/search"
)

// tasks, aggregates are the words of their fields.
var (
	tasks      = []string{string(dataset.Classification), string(dataset.Regression)}
	aggregates = []string{"mean", "median", "min", "mean-std"}
)

// nameForm is what a study may be called: a name that every file system and command line
// takes as it is.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// validator checks what a Spec says, after its types were right, and fills in what one
// field's default takes from another.
type validator struct {
	*decoder
	spec *Spec
	root *node
}

// report adds a mistake of a field, unless one of it or of what it stands in is known.
func (v *validator) report(path, hint, format string, args ...any) {
	for p := path; p != ""; p = parent(p) {
		if v.spoilt[p] {
			return
		}
	}
	at, found := v.root.find(path)
	v.add(at, path, found, hint, format, args...)
}

// parent cuts the last part off a path.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// fields reports the field errors that a package's Validate has joined.
func (v *validator) fields(section string, err error) {
	for _, e := range fieldErrors(section, err) {
		v.report(e.path, e.hint, "%s", e.msg)
	}
}

// fieldError is a field's mistake, found by another package.
type fieldError struct{ path, msg, hint string }

// fieldErrors takes joined errors apart. Those of no field belong to the section.
func fieldErrors(section string, err error) []fieldError {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []fieldError
		for _, e := range joined.Unwrap() {
			all = append(all, fieldErrors(section, e)...)
		}
		return all
	}
	e := fieldError{path: section, msg: err.Error()}
	var ofData *dataset.FieldError
	var ofSearch *search.FieldError
	switch {
	case errors.As(err, &ofData):
		e.path, e.msg = join(section, "")+ofData.Field, ofData.Msg
	case errors.As(err, &ofSearch):
		e.path, e.msg = join(section, "")+ofSearch.Field, ofSearch.Msg
	}
	e.path = strings.TrimPrefix(e.path, ".")
	if msg, hint, ok := strings.Cut(e.msg, "; did you mean "); ok {
		e.msg, e.hint = msg, "did you mean "+hint
	}
	return []fieldError{e}
}

// all checks the whole Spec.
func (v *validator) all() {
	s := v.spec
	v.version()
	if !nameForm.MatchString(s.Name) {
		v.report("name", "", "%s isn't a name: expected letters, digits, '.', '_' and '-', 64 at most", quoted(s.Name))
	}
	if v.task() {
		s.Data = s.Data.Resolved(s.Task)
		v.fields("data", s.Data.Validate(s.Task))
	} else if s.Data.Source == "" {
		v.report("data.source", "", "missing: expected the path of a file, builtin:NAME, medmnist:NAME or physionet:NAME")
	}
	v.objectives()
	v.metrics()
	v.constraints()
	v.fields("sampler", s.Sampler.Validate())
	v.fields("pruner", s.Pruner.Validate())
	v.budget()
	v.resources()
	v.reproducibility()
	v.orchestration()
	if v.root.lookup("space") == nil {
		v.report("space", "write space: {architecture: …}", "missing: expected the search space")
	}
	v.conditions()
	v.configurations()
	if len(v.problems) == 0 {
		v.search()
	}
}

func (v *validator) version() {
	switch e := v.root.lookup("version"); {
	case e == nil:
		v.report("version", fmt.Sprintf("write version: %d", Version), "missing: expected the version of the file's form")
	case v.spec.Version > Version:
		v.report("version", "install a newer medml", "this medml reads version %d, found %d", Version, v.spec.Version)
	case v.spec.Version != Version:
		v.report("version", "", "expected %d, found %d", Version, v.spec.Version)
	}
}

// task checks the task and says whether what depends on it can be checked. A misspelt one
// is put right for that.
func (v *validator) task() bool {
	t := string(v.spec.Task)
	if t == "" {
		v.report("task", "", "missing: expected %s", orList(tasks))
		return false
	}
	if slices.Contains(tasks, t) {
		return true
	}
	v.report("task", didYouMean(t, tasks), "unknown task %s", quoted(t))
	near := nearest.Names(t, tasks)
	if len(near) != 1 {
		return false
	}
	v.spec.Task = dataset.Task(near[0])
	return true
}

// metric looks a metric up and reports one that is unknown or doesn't fit the task, if
// there is one.
func (v *validator) metric(name, path string) (metric.Metric, bool) {
	m, err := metric.Lookup(name)
	if err == nil && slices.Contains(tasks, string(v.spec.Task)) {
		err = m.Fits(metric.Task(v.spec.Task), 0)
	}
	if err != nil {
		e := fieldErrors(path, err)[0]
		v.report(path, e.hint, "%s", e.msg)
		return m, false
	}
	return m, true
}

func (v *validator) budget() {
	b := &v.spec.Budget
	if b.Trials < 0 {
		v.report("budget.trials", "", "expected 0 (no limit) or more, found %d", b.Trials)
	}
	if b.Epochs < 1 {
		v.report("budget.epochs", "", "expected at least 1, found %d", b.Epochs)
	}
	if b.Patience.Trials < 0 {
		v.report("budget.patience.trials", "", "expected 0 (never) or more, found %d", b.Patience.Trials)
	}
	if b.Patience.MinDelta < 0 {
		v.report("budget.patience.min_delta", "", "expected 0 or more, found %s", show(b.Patience.MinDelta))
	}
	if b.Patience.MinDelta != 0 && b.Patience.Trials == 0 {
		v.report("budget.patience.trials", "", "missing: expected after how many trials the sweep ends")
	}
	if !slices.Contains(drains, string(b.Drain)) {
		v.report("budget.drain", didYouMean(string(b.Drain), drains), "unknown way to drain %s", quoted(string(b.Drain)))
	}
	if b.Trials == 0 && b.Time == 0 && v.spec.Sampler.Name != "grid" && v.root.missing("budget.trials") {
		b.Trials = 100
	}
}

func (v *validator) resources() {
	if n := v.spec.Resources.ThreadsPerTrial; n < 1 || n > mostWorkers {
		v.report("resources.threads_per_trial", "", "expected 1 to %d, found %d", mostWorkers, n)
	}
	if v.spec.Resources.Checkpoint == 0 {
		v.report("resources.checkpoint", "leave it out for 10s", "expected a time above 0, found 0s")
	}
}

func (v *validator) reproducibility() {
	const most = 1024
	r := &v.spec.Reproducibility
	switch {
	case !r.Deterministic:
		r.Lookback = 0
	case r.Lookback < 1 || r.Lookback > most:
		v.report("reproducibility.lookback", "", "expected 1 to %d, found %d", most, r.Lookback)
	}
}

// resolveSearch fills in the defaults that package search documents for the sampler and
// pruner that were chosen.
func (v *validator) resolveSearch() {
	s, p := &v.spec.Sampler, &v.spec.Pruner
	orDefault(&s.Name, "tpe")
	switch s.Name {
	case "tpe":
		orDefault(&s.StartupTrials, 10)
		orDefault(&s.Candidates, 24)
	case "gp":
		orDefault(&s.StartupTrials, 10)
		orDefault(&s.Candidates, 1024)
	}
	if s.Name == "gp" {
		orDefault(&s.StartupTrials, 10)
		orDefault(&s.Candidates, 1024)
	}
	if s.Name == "nsga-ii" {
		orDefault(&s.Population, 50)
	}
	orDefault(&p.Name, "none")
	switch p.Name {
	case "wilcoxon":
		orDefault(&p.Threshold, 0.1)
	case "median":
		orDefault(&p.Startup, 5)
	case "percentile":
		orDefault(&p.Startup, 5)
		orDefault(&p.Percentile, 25)
	case "asha", "hyperband":
		orDefault(&p.Min, 1)
		orDefault(&p.ReductionFactor, 3)
		if p.Resource == "data" {
			orDefault(&p.Max, v.spec.lastRung())
		}
	case "patient":
		orDefault(&p.Patience, 10)
	}
}

// orDefault sets a field that says nothing.
func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
