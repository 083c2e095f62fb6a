package dataset

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// npzFile is an archive of NumPy arrays.
type npzFile struct {
	where   string
	lim     limits
	members map[string]*zip.File
}

// mostMembers bounds the arrays of an archive.
const mostMembers = 1000

// gatherNpz reads a NumPy archive. With the arrays train_images, val_images and test_images
// it is a MedMNIST file (Yang et al. 2023, https://doi.org/10.1038/s41597-022-01721-8): the
// target T stands in train_T, val_T and test_T, and the file's own parts are kept. Else one
// array, X or the one that features names, has the examples along its first axis, and the
// target, the group and the attributes are arrays of one value an example.
func gatherNpz(o *origin, c Config, lim limits, into *cases) error {
	data, err := o.bytes("")
	if err != nil {
		return err
	}
	z, err := openNpz(o.path(), data, lim)
	if err != nil {
		return err
	}
	if len(c.Features) > 1 {
		return &FieldError{"features[1]", "one array holds the features of " + o.path()}
	}
	parts := []struct {
		prefix string
		part   Part
	}{{"train_", InTrain}, {"val_", InValid}, {"test_", InTest}}
	divided := z.members["train_images"] != nil
	if !divided {
		name := "X"
		if len(c.Features) == 1 {
			name = c.Features[0]
		}
		s := arraySource{load: z.array, features: name, config: c}
		return s.gather(into)
	}
	for _, p := range parts {
		s := arraySource{load: z.array, features: p.prefix + "images", prefix: p.prefix, part: p.part, hasPart: true, config: c}
		s.names = medmnistClasses(o.path())
		if err := s.gather(into); err != nil {
			return err
		}
	}
	return nil
}

// gatherNpy reads an array of examples from a NumPy file; the target, the group and the
// attributes are the names of files beside it.
func gatherNpy(o *origin, c Config, lim limits, into *cases) error {
	load := func(field, name string) (*npyArray, error) {
		from := o
		if name != "" {
			b, err := o.beside(name)
			if err != nil {
				return nil, inField(err, field)
			}
			defer b.close()
			from = b
		}
		r, err := from.open("")
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return readNpy(from.path(), r, lim)
	}
	s := arraySource{load: load, config: c}
	return s.gather(into)
}

func openNpz(where string, data []byte, lim limits) (*npzFile, error) {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &CellError{File: where, Found: "no whole archive (" + oneLine(err.Error()) + ")", Expected: "a NumPy archive"}
	}
	if len(in.File) > mostMembers {
		return nil, &CellError{File: where, Found: fmt.Sprintf("%d arrays", len(in.File)), Expected: fmt.Sprintf("at most %d", mostMembers)}
	}
	z := &npzFile{where, lim, map[string]*zip.File{}}
	for _, f := range in.File {
		name := strings.TrimSuffix(f.Name, ".npy")
		// Nothing is written to the disk by its name; such a name is a forgery all the same.
		if strings.Contains(f.Name, "\\") || path.IsAbs(f.Name) || !filepath.IsLocal(f.Name) {
			return nil, &CellError{File: where, Found: "an array named " + quoted(f.Name), Expected: "names without a path out of the archive"}
		}
		if z.members[name] != nil {
			return nil, &CellError{File: where, Found: "two arrays named " + quoted(name), Expected: "one"}
		}
		z.members[name] = f
	}
	return z, nil
}

// array reads an array of the archive; field is the one of the configuration that names it.
func (z *npzFile) array(field, name string) (*npyArray, error) {
	f := z.members[name]
	if f == nil {
		return nil, &FieldError{field, fmt.Sprintf("no array %q in %s%s", name, z.where, didYouMean(name, names(z.members)))}
	}
	where := z.where + ": array " + oneLine(name)
	r, err := f.Open()
	if err != nil {
		return nil, npyDamage(where, err)
	}
	defer r.Close()
	return readNpy(where, r, z.lim)
}

// arraySource are arrays of which the first axis is the example.
type arraySource struct {
	load     func(field, name string) (*npyArray, error)
	features string // the array of the examples
	prefix   string // before the names of all others
	part     Part
	hasPart  bool
	names    []string // of the classes that the labels number
	config   Config
}

