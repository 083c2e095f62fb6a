package dataset

import (
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The format ucr reads the archives of time series at timeseriesclassification.com: the
// UCR archive's text files (Dau et al. 2019, "The UCR time series archive"), one series a
// line behind its class, and the UEA archive's .ts files (Bagnall et al. 2018, "The UEA
// multivariate time series classification archive"). A source is a folder with one
// NAME_TRAIN and perhaps its NAME_TEST, or one of these files; where both are there, the
// examples keep the part that they stand in.

// series is an example of a UCR or UEA file.
type series struct {
	where  string
	label  string
	part   Part
	values []float32 // [time, channel], NaN where missing
}

// seriesSet gathers series until the longest is known.
type seriesSet struct {
	lim      limits
	parted   bool // the source says what is for training and what for the test
	channels int
	longest  int // steps
	values   int // so far
	list     []series
}

func gatherUCR(o *origin, _ Config, lim limits, into *cases) error {
	files, err := ucrFiles(o)
	if err != nil {
		return err
	}
	set := &seriesSet{lim: lim, parted: len(files) > 1}
	for i, name := range files {
		part := InTrain
		if i == 1 {
			part = InTest
		}
		if err := set.read(o, name, part); err != nil {
			return err
		}
	}
	return set.pad(into)
}

// ucrFiles returns the training file and, if there is one, that of the test.
func ucrFiles(o *origin) ([]string, error) {
	all, err := o.list()
	if err != nil {
		return nil, err
	}
	if !o.isDir() {
		return withTest(o, all[0]), nil
	}
	var train []string
	for _, name := range all {
		if _, ok := testOf(name); ok && slices.Contains(ucrExtensions, ext(name)) {
			train = append(train, name)
		}
	}
	if len(train) == 1 {
		return withTest(o, train[0]), nil
	}
	found := "no file NAME_TRAIN.ts, .tsv or .txt"
	if len(train) > 1 {
		found = fmt.Sprintf("%d training files, %s and %s among them", len(train), oneLine(train[0]), oneLine(train[1]))
	}
	return nil, &CellError{File: o.path(), Found: found, Expected: "one (a source can be that file itself)"}
}

var ucrExtensions = []string{".ts", ".tsv", ".txt"}

func ext(name string) string { return strings.ToLower(path.Ext(name)) }

// withTest returns the file and the one with its test part where that lies beside it.
func withTest(o *origin, name string) []string {
	if test, ok := testOf(name); ok && o.has(test) {
		return []string{name, test}
	}
	return []string{name}
}

// testOf returns the name of the test file that goes with a training file.
func testOf(name string) (string, bool) {
	end := path.Ext(name)
	stem, ok := strings.CutSuffix(strings.TrimSuffix(name, end), "_TRAIN")
	return stem + "_TEST" + end, ok
}

func (s *seriesSet) read(o *origin, name string, part Part) error {
	r, err := o.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	file := o.where(name)
	if ext(name) == ".ts" {
		return s.readTS(file, r, part)
	}
	return s.readLines(file, r, part)
}

// readLines reads a class and a series a line: separated by tabs in the archive of 2018,
// by commas or blanks in older ones. Lines are as long as the first; the archive itself
// ends the shorter of unequal series with NaN.
func (s *seriesSet) readLines(file string, r io.Reader, part Part) error {
	in := newLineReader(file, r, s.lim)
	split, cells, first := splitter(nil), []string(nil), 0
	for {
		text, line, err := in.next()
		if err == io.EOF {
			return s.checkAny(file, first > 0)
		}
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		if split == nil {
			split = splitterFor(text)
		}
		if cells = split(cells[:0], text); first == 0 {
			first = len(cells)
		}
		switch {
		case first < 2:
			return &CellError{File: file, Line: line, Found: "one cell", Expected: "a class and its series, separated by tabs"}
		case len(cells) != first:
			return &CellError{
				File: file, Line: line, Found: fmt.Sprintf("%d values", len(cells)-1),
				Expected: fmt.Sprintf("%d, as in the first line (the archive ends shorter series with NaN)", first-1),
			}
		}
		values, err := s.channel(file, line, "", cells[1:])
		if err != nil {
			return err
		}
		if err := s.add(file, line, cells[0], part, 1, values); err != nil {
			return err
		}
	}
}

// splitter appends the cells of a line.
type splitter func(cells []string, line string) []string

func splitterFor(line string) splitter {
	for _, sep := range []string{"\t", ","} {
		if strings.Contains(line, sep) {
			return func(cells []string, line string) []string {
				for cell := range strings.SplitSeq(line, sep) {
					cells = append(cells, cell)
				}
				return cells
			}
		}
	}
	return func(cells []string, line string) []string { return append(cells, strings.Fields(line)...) }
}

// channel returns the numbers of one channel, NaN where missing.
func (s *seriesSet) channel(file string, line int, column string, cells []string) ([]float32, error) {
	if len(cells) > s.lim.values-s.values {
		return nil, s.tooMany(file)
	}
	values := make([]float32, len(cells))
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		x, kind := parseNumber(cell)
		switch kind {
		case missing:
			x = math.NaN() // what the cell holds, spelt in one way
		case tooLarge, word:
			e := &CellError{File: file, Line: line, Column: column + strconv.Itoa(i+1), Found: quoted(cell), Expected: numberExpected(kind)}
			return nil, e
		}
		values[i] = float32(x)
	}
	return values, nil
}

// add takes a series of values [time, channel].
func (s *seriesSet) add(file string, line int, label string, part Part, channels int, values []float32) error {
	where := file + ":" + strconv.Itoa(line)
	switch {
	case s.channels == 0:
		s.channels = channels
	case s.channels != channels:
		return &CellError{File: file, Line: line, Found: fmt.Sprintf("%d dimensions", channels), Expected: fmt.Sprintf("%d, as before it", s.channels)}
	}
	if !slices.ContainsFunc(values, func(x float32) bool { return x == x }) {
		return &CellError{File: file, Line: line, Found: "no value", Expected: "a series"}
	}
	if s.values += len(values); s.values > s.lim.values {
		return s.tooMany(file)
	}
	s.longest = max(s.longest, len(values)/channels)
	s.list = append(s.list, series{where, className(label), part, values})
	return nil
}

func (s *seriesSet) tooMany(file string) error {
	return &CellError{File: file, Found: fmt.Sprintf("more than %d values", s.lim.values), Expected: "at most that many: a smaller file"}
}

// className returns a class that is a whole number as one: older files of the archive write
// 1 as 1.0000000e+00.
func className(cell string) string {
	cell = strings.TrimSpace(cell)
	if x, kind := parseNumber(cell); kind == numeric && x == math.Trunc(x) && math.Abs(x) < 1e9 {
		return strconv.Itoa(int(x))
	}
	return strings.Clone(cell)
}

func (s *seriesSet) checkAny(file string, any bool) error {
	if !any {
		return &CellError{File: file, Found: "no series", Expected: "one a line"}
	}
	return nil
}

// pad hands the series on, all as long as the longest: NaN stands behind the end of a
// shorter one.
func (s *seriesSet) pad(into *cases) error {
	if err := into.begin([]int{s.longest, s.channels}); err != nil {
		return err
	}
	values := make([]float32, s.longest*s.channels)
	for i := range s.list {
		e := &s.list[i]
		for k := copy(values, e.values); k < len(values); k++ {
			values[k] = nan32
		}
		e.values = nil
		if err := into.add(example{where: e.where, values: values, label: e.label, part: e.part, hasPart: s.parted}); err != nil {
			return err
		}
	}
	return nil
}
