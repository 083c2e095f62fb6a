package dataset

import (
	"fmt"
	"slices"
)

// Dataset is a table of examples. It doesn't change once it is open.
type Dataset struct {
	// Name is the built-in dataset's, or the file's without folder and extension.
	Name string
	Task Task
	// Target is the column that is predicted.
	Target string
	// Features are the names of a table's features in their order, nil for anything else. A
	// column of words is one feature for each word, "column=word", 1 where the example has
	// that word and else 0.
	Features []string
	// Shape is that of one example, row-major: [30], or [10, 3] (time, channels).
	Shape []int
	// Covariates are the names of the numbers that stand beside each image, signal or volume:
	// of its patient, or of what was measured elsewhere. A column of words is one of them for
	// each word, as in Features. A table has none.
	Covariates []string
	// Classes are the names of a classification's classes. Of two, the one with index 1 is
	// the positive.
	Classes []string
	// Groups are the patients of the examples, numbered from 0 in the order of their first
	// appearance; nil where each example is a patient of its own. Their names aren't kept.
	Groups []int
	// Parts are those that the source itself puts its examples in, nil where it doesn't.
	Parts []Part
	// Attributes are the columns that say who the examples are.
	Attributes []Attribute
	// Skipped is how many of the source's files were left out because they can't be read,
	// where [ImageConfig.Corrupt] allows that.
	Skipped int

	// Of these there is one, [example, Width], NaN where a value is missing: values for a
	// table, media for images, signals and volumes, the covariates behind each.
	values  []float64
	media   []float32
	labels  []int32   // [example]; nil for a regression
	targets []float64 // [example]; nil for a classification
	// external is how many examples, the last ones, come from the external file.
	external int
	sealed   *seal // nil where nothing is locked
	digest   string
	card     *Card
	distance int // that of [ImageConfig.Distance]; 0 is NearDistance

	// blocks are the features that came of a column of words, indicators those that say
	// that a value is missing.
	blocks     []block
	indicators []bool // [feature]; nil for none
}

// Len returns the number of examples.
func (d *Dataset) Len() int { return max(len(d.labels), len(d.targets)) }

// Width returns how many numbers an example has: those of its Shape, row-major, and its
// covariates.
func (d *Dataset) Width() int { return d.size() + len(d.Covariates) }

// size is the product of the shape's sides.
func (d *Dataset) size() int {
	n := 1
	for _, side := range d.Shape {
		n *= side
	}
	return n
}

// IsTable reports whether the examples are rows of a table, with a meaning for each column.
func (d *Dataset) IsTable() bool { return d.media == nil }

// Row returns the features of example i of a table as they were read, [feature], NaN where
// a value is missing. It is a view: the caller doesn't write to it.
func (d *Dataset) Row(i int) []float64 {
	f := len(d.Features)
	return d.values[i*f : (i+1)*f : (i+1)*f]
}

// Media returns the values of example i of images, signals or volumes as they were read,
// row-major, of the dataset's Shape, NaN where one is missing. It is a view, too.
func (d *Dataset) Media(i int) []float32 {
	at := i * d.Width()
	return d.media[at : at+d.size() : at+d.size()]
}

// Beside returns the covariates of example i as they were read, [covariate], NaN where one
// is missing. It is a view, too.
func (d *Dataset) Beside(i int) []float32 {
	end := (i + 1) * d.Width()
	return d.media[end-len(d.Covariates) : end : end]
}

// whole returns Media and Beside of example i.
func (d *Dataset) whole(i int) []float32 {
	w := d.Width()
	return d.media[i*w : (i+1)*w : (i+1)*w]
}

// Attribute returns the attribute of that name.
func (d *Dataset) Attribute(name string) (Attribute, bool) {
	for _, a := range d.Attributes {
		if a.Name == name {
			return a, true
		}
	}
	return Attribute{}, false
}

// Label returns the class of example i as an index in Classes.
func (d *Dataset) Label(i int) int { return int(d.label(i)) }

// Value returns the number that a regression is to predict for example i.
func (d *Dataset) Value(i int) float64 { return d.target(i) }

// Digest returns "sha256:" and the SHA-256, in hexadecimal, of the source's bytes.
func (d *Dataset) Digest() string { return d.digest }

// Card returns the card of a built-in dataset, nil for any other.
func (d *Dataset) Card() *Card { return d.card }

// Counts returns how many of the given rows are of each class, [class]; nil for a
// regression.
func (d *Dataset) Counts(rows []int) []int {
	if d.Task != Classification {
		return nil
	}
	counts := make([]int, len(d.Classes))
	for _, i := range rows {
		counts[d.label(i)]++
	}
	return counts
}

// dataset makes the Dataset of the rows gathered.
func (g *gatherer) dataset() (*Dataset, error) {
	n := g.count()
	if len(g.names) == 0 {
		return nil, &CellError{File: g.file, Found: "an empty file", Expected: "a header and a line for each example"}
	}
	if n == 0 {
		return nil, &CellError{File: g.file, Found: "a header alone", Expected: "a line for each example"}
	}
	if err := g.askForPatients(); err != nil {
		return nil, err
	}
	d := &Dataset{Task: g.task, Target: g.config.Target, Groups: g.groups, labels: g.labels, targets: g.targets}
	if err := g.expand(d, n); err != nil {
		return nil, err
	}
	if g.task == Classification {
		if err := g.orderClasses(d); err != nil {
			return nil, err
		}
	}
	for _, a := range g.attributes {
		d.Attributes = append(d.Attributes, a.attribute())
	}
	d.Shape = slices.Clone(g.config.Shape)
	if len(d.Shape) == 0 {
		d.Shape = []int{len(d.Features)}
	}
	size := 1
	for _, s := range d.Shape {
		size *= s
	}
	if size != len(d.Features) {
		return nil, &FieldError{"shape", fmt.Sprintf("%v holds %d values, and an example of %s has %d", d.Shape, size, g.file, len(d.Features))}
	}
	return d, nil
}

// orderClasses numbers the classes in order, with the positive of two at 1.
func (g *gatherer) orderClasses(d *Dataset) error {
	words, place := g.classes.sorted()
	n := len(d.labels)
	if len(words) < 2 {
		return &CellError{File: g.file, Column: d.Target, Found: "one class only", Expected: "two or more"}
	}
	// A column that names nearly every row is no class, and its values may be a patient's.
	if n >= 10 && len(words) > n/2 {
		return &CellError{
			File: g.file, Column: d.Target, Found: fmt.Sprintf("%d different values in %d lines", len(words), n),
			Expected: "classes (for a number to predict, the task is regression)",
		}
	}
	positive := g.config.Positive
	if g.cut != nil {
		positive = g.cut.yes
	}
	if positive != "" {
		at := slices.Index(words, positive)
		switch {
		case at < 0:
			return &FieldError{"positive", fmt.Sprintf("no class %q in column %s of %s%s", positive, oneLine(d.Target), g.file, didYouMean(positive, words))}
		case len(words) > 2:
			return &FieldError{"positive", fmt.Sprintf("column %s of %s has %d classes: only two have a positive one", oneLine(d.Target), g.file, len(words))}
		case at == 0:
			words[0], words[1] = words[1], words[0]
			place[0], place[1] = place[1], place[0]
		}
	}
	d.Classes = words
	for i, code := range d.labels {
		d.labels[i] = int32(place[code])
	}
	return nil
}
