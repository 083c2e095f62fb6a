package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml"
	"medml/dataset"
	"medml/experiments"
	"medml/pull"
)

// dataInfo is what is told of a data set.
type dataInfo struct {
	*dataset.Card `json:",omitempty"` // of a bundled one
	Data          dataset.Description `json:"data"`
	Leaks         []dataset.Leak      `json:"leaks,omitempty"` // of an experiment's splits
}

func newDataInfo(e *env) *cobra.Command {
	var c dataset.Config
	var task string
	var asJSON bool
	var sets []string
	cmd := &cobra.Command{
		Use:   "info NAME|FILE|EXPERIMENT",
		Short: "Describe a data set before anything is trained: shape, classes, gaps, patients, warnings",
		Long: `Describe a data set before anything is trained: its shape and classes, what is missing,
how many patients there are, what is there twice, and what to beware of. No value of a
patient is shown. A bundled data set's card comes first. Of an experiment, the targets of
the test part stay locked: classes are counted without it.`,
		Example: `  medml data info wdbc
  medml data info heart.csv --target num --group patient
  medml data info experiments/diagnosis.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			info, err := describe(args[0], c, dataset.Task(task), sets)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(e.out, info)
			}
			if info.Card != nil {
				if err := printCard(e.out, *info.Card); err != nil {
					return err
				}
				fmt.Fprintln(e.out)
			}
			return printDescription(e.out, info)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Target, "target", "", "the column to predict, of a file")
	f.StringVar(&c.Group, "group", "", "the column that names the patient")
	f.StringVar(&c.Format, "format", "", "the file's format (default: guessed from its name)")
	f.StringVar(&task, "task", "", "classification or regression (default: classification)")
	f.StringArrayVar(&sets, "set", nil, "override a field of an experiment, as in data.target=ill; may be given again")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// describe finds out what is named: a bundled data set, an experiment or a file.
func describe(name string, c dataset.Config, task dataset.Task, sets []string) (dataInfo, error) {
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" {
		if c.Target != "" || c.Group != "" || c.Format != "" || task != "" {
			return dataInfo{}, usagef("--target, --group, --format and --task are of a file; of an experiment say --set data.target=…")
		}
		return describeExperiment(name, sets)
	}
	if len(sets) > 0 {
		return dataInfo{}, usagef("--set overrides a field of an experiment, and %s is none", name)
	}
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
	}
	if task == "" {
		task = dataset.Classification
	}
	d, err := dataset.Open(c, task, ".")
	if err != nil {
		return dataInfo{}, openingError(err, c)
	}
	info := dataInfo{Data: d.Describe(allRows(d))}
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

// openingError has an error about a field name the flag.
func openingError(err error, c dataset.Config) error {
	var field *dataset.FieldError
	if !errors.As(err, &field) {
		return err
	}
	switch {
	case field.Field == "target" && c.Target == "":
		return usagef("which column is to be predicted? Say --target COLUMN")
	case field.Field == "target", field.Field == "group", field.Field == "format":
		return usagef("--%s: %s", field.Field, field.Msg)
	case field.Field == "source":
		return usagef("%s", field.Msg)
	}
	return usagef("%v (an experiment's data section can say more than flags do)", err)
}

func allRows(d *dataset.Dataset) []int {
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// describeExperiment describes an experiment's data and how its splits leak.
func describeExperiment(file string, sets []string) (dataInfo, error) {
	spec, err := experiments.Load(file, sets)
	if err != nil {
		return dataInfo{}, err
	}
	d, err := dataset.Open(spec.Data, spec.Task, spec.Dir)
	if err != nil {
		return dataInfo{}, spec.Place("data", err)
	}
	splits, err := d.Split(spec.Data.Split, medml.Stream(spec.Data.Split.Seed, "split"))
	if err != nil {
		return dataInfo{}, spec.Place("data", err)
	}
	tested := make(map[int]bool, len(splits.Test))
	for _, i := range splits.Test {
		tested[i] = true
	}
	var rows []int
	for _, i := range allRows(d) {
		if !tested[i] {
			rows = append(rows, i)
		}
	}
	return dataInfo{Data: d.Lock(splits.Test).Describe(rows), Leaks: d.Check(splits)}, nil
}

func printDescription(out io.Writer, info dataInfo) error {
	d := info.Data
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "data\t%s, %s\n", d.Name, d.Digest)
	fmt.Fprintf(w, "task\t%s of %s\n", d.Task, d.Target)
	shape := strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Shape), " ", " × "), "[]")
	switch {
	case d.Features > 0 && len(d.Shape) == 1:
		shape = counted(d.Features, "feature")
	case d.Features > 0:
		shape = fmt.Sprintf("%s (%s)", counted(d.Features, "feature"), shape)
	}
	fmt.Fprintf(w, "shape\t%d examples of %s\n", d.Examples, shape)
	if d.Locked > 0 {
		fmt.Fprintf(w, "test\t%d examples are locked away, and not counted below\n", d.Locked)
	}
	for _, c := range d.Classes {
		fmt.Fprintf(w, "class\t%s: %d (%.1f %%)\n", c.Name, c.Examples, 100*float64(c.Examples)/float64(max(d.Examples-d.Locked, 1)))
	}
	if d.Task == dataset.Regression {
		fmt.Fprintf(w, "target\tmean %.4g, standard deviation %.4g\n", d.Mean, d.SD)
	}
	if d.Patients > 0 {
		fmt.Fprintf(w, "patients\t%d, up to %d examples each\n", d.Patients, d.MostRows)
	}
	for _, p := range d.Parts {
		fmt.Fprintf(w, "part\t%s: %d\n", p.Part, p.Examples)
	}
	fmt.Fprintf(w, "missing\t%d values (%.2f %%); %d examples are complete\n", d.Missing.Values, 100*d.Missing.Share, d.Missing.Complete)
	for _, m := range d.Missing.Worst {
		fmt.Fprintf(w, "\t%s: %d (%.1f %%)\n", m.Feature, m.Missing, 100*m.Share)
	}
	for _, text := range d.Warnings {
		fmt.Fprintf(w, "warning\t%s\n", text)
	}
	for _, l := range info.Leaks {
		fmt.Fprintf(w, "leak\t%s\n", l)
	}
	return w.Flush()
}
