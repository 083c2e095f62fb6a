package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"medml/experiments"
	"medml/metric"
)

// printEvidence prints what is known of a model for people.
func printEvidence(e *env, v *evidence) error {
	p := &printer{w: e.out, classes: v.Classes}
	for _, m := range v.Models {
		p.f("%s: %s, sha256 %.12s…", m.Study, m.Model, m.Weights)
		if len(v.Classes) > 0 {
			p.f(", %s", calibratedBy(m.Calibration))
		}
		if m.Threshold != nil && len(v.Classes) == 2 {
			p.f("; said to be %s from a probability of %.4f on", v.Classes[1], *m.Threshold)
		}
		p.f("\n")
	}
	p.f("\nDEVELOPMENT, each example by models that hadn't seen it (the search chose on these, which flatters it)\n")
	p.judged(v.Development)
	switch {
	case v.Test != nil && v.Opening > 1:
		p.f("\nTEST PART, OPENED FOR THE %s TIME: what was chosen after the first is not tested by it\n", strings.ToUpper(ordinal(v.Opening)))
		for _, o := range v.Openings {
			p.f("  opened before: %s, %s, %s\n", o.At.UTC().Format("2006-01-02 15:04:05 UTC"), o.Study, o.Model)
		}
	case v.Test != nil:
		p.f("\nTEST PART, opened for the first time\n")
	}
	if o := v.OuterFolds; o != nil {
		p.f("  mean of %d outer folds: %s %.4f (%.4f–%.4f); each:", len(o.Values), metric.WithClass(o.Metric, v.Classes), o.Mean, o.Low, o.High)
		for _, x := range o.Values {
			p.f(" %.4f", x)
		}
		p.f("\n  all of them together:\n")
	}
	if v.Test != nil {
		p.judged(*v.Test)
	}
	if len(v.Comparison) > 0 {
		p.f("\nDIFFERENCE from %s, on the same examples\n", v.Against)
		p.comparison(v.Comparison)
	}
	return p.err
}

func calibratedBy(c metric.Calibration) string {
	switch {
	case c.Temperature != nil:
		return "calibrated by temperature"
	case c.Platt != nil:
		return "calibrated by Platt's logistic"
	case c.Isotonic != nil:
		return "calibrated by isotonic regression"
	}
	return "not calibrated"
}

// ordinal writes 2nd, 3rd, 4th.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, ending)
}

