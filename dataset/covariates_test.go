package dataset_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medml/dataset"
)

// besideMolecules is a table of numbers as covariates x0, x1, … of as many molecules.
func besideMolecules(t rapid.TB, grid [][]float64) *dataset.Dataset {
	c := dataset.Config{Target: "y", Molecule: dataset.MoleculeConfig{Column: "smiles", Length: 8}}
	var file strings.Builder
	for j := range grid[0] {
		c.Covariates = append(c.Covariates, fmt.Sprintf("x%d", j))
		fmt.Fprintf(&file, "x%d,", j)
	}
	file.WriteString("smiles,y\n")
	for i, row := range grid {
		for _, x := range row {
			fmt.Fprint(&file, x, ",")
		}
		fmt.Fprintf(&file, "%s,%d\n", strings.Repeat("C", 1+i%8), i%2)
	}
	c.Source = "cases.csv"
	d, err := dataset.Read("cases.csv", strings.NewReader(file.String()), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCovariatesArePreparedAsATablesColumnsAre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grid := drawGrid(rt)
		for _, row := range grid {
			for j := range row {
				row[j] = float64(float32(row[j])) // which is what covariates are kept as
			}
		}
		how := dataset.Preprocess{
			Impute: rapid.SampledFrom([]string{"median", "mean", "constant"}).Draw(rt, "impute"),
			Scale:  rapid.SampledFrom([]string{"standard", "minmax", "robust", "quantile", "quantile-normal", "none"}).Draw(rt, "scale"),
		}
		beside := how
		beside.Scale, beside.Covariates = "none", how.Scale
		train, rows := []int{0, 2, 3}, make([]int, len(grid))
		for i := range rows {
			rows[i] = i
		}
		table, err := gridDataset(t, grid).Prepare(how, train)
		if err != nil {
			rt.Fatal(err)
		}
		d := besideMolecules(rt, grid)
		p, err := d.Prepare(beside, train)
		if err != nil {
			rt.Fatal(err)
		}
		var again dataset.Preparation
		if err := again.UnmarshalBinary(encoded(rt, p)); err != nil {
			rt.Fatal(err)
		}
		want, got, read := table.Matrix(rows), p.Matrix(rows), again.Of(d, rows)
		for i := range rows {
			row := got.Row(i)
			if n := len(row) - len(d.Covariates); !slices.Equal(row[n:], want.Row(i)) {
				rt.Fatalf("%+v: row %d has %v, of a table %v", how, i, row[n:], want.Row(i))
			}
			if !slices.Equal(read.Row(i), row) {
				rt.Fatalf("%+v: read back it prepares row %d otherwise", how, i)
			}
		}
	})
}

func TestCovariatesOfWordsAndNumbersStandBeside(t *testing.T) {
	const file = "smiles,age,sex,y\nCC,60,m,0\nCO,,f,1\nC,40,,1\nN,50,f,0\n"
	c := dataset.Config{
		Source: "t.csv", Target: "y", Molecule: dataset.MoleculeConfig{Column: "smiles", Length: 3},
		Covariates: []string{"sex", "age"}, Subgroups: []dataset.Subgroup{{Column: "sex"}},
	}
	d, err := dataset.Read("t.csv", strings.NewReader(file), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"sex=f", "sex=m", "age"}; !slices.Equal(d.Covariates, want) {
		t.Errorf("covariates %q, want %q", d.Covariates, want)
	}
	for i, want := range []string{"[0 1 60]", "[1 0 NaN]", "[NaN NaN 40]", "[1 0 50]"} {
		if got := fmt.Sprint(d.Beside(i)); got != want {
			t.Errorf("beside example %d: %s, want %s", i, got, want)
		}
	}
	c.Covariates = nil
	without, err := dataset.Read("t.csv", strings.NewReader(file), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Len() {
		if !slices.Equal(d.Media(i), without.Media(i)) {
			t.Errorf("molecule %d is another with covariates beside it", i)
		}
	}
	if info := d.Describe(all(d)); len(info.Covariates) != 3 || info.Missing.Values != 3 || info.Missing.Complete != 2 {
		t.Errorf("described as %q with %d missing values, %d complete", info.Covariates, info.Missing.Values, info.Missing.Complete)
	}
}

// Of the layout both, the grid is that of the layout grid and what stands beside it the row
// of the layout statistics.
func TestEventsInBothLayouts(t *testing.T) {
	source := files{"events.csv": eventTable, "outcomes.csv": eventOutcomes}
	laidOut := func(layout string, static ...string) *dataset.Dataset {
		return openFiles(t, source, eventConfig(func(c *dataset.Config) {
			c.Events.Layout, c.Events.Static = layout, static
			if c.Features = []string{"HR", "Temp"}; len(static) == 0 {
				return
			}
			c.Events.Recent = 24
		}))
	}
	both, grid, rows := laidOut("both", "Age"), laidOut("grid"), laidOut("statistics", "Age")
	if !slices.Equal(both.Shape, grid.Shape) || !slices.Equal(both.Covariates, rows.Features) || both.Features != nil {
		t.Fatalf("of %v with %q, want %v with %q", both.Shape, both.Covariates, grid.Shape, rows.Features)
	}
	for i := range both.Len() {
		for j, x := range both.Media(i) {
			if y := grid.Media(i)[j]; math.Float32bits(x) != math.Float32bits(y) && !(isNaN(x) && isNaN(y)) {
				t.Errorf("example %d: place %d of the grid is %v, want %v", i, j, x, y)
			}
		}
		for j, x := range both.Beside(i) {
			if y := float32(rows.Row(i)[j]); x != y && !(isNaN(x) && isNaN(y)) {
				t.Errorf("example %d: %s is %v, want %v", i, both.Covariates[j], x, y)
			}
		}
	}
}

func TestCovariatesOfOutcomesMayBeMissing(t *testing.T) {
	source := files{"events.csv": eventTable, "outcomes.csv": "stay,died,score\nb,no,12\na,yes,-1\nc,no,3\n"}
	d := openFiles(t, source, eventConfig(func(c *dataset.Config) { c.Covariates = []string{"score"} }))
	if got := fmt.Sprint(d.Beside(0), d.Beside(1), d.Beside(2)); got != "[12] [NaN] [3]" {
		t.Errorf("scores %s, want -1 to be missing as it is of events", got)
	}
}

func TestOtherCovariatesAreOtherExamples(t *testing.T) {
	const file = "smiles,age,y\nCC,60,0\nCC,61,0\nCC,60,0\nN,50,1\n"
	c := dataset.Config{Source: "t.csv", Target: "y", Molecule: dataset.MoleculeConfig{Column: "smiles", Length: 3}, Covariates: []string{"age"}}
	d, err := dataset.Read("t.csv", strings.NewReader(file), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	if info := d.Describe(all(d)); info.Duplicates != 1 {
		t.Errorf("%d duplicates, want the third row alone", info.Duplicates)
	}
}
