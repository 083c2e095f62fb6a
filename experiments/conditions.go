package experiments

import (
	"fmt"
	"slices"
	"strings"

	"medml"
	"medml/internal/expression"
)

// expression reads a condition that stands at a path and reports its mistakes where they
// are in the file. Without a scope only its grammar is checked.
func (v *validator) expression(path, src string, scope expression.Scope) (expression.Expr, bool) {
	if v.spoilt[path] {
		return expression.Expr{}, false
	}
	e, mistakes := expression.Parse(src, scope)
	at, _ := v.root.find(path)
	for _, m := range mistakes {
		v.add(v.spec.inside(at, src, m.Offset), path, m.Found, m.Hint, "%s", m.Msg)
	}
	return e, len(mistakes) == 0
}

// inside returns the place of what stands so many bytes after the beginning of a text that
// was written at a place; that place itself, where the file spells the text otherwise.
func (s *Spec) inside(at place, text string, offset int) place {
	if at.line < 1 || at.line > len(s.lines) {
		return at
	}
	line := []rune(s.lines[at.line-1])
	if at.column < 1 || at.column > len(line) {
		return at
	}
	rest := string(line[at.column-1:])
	for _, quote := range []string{`"`, "'", ""} {
		if strings.HasPrefix(rest, quote+text[:offset]) {
			at.column += len([]rune(quote + text[:offset]))
			return at
		}
	}
	return at
}

// conditions reads what ties hyperparameters to each other: when and require. They are
// checked against the space if that is without mistakes.
func (v *validator) conditions() {
	s := v.spec
	whole := v.root.lookup("space") != nil && !v.spoiltUnder("space")
	if whole {
		c := conditioner{validator: v, known: map[string]*medml.Condition{}}
		c.definitions(s.Hyperparameters, "", "space", nil)
		whole = !v.spoiltUnder("space")
	}
	var scope expression.Scope
	if whole {
		scope = namesOf(s.Space())
	}
	for i, src := range s.Require {
		e, ok := v.expression(element("require", i), src, scope)
		if ok {
			s.Require[i] = e.String()
			s.require = append(s.require, e)
		}
	}
}

// spoiltUnder reports whether a mistake is known of what stands under a path.
func (v *validator) spoiltUnder(path string) bool {
	for p := range v.spoilt {
		if p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[") {
			return true
		}
	}
	return false
}

// allows reports whether a configuration breaks none of the requirements. One that depends
// on what the configuration hasn't got isn't broken.
func (s *Spec) allows(params medml.Params) bool { return s.broken(params) < 0 }

// broken returns the index of the first requirement that a configuration breaks, or -1.
func (s *Spec) broken(params medml.Params) int {
	return slices.IndexFunc(s.require, func(e expression.Expr) bool {
		return e.Truth(func(path string) (expression.Value, bool) {
			v, ok := params.Lookup(path)
			return valueOf(v), ok
		}) == expression.False
	})
}

// namesOf returns the scope of conditions on the hyperparameters of a space.
func namesOf(space medml.Space) expression.Names {
	var names expression.Names
	for _, p := range space {
		n := expression.Name{Path: p.Name}
		if p.Kind == medml.Categorical && len(p.Choices) > 0 {
			n.Kind = valueOf(p.Choices[0]).Kind
		}
		if n.Kind == expression.Text {
			n.Words = wordsOf(p)
		}
		names = append(names, n)
	}
	return names
}

// valueOf puts a hyperparameter's value into the words of expressions.
func valueOf(v medml.Value) expression.Value {
	switch v.Kind() {
	case medml.StringKind:
		return expression.Word(v.String())
	case medml.BoolKind:
		return expression.Bool(v.Bool())
	}
	return expression.Numeric(v.Float())
}

// conditioner gives definitions with a when their condition.
type conditioner struct {
	*validator
	space medml.Space // so far
	// known are the conditions by their spelling, so that equal ones are one.
	known map[string]*medml.Condition
}

