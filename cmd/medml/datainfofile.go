package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"medml/dataset"
	"medml/experiments"
	"medml/pull"
)

// infoOptions say what is to be described of a file.
type infoOptions struct {
	data dataset.Config
	task string
	sets []string // as of an experiment
}

// describe finds out what is named: a bundled data set, an experiment or a file.
func (o infoOptions) describe(name string) (dataInfo, error) {
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" {
		return describeExperiment(name, o.settings())
	}
	c, task := o.data, dataset.Task(o.task)
	card, err := dataset.BuiltinCard(strings.TrimPrefix(name, "builtin:"))
	bundled := err == nil
	switch {
	case bundled:
		c.Source = "builtin:" + card.Name
		if task == "" && (c.Target == "" || c.Target == card.Target) {
			task = card.Task
		}
	case strings.HasPrefix(name, "builtin:") || !strings.ContainsAny(name, "./\\:") && c.Format == "" && !exists(name):
		if set, no := pull.Lookup(name); no == nil {
			return dataInfo{}, usagef("%s isn't bundled; did you mean %s?", name, set.Name)
		}
		return dataInfo{}, usagef("%v", err)
	default:
		c.Source = name
		if c.Format == "" && isFolder(name) {
			c.Format = dataset.FormatWithin(name)
		}
	}
	if task == "" {
		task = dataset.Classification
	}
	if task != dataset.Classification && task != dataset.Regression {
		return dataInfo{}, unknownTask(o.task)
	}
	if len(o.sets) > 0 {
		o.data, o.task = c, string(task)
		return o.describeAsSet()
	}
	d, err := dataset.Open(c, task, ".")
	if err != nil {
		return dataInfo{}, openingError(err, c)
	}
	info := newInfo(d, d.Describe(allRows(d)))
	if bundled {
		info.Card = &card
	}
	return info, nil
}

// exists reports whether there is a file or folder of that name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// unknownTask is the error about a task that isn't one.
func unknownTask(task string) error {
	return usagef("--task: %v", dataset.Config{}.Validate(dataset.Task(task)))
}

// openingError has an error about a field name the flag.
func openingError(err error, c dataset.Config) error {
	var field *dataset.FieldError
	if !errors.As(err, &field) {
		return err
	}
	switch {
	case field.Field == "target" && c.Target == "":
		return usagef("which column is to be predicted? Say --target COLUMN")
	case field.Field == "target", field.Field == "positive", field.Field == "group", field.Field == "format":
		return usagef("--%s: %s", field.Field, field.Msg)
	case field.Field == "source":
		return usagef("%s", field.Msg)
	}
	return usagef("%v (--set data.FIELD=VALUE says it)", err)
}

// settings are the flags as overrides of an experiment.
func (o infoOptions) settings() []string {
	var sets []string
	for _, f := range []struct{ field, value string }{
		{"task", o.task}, {"data.source", o.data.Source}, {"data.format", o.data.Format}, {"data.target", o.data.Target},
		{"data.positive", o.data.Positive}, {"data.group", o.data.Group},
	} {
		if f.value != "" {
			sets = append(sets, f.field+"="+strconv.Quote(f.value))
		}
	}
	return append(sets, o.sets...)
}

// describeAsSet describes a file as an experiment would read it that says no more than the
// flags do.
func (o infoOptions) describeAsSet() (dataInfo, error) {
	task := o.task
	for _, set := range o.sets {
		if value, ok := strings.CutPrefix(set, "task="); ok {
			task = value
		}
	}
	metric, ok := map[dataset.Task]string{dataset.Classification: "accuracy", dataset.Regression: "mae"}[dataset.Task(task)]
	if !ok {
		return dataInfo{}, unknownTask(task)
	}
	src := "version: 1\ntask: " + task + "\ndata: {}\nobjective: {metric: " + metric + "}\nspace: {architecture: mlp}\n"
	spec, err := experiments.Parse("flags", []byte(src), o.settings())
	if err != nil {
		return dataInfo{}, err
	}
	d, err := dataset.Open(spec.Data, spec.Task, spec.Dir)
	if err != nil {
		return dataInfo{}, spec.Place("data", err)
	}
	return newInfo(d, d.Describe(allRows(d))), nil
}