// printer prints until the first error.
type printer struct {
	w       io.Writer
	classes []string
	err     error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// table prints aligned columns, indented.
func (p *printer) table(rows func(w io.Writer)) {
	if p.err != nil {
		return
	}
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	rows(w)
	p.err = w.Flush()
}

// fewPatients is the number below which a bootstrap over patients is said to be too sure:
// with few clusters it covers less than it says (Cameron, Gelbach and Miller, "Bootstrap-
// based improvements for inference with clustered errors", 2008).
const fewPatients = 20

func (p *printer) judged(j experiments.Judged) {
	p.f("  %s", counted(j.Examples, "example"))
	if j.Patients > 0 {
		p.f(" of %s", counted(j.Patients, "patient"))
	}
	for i, n := range j.Counts {
		p.f("%s%s: %d", map[bool]string{true: " (", false: ", "}[i == 0], p.classes[i], n)
	}
	if len(j.Counts) > 0 {
		p.f(")")
	}
	p.f("\n")
	if j.Patients > 0 && j.Patients < fewPatients {
		p.f("  mind: intervals from %s are narrower than they should be\n", counted(j.Patients, "patient"))
	}
	p.estimates(j.Estimates)
	if j.Operation != nil {
		p.f("\n  decisions\n")
		p.confusion(j.Operation.Confusion)
		p.estimates(j.Operation.Estimates)
	}
	for _, c := range j.ByClass {
		p.f("\n  %s against the rest\n", p.classes[c.Class])
		p.estimates(c.Estimates)
	}
	if r := j.Recalibration; r != nil {
		p.f("\n  calibration (Cox; 1, 0 and 0 are perfect)\n")
		p.estimates([]metric.Estimate{r.Slope, r.Intercept, r.InTheLarge})
	}
	for _, s := range j.Subgroups {
		p.subgroups(s)
	}
}

func (p *printer) estimates(es []metric.Estimate) {
	p.table(func(w io.Writer) {
		for _, e := range es {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", metric.WithClass(e.Metric, p.classes), figure(e), interval(e), note(e))
		}
	})
}

func figure(e metric.Estimate) string {
	if e.Value != e.Value {
		return "undefined"
	}
	return fmt.Sprintf("%.4f", e.Value)
}

func interval(e metric.Estimate) string {
	switch {
	case e.Value != e.Value:
		return ""
	case e.Low != e.Low:
		return "(no interval)"
	}
	return fmt.Sprintf("(%.4f–%.4f)", e.Low, e.High)
}

// note is how an interval was found, or why there is none.
func note(e metric.Estimate) string {
	if e.Undefined != "" {
		return e.Undefined
	}
	return e.Method
}

// confusion prints the actual classes in rows and those said in columns.
func (p *printer) confusion(counts [][]int) {
	p.table(func(w io.Writer) {
		fmt.Fprint(w, "  actually \\ said")
		for _, c := range p.classes {
			fmt.Fprintf(w, "\t%s", c)
		}
		fmt.Fprintln(w)
		for i, row := range counts {
			fmt.Fprintf(w, "  %s", p.classes[i])
			for _, n := range row {
				fmt.Fprintf(w, "\t%d", n)
			}
			fmt.Fprintln(w)
		}
	})
}

func (p *printer) subgroups(s experiments.SubgroupsJudged) {
	p.f("\n  by %s\n", s.Column)
	p.table(func(w io.Writer) {
		for _, g := range s.Groups {
			fmt.Fprintf(w, "  %s\t%d", g.Name, g.N)
			if len(p.classes) == 2 {
				fmt.Fprintf(w, ", %d %s", g.Positives, p.classes[1])
			}
			if len(g.Estimates) > 0 {
				e := g.Estimates[0]
				fmt.Fprintf(w, "\t%s %s %s", metric.WithClass(e.Metric, p.classes), figure(e), interval(e))
				if e.Undefined != "" {
					fmt.Fprintf(w, ": %s", e.Undefined)
				}
			}
			if g.Small != "" {
				fmt.Fprintf(w, "\t%s", g.Small)
			}
			fmt.Fprintln(w)
		}
		for i, g := range s.Gaps {
			if i > 0 {
				break // the others are in the JSON
			}
			if g.Estimate.Value != g.Estimate.Value {
				fmt.Fprintf(w, "  gap of %s\tundefined: %s\n", metric.WithClass(g.Estimate.Metric, p.classes), g.Estimate.Undefined)
				continue
			}
			fmt.Fprintf(w, "  gap of %s\t\t%s %s, %s to %s\n", metric.WithClass(g.Estimate.Metric, p.classes), figure(g.Estimate), interval(g.Estimate), g.Worst, g.Best)
		}
	})
}

func (p *printer) comparison(cs []metric.Comparison) {
	p.table(func(w io.Writer) {
		for _, c := range cs {
			if c.Difference != c.Difference && c.Undefined != "" {
				fmt.Fprintf(w, "  %s\tundefined: %s\n", metric.WithClass(c.Metric, p.classes), c.Undefined)
				continue
			}
			fmt.Fprintf(w, "  %s\t%.4f against %.4f\t%+.4f (%.4f to %.4f)\tp %.4f\t%s\n", metric.WithClass(c.Metric, p.classes), c.A, c.B, c.Difference, c.Low, c.High, c.P, c.Method)
		}
	})
}
