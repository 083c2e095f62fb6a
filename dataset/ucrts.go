package dataset

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// tsHeader is what stands above @data in a .ts file as sktime and the UEA archive write it:
// a line of "@word value" each, in any case. Lines that begin with # are comments.
type tsHeader struct {
	seen      map[string]bool
	univar    bool
	dims      int  // 0 where the file doesn't say
	equal     bool // all series are of one length
	length    int  // of a series, 0 where the file doesn't say
	labelled  bool
	classes   []string
	regressed bool // the label is a number to predict
}

func (s *seriesSet) readTS(file string, r io.Reader, part Part) error {
	in := newLineReader(file, r, s.lim)
	h := tsHeader{seen: map[string]bool{}}
	data, any := false, false
	for {
		text, line, err := in.next()
		switch {
		case err == io.EOF && !data:
			return &CellError{File: file, Found: "no line @data", Expected: "a header that ends with one"}
		case err == io.EOF:
			return s.checkAny(file, any)
		case err != nil:
			return err
		}
		text = strings.TrimSpace(text)
		switch {
		case text == "" || text[0] == '#':
		case data:
			any = true
			err = s.tsSeries(file, line, text, &h, part)
		case text[0] != '@':
			err = &CellError{File: file, Line: line, Found: quoted(text), Expected: "a line that begins with @, up to @data"}
		default:
			data, err = h.take(file, line, text[1:])
		}
		if err != nil {
			return err
		}
	}
}

// take reads a line of the header and reports whether it is @data.
func (h *tsHeader) take(file string, line int, text string) (data bool, err error) {
	words := strings.Fields(text)
	e := &CellError{File: file, Line: line}
	if len(words) == 0 {
		e.Found, e.Expected = "@ alone", "a word behind it"
		return false, e
	}
	name, values := strings.ToLower(words[0]), words[1:]
	if h.seen[name] {
		e.Found, e.Expected = "@"+oneLine(name)+" for the second time", "it once"
		return false, e
	}
	h.seen[name] = true
	flag := false
	switch name {
	case "timestamps", "missing", "univariate", "equallength", "classlabel", "targetlabel":
		if len(values) == 0 || !strings.EqualFold(values[0], "true") && !strings.EqualFold(values[0], "false") {
			e.Found, e.Expected = "@"+name+" without true or false", "one of them"
			return false, e
		}
		flag = strings.EqualFold(values[0], "true")
	case "dimension", "dimensions", "serieslength":
		n := 0
		if len(values) > 0 {
			n, _ = strconv.Atoi(values[0])
		}
		if n < 1 || n > maxSize {
			e.Found, e.Expected = "@"+name+" without a count that can be", fmt.Sprintf("a number from 1 to %d", maxSize)
			return false, e
		}
		if name == "serieslength" {
			h.length = n
		} else {
			h.dims = n
		}
	case "data":
		return true, h.check(e)
	}
	switch {
	case name == "timestamps" && flag:
		e.Found, e.Expected = "series with time stamps", "evenly sampled values (@timeStamps false)"
		return false, e
	case name == "univariate":
		h.univar = flag
	case name == "equallength":
		h.equal = flag
	case name == "classlabel" && flag:
		h.labelled = true
		for _, class := range values[1:] {
			h.classes = append(h.classes, className(class))
		}
	case name == "targetlabel" && flag:
		h.labelled, h.regressed = true, true
	}
	return false, nil // @problemName and other words are for people
}

// check holds the header's lines against each other.
func (h *tsHeader) check(e *CellError) error {
	switch {
	case !h.labelled:
		e.Found, e.Expected = "series without classes", "@classLabel true or @targetLabel true above @data"
	case h.univar && h.dims > 1:
		e.Found, e.Expected = fmt.Sprintf("@univariate true and %d dimensions", h.dims), "one dimension"
	default:
		if h.univar {
			h.dims = 1
		}
		return nil
	}
	return e
}

// tsSeries takes a line of data: dimensions separated by colons, the label last.
func (s *seriesSet) tsSeries(file string, line int, text string, h *tsHeader, part Part) error {
	dims := strings.Split(text, ":")
	label := strings.TrimSpace(dims[len(dims)-1])
	dims = dims[:len(dims)-1]
	e := &CellError{File: file, Line: line}
	switch {
	case len(dims) == 0:
		e.Found, e.Expected = "no colon", "the class behind one"
		return e
	case h.dims > 0 && len(dims) != h.dims:
		e.Found, e.Expected = fmt.Sprintf("%d dimensions", len(dims)), fmt.Sprintf("%d, as the header says", h.dims)
		return e
	case len(dims) > s.lim.columns:
		e.Found, e.Expected = fmt.Sprintf("more than %d dimensions", s.lim.columns), "at most that many"
		return e
	case len(h.classes) > 0 && !slices.Contains(h.classes, className(label)):
		e.Found, e.Expected = "class "+quoted(label), "one of those that @classLabel names"
		return e
	}
	channels := make([][]float32, len(dims))
	longest := 0
	for d, cells := range dims {
		if strings.HasPrefix(strings.TrimSpace(cells), "(") {
			e.Found, e.Expected = "values with time stamps", "evenly sampled values"
			return e
		}
		var err error
		if channels[d], err = s.channel(file, line, fmt.Sprintf("%d.", d+1), strings.Split(cells, ",")); err != nil {
			return err
		}
		longest = max(longest, len(channels[d]))
	}
	for d := range channels {
		if n := len(channels[d]); h.equal && h.length > 0 && n != h.length {
			e.Found, e.Expected = fmt.Sprintf("%d values in dimension %d", n, d+1), fmt.Sprintf("%d, as the header says", h.length)
			return e
		} else if h.equal && n != longest {
			e.Found, e.Expected = fmt.Sprintf("%d values in dimension %d", n, d+1), fmt.Sprintf("%d: the header says that lengths are equal", longest)
			return e
		}
	}
	if h.equal && h.length == 0 {
		h.length = longest
	}
	if longest > s.lim.values/len(channels) {
		e.Found, e.Expected = fmt.Sprintf("more than %d values", s.lim.values), "at most that many"
		return e
	}
	return s.add(file, line, label, part, len(channels), interleave(channels, longest))
}

// interleave returns channels as [time, channel], NaN behind the end of a shorter one.
func interleave(channels [][]float32, steps int) []float32 {
	values := make([]float32, steps*len(channels))
	for c, x := range channels {
		for t := range steps {
			if t < len(x) {
				values[t*len(channels)+c] = x[t]
			} else {
				values[t*len(channels)+c] = nan32
			}
		}
	}
	return values
}
