package dataset

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
)

// MoleculeConfig says how a table's molecules are read: each becomes a sequence of tokens,
// [length, token], 1 where a token stands and 0 behind the end.
type MoleculeConfig struct {
	// Column is the column that holds the molecules as SMILES. The other columns aren't
	// learnt from.
	Column string `yaml:"column" json:"column,omitempty"`
	// Length is how many tokens a molecule may have; 0 is 120.
	Length int `yaml:"length" json:"length,omitempty"`
}

const (
	defaultMolecule = 120
	longestMolecule = 4096
)

func (c MoleculeConfig) resolved() MoleculeConfig {
	if c.Column != "" && c.Length == 0 {
		c.Length = defaultMolecule
	}
	return c
}

func (c MoleculeConfig) validate(found *mistakes) {
	switch {
	case c.Column == "" && c.Length != 0:
		found.add("molecule.column", "missing: expected the column that holds SMILES")
	case c.Length < 0 || c.Length > longestMolecule:
		found.add("molecule.length", "%d: expected 1 to %d tokens", c.Length, longestMolecule)
	}
}

// validateMolecule checks the molecule section against the rest of c.
func (c Config) validateMolecule(found *mistakes) {
	if c.Molecule.Column == "" {
		return
	}
	switch {
	case c.Molecule.Column == c.Target:
		found.add("molecule.column", "%q is the target", c.Target)
	case c.Format != "" && formats[c.Format].read == nil:
		found.add("molecule.column", "a source of format %s is no table", c.Format)
	}
	if len(c.Features) > 0 {
		found.add("features", "a molecule is learnt from alone: expected none")
	}
	if c.Split.External != "" {
		found.add("split.external", "molecules are read from one file")
	}
}

// readMolecules reads a table whose examples are molecules.
func readMolecules(file string, r io.Reader, c Config, task Task, lim limits) (*Dataset, error) {
	src := &source{r: r, file: file, most: lim.bytes, hash: sha256.New()}
	into := &molecules{cases: newCases(file, c, task, lim)}
	in, err := gunzipped(file, src, lim)
	if err == nil {
		err = formats[c.Format].read(file, in, lim, into)
	}
	if c.Digest != "" {
		if e := src.pinned(c.Digest); e != nil {
			return nil, e
		}
	}
	if err != nil {
		return nil, err
	}
	d, err := into.cases.dataset()
	if err != nil {
		return nil, err
	}
	d.Name, d.digest = stem(file), src.digest()
	return d, nil
}

// molecules is the table that makes cases of molecules.
type molecules struct {
	cases                 *cases
	smiles, target, group int // columns; group is -1 for none
	attributes            []int
	attributeNames        []string
	values                []float32 // of one molecule
}

// header finds the columns that are read.
func (m *molecules) header(line int, cells []string) error {
	g := m.cases.table
	c := g.config
	g.names = c.Columns.Header
	if len(g.names) == 0 {
		for _, cell := range cells {
			g.names = append(g.names, strings.TrimSpace(strings.Clone(cell)))
		}
		if err := g.checkHeader(line); err != nil {
			return err
		}
	}
	m.group = -1
	find := func(at *int, field, name string) (err error) {
		*at, err = g.find(field, name)
		return err
	}
	if err := find(&m.target, "target", c.Target); err != nil {
		return err
	}
	if err := find(&m.smiles, "molecule.column", c.Molecule.Column); err != nil {
		return err
	}
	if c.grouped() {
		if err := find(&m.group, "group", c.Group); err != nil {
			return err
		}
	}
	m.attributeNames = c.attributes()
	m.attributes = make([]int, len(m.attributeNames))
	for i, name := range m.attributeNames {
		if err := find(&m.attributes[i], c.attributeField(i), name); err != nil {
			return err
		}
	}
	if _, err := g.findKinds(); err != nil { // what stands for a missing value
		return err
	}
	if err := m.cases.begin([]int{c.Molecule.Length, len(smilesTokens)}); err != nil {
		return err
	}
	m.values = make([]float32, c.Molecule.Length*len(smilesTokens))
	if len(c.Columns.Header) > 0 {
		return m.row(line, cells)
	}
	return nil
}

// row takes an example.
func (m *molecules) row(line int, cells []string) error {
	g := m.cases.table
	if len(cells) != len(g.names) {
		return &CellError{File: g.file, Line: line, Found: fmt.Sprintf("%d cells", len(cells)), Expected: fmt.Sprintf("%d, as in %s", len(g.names), g.headerPlace())}
	}
	text := g.blanks.cell(cells, m.smiles)
	e := &CellError{File: g.file, Line: line, Column: g.config.Molecule.Column, Found: "no value", Expected: "a molecule as SMILES"}
	if text == "" {
		return e
	}
	molecule, err := readSMILES(text)
	switch {
	case err != nil:
		e.Found = err.Error()
		return e
	case len(molecule.tokens) > g.config.Molecule.Length:
		e.Found, e.Expected = fmt.Sprintf("a molecule of %d tokens", len(molecule.tokens)), fmt.Sprintf("at most %d, as molecule.length says", g.config.Molecule.Length)
		return e
	}
	clear(m.values)
	for i, token := range molecule.tokens {
		m.values[i*len(smilesTokens)+smilesCodes[token]] = 1
	}
	example := example{where: fmt.Sprintf("%s:%d", g.file, line), values: m.values, label: g.blanks.cell(cells, m.target)}
	if m.group >= 0 {
		example.patient = g.blanks.cell(cells, m.group)
	}
	if len(m.attributes) > 0 {
		example.facts = make(map[string]string, len(m.attributes))
		for i, at := range m.attributes {
			example.facts[m.attributeNames[i]] = g.blanks.cell(cells, at)
		}
	}
	return m.cases.add(example)
}
