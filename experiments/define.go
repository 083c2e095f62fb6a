package experiments

import (
	"fmt"
	"slices"
	"strings"

	"medml"
	"medml/internal/nearest"
	"medml/trainer"
)

// scope says which hyperparameters may stand at a place of the space.
type scope struct {
	owner  string // the architecture whose branch it is, if any
	hypers []trainer.Hyper
	outer  []*entry // what stands on the levels around
}

// space reads the space section.
func (d *decoder) space(n *node, path string) Definitions {
	if n.kind != mappingNode {
		d.expected("a mapping from hyperparameters to their definitions", n, path)
		return nil
	}
	s := scope{hypers: append([]trainer.Hyper{d.catalog.architecture()}, d.catalog.training...)}
	left := d.catalog.training
	e := n.lookup(architectureName)
	if e == nil {
		if at := join(path, architectureName); !d.spoilt[at] && !slices.ContainsFunc(n.entries, meansArchitecture) {
			d.add(n.at, at, "", fmt.Sprintf("write architecture: %s, or a choice of several", d.catalog.architectures[0]), "missing: expected the model to train")
		}
	} else if own, ok := d.catalog.own[e.value.text]; ok && e.value.kind == scalarNode {
		s.owner = e.value.text
		s.hypers = append(s.hypers, own...)
		left = append(slices.Clone(own), left...)
	}
	read := d.definitions(n, s, path)
	if d.complete {
		return read
	}
	return d.catalog.withDefaults(read, left)
}

// meansArchitecture reports whether a key is a misspelling of architecture.
func meansArchitecture(e *entry) bool {
	return len(nearest.Names(e.key, []string{architectureName})) > 0
}

// definitions reads the definitions of one level.
func (d *decoder) definitions(n *node, s scope, path string) Definitions {
	var out Definitions
	inner := s
	inner.outer = append(slices.Clip(s.outer), n.entries...)
	from := map[string]string{} // where a hyperparameter on a branch stands
	for _, e := range n.entries {
		at := join(path, e.key)
		h, ok := d.hyper(e, s, at)
		if !ok {
			continue
		}
		def, ok := d.definition(e.value, h, inner, at)
		if !ok {
			continue
		}
		for _, name := range def.inside() {
			if other, taken := from[name]; taken && other != e.key {
				d.add(e.at, at, name, "keep one of them", "%s stands on branches of both %s and %s", name, other, e.key)
			}
			from[name] = e.key
		}
		def.Name = h.Name
		out = append(out, def)
	}
	return out
}

// inside returns the names of the hyperparameters on the branches of d.
func (d Definition) inside() []string {
	var names []string
	for _, b := range d.Of {
		for _, inner := range b.Hyperparameters {
			names = append(append(names, inner.Name), inner.inside()...)
		}
	}
	return names
}

// hyper finds what an entry defines. For a misspelt name with one near it returns that
// one, so that mistakes in the definition are found, too.
func (d *decoder) hyper(e *entry, s scope, path string) (trainer.Hyper, bool) {
	for _, o := range s.outer {
		if o.key == e.key {
			d.add(e.at, path, e.key, "keep one of them", "%s stands above the branches already, in line %d", e.key, o.at.line)
			return trainer.Hyper{}, false
		}
	}
	h, ok := hyperNamed(s.hypers, e.key)
	if ok {
		return h, true
	}
	known := hyperNames(s.hypers)
	near := nearest.Names(e.key, known)
	hint := didYouMean(e.key, known)
	if owners := d.catalog.owners(e.key); len(owners) > 0 {
		hint = fmt.Sprintf("it belongs to %s: write it under architecture, of, %s", orList(owners), owners[0])
	}
	of := ""
	if s.owner != "" {
		of = " of " + s.owner
	}
	d.add(e.at, path, e.key, hint, "unknown hyperparameter %s%s", quoted(e.key), of)
	if len(near) != 1 {
		return trainer.Hyper{}, false
	}
	return hyperNamed(s.hypers, near[0])
}

// definition reads a bare value or a mapping with a type.
func (d *decoder) definition(n *node, h trainer.Hyper, s scope, path string) (Definition, bool) {
	switch {
	case n.kind == listNode:
		d.add(n.at, path, "", "write {type: categorical, values: [a, b]}", "expected a value or a definition, found a list")
		return Definition{}, false
	case n.null():
		d.nothing(n, path)
		return Definition{}, false
	case n.kind == scalarNode:
		v, ok := d.hyperValue(n, h, path)
		return Definition{Type: constantType, Values: []medml.Value{v}}, ok
	}
	e := n.lookup("type")
	if e == nil {
		d.typeless(n, h, path)
		return Definition{}, false
	}
	before := len(d.problems)
	t, ok := d.typeOf(e.value, h, join(path, "type"))
	if !ok {
		return Definition{}, false
	}
	def := d.typed(t, n, h, s, path)
	return def, len(d.problems) == before
}

// typeOf reads the type of a definition, which must fit the hyperparameter.
func (d *decoder) typeOf(n *node, h trainer.Hyper, path string) (Type, bool) {
	t := Type(n.text)
	_, known := definitionKeys[t]
	switch {
	case n.kind != scalarNode || n.null():
		d.expected("a type of definition", n, path)
	case !known:
		d.add(n.at, path, n.text, didYouMean(n.text, typeNames), "unknown type %s", quoted(n.text))
	case !fits(t, h):
		d.add(n.at, path, n.text, typeHint(h), "%s can't be %s: it is %s", h.Name, article(n.text), kindText(h))
	default:
		return t, true
	}
	return "", false
}

// typeless reports a definition whose type is missing or misspelt.
func (d *decoder) typeless(n *node, h trainer.Hyper, path string) {
	for _, e := range n.entries {
		if len(nearest.Names(e.key, []string{"type"})) > 0 {
			d.add(e.at, join(path, e.key), e.key, "did you mean type?", "unknown key %s in the definition of %s", quoted(e.key), h.Name)
			return
		}
	}
	d.add(n.at, join(path, "type"), "", typeHint(h), "missing: expected the type of %s", h.Name)
}

// keys reports the keys that a type of definition doesn't have.
func (d *decoder) keys(n *node, known []string, typ, path string) {
	for _, e := range n.entries {
		if e.key != "type" && !slices.Contains(known, e.key) {
			d.unknownKeyIn(e, path, append([]string{"type"}, known...), article(typ))
		}
	}
}

// fits reports whether a hyperparameter can be defined by a type.
func fits(t Type, h trainer.Hyper) bool {
	switch t {
	case floatType:
		return h.Kind == medml.Float
	case intType:
		return h.Kind == medml.Int
	case boolType:
		return h.Bool
	}
	return true
}

// typeHint says which type a hyperparameter takes.
func typeHint(h trainer.Hyper) string {
	switch {
	case h.Bool:
		return "write type: bool"
	case h.Name == architectureName:
		return "write type: choice"
	case h.Kind == medml.Categorical:
		return "write type: categorical"
	}
	return "write type: " + h.Kind.String()
}

// kindText says what a hyperparameter is.
func kindText(h trainer.Hyper) string {
	switch {
	case h.Bool:
		return "true or false"
	case h.Kind == medml.Int:
		return "a whole number"
	case h.Kind == medml.Float:
		return "a number"
	}
	return orList(h.Choices)
}

// article writes "a float", "an int".
func article(word string) string {
	if strings.ContainsAny(word[:1], "aeiou") {
		return "an " + word
	}
	return "a " + word
}
