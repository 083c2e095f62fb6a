package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// gatherer is the table that makes a Dataset of a file's rows.
type gatherer struct {
	file   string
	config Config // resolved
	task   Task
	lim    limits

	names    []string // of the file's columns
	target   int      // its column
	group    int      // its column, -1 for none
	features []*column
	blanks   blanks
	declared map[int]columnKind // by the format
	cut      *threshold         // makes the classes of a number; nil for classes as they stand
	// attributes are the columns that are kept beside the features.
	attributes []*attributeColumn

	// values are [example, feature]: a number, NaN where it is missing, or the code of a
	// word.
	values  []float64
	classes *vocabulary
	labels  []int32
	targets []float64
	groups  []int
	patient map[string]int // number of a patient by name
	// suspects are columns that seem to name the patient, where none is said to.
	suspects []*suspect
	// outside is how many examples came before those of an external source, 0 where there
	// is none, and inside how many patients.
	outside, inside int
}

// column is what is known of a feature's column.
type column struct {
	name  string
	index int // in the file
	kind  columnKind
	words *vocabulary
	// Where the first number and the first word stand: a column holds one or the other.
	firstNumber, firstWord int
	oddWord                string // the first word
}

func newGatherer(file string, c Config, task Task, lim limits) *gatherer {
	cut, err := parseThreshold(c.Positive)
	if err != nil {
		panic("dataset: a configuration that wasn't validated: " + err.Error())
	}
	return &gatherer{
		file: file, config: c, task: task, lim: lim, cut: cut,
		group: -1, classes: newVocabulary(), patient: map[string]int{},
	}
}

// row takes one example.
func (g *gatherer) row(line int, cells []string) error {
	if len(cells) != len(g.names) {
		return &CellError{
			File: g.file, Line: line, Found: fmt.Sprintf("%d cells", len(cells)),
			Expected: fmt.Sprintf("%d, as in %s", len(g.names), g.headerPlace()),
		}
	}
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return &CellError{File: g.file, Line: line, Found: "a line of empty cells", Expected: "an example, or no such line"}
	}
	if err := g.takeTarget(line, g.blanks.cell(cells, g.target)); err != nil {
		return err
	}
	if g.group >= 0 {
		if err := g.takeGroup(line, g.blanks.cell(cells, g.group)); err != nil {
			return err
		}
	}
	if g.outside == 0 {
		for _, s := range g.suspects {
			s.take(strings.TrimSpace(cells[s.index]))
		}
	}
	for _, a := range g.attributes {
		if err := a.take(g.file, line, g.blanks.cell(cells, a.index)); err != nil {
			return err
		}
	}
	if len(g.values)+len(g.features) > g.lim.values {
		return g.tooMany()
	}
	for _, f := range g.features {
		x, err := g.feature(line, f, g.blanks.cell(cells, f.index))
		if err != nil {
			return err
		}
		g.values = append(g.values, x)
	}
	return nil
}

// headerPlace is where the names of the columns stand.
func (g *gatherer) headerPlace() string {
	if len(g.config.Columns.Header) > 0 {
		return "columns.header"
	}
	return "the header"
}

// count returns how many examples there are so far.
func (g *gatherer) count() int { return max(len(g.labels), len(g.targets)) }

func (g *gatherer) tooMany() error {
	return &CellError{
		File: g.file, Found: fmt.Sprintf("more than %d values", g.lim.values),
		Expected: "at most that many: fewer features or examples",
	}
}

func (g *gatherer) takeTarget(line int, cell string) error {
	x, kind := parseNumber(cell)
	e := &CellError{File: g.file, Line: line, Column: g.config.Target, Found: quoted(cell)}
	if kind == missing {
		e.Found, e.Expected = "no value", "one: an example without its target can't be learnt from (take such lines out)"
		return e
	}
	if g.task == Regression {
		if kind != numeric {
			e.Expected = numberExpected(kind)
			return e
		}
		g.targets = append(g.targets, x)
		return nil
	}
	if g.cut != nil {
		if kind != numeric {
			e.Expected = numberExpected(kind) + " to compare: positive is " + g.cut.yes
			return e
		}
		cell = g.cut.class(x)
	}
	if !utf8.ValidString(cell) {
		e.Found, e.Expected = notUTF8, savedAsUTF8
		return e
	}
	if oneLine(cell) != cell {
		e.Expected = "a class in printable characters" // it is shown on terminals
		return e
	}
	code, rival := g.classes.code(cell)
	switch {
	case rival != "":
		e.Expected = "one spelling of a class: earlier it is " + quoted(rival)
		return e
	case len(g.classes.words) > g.lim.classes:
		e.Found = fmt.Sprintf("more than %d different values", g.lim.classes)
		e.Expected = "classes (for a number to predict, the task is regression)"
		return e
	}
	g.labels = append(g.labels, int32(code))
	return nil
}

