package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Part is the part of a dataset that its source puts an example in.
type Part uint8

// The parts of a source that divides itself.
const (
	InTrain Part = iota
	InValid
	InTest
)

// cases gathers the examples of a format that isn't a table of columns: images, signals,
// volumes. A table's columns that aren't learnt from come as facts.
type cases struct {
	table      *gatherer // takes targets and patients
	attributes []*attributeColumn
	shape      []int
	covariates []string // that the format itself puts beside each example
	width      int      // of an example's values
	values     []float32
	parts      []Part
	names      []string // of a table's features, where the format knows them
	skipped    int      // files that can't be read
}

// example is a case as it is read.
type example struct {
	where   string    // for errors: a file, or a place in one
	values  []float32 // row-major, of the shape that begin was told, then the covariates; NaN where missing
	label   string    // a class, or a number to predict
	patient string    // "" where there is none
	part    Part
	hasPart bool
	facts   map[string]string // by column
}

func newCases(file string, c Config, task Task, lim limits) *cases {
	g := newGatherer(file, c, task, lim)
	cs := &cases{table: g}
	for _, name := range c.attributes() {
		cs.attributes = append(cs.attributes, &attributeColumn{name: name})
	}
	return cs
}

// begin says the shape of every example, and what stands beside each, before the first.
func (c *cases) begin(shape []int, covariates ...string) error {
	width := 1
	for _, n := range shape {
		if n < 1 || width > maxSize/n {
			return &CellError{File: c.table.file, Found: fmt.Sprintf("examples of shape %v", shape), Expected: fmt.Sprintf("1 to %d values", maxSize)}
		}
		width *= n
	}
	c.shape, c.covariates, c.width = slices.Clone(shape), covariates, width+len(covariates)
	return nil
}

// add takes an example.
func (c *cases) add(e example) error {
	if len(e.values) != c.width {
		return &CellError{File: e.where, Found: fmt.Sprintf("%d values", len(e.values)), Expected: fmt.Sprintf("%d, as before it", c.width)}
	}
	if len(c.values)+c.width > c.table.lim.values {
		return c.table.tooMany()
	}
	g := c.table
	if err := inPlace(g.takeTarget(0, e.label), e.where); err != nil {
		return err
	}
	if g.config.Group == ungrouped {
		e.patient = ""
	}
	if g.config.grouped() || e.patient != "" {
		if err := c.takePatient(e); err != nil {
			return err
		}
	} else if len(g.groups) > 0 {
		return &CellError{File: e.where, Found: "no patient", Expected: "one, as the examples before it have"}
	}
	if e.hasPart && g.outside == 0 {
		c.parts = append(c.parts, e.part)
	}
	for i, a := range c.attributes {
		cell, ok := e.facts[a.name]
		if !ok {
			return &FieldError{g.config.attributeField(i), fmt.Sprintf("%s has no column or tag %q", e.where, a.name)}
		}
		if err := inPlace(a.take(g.file, 0, cell), e.where); err != nil {
			return err
		}
	}
	c.values = append(c.values, e.values...)
	return nil
}

func (c *cases) takePatient(e example) error {
	g := c.table
	if n := g.count() - 1; len(g.groups) != n {
		return &CellError{File: e.where, Found: "a patient", Expected: "none, as the examples before it have none"}
	}
	return inPlace(g.takeGroup(0, e.patient), e.where)
}

// inPlace has an error about a cell name the example's place.
func inPlace(err error, where string) error {
	var cell *CellError
	if errors.As(err, &cell) {
		cell.File, cell.Column = where, ""
	}
	return err
}

// dataset makes the Dataset of the cases.
func (c *cases) dataset() (*Dataset, error) {
	g := c.table
	n := g.count()
	if n == 0 {
		return nil, &CellError{File: g.file, Found: "no example", Expected: "at least two"}
	}
	d := &Dataset{
		Task: g.task, Target: g.config.Target, Groups: g.groups, labels: g.labels, targets: g.targets,
		media: c.values, Shape: c.shape, Covariates: c.covariates, Features: c.names, Skipped: c.skipped,
		distance: g.config.Image.Distance,
	}
	if len(c.shape) == 1 && len(c.names) == c.width { // columns with a meaning each
		d.media, d.values = nil, make([]float64, len(c.values))
		for i, x := range c.values {
			d.values[i] = float64(x)
		}
	}
	if g.task == Classification {
		if err := g.orderClasses(d); err != nil {
			return nil, err
		}
	}
	if c.parts != nil {
		if inside := cmp.Or(g.outside, n); len(c.parts) != inside {
			return nil, &CellError{File: g.file, Found: "examples with and without a part", Expected: "a part for each"}
		}
		d.Parts = c.parts
	}
	for _, a := range c.attributes {
		d.Attributes = append(d.Attributes, a.attribute())
	}
	if image := g.config.Image; image.Duplicates == "group" {
		d.Groups = d.groupLookalikes(d.nearDistance())
	}
	if s := g.config.Shape; len(s) > 0 && !slices.Equal(s, c.shape) {
		size := 1
		for _, n := range s {
			size *= n
		}
		if size != d.size() {
			return nil, &FieldError{"shape", fmt.Sprintf("%v holds %d values, and an example of %s has %v", s, size, g.file, c.shape)}
		}
		d.Shape = slices.Clone(s)
	}
	if err := g.addCovariates(d); err != nil {
		return nil, err
	}
	return d, nil
}

// Attribute is a column that says who an example is, for subgroups and for splits by time
// or place. It may also be a feature.
type Attribute struct {
	Name string
	// Words are its different values in order, nil for numbers.
	Words []string
	// Codes are [example] indices in Words, -1 where missing.
	Codes []int32
	// Numbers are [example], NaN where missing; nil for words.
	Numbers []float64
}

// attributeColumn gathers an attribute: numbers as long as every cell is one.
type attributeColumn struct {
	name    string
	index   int // in a table
	words   *vocabulary
	codes   []int32
	numbers []float64
	isWords bool
}

func (a *attributeColumn) take(file string, line int, cell string) error {
	if a.words == nil {
		a.words = newVocabulary()
	}
	x, kind := parseNumber(cell)
	switch kind {
	case missing:
		a.codes, a.numbers = append(a.codes, -1), append(a.numbers, math.NaN())
		return nil
	case numeric:
		a.numbers = append(a.numbers, x)
		cell = strconv.FormatFloat(x+0, 'g', -1, 64) // 0 and -0 are one
	default:
		a.numbers = append(a.numbers, math.NaN())
		a.isWords = true
	}
	code, rival := a.words.code(cell)
	if rival != "" {
		return &CellError{File: file, Line: line, Column: a.name, Found: quoted(cell), Expected: "one spelling of a word: earlier it is " + quoted(rival)}
	}
	a.codes = append(a.codes, int32(code))
	return nil
}

func (a *attributeColumn) attribute() Attribute {
	if !a.isWords {
		return Attribute{Name: a.name, Numbers: a.numbers}
	}
	words, place := a.words.sorted()
	for i, code := range a.codes {
		if code >= 0 {
			a.codes[i] = int32(place[code])
		}
	}
	return Attribute{Name: a.name, Words: words, Codes: a.codes}
}