// definitions walks the definitions of a level. prefix is the path of the branch in the
// space, path that in the file, and when the branch's condition.
func (c *conditioner) definitions(ds Definitions, prefix, path string, when *medml.Condition) {
	for i := range ds {
		d, at := &ds[i], join(path, ds[i].Name)
		if d.When != "" {
			c.when(d, at, when)
		}
		p := d.param()
		p.Name, p.When = prefix+d.Name, when
		if d.condition != nil {
			p.When = d.condition
		}
		c.space = append(c.space, p)
		for _, b := range d.Of {
			value := b.Value.String()
			c.definitions(b.Hyperparameters, p.Name+"."+value+".", join(join(at, "of"), value), &medml.Condition{Param: p.Name, Equals: b.Value})
		}
	}
}

// when reads the condition of a definition. A space knows one kind of them: that an earlier
// hyperparameter has one of some values.
func (c *conditioner) when(d *Definition, path string, branch *medml.Condition) {
	at := join(path, "when")
	if d.Name == architectureName {
		c.report(at, "", "the architecture always exists")
		return
	}
	e, ok := c.expression(at, d.When, earlier{namesOf(c.space), namesOf(c.spec.Space())})
	if !ok {
		return
	}
	names, values, ok := e.Is()
	switch {
	case !ok:
		c.report(at, "", "a hyperparameter can depend on the values of one other alone: expected name == value or name in [a, b]")
		return
	case len(names) > 1:
		c.report(at, "write one of them in full", "the name stands for %s", orList(names))
		return
	}
	p, _ := c.space.Lookup(names[0])
	if branch != nil && !c.under(p, branch) {
		c.report(at, "write it under a choice of "+p.Name, "%s exists where %v alone, and can't depend on %s as well, which stands elsewhere", d.Name, branch, p.Name)
		return
	}
	var condition *medml.Condition
	for _, v := range slices.Backward(values) {
		value, ok := valueFor(v, p)
		if !ok {
			c.report(at, "", "%s is never %s", p.Name, spell(v))
			return
		}
		condition = &medml.Condition{Param: p.Name, Equals: value, Or: condition}
	}
	if known := c.known[condition.String()]; known != nil {
		condition = known
	}
	c.known[condition.String()] = condition
	d.When, d.condition = e.String(), condition
}

// earlier is the scope of a when: the hyperparameters that stand before it.
type earlier struct{ before, all expression.Names }

// Resolve finds a hyperparameter.
func (e earlier) Resolve(name string) (expression.Meaning, error) {
	m, err := e.before.Resolve(name)
	if err != nil {
		if later, errAll := e.all.Resolve(name); errAll == nil {
			return m, fmt.Errorf("%s isn't known yet; write it above", later.Paths[0])
		}
	}
	return m, err
}

// under reports whether a hyperparameter exists on a branch alone.
func (c *conditioner) under(p medml.Param, branch *medml.Condition) bool {
	for p.When != nil {
		if *p.When == *branch {
			return true
		}
		on, ok := c.space.Lookup(p.When.Param)
		if !ok {
			return false
		}
		p = on
	}
	return false
}

// valueFor returns the value of a hyperparameter that a value in an expression stands for.
func valueFor(v expression.Value, p medml.Param) (medml.Value, bool) {
	if p.Kind == medml.Categorical {
		i := slices.IndexFunc(p.Choices, func(c medml.Value) bool { return valueOf(c) == v })
		if i < 0 {
			return medml.Value{}, false
		}
		return p.Choices[i], true
	}
	value := medml.FloatValue(v.X)
	if p.Kind == medml.Int {
		value = medml.IntValue(int(v.X))
		if value.Float() != v.X {
			return value, false
		}
	}
	return value, v.Kind == expression.Number && p.Contains(value)
}

// spell writes a value as an expression does.
func spell(v expression.Value) string {
	switch v.Kind {
	case expression.Text:
		return quoted(v.Word)
	case expression.Truth:
		if v.X == 1 {
			return "true"
		}
		return "false"
	}
	return show(v.X)
}
