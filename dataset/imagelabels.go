package dataset

import (
	"fmt"
	"path"
	"strings"
)

// labelTable is a table of what is known of files, in the order of its lines.
type labelTable struct {
	where string
	names []string
	rows  [][]string
	lines []int
}

// openLabels reads the table of that name beside the source.
func openLabels(o *origin, name string, lim limits) (*labelTable, error) {
	beside, err := o.beside(name)
	if err != nil {
		return nil, inField(err, "image.labels")
	}
	defer beside.close()
	r, err := beside.open("")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	t := &labelTable{where: beside.path()}
	delimiter := byte(',')
	if ext := strings.ToLower(path.Ext(name)); ext == ".tsv" || ext == ".tab" {
		delimiter = '\t'
	}
	if err := delimited(delimiter)(beside.path(), r, lim, t); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, &CellError{File: t.where, Found: "no line for any image", Expected: "a header and a line for each"}
	}
	return t, nil
}

// header takes the columns' names.
func (t *labelTable) header(line int, names []string) error {
	for _, name := range names {
		t.names = append(t.names, strings.TrimSpace(strings.Clone(name)))
	}
	return nil
}

// row takes a line.
func (t *labelTable) row(line int, cells []string) error {
	if len(cells) != len(t.names) {
		return &CellError{File: t.where, Line: line, Found: fmt.Sprintf("%d cells", len(cells)), Expected: fmt.Sprintf("%d, as in the header", len(t.names))}
	}
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = strings.TrimSpace(strings.Clone(cell))
	}
	t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	return nil
}

// column returns the number of the column that a field of the configuration names.
func (t *labelTable) column(field, name string) (int, error) {
	for i, n := range t.names {
		if n == name {
			return i, nil
		}
	}
	return 0, &FieldError{field, fmt.Sprintf("no column %q in %s%s", name, t.where, didYouMean(name, t.names))}
}

// labelColumns are the columns that the configuration asks a table for.
type labelColumns struct {
	target, group int // group is -1 where there is none
	facts         map[string]int
}

// columnsOf finds them: the target, and of the rest those that are told by a table.
func (t *labelTable) columnsOf(c Config, told func(name string) bool) (labelColumns, error) {
	l := labelColumns{group: -1, facts: map[string]int{}}
	var err error
	if l.target, err = t.column("target", c.Target); err != nil {
		return l, err
	}
	if group := c.patientColumn(); group != "" && told(group) {
		if l.group, err = t.column("group", group); err != nil {
			return l, err
		}
	}
	for i, name := range c.attributes() {
		if !told(name) {
			continue
		}
		if l.facts[name], err = t.column(c.attributeField(i), name); err != nil {
			return l, err
		}
	}
	return l, nil
}

// patientColumn is the column of the patient, "" for none.
func (c Config) patientColumn() string {
	if c.Group == "none" { // each example is a patient of its own, whatever the source says
		return ""
	}
	return c.Group
}

// fill takes what a row says of an example.
func (l labelColumns) fill(e *example, row []string) {
	e.label = row[l.target]
	if l.group >= 0 {
		e.patient = row[l.group]
	}
	e.facts = map[string]string{}
	for name, i := range l.facts {
		e.facts[name] = row[i]
	}
}

// labelledFiles are the images that a table names, in its order. A name may leave the
// folder or the extension out where that is no matter of doubt.
func labelledFiles(o *origin, c Config, lim limits, files []string) ([]example, error) {
	t, err := openLabels(o, c.Image.Labels, lim)
	if err != nil {
		return nil, err
	}
	columns, err := t.columnsOf(c, func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	file, err := t.column("image.file", or(c.Image.File, "file"))
	if err != nil {
		return nil, err
	}
	index := fileIndex(files)
	seen := map[string]bool{}
	var shots []example
	for i, row := range t.rows {
		name, err := index.find(row[file])
		if err == "" && seen[name] {
			err = "a second line for an image"
		}
		if err != "" {
			return nil, &CellError{File: t.where, Line: t.lines[i], Column: t.names[file], Found: err, Expected: "the name of an image of " + o.path()}
		}
		seen[name] = true
		e := example{where: name}
		columns.fill(&e, row)
		if columns.group >= 0 && e.patient == "" {
			return nil, &CellError{File: t.where, Line: t.lines[i], Column: c.Group, Found: "no value", Expected: "the patient"}
		}
		shots = append(shots, e)
	}
	return shots, nil
}

// filesByName finds a file by a name that may leave out its folder or extension; "" stands
// where two files have it.
type filesByName map[string]string

func fileIndex(files []string) filesByName {
	index := filesByName{}
	for _, file := range files {
		base := path.Base(file)
		for _, name := range []string{bareName(file), base, bareName(base)} {
			if other, ok := index[name]; ok && other != file {
				index[name] = ""
				continue
			}
			index[name] = file
		}
	}
	for _, file := range files {
		index[file] = file // a whole name is never in doubt
	}
	return index
}

// bareName returns a name without its extension, .nii.gz being one.
func bareName(name string) string {
	name = strings.TrimSuffix(name, ".gz")
	return strings.TrimSuffix(name, path.Ext(name))
}

// find returns the file of a name, or what is wrong with it.
func (f filesByName) find(name string) (file, wrong string) {
	clean := path.Clean(strings.ReplaceAll(name, "\\", "/"))
	file, ok := f[clean]
	switch {
	case name == "":
		return "", "no name"
	case !ok:
		return "", "a file that isn't there"
	case file == "":
		return "", "a name that several files have"
	}
	return file, ""
}