// gather adds the examples; images are brought to the size that the configuration says.
func (s *arraySource) gather(into *cases) error {
	x, err := s.load("features", s.features)
	if err != nil {
		return err
	}
	where := into.table.file
	if s.features != "" {
		where += ": array " + oneLine(s.features)
	}
	if len(x.shape) < 1 || len(x.shape) > 4 || x.isWords() || slices.Contains(x.shape, 0) {
		return &CellError{File: where, Found: fmt.Sprintf("an array of shape %v of type %c%d", x.shape, x.kind, x.size), Expected: "numbers of shape [example, …] with 1 to 4 sides"}
	}
	columns, err := s.columns(x.shape[0])
	if err != nil {
		return err
	}
	shape := exampleShape(x.shape)
	values := make([]float32, len(x.data)/x.size/x.shape[0])
	for i := range x.shape[0] {
		e := example{where: fmt.Sprintf("%s: example %d", where, i+1), part: s.part, hasPart: s.hasPart, facts: map[string]string{}}
		if err := x.example(values, i, e.where); err != nil {
			return err
		}
		s.fill(&e, columns, i)
		if len(shape) == 3 {
			p := s.config.Image.fit(picture{shape[0], shape[1], shape[2], values})
			if err := into.addPicture(e, p); err != nil {
				return err
			}
			continue
		}
		if into.shape == nil {
			if err := into.begin(shape); err != nil {
				return err
			}
		}
		if !slices.Equal(shape, into.shape) {
			return &CellError{File: where, Found: fmt.Sprintf("examples of shape %v", shape), Expected: fmt.Sprintf("%v, as in the part before", into.shape)}
		}
		e.values = values
		if err := into.add(e); err != nil {
			return err
		}
	}
	return nil
}

// exampleShape is that of an example: images have a channel, numbers are a vector.
func exampleShape(shape []int) []int {
	switch len(shape) {
	case 1:
		return []int{1}
	case 3:
		return []int{shape[1], shape[2], 1}
	}
	return shape[1:]
}

// columns reads the arrays of one value an example: target, group, attributes.
func (s *arraySource) columns(n int) (map[string]*npyArray, error) {
	fields := map[string]string{s.config.Target: "target"}
	order := []string{s.config.Target}
	if group := s.config.patientColumn(); group != "" {
		order, fields[group] = append(order, group), "group"
	}
	for i, name := range s.config.attributes() {
		if fields[name] == "" {
			order, fields[name] = append(order, name), s.config.attributeField(i)
		}
	}
	columns := map[string]*npyArray{}
	for _, name := range order {
		a, err := s.load(fields[name], s.prefix+name)
		if err != nil {
			return nil, err
		}
		if len(a.shape) == 0 || len(a.shape) > 2 || a.shape[0] != n || len(a.shape) == 2 && a.shape[1] != 1 {
			return nil, &FieldError{fields[name], fmt.Sprintf("array %q has shape %v, expected one value for each of %d examples", s.prefix+name, a.shape, n)}
		}
		columns[name] = a
	}
	return columns, nil
}

// fill takes what the columns say of example i.
func (s *arraySource) fill(e *example, columns map[string]*npyArray, i int) {
	e.label = columns[s.config.Target].cell(i)
	if class, err := strconv.ParseUint(e.label, 10, 16); err == nil && int(class) < len(s.names) {
		e.label = s.names[class]
	}
	if group := s.config.patientColumn(); group != "" {
		e.patient = columns[group].cell(i)
	}
	for _, name := range s.config.attributes() {
		e.facts[name] = columns[name].cell(i)
	}
}

// example writes the values of example i to dst. Bytes of images become 0 to 1.
func (a *npyArray) example(dst []float32, i int, where string) error {
	pixels := a.kind == 'u' && a.size == 1 && len(a.shape) > 2
	for j := range dst {
		x := a.number(i*len(dst) + j)
		if math.Abs(x) > math.MaxFloat32 {
			return &CellError{File: where, Found: "an infinite value, or one above 3.4e38 in size", Expected: "a number, or NaN where it is missing"}
		}
		if pixels {
			x /= 255
		}
		dst[j] = float32(x)
	}
	return nil
}
