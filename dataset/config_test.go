package dataset_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml/dataset"
)

// badConfigs are configurations that no file makes right.
var badConfigs = []struct {
	name   string
	config dataset.Config
	task   dataset.Task
}{
	{name: "nothing at all"},
	{name: "an unknown built-in", config: dataset.Config{Source: "builtin:wbdc"}},
	{name: "an unknown format", config: dataset.Config{Source: "a.csv", Format: "cvs", Target: "y"}},
	{name: "a format that can't be guessed", config: dataset.Config{Source: "a.xlsx", Target: "y"}},
	{name: "a digest of another form", config: dataset.Config{Source: "a.csv", Target: "y", Digest: "md5:00"}},
	{name: "a positive class of a regression", config: dataset.Config{Source: "a.csv", Target: "y", Positive: "x"}, task: dataset.Regression},
	{name: "the target as group", config: dataset.Config{Source: "a.csv", Target: "y", Group: "y"}},
	{name: "features that can't be", config: dataset.Config{Source: "a.csv", Target: "y", Group: "p", Features: []string{"y", "p", "", "a", "a"}}},
	{name: "a size of 0", config: dataset.Config{Source: "a.csv", Target: "y", Shape: []int{3, 0}}},
	{name: "a negative size", config: dataset.Config{Source: "a.csv", Target: "y", Shape: []int{-1, 3}}},
	{name: "a shape too large to count", config: dataset.Config{Source: "a.csv", Target: "y", Shape: []int{1 << 20, 1 << 40, 1 << 40}}},
	{name: "too many dimensions", config: dataset.Config{Source: "a.csv", Target: "y", Shape: []int{1, 1, 1, 1, 1}}},
	{name: "a misspelt split", config: split(dataset.SplitConfig{Kind: "stratified-kfolds"})},
	{name: "a stratified regression", config: split(dataset.SplitConfig{Kind: "stratified-kfold"}), task: dataset.Regression},
	{name: "a grouped split without a group", config: split(dataset.SplitConfig{Kind: "group-kfold"})},
	{name: "an ungrouped split with a group", config: dataset.Config{Source: "a.csv", Target: "y", Group: "p", Split: dataset.SplitConfig{Kind: "stratified-holdout"}}},
	{name: "one fold", config: split(dataset.SplitConfig{Folds: 1})},
	{name: "folds of a hold-out", config: split(dataset.SplitConfig{Kind: "holdout", Folds: 5})},
	{name: "a validation share of folds", config: split(dataset.SplitConfig{Kind: "kfold", Valid: 0.2})},
	{name: "shares that are none", config: split(dataset.SplitConfig{Kind: "holdout", Valid: 1, Test: share(math.NaN())})},
	{name: "a negative share", config: split(dataset.SplitConfig{Test: share(-0.2)})},
	{name: "unknown preparations", config: dataset.Config{Source: "a.csv", Target: "y", Preprocess: dataset.Preprocess{Impute: "medain", Scale: "zscore"}}},
	{name: "time without its column", config: split(dataset.SplitConfig{Kind: "time"})},
	{name: "repeats of what can't be otherwise", config: split(dataset.SplitConfig{Kind: "time", Column: "t", Repeats: 2})},
	{name: "leaving nobody out", config: split(dataset.SplitConfig{Kind: "leave-one-group-out"})},
	{name: "fields of other kinds", config: split(dataset.SplitConfig{Kind: "kfold", Column: "t", Base: "kfold", Inner: 3, Outer: 1})},
	{name: "a test share of outer folds", config: split(dataset.SplitConfig{Kind: "nested", Test: share(0.2)})},
	{name: "an outer fold too many", config: split(dataset.SplitConfig{Kind: "nested", Outer: 6})},
	{name: "inner folds that aren't", config: split(dataset.SplitConfig{Kind: "nested", Inner: 1})},
	{name: "a base that is no fold", config: split(dataset.SplitConfig{Kind: "nested", Base: "holdout"})},
	{name: "a base that parts patients", config: dataset.Config{Source: "a.csv", Target: "y", Group: "p", Split: dataset.SplitConfig{Kind: "nested", Base: "stratified-kfold"}}},
	{name: "an external split without a file", config: split(dataset.SplitConfig{Kind: "external"})},
	{name: "a test share beside an external file", config: split(dataset.SplitConfig{External: "b.csv", Test: share(0.2)})},
	{name: "an external file of predefined parts", config: split(dataset.SplitConfig{Kind: "predefined", External: "b.csv", Pool: true, Repeats: 2, Base: "kfold"})},
	{name: "folds without end", config: split(dataset.SplitConfig{Folds: 100, Repeats: 100})},
	{name: "covariates of a table", config: dataset.Config{Source: "a.csv", Target: "y", Covariates: []string{"age"}}},
	{name: "covariates that can't be", config: dataset.Config{Source: "a", Format: "images", Target: "y", Group: "p", Covariates: []string{"y", "p", "", "a", "a"}}},
	{name: "an unknown scaling of covariates", config: dataset.Config{Source: "a", Format: "images", Target: "y", Covariates: []string{"a"}, Preprocess: dataset.Preprocess{Covariates: "zscore"}}},
	{name: "a scaling of no covariates", config: dataset.Config{Source: "a", Format: "images", Target: "y", Preprocess: dataset.Preprocess{Covariates: "robust"}}},
	{name: "an unknown layout of events", config: dataset.Config{Source: "a", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv", Layout: "two"}}},
	{name: "settings of other layouts of events", config: dataset.Config{Source: "a", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv", Recent: 3}}},
	{name: "an unknown task", config: split(dataset.SplitConfig{}), task: "clasification"},
}

func split(s dataset.SplitConfig) dataset.Config {
	return dataset.Config{Source: "a.csv", Target: "y", Split: s}
}

func TestValidateNamesEachMistake(t *testing.T) {
	var got strings.Builder
	for _, bad := range badConfigs {
		task := bad.task
		if task == "" {
			task = dataset.Classification
		}
		err := bad.config.Validate(task)
		if err == nil {
			t.Errorf("%s: no error", bad.name)
			continue
		}
		fmt.Fprintf(&got, "%s\n    %s\n", bad.name, strings.ReplaceAll(err.Error(), "\n", "\n    "))
		if _, err := dataset.Open(bad.config, task, t.TempDir()); err == nil {
			t.Errorf("%s: Open took it", bad.name)
		}
	}
	golden(t, "badconfigs.golden", got.String())
}

func TestMistakesAreFieldErrors(t *testing.T) {
	err := dataset.Config{Source: "a.csv", Split: dataset.SplitConfig{Folds: 1}}.Validate(dataset.Classification)
	var fields []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var f *dataset.FieldError
		if !errors.As(e, &f) {
			t.Fatalf("%T: %v", e, e)
		}
		fields = append(fields, f.Field)
	}
	if diff := cmp.Diff([]string{"target", "split.folds"}, fields); diff != "" {
		t.Error(diff)
	}
}

func TestDefaultsAreThoseDocumented(t *testing.T) {
	for _, test := range []struct {
		name   string
		config dataset.Config
		task   dataset.Task
		want   string // kind, folds, valid, test, impute, scale, format, target, positive
	}{
		{"a classification", dataset.Config{Source: "a.csv", Target: "y"}, dataset.Classification, "stratified-kfold 5 0 0.2 median standard csv y ."},
		{"a classification of patients", dataset.Config{Source: "a.tsv", Target: "y", Group: "p"}, dataset.Classification, "stratified-group-kfold 5 0 0.2 median standard tsv y ."},
		{"a regression", dataset.Config{Source: "A.CSV", Target: "y"}, dataset.Regression, "kfold 5 0 0.2 median standard csv y ."},
		{"a regression of patients", dataset.Config{Source: "a.txt", Format: "tsv", Target: "y", Group: "p"}, dataset.Regression, "group-kfold 5 0 0.2 median standard tsv y ."},
		{"a hold-out", split(dataset.SplitConfig{Kind: "holdout"}), dataset.Classification, "holdout 0 0.2 0.2 median standard csv y ."},
		{"windows of time", split(dataset.SplitConfig{Kind: "time", Column: "t"}), dataset.Classification, "time 5 0 0.2 median standard csv y ."},
		{"outer and inner folds", split(dataset.SplitConfig{Kind: "nested"}), dataset.Classification, "nested 5 0 0 median standard csv y ."},
		{"predefined parts", split(dataset.SplitConfig{Kind: "predefined", Column: "part"}), dataset.Classification, "predefined 0 0 0 median standard csv y ."},
		{"another hospital", split(dataset.SplitConfig{Kind: "external", External: "b.csv"}), dataset.Classification, "external 5 0 0 median standard csv y ."},
		{"no test part", split(dataset.SplitConfig{Test: share(0)}), dataset.Regression, "kfold 5 0 0 median standard csv y ."},
		{"a built-in", dataset.Config{Source: "builtin:wdbc"}, dataset.Classification, "stratified-kfold 5 0 0.2 median standard csv diagnosis malignant."},
		{"a built-in with another target", dataset.Config{Source: "builtin:wdbc", Target: "area_mean"}, dataset.Regression, "kfold 5 0 0.2 median standard csv area_mean ."},
	} {
		c := test.config.Resolved(test.task)
		got := fmt.Sprint(c.Split.Kind, " ", c.Split.Folds, " ", c.Split.Valid, " ", *c.Split.Test, " ", c.Preprocess.Impute, " ",
			c.Preprocess.Scale, " ", c.Format, " ", c.Target, " ", c.Positive, ".")
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if err := test.config.Validate(test.task); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestResolvingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"", "csv", "y", "kfold", "group-holdout", "mean", "robust", "?"})
		c := dataset.Config{
			Source: rapid.SampledFrom([]string{"", "a.csv", "b.tab", "c", "builtin:wdbc", "builtin:no"}).Draw(t, "source"),
			Format: word.Draw(t, "format"), Target: word.Draw(t, "target"), Group: word.Draw(t, "group"),
			Split: dataset.SplitConfig{
				Kind: word.Draw(t, "kind"), Folds: rapid.IntRange(-1, 6).Draw(t, "folds"),
				Valid: rapid.SampledFrom([]float64{-1, 0, 0.3}).Draw(t, "valid"), Test: rapid.SampledFrom([]*float64{nil, share(0), share(0.1), share(2)}).Draw(t, "test"),
			},
			Preprocess: dataset.Preprocess{Impute: word.Draw(t, "impute"), Scale: word.Draw(t, "scale")},
		}
		task := rapid.SampledFrom([]dataset.Task{dataset.Classification, dataset.Regression}).Draw(t, "task")
		once := c.Resolved(task)
		if diff := cmp.Diff(once, once.Resolved(task)); diff != "" {
			t.Fatal(diff)
		}
		first, second := c.Validate(task), once.Validate(task)
		if fmt.Sprint(first) != fmt.Sprint(second) {
			t.Fatalf("as written: %v\nresolved: %v", first, second)
		}
	})
}