// takeGroup takes the patient. Its errors don't show the name.
func (g *gatherer) takeGroup(line int, cell string) error {
	if _, kind := parseNumber(cell); kind == missing {
		return &CellError{File: g.file, Line: line, Column: g.config.Group, Found: "no value", Expected: "the patient"}
	}
	p, ok := g.patient[cell]
	if !ok {
		p = g.inside + len(g.patient)
		g.patient[strings.Clone(cell)] = p
	}
	g.groups = append(g.groups, p)
	return nil
}

// feature returns a feature's number, or the code of its word.
func (g *gatherer) feature(line int, f *column, cell string) (float64, error) {
	x, kind := parseNumber(cell)
	e := &CellError{File: g.file, Line: line, Column: f.name, Found: quoted(cell)}
	switch kind {
	case missing:
		if g.config.Preprocess.Impute == "none" {
			e.Found, e.Expected = "no value", "one, since impute is none"
			return 0, e
		}
		return math.NaN(), nil
	case tooLarge:
		if f.kind == ranks {
			break
		}
		e.Expected = numberExpected(kind)
		return 0, e
	case numeric:
		switch f.kind {
		case categories:
			return g.word(line, f, strconv.FormatFloat(x+0, 'g', -1, 64)) // 1.0 is 1, and -0 is 0
		case ranks:
			return f.rank(g.file, line, cell)
		}
		if f.firstWord > 0 {
			e.Line, e.Found = f.firstWord, quoted(f.oddWord)
			e.Expected = fmt.Sprintf("a number, as in line %d, or words throughout (columns.ignore leaves a column out)", line)
			return 0, e
		}
		f.firstNumber = firstOf(f.firstNumber, line)
		return x, nil
	}
	switch {
	case f.kind == ranks:
		return f.rank(g.file, line, cell)
	case f.kind == numbers:
		e.Expected = "a number, as the file declares it or columns.numeric says"
		return 0, e
	case f.kind == inferred && hasDecimalComma(cell):
		e.Expected = "a number with a decimal point (columns.categorical takes it as a word)"
		return 0, e
	case f.firstNumber > 0:
		e.Expected = fmt.Sprintf("a number, as in line %d", f.firstNumber)
		return 0, e
	}
	return g.word(line, f, cell)
}

// word returns the code of a word in a column of words.
func (g *gatherer) word(line int, f *column, cell string) (float64, error) {
	e := &CellError{File: g.file, Line: line, Column: f.name, Found: quoted(cell)}
	if f.words == nil {
		f.words, f.firstWord, f.oddWord = newVocabulary(), line, strings.Clone(cell)
	}
	code, rival := f.words.code(cell)
	switch {
	case !utf8.ValidString(cell):
		e.Found, e.Expected = notUTF8, savedAsUTF8
		return 0, e
	case rival != "":
		e.Expected = "one spelling of a word: earlier it is " + quoted(rival)
		return 0, e
	case len(f.words.words) > g.lim.words:
		if err := g.askForPatients(); err != nil { // which this column may well name
			return 0, err
		}
		e.Found = fmt.Sprintf("more than %d different words", g.lim.words)
		e.Expected = "numbers, or fewer words (columns.ignore leaves a column out)"
		return 0, e
	}
	return float64(code), nil
}

// What is found and expected where a file has another encoding, such as that of a
// spreadsheet's plain CSV. The text isn't shown: it is as likely a name as a word.
const (
	notUTF8     = "text that is not UTF-8"
	savedAsUTF8 = "UTF-8 text (save the file in this encoding)"
)

// hasDecimalComma reports whether a cell is a number as many countries write it: 37,5. A
// column of such would be one of words, each a category.
func hasDecimalComma(cell string) bool {
	if strings.Count(cell, ",") != 1 {
		return false
	}
	_, kind := parseNumber(strings.Replace(cell, ",", ".", 1))
	return kind == numeric
}

func firstOf(line, now int) int {
	if line > 0 {
		return line
	}
	return now
}

func numberExpected(kind cellKind) string {
	if kind == tooLarge {
		return "a number below 3.4e38 in size"
	}
	return "a number"
}
