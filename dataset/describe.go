package dataset

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Description says what a dataset is like, before anything is trained on it. It holds
// counts, shares and the names of columns and classes, and no value of an example.
type Description struct {
	Name     string `json:"name"`
	Digest   string `json:"digest"`
	Task     Task   `json:"task"`
	Target   string `json:"target"`
	Examples int    `json:"examples"`
	Shape    []int  `json:"shape"`
	// Features is how many a table has; 0 for images, signals and volumes.
	Features int `json:"features,omitempty"`
	// Covariates are the numbers beside each image, signal or volume.
	Covariates []string `json:"covariates,omitempty"`
	// Locked is how many examples are the test part, whose targets weren't looked at.
	Locked  int     `json:"locked,omitempty"`
	Classes []Class `json:"classes,omitempty"` // without the locked
	// Mean and SD are of a regression's target.
	Mean float64 `json:"mean,omitempty"`
	SD   float64 `json:"sd,omitempty"`

	Missing MissingValues `json:"missing"`
	// Patients is how many there are, 0 where each example is one; MostRows is how many
	// examples one of them has.
	Patients int         `json:"patients,omitempty"`
	MostRows int         `json:"most_rows,omitempty"`
	Parts    []PartCount `json:"parts,omitempty"` // the source's own
	// Duplicates are examples whose features are all those of an earlier one, Contradictions
	// those of them whose class or number is another. Lookalikes are pictures that look like
	// an earlier one.
	Duplicates     int `json:"duplicates"`
	Contradictions int `json:"contradictions,omitempty"`
	Lookalikes     int `json:"lookalikes,omitempty"`

	Constant    []string    `json:"constant,omitempty"`    // features with one value
	Identifiers []string    `json:"identifiers,omitempty"` // features that number the rows
	Giveaways   []Separator `json:"giveaways,omitempty"`
	Warnings    []string    `json:"warnings"`
}

// MissingValues says what a dataset lacks.
type MissingValues struct {
	Values   int     `json:"values"`
	Share    float64 `json:"share"`
	Complete int     `json:"complete_examples"`
	// Worst are the features that lack most, at most ten.
	Worst []FeatureGaps `json:"worst,omitempty"`
}

// FeatureGaps is a feature and how many examples lack it.
type FeatureGaps struct {
	Feature string  `json:"feature"`
	Missing int     `json:"missing"`
	Share   float64 `json:"share"`
}

// PartCount is a part and how many examples a source puts in it.
type PartCount struct {
	Part     string `json:"part"`
	Examples int    `json:"examples"`
}

// Separator is a feature that alone says nearly what is to be predicted: more likely it was
// written down afterwards than that it is so good.
type Separator struct {
	Feature string `json:"feature"`
	// Class is the one that it tells from the others; "" for a regression.
	Class string `json:"class,omitempty"`
	// Strength is the AUROC, of whichever direction is better, or the size of the
	// correlation with a regression's target.
	Strength float64 `json:"strength"`
}

// Describe describes the dataset. Targets are looked at in the given rows alone: those
// that aren't locked away.
func (d *Dataset) Describe(rows []int) Description {
	out := Description{
		Name: d.Name, Digest: d.digest, Task: d.Task, Target: d.Target, Examples: d.Len(), Shape: slices.Clone(d.Shape), Covariates: d.Covariates,
		Locked: d.Len() - len(rows), Warnings: []string{},
	}
	for k, n := range d.Counts(rows) {
		out.Classes = append(out.Classes, Class{d.Classes[k], n})
	}
	if d.Task == Regression && len(rows) > 0 {
		targets := make([]float64, len(rows))
		for k, i := range rows {
			targets[k] = d.target(i)
		}
		out.Mean, out.SD = standard(targets)
	}
	d.describeSource(&out)
	d.describeTwins(&out, rows)
	if d.IsTable() {
		out.Features = len(d.Features)
		d.describeFeatures(&out)
		d.describeGiveaways(&out, rows)
	} else {
		d.describeMedia(&out)
	}
	out.warn()
	return out
}

// describeSource counts patients and parts.
func (d *Dataset) describeSource(out *Description) {
	rows := map[int]int{}
	for _, g := range d.Groups {
		rows[g]++
		out.MostRows = max(out.MostRows, rows[g])
	}
	out.Patients = len(rows)
	if d.Parts == nil {
		return
	}
	for part, name := range []string{"train", "valid", "test"} {
		n := 0
		for _, p := range d.Parts {
			if p == Part(part) {
				n++
			}
		}
		out.Parts = append(out.Parts, PartCount{name, n})
	}
}

// describeTwins counts examples that are alike.
func (d *Dataset) describeTwins(out *Description, rows []int) {
	readable := make([]bool, d.Len())
	for _, i := range rows {
		readable[i] = true
	}
	for i, first := range d.twins() {
		if first == i {
			continue
		}
		out.Duplicates++
		if readable[i] && readable[first] && !d.sameTarget(i, first) {
			out.Contradictions++
		}
	}
	first := map[int]bool{}
	for _, number := range d.Lookalikes(d.nearDistance()) {
		if first[number] {
			out.Lookalikes++
		}
		first[number] = true
	}
}

