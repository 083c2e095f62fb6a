package dataset

import (
	"fmt"
	"math"
	"slices"
)

func (c Config) validateCovariates(found *mistakes) {
	if len(c.Covariates) > 0 && c.Molecule.Column == "" && formats[c.Format].read != nil {
		found.add("covariates", "stand beside images, signals and molecules; a table's columns are features")
	}
	if c.Preprocess.Covariates != "" && len(c.Covariates) == 0 && c.Events.Layout != "both" {
		found.add("preprocess.covariates", "scales covariates, and there are none (data.covariates names them)")
	}
	for i, name := range c.Covariates {
		field := fmt.Sprintf("covariates[%d]", i)
		switch {
		case name == "":
			found.add(field, "empty: expected a column's name")
		case name == c.Target:
			found.add(field, "%q is the target", name)
		case name == c.Group:
			found.add(field, "%q is the group", name)
		case slices.Contains(c.Covariates[:i], name):
			found.add(field, "%q stands there twice", name)
		}
	}
}

// addCovariates puts the attributes that are learnt from behind each example.
func (g *gatherer) addCovariates(d *Dataset) error {
	if len(g.config.Covariates) == 0 {
		return nil
	}
	if d.IsTable() {
		return &FieldError{"covariates", fmt.Sprintf("stand beside images, signals and molecules, and %s is a table of features", g.file)}
	}
	var names []string
	var columns [][]float32
	for i, name := range g.config.Covariates {
		a, _ := d.Attribute(name)
		if !slices.ContainsFunc(a.Numbers, func(x float64) bool { return x == x }) && a.Words == nil {
			return &FieldError{fmt.Sprintf("covariates[%d]", i), fmt.Sprintf("%q has no value in %s", name, g.file)}
		}
		n, c := a.columns()
		names, columns = append(names, n...), append(columns, c...)
	}
	width := d.Width()
	if width+len(columns) > g.lim.values/d.Len() {
		return g.tooMany()
	}
	values := make([]float32, 0, d.Len()*(width+len(columns)))
	for i := range d.Len() {
		values = append(values, d.whole(i)...)
		for _, column := range columns {
			values = append(values, column[i])
		}
	}
	d.media, d.Covariates = values, slices.Concat(d.Covariates, names)
	return nil
}

// columns returns an attribute as numbers, NaN where it is missing: [column], [example]. One
// of words has a column for each, 1 where the example has that word.
func (a Attribute) columns() (names []string, columns [][]float32) {
	if a.Words == nil {
		column := make([]float32, len(a.Numbers))
		for i, x := range a.Numbers {
			column[i] = float32(x)
		}
		return []string{a.Name}, [][]float32{column}
	}
	for w, word := range a.Words {
		column := make([]float32, len(a.Codes))
		for i, code := range a.Codes {
			switch int(code) {
			case w:
				column[i] = 1
			case -1:
				column[i] = float32(math.NaN())
			}
		}
		names, columns = append(names, a.Name+"="+word), append(columns, column)
	}
	return names, columns
}
