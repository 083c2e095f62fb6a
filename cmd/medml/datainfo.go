package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml"
	"medml/dataset"
	"medml/experiments"
)

// dataInfo is what is told of a data set.
type dataInfo struct {
	*dataset.Card `json:",omitempty"` // of a bundled one
	Data          dataset.Description `json:"data"`
	Positive      string              `json:"positive,omitempty"` // of two classes
	Leaks         []dataset.Leak      `json:"leaks,omitempty"`    // of an experiment's splits
}

func newInfo(d *dataset.Dataset, data dataset.Description) dataInfo {
	info := dataInfo{Data: data}
	if len(d.Classes) == 2 {
		info.Positive = d.Classes[1]
	}
	return info
}

func newDataInfo(e *env) *cobra.Command {
	var o infoOptions
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info NAME|FILE|EXPERIMENT",
		Short: "Describe a data set before anything is trained: shape, classes, gaps, patients, warnings",
		Long: `Describe a data set before anything is trained: its shape and classes, what is missing,
how many patients there are, what is there twice, and what to beware of. No value of a
patient is shown. A bundled data set's card comes first. Of an experiment, the targets of
the test part stay locked: classes are counted without it.

Whatever else an experiment's data section can say is said by --set, of a file, too.`,
		Example: `  medml data info wdbc
  medml data info heart.csv --target num --positive "> 0" --group patient
  medml data info scans --format images --set "data.image.size=[64, 64]"
  medml data info experiments/diagnosis.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			info, err := o.describe(args[0])
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
	f.StringVar(&o.data.Target, "target", "", "the column, tag or array to predict")
	f.StringVar(&o.data.Positive, "positive", "", "the class that counts as the disease, or \"> 0\" and the like of a number")
	f.StringVar(&o.data.Group, "group", "", "what names the patient; none where nothing does")
	f.StringVar(&o.data.Format, "format", "", "the file's format (default: guessed from its name, a folder's from the files in it)")
	f.StringVar(&o.task, "task", "", "classification or regression (default: classification)")
	f.StringArrayVar(&o.sets, "set", nil, "set a field, as in data.image.color=grey; may be given again")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
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
	info := newInfo(d, d.Lock(splits.Test).Describe(rows))
	info.Leaks = d.Check(splits)
	return info, nil
}

// firstOf names the first few.
func firstOf(names []string, few int) string {
	if len(names) > few {
		names = append(slices.Clone(names[:few]), "…")
	}
	return strings.Join(names, ", ")
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
	if n := len(d.Covariates); n > 0 {
		shape += fmt.Sprintf(", with %s beside: %s", counted(n, "covariate"), firstOf(d.Covariates, 4))
	}
	fmt.Fprintf(w, "shape\t%d examples of %s\n", d.Examples, shape)
	if d.Locked > 0 {
		fmt.Fprintf(w, "test\t%d examples are locked away, and not counted below\n", d.Locked)
	}
	for _, c := range d.Classes {
		positive := ""
		if c.Name == info.Positive {
			positive = ", the positive"
		}
		fmt.Fprintf(w, "class\t%s: %d (%.1f %%)%s\n", c.Name, c.Examples, 100*float64(c.Examples)/float64(max(d.Examples-d.Locked, 1)), positive)
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
