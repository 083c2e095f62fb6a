package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// outside reads an external file into the table of the source. Its columns are found by
// name, in whatever order they stand; further ones are passed over. Its patients are
// nobody's of the source, also where they are numbered alike.
type outside struct {
	*gatherer
	place []int    // of the source's columns in the external file, -1 for one that isn't used
	width int      // columns of the external file
	cells []string // in the source's order
}

// readExternal adds the rows of an external file, which becomes the test part.
func (g *gatherer) readExternal(path string) (*origin, error) {
	o, err := openExternal(path, g.lim)
	if err != nil {
		return nil, err
	}
	defer o.close()
	r, err := o.open("")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	source := g.file
	classes := len(g.classes.words)
	g.goOutside(path)
	in, err := gunzipped(path, r, g.lim)
	if err == nil {
		err = formats[g.config.Format].read(path, in, g.lim, &outside{gatherer: g})
	}
	g.file = source
	switch {
	case err != nil:
		return nil, err
	case g.outside == g.count():
		return nil, &CellError{File: path, Found: "no example", Expected: "at least one"}
	}
	return o, g.sameClasses(path, classes)
}

// openExternal opens an external source; what is wrong with it is wrong with its field.
func openExternal(path string, lim limits) (*origin, error) {
	var err error
	if isPulled(path) {
		path, err = pulledPath(path)
	}
	var o *origin
	if err == nil {
		o, err = openOrigin(path, lim)
	}
	if e, ok := err.(*FieldError); ok {
		e.Field = "split.external"
	}
	return o, err
}

// goOutside has what follows come from an external source.
func (g *gatherer) goOutside(path string) {
	g.file = path
	g.inside, g.outside = g.inside+len(g.patient), g.count()
	g.patient = map[string]int{}
}

// sameClasses returns an error where the external source has a class that the first few,
// the source's, don't include.
func (g *gatherer) sameClasses(path string, first int) error {
	if g.task == Classification && len(g.classes.words) > first {
		return &FieldError{"split.external", fmt.Sprintf("%s has %s in column %s, which %s hasn't",
			path, quoted(g.classes.words[first]), oneLine(g.config.Target), g.file)}
	}
	return nil
}

// header finds the columns that the source is read from.
func (t *outside) header(line int, cells []string) error {
	t.width, t.place, t.cells = len(t.names), make([]int, len(t.names)), make([]string, len(t.names))
	if len(t.config.Columns.Header) > 0 {
		for i := range t.place {
			t.place[i] = i
		}
		return t.row(line, cells)
	}
	var names []string
	for _, cell := range cells {
		names = append(names, strings.TrimSpace(strings.Clone(cell)))
	}
	other := &gatherer{file: t.file, names: names}
	if err := other.checkHeader(line); err != nil {
		return err
	}
	t.width = len(names)
	for i, name := range t.names {
		if t.place[i] = slices.Index(names, name); t.place[i] < 0 && t.reads(i) {
			return &FieldError{"split.external", fmt.Sprintf("no column %s in %s%s", oneLine(name), t.file, didYouMean(name, names))}
		}
	}
	return nil
}

// reads reports whether anything is read from the source's column.
func (g *gatherer) reads(index int) bool {
	return index == g.target || index == g.group ||
		slices.ContainsFunc(g.features, func(f *column) bool { return f.index == index }) ||
		slices.ContainsFunc(g.attributes, func(a *attributeColumn) bool { return a.index == index })
}

// declare passes over what the format says of the columns: the source has said it.
func (t *outside) declare(map[int]columnKind) {}

// row takes an example of the external file.
func (t *outside) row(line int, cells []string) error {
	if len(cells) != t.width {
		return &CellError{File: t.file, Line: line, Found: fmt.Sprintf("%d cells", len(cells)), Expected: fmt.Sprintf("%d, as in %s", t.width, t.headerPlace())}
	}
	for i, at := range t.place {
		if t.cells[i] = ""; at >= 0 {
			t.cells[i] = cells[at]
		}
	}
	return t.gatherer.row(line, t.cells)
}

// goOutside adds the examples of an external source, which become the test part.
func (c *cases) goOutside(path string) (*origin, error) {
	g := c.table
	o, err := openExternal(path, g.lim)
	if err != nil {
		return nil, err
	}
	defer o.close()
	source, shape, covariates, classes := g.file, c.shape, c.covariates, len(g.classes.words)
	g.goOutside(path)
	err = formats[g.config.Format].gather(o, g.config, g.lim, c)
	g.file = source
	switch {
	case err != nil:
		return nil, err
	case !slices.Equal(shape, c.shape):
		return nil, &FieldError{"split.external", fmt.Sprintf("%s has examples of shape %v, and %s of %v", path, c.shape, source, shape)}
	case !slices.Equal(covariates, c.covariates):
		return nil, &FieldError{"split.external", fmt.Sprintf("%s has other variables than %s", path, source)}
	case g.outside == g.count():
		return nil, &CellError{File: path, Found: "no example", Expected: "at least one"}
	}
	return o, g.sameClasses(path, classes)
}

// markExternal has the examples from outside, if there are any, be the test part, beside
// the parts that the source has.
func (g *gatherer) markExternal(d *Dataset) {
	if g.outside == 0 {
		return
	}
	n := d.Len()
	d.external = n - g.outside
	parts := make([]Part, n)
	copy(parts, d.Parts) // an external source may have parts, too: all of it is tested on
	for i := g.outside; i < n; i++ {
		parts[i] = InTest
	}
	d.Parts = parts
}

// bothDigests is the digest of a source with an external one.
func bothDigests(source, external string) string {
	sum := sha256.Sum256([]byte(source + "\n" + external + "\n"))
	return "sha256:" + hex.EncodeToString(sum[:])
}
