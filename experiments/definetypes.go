package experiments

import (
	"math"
	"reflect"
	"slices"
	"strconv"

	"medml"
	"medml/trainer"
)

// typeNames are the types of definition in the order of the documentation.
var typeNames = []string{"float", "int", "categorical", "bool", "choice"}

// definitionKeys are the keys of each type of definition, beside its type.
var definitionKeys = map[Type][]string{
	floatType:       {"low", "high", "log", "step", "when"},
	intType:         {"low", "high", "log", "step", "when"},
	categoricalType: {"values", "ordered", "when"},
	boolType:        {"when"},
	choiceType:      {"of", "when"},
}

// typed reads a definition of a known type that fits the hyperparameter.
func (d *decoder) typed(t Type, n *node, h trainer.Hyper, s scope, path string) Definition {
	d.keys(n, definitionKeys[t], string(t), path)
	var def Definition
	switch t {
	case floatType, intType:
		def = d.interval(n, h, path)
	case categoricalType:
		def = d.categories(n, h, path)
	case choiceType:
		def = d.branches(n, h, s, path)
	}
	def.Type = t
	if e := n.lookup("when"); e != nil {
		d.value(e.value, reflect.ValueOf(&def.When).Elem(), join(path, "when"))
	}
	return def
}

// interval reads low, high, log and step of a float or int.
func (d *decoder) interval(n *node, h trainer.Hyper, path string) Definition {
	var def Definition
	low, okLow := d.limit(n, "low", h, path, &def.Low)
	_, okHigh := d.limit(n, "high", h, path, &def.High)
	if e := n.lookup("log"); e != nil {
		d.value(e.value, reflect.ValueOf(&def.Log).Elem(), join(path, "log"))
	}
	if okLow && okHigh && def.Low > def.High {
		d.add(low.at, join(path, "low"), low.text, "", "low %s is above high %s", show(def.Low), show(def.High))
		return def
	}
	if okLow && def.Log && def.Low <= 0 {
		d.add(low.at, join(path, "low"), low.text, "raise low, or leave log out", "a log range needs low above 0, found %s", low.text)
	}
	if e := n.lookup("step"); e != nil {
		d.step(e, h, &def, okLow && okHigh, path)
	}
	return def
}

// limit reads low or high, which must be legal for the hyperparameter.
func (d *decoder) limit(n *node, key string, h trainer.Hyper, path string, to *float64) (*node, bool) {
	at := join(path, key)
	e := n.lookup(key)
	if e == nil {
		if !d.spoilt[at] {
			d.add(n.at, at, "", "", "missing: expected the %s end of the range of %s", map[string]string{"low": "lower", "high": "upper"}[key], h.Name)
		}
		return nil, false
	}
	v, ok := d.hyperValue(e.value, h, at)
	*to = v.Float()
	return e.value, ok
}

// step reads a step, which divides the range.
func (d *decoder) step(e *entry, h trainer.Hyper, def *Definition, ranged bool, path string) {
	at := join(path, "step")
	if def.Log {
		d.add(e.at, at, e.value.text, "leave one of them out", "log excludes step")
		return
	}
	x, ok := number(e.value.text)
	switch {
	case e.value.kind != scalarNode || !e.value.plain || !ok:
		d.expected("a number", e.value, at)
	case x <= 0:
		d.add(e.value.at, at, e.value.text, "", "a step is above 0, found %s", e.value.text)
	case h.Kind == medml.Int && x != math.Trunc(x):
		d.add(e.value.at, at, e.value.text, "", "expected a whole number, found %s", quoted(e.value.text))
	case ranged && !divides(x, def.High-def.Low):
		d.add(e.value.at, at, e.value.text, "", "step %s doesn't divide the range from %s to %s", e.value.text, show(def.Low), show(def.High))
	default:
		def.Step = x
	}
}

// divides reports whether a range is a whole number of steps, but for rounding.
func divides(step, span float64) bool {
	n := span / step
	return math.Abs(n-math.Round(n)) <= 1e-9*math.Max(1, n)
}

