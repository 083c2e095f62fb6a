package dataset_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

// hospitals writes a source and an external file and returns a configuration of both.
func hospitals(t *testing.T, source, external string) (dataset.Config, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"here.csv": source, "there.csv": external} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dataset.Config{Source: "here.csv", Target: "y", Group: "p", Split: dataset.SplitConfig{Kind: "external", External: "there.csv"}}, dir
}

const hereHead = "a,p,sex,y\n"

func here(i int) string { return fmt.Sprintf("%d,%d,%s,%d", i, i/2, []string{"f", "m"}[i/2%2], i/2%2) }
func there(i int) string {
	return fmt.Sprintf("%d,%d,%d,%s", i/2%2, i/2, 100+i, []string{"m", "f"}[i%2])
}

func TestAnotherHospitalIsTheTestPart(t *testing.T) {
	c, dir := hospitals(t, hereHead+lines(40, here), "y,p,a,sex\n"+lines(10, there))
	for _, kind := range []string{"external", "stratified-group-kfold", "stratified-group-holdout", "leave-one-group-out"} {
		c.Split.Kind = kind
		d, err := dataset.Open(c, dataset.Classification, dir)
		if err != nil {
			t.Fatal(err)
		}
		if d.Len() != 50 || d.Row(40)[0] != 100 || d.Row(41)[1] != 1 || d.Groups[40] != 20 || d.Groups[49] != 24 {
			t.Fatalf("%d examples, %v, patients %v", d.Len(), d.Row(40), d.Groups)
		}
		s, err := d.Split(c.Split, stream(3))
		if err != nil {
			t.Fatal(err)
		}
		var tested []int
		for i := 40; i < 50; i++ {
			tested = append(tested, i)
		}
		if !slices.Equal(s.Test, tested) {
			t.Errorf("%s tests on %v", kind, s.Test)
		}
		for _, f := range s.Folds {
			if n := len(f.Train) + len(f.Valid); n != 40 {
				t.Errorf("%s: a fold of %d", kind, n)
			}
		}
	}
}

func TestAnExternalFileMovesNoFold(t *testing.T) {
	c, dir := hospitals(t, hereHead+lines(40, here), hereHead+lines(10, here))
	with, err := dataset.Open(c, dataset.Classification, dir)
	if err != nil {
		t.Fatal(err)
	}
	a, err := with.Split(c.Split, stream(3))
	if err != nil {
		t.Fatal(err)
	}
	alone := c
	alone.Split = dataset.SplitConfig{Test: share(0)}
	without, err := dataset.Open(alone, dataset.Classification, dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := without.Split(alone.Split, stream(3))
	if err != nil {
		t.Fatal(err)
	}
	for k := range a.Folds {
		if !slices.Equal(a.Folds[k].Valid, b.Folds[k].Valid) {
			t.Fatal("the folds depend on the external file")
		}
	}
	if with.Digest() == without.Digest() {
		t.Error("the digest doesn't tell of the external file")
	}
}

// The heart disease data of two hospitals, without a header and with other gaps: the 14
// columns are as their description names them (Detrano et al. 1989).
func TestTheHeartDataOfTwoHospitals(t *testing.T) {
	folder := dataset.DataFolder(t, "uci_heart")
	c := dataset.Config{
		Source: "processed.cleveland.csv", Target: "num", Positive: "> 0",
		Columns: dataset.ColumnsConfig{Header: strings.Fields("age sex cp trestbps chol fbs restecg thalach exang oldpeak slope ca thal num")},
		Split:   dataset.SplitConfig{Kind: "external", External: "processed.hungarian.csv"},
	}
	d, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Split(c.Split, stream(1))
	if err != nil || d.Len() != 303+294 || len(s.Test) != 294 || s.Test[0] != 303 || len(s.Folds) != 5 {
		t.Fatalf("%d examples, %d tested: %v", d.Len(), len(s.Test), err)
	}
	if got := fmt.Sprint(d.Counts(s.Test), d.Counts(slices.Concat(s.Folds[0].Train, s.Folds[0].Valid))); got != "[188 106] [164 139]" {
		t.Errorf("without and with disease: %s", got)
	}
}

func TestExternalFilesThatDoNotFit(t *testing.T) {
	for _, test := range []struct{ name, external, want string }{
		{"no file", "", "data.split.external: no such file: DIR/there.csv; did you mean here.csv?"},
		{"a column less", "a,p,y\n1,1,0\n", "data.split.external: no column sex in DIR/there.csv"},
		{"a column misspelt", "a,p,sexe,y\n1,1,f,0\n", "data.split.external: no column sex in DIR/there.csv; did you mean sexe?"},
		{"a class that is new", hereHead + "1,1,f,0\n1,1,f,1\n1,1,f,2\n", `data.split.external: DIR/there.csv has "2" in column y, which DIR/here.csv hasn't`},
		{"a class that is missing", hereHead + "1,1,f,0\n", `data.split.external: class "1" is not in the external file`},
		{"no example", hereHead, "DIR/there.csv: found no example, expected at least one"},
		{"a word for a number", hereHead + "x,1,f,0\n", `DIR/there.csv:2: column a: found "x", expected a number, as in line 2`},
		{"a row too short", hereHead + "1,1\n", "DIR/there.csv:2: found 2 cells, expected 4, as in the header"},
		{"no header", "1,2,3,4\n", "DIR/there.csv:1: found a line of numbers, expected a header with the columns' names"},
	} {
		c, dir := hospitals(t, hereHead+lines(40, here), test.external)
		if test.external == "" {
			if err := os.Remove(filepath.Join(dir, "there.csv")); err != nil {
				t.Fatal(err)
			}
		}
		d, err := dataset.Open(c, dataset.Classification, dir)
		if err == nil {
			_, err = d.Split(c.Split, stream(1))
		}
		if want := strings.ReplaceAll(test.want, "DIR", dir); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, want)
		}
	}
}
