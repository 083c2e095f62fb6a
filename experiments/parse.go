package experiments

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"

	"medml/dataset"
	"medml/search"
)

// Parse reads an experiment from YAML. name is what the file is called in errors, and
// what its folder and the study's default name are taken from. overrides are changes of
// the form key=value, where key is a dotted path such as "sampler.seed" and value is
// YAML; they are applied before anything is checked. The error is an [*Errors] with every
// mistake.
func Parse(name string, src []byte, overrides []string) (*Spec, error) {
	return trainable().parse(name, src, overrides)
}

// parse reads an experiment whose space is drawn from the catalog.
func (c catalog) parse(name string, src []byte, overrides []string) (*Spec, error) {
	e := &Errors{File: name}
	text, lines, problem := prescan(src)
	e.source = lines
	if problem != nil {
		e.List = []Problem{*problem}
		return nil, e
	}
	root, problems, ok := readYAML(text)
	if !ok {
		e.List = problems
		return nil, e.sorted()
	}
	s := initial()
	s.File, s.Dir, s.source, s.lines = name, filepath.Dir(name), src, lines
	s.overrides = overrides
	d := decoder{catalog: c, problems: problems, flags: overrides, spoilt: map[string]bool{}}
	return d.spec(root, s)
}

// FromResolved reads what [Spec.Resolved] has written: a stored study's experiment. Its
// space is taken as it stands, even if the hyperparameters or their defaults have changed
// since.
func FromResolved(resolved []byte) (*Spec, error) { return trainable().fromResolved(resolved) }

func (c catalog) fromResolved(resolved []byte) (*Spec, error) {
	const name = "stored experiment"
	root, err := readJSON(resolved)
	if err != nil {
		return nil, &Errors{File: name, List: []Problem{{Msg: err.Error()}}}
	}
	s := initial()
	s.File = name
	d := decoder{catalog: c, complete: true, spoilt: map[string]bool{}}
	return d.spec(root, s)
}

// spec lays an experiment's nodes over s and checks the whole.
func (d *decoder) spec(root *node, s *Spec) (*Spec, error) {
	d.override(root)
	s.root = root
	if root.null() {
		d.add(root.at, "", "", "medml init writes one to begin with", "no experiment: the file is empty")
	} else {
		d.value(root, reflect.ValueOf(s).Elem(), "")
	}
	if root.kind == mappingNode {
		if s.Name == "" && root.lookup("name") == nil {
			s.Name = nameOf(s.File)
		}
		v := validator{d, s, root}
		v.all()
	}
	if len(d.problems) > 0 {
		return nil, (&Errors{File: s.File, List: d.problems, source: s.lines}).sorted()
	}
	return s, nil
}

// nameOf makes a study's name of a file's: "my sweep.yaml" is my-sweep.
func nameOf(file string) string {
	file = filepath.Base(file)
	file = strings.TrimSuffix(file, filepath.Ext(file))
	name := strings.Map(func(r rune) rune {
		if nameForm.MatchString("a" + string(r)) {
			return r
		}
		return '-'
	}, file)
	name = strings.TrimLeft(name, "._-")
	if name = name[:min(len(name), 64)]; name == "" {
		return "experiment"
	}
	return name
}

// Place gives the mistakes that opening the data or the search has found the place in the
// file that they come from: field errors of package dataset belong to the section "data";
// those of package search name their section themselves (""). Other errors are returned
// as they are.
func (s *Spec) Place(section string, err error) error {
	if err == nil || !isFieldError(err) {
		return err
	}
	v := validator{&decoder{flags: s.overrides, spoilt: map[string]bool{}}, s, s.root}
	v.fields(section, err)
	return (&Errors{File: s.File, List: v.problems, source: s.lines}).sorted()
}

// isFieldError reports whether err is about fields of the experiment.
func isFieldError(err error) bool {
	var ofData *dataset.FieldError
	var ofSearch *search.FieldError
	return errors.As(err, &ofData) || errors.As(err, &ofSearch)
}
