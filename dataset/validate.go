package dataset

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"medml/internal/nearest"
)

// Validate returns all mistakes of c that can be found without opening its source, each
// a [*FieldError], joined.
func (c Config) Validate(task Task) error {
	if task != Classification && task != Regression {
		return fmt.Errorf("unknown task %q%s", task, nearest.Hint(string(task), []string{string(Classification), string(Regression)}))
	}
	c = c.Resolved(task)
	var found mistakes
	c.validateSource(&found)
	c.validateColumns(&found, task)
	c.validateShape(&found)
	c.validateSubgroups(&found)
	c.validateCovariates(&found)
	c.Columns.validate(&found)
	c.validateColumnKinds(&found, task)
	c.Image.validate(&found)
	c.validateImageUse(&found)
	c.Signal.validate(&found, c.Format)
	c.Events.validate(&found, c)
	c.Molecule.validate(&found)
	c.validateMolecule(&found)
	c.Split.validate(&found, task, c.patients())
	c.Preprocess.validate(&found)
	return errors.Join(found...)
}

// mistakes are the errors found so far.
type mistakes []error

func (m *mistakes) add(field, format string, args ...any) {
	*m = append(*m, &FieldError{field, fmt.Sprintf(format, args...)})
}

func (c Config) validateSource(found *mistakes) {
	name, builtin := strings.CutPrefix(c.Source, builtinPrefix)
	switch {
	case c.Source == "":
		found.add("source", "missing: expected the path of a file, builtin:NAME, medmnist:NAME or physionet:NAME")
	case builtin:
		if _, ok := builtins[name]; !ok {
			found.add("source", "unknown built-in dataset %q%s", name, nearest.Hint(name, Builtins()))
		}
	case isPulled(c.Source):
		if _, _, _, ok := pulled(c.Source); !ok {
			found.add("source", "%q names no set: expected a name as in medmnist:breastmnist", c.Source)
		}
	}
	if _, ok := formats[c.Format]; !ok && c.Source != "" {
		if c.Format == "" {
			hint := ""
			if end := ext(c.Source); end == ".xlsx" || end == ".xls" || end == ".ods" {
				hint = " (a spreadsheet is saved as CSV in UTF-8 first)"
			}
			found.add("format", "cannot be guessed from the name of %s: expected one of %s%s", c.Source, strings.Join(names(formats), ", "), hint)
		} else {
			found.add("format", "unknown format %q%s", c.Format, nearest.Hint(c.Format, names(formats)))
		}
	}
	if c.Digest != "" && !digestForm.MatchString(c.Digest) {
		found.add("digest", `expected "sha256:" and 64 hexadecimal digits in lower case`)
	}
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func (c Config) validateColumns(found *mistakes, task Task) {
	if _, known := c.card(); c.Target == "" && (known || !strings.HasPrefix(c.Source, builtinPrefix)) {
		found.add("target", "missing: expected the column to predict")
	}
	if c.Positive != "" && task != Classification {
		found.add("positive", "a %s has no positive class", task)
	}
	if c.Group != "" && c.Group == c.Target {
		found.add("group", "%q is the target", c.Group)
	}
	for i, f := range c.Features {
		field := fmt.Sprintf("features[%d]", i)
		switch {
		case f == "":
			found.add(field, "empty: expected a column's name")
		case f == c.Target:
			found.add(field, "%q is the target", f)
		case f == c.Group && c.grouped():
			found.add(field, "%q is the group", f)
		case slices.Contains(c.Features[:i], f):
			found.add(field, "%q stands there twice", f)
		}
	}
}

func (c Config) validateSubgroups(found *mistakes) {
	for i, s := range c.Subgroups {
		field := fmt.Sprintf("subgroups[%d]", i)
		if s.Column == "" {
			found.add(field+".column", "empty: expected a column's name")
		}
		if !slices.IsSorted(s.Cuts) || len(slices.Compact(slices.Clone(s.Cuts))) < len(s.Cuts) {
			found.add(field+".cuts", "%v: expected rising numbers", s.Cuts)
		}
		if slices.ContainsFunc(c.Subgroups[:i], func(o Subgroup) bool { return o.Column == s.Column }) {
			found.add(field+".column", "%q stands there twice", s.Column)
		}
	}
}

// Bounds of a shape. They keep the product of its sizes small enough to count.
const (
	maxRank = 4
	maxSize = 1 << 24
)

func (c Config) validateShape(found *mistakes) {
	if len(c.Shape) > maxRank {
		found.add("shape", "has %d dimensions, expected at most %d", len(c.Shape), maxRank)
	}
	product := 1
	for i, n := range c.Shape {
		if n < 1 {
			found.add(fmt.Sprintf("shape[%d]", i), "%d is not a size: expected at least 1", n)
			return
		}
		if n > maxSize/product {
			found.add("shape", "holds more than %d values", maxSize)
			return
		}
		product *= n
	}
}
