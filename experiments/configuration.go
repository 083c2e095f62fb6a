package experiments

import (
	"fmt"
	"slices"
	"strings"

	"medml"
	"medml/internal/nearest"
)

// Configuration is values for hyperparameters, in the order of the space. The file may
// name them in short; of a trial's, any may be missing.
type Configuration struct {
	Params medml.Params

	written *node
}

// MarshalJSON writes an object from the hyperparameters' paths to their values.
func (c Configuration) MarshalJSON() ([]byte, error) { return c.Params.MarshalJSON() }

// configuration keeps what was written until the space is known.
func (d *decoder) configuration(n *node, path string) Configuration {
	if n.kind != mappingNode {
		d.expected("a mapping from hyperparameters to values", n, path)
	}
	return Configuration{written: n}
}

// configurations reads the initial trials and the observations, if the space is without
// mistakes.
func (v *validator) configurations() {
	s := v.spec
	if v.root.lookup("space") == nil || v.spoiltUnder("space") || v.spoiltUnder("initial") || v.spoiltUnder("warm_start") {
		return
	}
	r := reader{v, s.Space()}
	for i := range s.Initial {
		path := element("initial", i)
		r.configuration(&s.Initial[i], path)
		if b := s.broken(s.Initial[i].Params); b >= 0 && !v.spoiltUnder("initial") {
			v.report(path, "", "breaks what is required: %s", s.Require[b])
		}
	}
	for i := range s.WarmStart.Observations {
		o, path := &s.WarmStart.Observations[i], element("warm_start.observations", i)
		r.configuration(&o.Params, join(path, "params"))
		if missing := r.missing(o.Params.Params); missing != "" {
			v.report(join(path, "params"), "", "missing: expected a value of %s", missing)
		}
		if n := len(o.Objectives); n != len(s.Objectives) {
			v.report(join(path, "objectives"), "", "expected %d values, found %d", len(s.Objectives), n)
		}
	}
}

// reader reads configurations of a space.
type reader struct {
	*validator
	space medml.Space
}

// configuration gives the values that were written to the hyperparameters that they name.
func (r reader) configuration(c *Configuration, path string) {
	used := map[*entry]bool{}
	needed := map[string]bool{} // by what was given
	var known medml.Params      // with the hyperparameters that have but one value
	for _, p := range r.space {
		e := named(c.written, p)
		if !r.space.Active(p, known) {
			continue
		}
		if e == nil {
			if only, ok := single(p); ok {
				known = append(known, medml.Setting{Name: p.Name, Value: only})
			}
			continue
		}
		if used[e] {
			continue
		}
		used[e] = true
		if value, ok := r.value(e.value, p, join(path, e.key)); ok {
			known = append(known, medml.Setting{Name: p.Name, Value: value})
			r.need(p, needed)
		}
	}
	for _, s := range known {
		if needed[s.Name] {
			c.Params = append(c.Params, s)
		}
	}
	for _, e := range c.written.entries {
		if !used[e] {
			r.unused(e, c.Params, join(path, e.key))
		}
	}
}

// need marks a hyperparameter and those on whose values it depends.
func (r reader) need(p medml.Param, needed map[string]bool) {
	needed[p.Name] = true
	for p.When != nil {
		needed[p.When.Param] = true
		p, _ = r.space.Lookup(p.When.Param)
	}
}

// named returns the entry that names a hyperparameter by its path or the end of it.
func named(n *node, p medml.Param) *entry {
	if e := n.lookup(p.Name); e != nil {
		return e
	}
	for _, e := range n.entries {
		if strings.HasSuffix(p.Name, "."+e.key) {
			return e
		}
	}
	return nil
}

// unused reports an entry that no hyperparameter takes; given are the values of the others.
func (r reader) unused(e *entry, given medml.Params, path string) {
	var conditions, short []string
	for _, p := range r.space {
		if p.Name == e.key || strings.HasSuffix(p.Name, "."+e.key) {
			if _, has := given.Lookup(p.Name); has {
				r.add(e.at, path, e.key, "keep one of them", "%s has a value already", p.Name)
				return
			}
			if p.When != nil {
				conditions = append(conditions, p.When.String())
			}
		}
		name := p.Name
		if !strings.Contains(e.key, ".") {
			name = p.Short()
		}
		if !slices.Contains(short, name) {
			short = append(short, name)
		}
	}
	if len(conditions) > 0 {
		r.add(e.at, path, e.key, "give that, too", "%s exists only where %s", e.key, orList(conditions))
		return
	}
	r.add(e.at, path, e.key, didYouMean(e.key, short), "unknown hyperparameter %s", quoted(e.key))
}

// value reads a value that the space has.
func (r reader) value(n *node, p medml.Param, path string) (medml.Value, bool) {
	if v, ok := valueIn(n, p); ok {
		return v, true
	}
	hint := ""
	if near := nearest.Names(n.text, wordsOf(p)); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	r.add(n.at, path, n.text, hint, "expected %s, found %s", rangeText(p), n.describe())
	return medml.Value{}, false
}

// valueIn reads a scalar as a value of a hyperparameter.
func valueIn(n *node, p medml.Param) (medml.Value, bool) {
	if n.kind != scalarNode || n.null() {
		return medml.Value{}, false
	}
	x, isNumber := number(n.text)
	isNumber = isNumber && n.plain
	if p.Kind == medml.Categorical {
		i := slices.IndexFunc(p.Choices, func(c medml.Value) bool {
			switch c.Kind() {
			case medml.StringKind:
				return c.String() == n.text
			case medml.BoolKind:
				return n.plain && c.String() == n.text
			}
			return isNumber && c.Float() == x
		})
		if i < 0 {
			return medml.Value{}, false
		}
		return p.Choices[i], true
	}
	v := medml.FloatValue(x)
	if p.Kind == medml.Int {
		i, ok := whole(n.text)
		v, isNumber = medml.IntValue(i), isNumber && ok
	}
	return v, isNumber && p.Contains(v)
}

// wordsOf returns the choices of a categorical as the file spells them.
func wordsOf(p medml.Param) []string {
	var words []string
	for _, c := range p.Choices {
		words = append(words, c.String())
	}
	return words
}

// rangeText says which values a hyperparameter has.
func rangeText(p medml.Param) string {
	if p.Kind == medml.Categorical {
		return orList(wordsOf(p))
	}
	text := "a number"
	if p.Kind == medml.Int {
		text = "a whole number"
	}
	if p.Single() {
		return show(p.Low)
	}
	text += fmt.Sprintf(" from %s to %s", show(p.Low), show(p.High))
	if p.Step > 0 {
		text += " in steps of " + show(p.Step)
	}
	return text
}

// single returns the value of a hyperparameter that has but one.
func single(p medml.Param) (medml.Value, bool) {
	switch {
	case !p.Single():
		return medml.Value{}, false
	case p.Kind == medml.Categorical:
		return p.Choices[0], true
	case p.Kind == medml.Int:
		return medml.IntValue(int(p.Low)), true
	}
	return medml.FloatValue(p.Low), true
}

// missing returns the first hyperparameter that a whole configuration lacks, or "".
func (r reader) missing(params medml.Params) string {
	for _, p := range r.space {
		if _, ok := params.Lookup(p.Name); !ok && r.space.Active(p, params) {
			return p.Name
		}
	}
	return ""
}