func (d *Dataset) sameTarget(i, j int) bool {
	if d.Task == Classification {
		return d.label(i) == d.label(j)
	}
	return d.target(i) == d.target(j)
}

// describeFeatures looks at a table's features one by one.
func (d *Dataset) describeFeatures(out *Description) {
	n, width := d.Len(), len(d.Features)
	lacks := make([]bool, n)
	var gaps []FeatureGaps
	for j, name := range d.Features {
		missing, varies := 0, false
		first := math.NaN()
		for i := range n {
			x := d.values[i*width+j]
			switch {
			case math.IsNaN(x):
				missing++
				lacks[i] = true
			case math.IsNaN(first):
				first = x
			default:
				varies = varies || x != first
			}
		}
		if missing > 0 {
			gaps = append(gaps, FeatureGaps{name, missing, float64(missing) / float64(n)})
		}
		out.Missing.Values += missing
		if !varies {
			out.Constant = append(out.Constant, name)
		} else if missing == 0 && d.numbersRows(j) {
			out.Identifiers = append(out.Identifiers, name)
		}
	}
	slices.SortStableFunc(gaps, func(a, b FeatureGaps) int { return b.Missing - a.Missing })
	out.Missing.Worst = gaps[:min(len(gaps), 10)]
	out.Missing.Share = float64(out.Missing.Values) / float64(n*width)
	for _, l := range lacks {
		if !l {
			out.Missing.Complete++
		}
	}
}

// numbersRows reports whether a feature looks like a record's number: whole, different in
// each row, and rising, falling, or without a gap.
func (d *Dataset) numbersRows(feature int) bool {
	const least = 20 // of fewer rows a measurement may look so by chance
	n, width := d.Len(), len(d.Features)
	if n < least {
		return false
	}
	rising, falling := true, true
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = d.values[i*width+feature]
		if xs[i] != math.Trunc(xs[i]) {
			return false
		}
		if i > 0 {
			rising, falling = rising && xs[i] > xs[i-1], falling && xs[i] < xs[i-1]
		}
	}
	slices.Sort(xs)
	return rising || falling || len(slices.Compact(xs)) == n && xs[n-1]-xs[0] == float64(n-1)
}

// describeMedia counts the missing values of images, signals and volumes.
func (d *Dataset) describeMedia(out *Description) {
	for i := range d.Len() {
		missing := 0
		for _, x := range d.whole(i) {
			if x != x {
				missing++
			}
		}
		out.Missing.Values += missing
		if missing == 0 {
			out.Missing.Complete++
		}
	}
	out.Missing.Share = float64(out.Missing.Values) / float64(max(len(d.media), 1))
}

// warn says in words what a reader should know before training.
func (out *Description) warn() {
	say := func(format string, args ...any) { out.Warnings = append(out.Warnings, fmt.Sprintf(format, args...)) }
	counted := out.Examples - out.Locked
	for _, c := range out.Classes {
		switch {
		case c.Examples < 10:
			say("class %s has %s: too few to learn from and to judge by", oneLine(c.Name), count(c.Examples, "example"))
		case float64(c.Examples) < 0.1*float64(counted):
			say("class %s is %.1f %% of the examples: accuracy says little; look at AUPRC, and weigh the classes", oneLine(c.Name), 100*float64(c.Examples)/float64(counted))
		}
	}
	if out.Examples < 100 {
		say("%d examples: intervals will be wide", out.Examples)
	}
	if out.Features > out.Examples {
		say("%d features of %d examples: far from all can be learnt from", out.Features, out.Examples)
	}
	for _, w := range out.Missing.Worst {
		if w.Share > 0.3 {
			say("%s is missing in %.0f %% of the examples", oneLine(w.Feature), 100*w.Share)
		}
	}
	if len(out.Constant) > 0 {
		say("always the same: %s", oneLine(firstFew(out.Constant)))
	}
	out.Warnings = append(out.Warnings, out.suspicions()...)
	if out.Duplicates > 0 {
		say("%s with the same features as an earlier one, %d of them with another target", count(out.Duplicates, "example"), out.Contradictions)
	}
	if out.Lookalikes > out.Duplicates {
		say("%s nearly or quite the same to look at as another", count(out.Lookalikes, "picture"))
	}
}

// Suspicions returns what of a table should most likely not be learnt from: features that
// number the rows, and those that alone say the target. The targets of the test part, whose
// rows ascend, aren't looked at.
func (d *Dataset) Suspicions(test []int) []string {
	if !d.IsTable() {
		return nil
	}
	out := Description{Target: d.Target}
	d.describeFeatures(&out)
	d.describeGiveaways(&out, without(d.Len(), test))
	return out.suspicions()
}

func (out *Description) suspicions() []string {
	var said []string
	if len(out.Identifiers) > 0 {
		said = append(said, fmt.Sprintf("numbers the rows and should not be learnt from (columns.ignore, or group if it is the patient): %s",
			oneLine(firstFew(out.Identifiers))))
	}
	for _, g := range out.Giveaways {
		said = append(said, fmt.Sprintf("%s alone nearly says %s (%.3f): was it known beforehand?", oneLine(g.Feature), oneLine(out.Target), g.Strength))
	}
	return said
}

// firstFew lists the first names.
func firstFew(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return strings.Join(names, ", ")
}