// categories reads the values of a categorical.
func (d *decoder) categories(n *node, h trainer.Hyper, path string) Definition {
	var def Definition
	if e := n.lookup("ordered"); e != nil {
		d.value(e.value, reflect.ValueOf(&def.Ordered).Elem(), join(path, "ordered"))
	}
	at := join(path, "values")
	e := n.lookup("values")
	switch {
	case e == nil:
		if !d.spoilt[at] {
			d.add(n.at, at, "", "write values: [a, b]", "missing: expected the values of %s", h.Name)
		}
		return def
	case e.value.kind != listNode:
		d.expected("a list ([a, b])", e.value, at)
		return def
	case len(e.value.items) == 0:
		d.add(e.value.at, at, "", "", "expected at least one value")
	}
	for i, item := range e.value.items {
		v, ok := d.hyperValue(item, h, element(at, i))
		if ok && slices.Contains(def.Values, v) {
			d.add(item.at, element(at, i), item.text, "", "%s stands there twice", item.text)
		}
		def.Values = append(def.Values, v)
	}
	return def
}

// branches reads the branches of a choice. On a branch of the architecture stand its own
// hyperparameters; on any branch those of the training.
func (d *decoder) branches(n *node, h trainer.Hyper, s scope, path string) Definition {
	var def Definition
	at := join(path, "of")
	e := n.lookup("of")
	switch {
	case e == nil:
		if !d.spoilt[at] {
			d.add(n.at, at, "", "write of: {a: {…}, b: {…}}", "missing: expected the branches of %s", h.Name)
		}
		return def
	case e.value.kind != mappingNode:
		d.expected("a mapping from values to branches", e.value, at)
		return def
	case len(e.value.entries) == 0:
		d.add(e.at, at, "", "", "expected at least one branch")
	}
	for _, b := range e.value.entries {
		v, ok := d.hyperValue(&node{at: b.at, text: b.key, plain: true}, h, join(at, b.key))
		if ok {
			def.Of = append(def.Of, Branch{v, d.branch(b, h, s, join(at, b.key))})
		}
	}
	return def
}

// branch reads what stands on a branch, which may be nothing.
func (d *decoder) branch(b *entry, h trainer.Hyper, s scope, path string) Definitions {
	if b.value.null() {
		return nil
	}
	if b.value.kind != mappingNode {
		d.expected("a mapping from hyperparameters to their definitions", b.value, path)
		return nil
	}
	s.hypers = slices.DeleteFunc(slices.Clone(s.hypers), func(x trainer.Hyper) bool { return x.Name == h.Name })
	if h.Name == architectureName {
		s.owner = b.key
		s.hypers = append(slices.Clone(d.catalog.own[b.key]), s.hypers...)
	}
	return d.definitions(b.value, s, path)
}

// hyperValue reads a scalar as a legal value of a hyperparameter.
func (d *decoder) hyperValue(n *node, h trainer.Hyper, path string) (medml.Value, bool) {
	if n.kind != scalarNode || n.null() {
		d.expected(kindText(h), n, path)
		return medml.Value{}, false
	}
	x, isNumber := number(n.text)
	isNumber = isNumber && n.plain
	switch {
	case h.Bool:
		if n.plain && formOf(n.text) == boolForm {
			return medml.BoolValue(n.text == "true"), true
		}
	case h.Kind == medml.Categorical:
		if slices.Contains(h.Choices, n.text) {
			return medml.StringValue(n.text), true
		}
		d.add(n.at, path, n.text, didYouMean(n.text, h.Choices), "unknown %s %s", h.Name, quoted(n.text))
		return medml.Value{}, false
	case isNumber && (x < h.Low || x > h.High):
		d.add(n.at, path, n.text, "", "%s must be %s, found %s", h.Name, legal(h), n.text)
		return medml.Value{}, false
	case h.Kind == medml.Float && isNumber:
		return medml.FloatValue(x), true
	case h.Kind == medml.Int && isNumber:
		if i, ok := whole(n.text); ok {
			return medml.IntValue(i), true
		}
	}
	d.expected(kindText(h), n, path)
	return medml.Value{}, false
}

// legal says between which bounds a hyperparameter lies.
func legal(h trainer.Hyper) string {
	switch {
	case math.IsInf(h.Low, -1):
		return "at most " + show(h.High)
	case math.IsInf(h.High, 1):
		return "at least " + show(h.Low)
	}
	return "between " + show(h.Low) + " and " + show(h.High)
}

// show writes a number as a person would.
func show(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
