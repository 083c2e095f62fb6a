package dataset_test

import (
	"slices"
	"testing"

	"medml/dataset"
)

func TestTheMoleculesOfMoleculeNetAreRead(t *testing.T) {
	folder := dataset.DataFolder(t, "moleculenet")
	for _, test := range []struct {
		file, target string
		length       int
		task         dataset.Task
		examples     int
	}{
		{"ESOL_delaney-processed.csv", "measured log solubility in mols per litre", 0, dataset.Regression, 1128},
		{"BBBP.csv", "p_np", 400, dataset.Classification, 2050},
		{"clintox.csv", "CT_TOX", 400, dataset.Classification, 1484},
	} {
		c := dataset.Config{Source: test.file, Target: test.target, Molecule: dataset.MoleculeConfig{Column: "smiles", Length: test.length}}
		d, err := dataset.Open(c, test.task, folder)
		if err != nil {
			t.Errorf("%s: %v", test.file, err)
			continue
		}
		if d.Len() != test.examples || len(d.Shape) != 2 || d.IsTable() {
			t.Errorf("%s: %d examples of shape %v", test.file, d.Len(), d.Shape)
		}
	}
}

func TestOneMoleculeWrittenTwiceIsADuplicate(t *testing.T) {
	const file = "smiles,y\nC1CCCC1O,0\nC7CCCC7O,0\n[Na+].C%10CCCC%10O,1\nOC1CCCC1,1\n"
	d := read(t, file, dataset.Config{Molecule: dataset.MoleculeConfig{Column: "smiles", Length: 20}}, dataset.Classification)
	if got := d.Describe(all(d)); got.Duplicates != 2 || got.Contradictions != 1 {
		t.Errorf("%d duplicates, %d contradictions", got.Duplicates, got.Contradictions)
	}
	p, err := d.Prepare(dataset.Config{Molecule: dataset.MoleculeConfig{Column: "smiles"}}.Resolved(d.Task).Preprocess, all(d))
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Matrix(all(d)); !slices.Equal(m.Row(0), d.Media(0)) {
		t.Error("tokens were scaled")
	}
}

func TestBadMoleculesHaveTheirError(t *testing.T) {
	for _, test := range []struct {
		file   string
		config dataset.MoleculeConfig
		want   string
	}{
		{"smiles,y\nCC,0\nC1C,1\n", dataset.MoleculeConfig{Column: "smiles"}, "cases.csv:3: column smiles: found a ring that isn't closed at character 4, expected a molecule as SMILES"},
		{"smiles,y\nCC,0\n,1\n", dataset.MoleculeConfig{Column: "smiles"}, "cases.csv:3: column smiles: found no value, expected a molecule as SMILES"},
		{"smiles,y\nCC,0\nCCCC,1\n", dataset.MoleculeConfig{Column: "smiles", Length: 3}, "cases.csv:3: column smiles: found a molecule of 4 tokens, expected at most 3, as molecule.length says"},
		{"smiles,y\nCC,0\nCCCC,1\n", dataset.MoleculeConfig{Column: "smile"}, `data.molecule.column: no column "smile" in cases.csv; did you mean smiles?`},
		{"smiles,y\nCC,0\nCCCC\n", dataset.MoleculeConfig{Column: "smiles"}, "cases.csv:3: found 1 cells, expected 2, as in the header"},
		{"smiles,y\nCC,0\n", dataset.MoleculeConfig{Column: "y"}, `data.molecule.column: "y" is the target`},
		{"smiles,y\nCC,0\n", dataset.MoleculeConfig{Length: 9}, `data.molecule.column: missing: expected the column that holds SMILES`},
		{"smiles,y\nCC,0\nCO,\n", dataset.MoleculeConfig{Column: "smiles"}, "cases.csv:3: found no value, expected one: an example without its target can't be learnt from (take such lines out)"},
	} {
		_, err := parse(test.file, dataset.Config{Molecule: test.config}, dataset.Classification)
		if err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
