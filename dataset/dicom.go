package dataset

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// dicomExtensions are those of DICOM files in a folder; many have none.
var dicomExtensions = []string{"", ".dcm", ".dicom", ".ima", ".img"}

// dicomKeys are the tags by which a table may name images, beside the file.
var dicomKeys = []string{"SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "PatientID"}

// dicomReader reads DICOM files (PS3.10) and says of each what the configuration asks for:
// from a table, from its tags, or from its folder.
type dicomReader struct {
	o      *origin
	config Config
	lim    limits
	tags   map[string]tag.Tag // of group, target and subgroups where tags tell them
	labels *labelTable
	cells  labelColumns
	rows   map[string]int // of a table, by its key

	mu   sync.Mutex
	used map[int]bool // rows of the table
}

// gatherDicom reads a DICOM file, or a folder of them.
func gatherDicom(o *origin, c Config, lim limits, into *cases) error {
	files, err := o.list()
	if err != nil {
		return err
	}
	if o.isDir() {
		files = slices.DeleteFunc(files, func(name string) bool {
			ext := strings.ToLower(path.Ext(name))
			numbers := ext != "" && strings.Trim(ext[1:], "0123456789") == "" // the tail of a UID
			return !numbers && !slices.Contains(dicomExtensions, ext) || path.Base(name) == "DICOMDIR"
		})
	}
	if len(files) == 0 {
		return &CellError{File: o.path(), Found: "no DICOM file", Expected: "files named .dcm, or without an extension"}
	}
	r := &dicomReader{o: o, config: c, lim: lim, tags: map[string]tag.Tag{}, used: map[int]bool{}}
	shots, err := r.plan(files)
	if err != nil {
		return err
	}
	if err := addPictures(o, c, shots, into, r.read); err != nil {
		return err
	}
	for i := range r.rowCount() {
		if !r.used[i] {
			return &CellError{File: r.labels.where, Line: r.labels.lines[i], Column: or(c.Image.By, "file"), Found: "an image that isn't there", Expected: "one of " + o.path()}
		}
	}
	return nil
}

func (r *dicomReader) rowCount() int {
	if r.labels == nil {
		return 0
	}
	return len(r.labels.rows)
}

// plan says which files are read, and finds out where their labels come from.
func (r *dicomReader) plan(files []string) ([]example, error) {
	c := r.config
	if c.Image.Labels != "" {
		return r.planTable(files)
	}
	var shots []example
	if c.Target == dicomTarget {
		if !r.o.isDir() {
			return nil, &FieldError{"target", "one file lies in no class's folder: expected a tag, or image.labels, a table"}
		}
		plain := c
		plain.Group, plain.Subgroups, plain.Split = "", nil, SplitConfig{} // tags tell these
		var err error
		if shots, err = sortedFiles(r.o, plain, files); err != nil {
			return nil, err
		}
	} else {
		if err := r.findTag("target", c.Target); err != nil {
			return nil, err
		}
		for _, name := range files {
			shots = append(shots, example{where: name})
		}
	}
	return shots, r.findTags(func(string) bool { return false })
}

// dicomTarget is the target where the folders are the classes.
const dicomTarget = "class"

// planTable reads the table. A row is of a file, or of all files with a tag of that value.
func (r *dicomReader) planTable(files []string) ([]example, error) {
	c := r.config
	var err error
	if r.labels, err = openLabels(r.o, c.Image.Labels, r.lim); err != nil {
		return nil, err
	}
	inTable := func(name string) bool { return slices.Contains(r.labels.names, name) }
	if r.cells, err = r.labels.columnsOf(c, inTable); err != nil {
		return nil, err
	}
	if err := r.findTags(inTable); err != nil {
		return nil, err
	}
	by := or(c.Image.By, "file")
	key, err := r.labels.column("image.file", or(c.Image.File, by))
	if err != nil {
		return nil, err
	}
	index := fileIndex(files)
	r.rows = map[string]int{}
	var shots []example
	for i, row := range r.labels.rows {
		name, wrong := row[key], ""
		if by == "file" {
			name, wrong = index.find(name)
			shots = append(shots, example{where: name})
		}
		if _, ok := r.rows[name]; ok && wrong == "" {
			wrong = "a second line for an image"
		}
		if wrong != "" {
			return nil, &CellError{File: r.labels.where, Line: r.labels.lines[i], Column: r.labels.names[key], Found: wrong, Expected: "the name of an image of " + r.o.path()}
		}
		r.rows[name] = i
	}
	if by != "file" {
		for _, name := range files {
			shots = append(shots, example{where: name})
		}
	}
	return shots, nil
}

// findTags finds the tags of the group and the subgroups that no table tells.
func (r *dicomReader) findTags(told func(string) bool) error {
	if g := r.config.patientColumn(); g != "" && !told(g) {
		if err := r.findTag("group", g); err != nil {
			return err
		}
	}
	for i, name := range r.config.attributes() {
		if !told(name) {
			if err := r.findTag(r.config.attributeField(i), name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *dicomReader) findTag(field, name string) error {
	info, err := tag.FindByKeyword(name)
	if err != nil {
		return &FieldError{field, fmt.Sprintf("%q is no tag of DICOM, such as PatientID or PatientSex", name)}
	}
	r.tags[name] = info.Tag
	return nil
}

// read returns the frames of a file that the configuration takes.
func (r *dicomReader) read(e example, file []byte) ([]shown, error) {
	c := r.config
	where := r.o.where(e.where)
	f, err := openDicom(where, file, r.lim)
	if err != nil {
		return nil, err
	}
	if wanted, err := r.describe(&e, f); err != nil || !wanted {
		return nil, err
	}
	m, err := f.form()
	if err != nil {
		return nil, err
	}
	frames := c.Image.slices(m.frames)
	if len(frames) > r.lim.values/m.size() {
		return nil, &CellError{File: where, Found: fmt.Sprintf("%d frames of %d by %d pixels", len(frames), m.columns, m.rows), Expected: fmt.Sprintf("at most %d values", r.lim.values)}
	}
	var all []shown
	for _, frame := range frames {
		p, err := f.frame(m, frame, c.Image.Window)
		if err != nil {
			return nil, err
		}
		if c.Image.Color == "grey" {
			p = p.luma()
		}
		if c.Image.Color == "rgb" && m.samples == 1 {
			return nil, &FieldError{"image.color", where + " is grey"}
		}
		e.where = where
		if m.frames > 1 {
			e.where = fmt.Sprintf("%s: frame %d", where, frame+1)
		}
		all = append(all, shown{e, c.Image.fit(p)})
	}
	return all, nil
}

// describe fills in what table and tags say of a file, and reports whether the table has
// it at all.
func (r *dicomReader) describe(e *example, f *dicomFile) (bool, error) {
	c := r.config
	name := e.where
	if r.labels != nil {
		key := name
		if by := or(c.Image.By, "file"); by != "file" {
			info, err := tag.FindByKeyword(by)
			if err != nil {
				return false, err
			}
			key = f.word(info.Tag)
		}
		row, ok := r.rows[key]
		if !ok {
			return false, nil
		}
		r.cells.fill(e, r.labels.rows[row])
		r.mu.Lock()
		r.used[row] = true
		r.mu.Unlock()
	}
	e.where = name
	if e.facts == nil {
		e.facts = map[string]string{}
	}
	if t, ok := r.tags[c.Group]; ok {
		if e.patient = f.word(t); e.patient == "" {
			return false, &CellError{File: f.where, Found: "no " + c.Group, Expected: "one, by which patients are told apart (group: none takes each image for a patient of its own)"}
		}
	}
	if t, ok := r.tags[c.Target]; ok && r.labels == nil {
		e.label = f.word(t)
	}
	for _, name := range c.attributes() {
		if t, ok := r.tags[name]; ok {
			e.facts[name] = f.word(t)
		}
	}
	return true, nil
}
