package experiments

import (
	"cmp"
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"medml/internal/nearest"
)

// decoder lays nodes over a Spec, by the yaml tags of its types, and collects what
// doesn't fit instead of stopping at the first mistake.
type decoder struct {
	catalog  catalog
	complete bool // the space names every hyperparameter already
	problems []Problem
	flags    []string // the overrides, for places that lie in one
	// spoilt holds the paths that already have a mistake, so that nothing else is said
	// about what follows from it.
	spoilt map[string]bool
}

// add reports a mistake at a place.
func (d *decoder) add(at place, path, found, hint, format string, args ...any) {
	p := Problem{Line: at.line, Column: at.column, Path: path, Found: found, Hint: hint, flag: at.flag,
		Msg: fmt.Sprintf(format, args...)}
	if at.flag > 0 {
		p.Line, p.Column, p.Flag = 0, 0, d.flags[at.flag-1]
	}
	d.problems = append(d.problems, p)
	d.spoilt[path] = true
}

// expected reports a node of the wrong type.
func (d *decoder) expected(what string, n *node, path string) {
	hint := ""
	if n.kind == scalarNode && !n.plain && formOf(n.text) != textForm && what != "a text" {
		hint = "take the quotes away"
	}
	d.add(n.at, path, n.text, hint, "expected %s, found %s", what, n.describe())
}

// required are the fields without a default.
var required = map[string]bool{
	"version": true, "task": true, "data": true, "data.source": true,
	"objective": true, "objective.metric": true, "space": true,
}

// nothing reports a key without a value that could be left out.
func (d *decoder) nothing(n *node, path string) {
	d.add(n.at, path, "", "leave the key out to take its default", "expected a value, found nothing")
}

var (
	definitionsType   = reflect.TypeFor[Definitions]()
	configurationType = reflect.TypeFor[Configuration]()
	unmarshalerType   = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// value lays a node over v.
func (d *decoder) value(n *node, v reflect.Value, path string) {
	if n.null() && d.complete {
		return // a default that only the data tell
	}
	if n.null() && !required[path] {
		d.nothing(n, path)
		return
	}
	if v.Type() == definitionsType {
		v.Set(reflect.ValueOf(d.space(n, path)))
		return
	}
	if v.Type() == configurationType {
		v.Set(reflect.ValueOf(d.configuration(n, path)))
		return
	}
	if v.Addr().Type().Implements(unmarshalerType) {
		d.text(n, v, path)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		d.value(n, to.Elem(), path)
		v.Set(to)
	default:
		d.scalar(n, v, path)
	}
}

// mapping lays a mapping over a struct. Keys that no field has are mistakes.
func (d *decoder) mapping(n *node, v reflect.Value, path string) {
	if n.kind != mappingNode {
		d.expected("a mapping (key: value)", n, path)
		return
	}
	names := fieldNames(v.Type())
	for _, e := range n.entries {
		i, ok := names.index[e.key]
		if !ok {
			d.unknownKey(e, path, names.list)
			// What is under a misspelt key is read as what was meant, so that its own mistakes
			// are found and nothing is missing for its sake.
			if i, ok = names.meant(e.key, n); !ok || v.Field(i).Kind() == reflect.Struct && e.value.kind != mappingNode {
				continue
			}
		}
		d.value(e.value, v.Field(i), join(path, e.key))
	}
}

// unknownKey reports a key that its section doesn't have. The key that was meant counts
// as spoilt, so that it isn't reported as missing as well.
func (d *decoder) unknownKey(e *entry, path string, known []string) {
	d.unknownKeyIn(e, path, known, cmp.Or(path, "an experiment"))
}

// unknownKeyIn does so for a section that has a name of its own.
func (d *decoder) unknownKeyIn(e *entry, path string, known []string, section string) {
	for _, k := range nearest.Names(e.key, known) {
		d.spoilt[join(path, k)] = true
	}
	d.add(e.at, join(path, e.key), e.key, didYouMean(e.key, known), "unknown key %s in %s", quoted(e.key), section)
}

// didYouMean returns "did you mean low?", or the known names where they are few.
func didYouMean(name string, known []string) string {
	return strings.TrimPrefix(nearest.Hint(name, known), "; ")
}

// list lays a list over a slice.
func (d *decoder) list(n *node, v reflect.Value, path string) {
	if n.kind != listNode {
		d.expected("a list ([a, b])", n, path)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		d.value(item, out.Index(i), element(path, i))
	}
	v.Set(out)
}

// text lays a scalar over a type that reads text.
func (d *decoder) text(n *node, v reflect.Value, path string) {
	if n.kind != scalarNode || n.null() {
		d.expected("a text", n, path)
		return
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.text)); err != nil {
		d.add(n.at, path, n.text, "", "%s", err)
	}
}

// scalar lays a scalar over a text, number or truth value. A text takes numbers and
// truth values as they are written: a class may be called 1.
func (d *decoder) scalar(n *node, v reflect.Value, path string) {
	isNumber := n.kind == scalarNode && n.plain
	switch v.Kind() {
	case reflect.String:
		if n.kind == scalarNode && !n.null() {
			v.SetString(n.text)
			return
		}
		d.expected("a text", n, path)
	case reflect.Bool:
		if isNumber && formOf(n.text) == boolForm {
			v.SetBool(n.text == "true")
			return
		}
		d.expected("true or false", n, path)
	case reflect.Int:
		if x, ok := whole(n.text); isNumber && ok {
			v.SetInt(int64(x))
			return
		}
		d.expected("a whole number", n, path)
	case reflect.Uint64:
		if x, err := strconv.ParseUint(n.text, 10, 64); isNumber && err == nil {
			v.SetUint(x)
			return
		}
		d.expected("a whole number, 0 or more", n, path)
	case reflect.Float64:
		if x, ok := number(n.text); isNumber && ok {
			v.SetFloat(x)
			return
		}
		d.expected("a number", n, path)
	default:
		panic("experiments: no way to decode a " + v.Type().String())
	}
}

// fields are the keys of a section.
type fields struct {
	list  []string
	index map[string]int
}

// meant returns the field that a misspelt key of n stands for, if only one can be.
func (f fields) meant(key string, n *node) (int, bool) {
	near := nearest.Names(key, f.list)
	if len(near) != 1 || n.lookup(near[0]) != nil {
		return 0, false
	}
	return f.index[near[0]], true
}

// fieldNames reads the keys of a section from the yaml tags of its type.
func fieldNames(t reflect.Type) fields {
	f := fields{index: map[string]int{}}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		f.list = append(f.list, name)
		f.index[name] = i
	}
	return f
}
