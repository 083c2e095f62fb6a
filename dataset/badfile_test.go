package dataset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"medml/dataset"
)

// badFiles are files and configurations that can't be read as a dataset.
var badFiles = []struct {
	name   string
	file   string
	config dataset.Config
	task   dataset.Task
}{
	{name: "an empty file", file: ""},
	{name: "a mark and nothing else", file: "\xef\xbb\xbf"},
	{name: "a header alone", file: "a,y\n"},
	{name: "a file without a header", file: "1.5,2,0\n2.5,3,1\n"},
	{name: "a file without a header whose target is a word", file: "1.5,2,malignant\n2.5,3,benign\n"},
	{name: "a misspelt target", file: "age,diagnosis\n1,a\n", config: dataset.Config{Target: "diagnosys"}},
	{name: "a target like no column", file: "age,diagnosis\n1,a\n", config: dataset.Config{Target: "zzzzzz"}},
	{name: "a misspelt group", file: "age,patient_id,y\n1,p,a\n", config: dataset.Config{Group: "patientid"}},
	{name: "a misspelt feature", file: "age,weight,y\n1,2,a\n", config: dataset.Config{Features: []string{"age", "wieght"}}},
	{name: "the wrong delimiter", file: "age|y\n1|a\n"},
	{name: "tabs", file: "age\ty\n1\ta\n"},
	{name: "too few cells between semicolons", file: "age;b;y\n1;2;a\n1;2\n"},
	{name: "a line of empty cells", file: "age,y\n1,a\n,\n2,b\n"},
	{name: "a column name twice", file: "a,a,y\n1,2,x\n"},
	{name: "a number twice in a first line", file: "1.5,1.5,malignant\n1,2,benign\n"},
	{name: "a column without a name", file: ",a,y\n1,2,x\n"},
	{name: "no column beside the target", file: "y\na\nb\n"},
	{name: "UTF-16", file: "\xff\xfea\x00,\x00"},
	{name: "a header in Latin-1", file: "gr\xf6\xdfe,y\n1,a\n"},
	{name: "a class in Latin-1", file: "a,y\n1,b\xf6se\n"},
	{name: "a word in Latin-1", file: "a,y\nb\xf6se,0\n"},
	{name: "too few cells", file: "a,b,y\n1,2,x\n3,x\n"},
	{name: "too many cells", file: "a,b,y\n1,2,x\n3,4,5,x\n"},
	{name: "a decimal comma", file: "a,y\n1.5,x\n\"12,5\",z\n"},
	{name: "a column of decimal commas", file: "a;y\n12,5;x\n12,7;z\n"},
	{name: "a decimal comma in the first line", file: "a,y\n\"12,5\",x\n1.5,z\n"},
	{name: "a line counted behind quoted and blank lines", file: "a,note,y\n1,\"two\nlines\",x\n\n2x,one,x\n"},
	{name: "a word among numbers", file: "a,y\n1,x\n,z\nabout three or four,z\n"},
	{name: "a cell that would act upon a terminal", file: "a,y\n1,x\n\x1b[2J,z\n"},
	{name: "infinity", file: "a,y\n1,x\n+Inf,z\n"},
	{name: "a hexadecimal number", file: "a,y\n1,x\n0x1p4,z\n"},
	{name: "a number too large", file: "a,y\n1,x\n1e39,z\n"},
	{name: "a number too large even for a float64", file: "a,y\n1,x\n-1e999,z\n"},
	{name: "a word in two spellings", file: "sex,y\nfemale,0\nmale,1\nFemale,1\n"},
	{name: "a column name of two lines", file: "\"age\n(years)\",y\n1,x\ntwo,z\n"},
	{name: "a misspelt name of two lines", file: "\"age\n(years)\",y\n1,x\n", config: dataset.Config{Features: []string{"age (years)"}}},
	{name: "a column without a value", file: "a,b,y\n1,,x\n2,NA,z\n"},
	{name: "a missing value where impute is none", file: "a,y\n1,x\n?,z\n", config: dataset.Config{Preprocess: dataset.Preprocess{Impute: "none"}}},
	{name: "a missing class", file: "a,y\n1,x\n2,\n"},
	{name: "a missing number to predict", file: "a,y\n1,2\n2,NaN\n", task: dataset.Regression},
	{name: "a word for a number to predict", file: "a,y\n1,2\n2,high\n", task: dataset.Regression},
	{name: "a number to predict too large", file: "a,y\n1,2\n2,1e300\n", task: dataset.Regression},
	{name: "a missing patient", file: "a,p,y\n1,Jane Doe,x\n2, ,z\n", config: dataset.Config{Group: "p"}},
	{name: "a class in two spellings", file: "a,y\n1,Yes\n2,no\n3,yes\n"},
	{name: "a class number in two spellings", file: "a,y\n1,0\n2,1\n3,1.0\n"},
	{name: "a class that acts upon a terminal", file: "a,y\n1,\x1b[31mill\n2,well\n"},
	{name: "one class only", file: "a,y\n1,x\n2,x\n"},
	{name: "classes that are numbers to predict", file: "a,y\n" + lines(12, func(i int) string { return fmt.Sprintf("%d,%d.5", i, i) })},
	{name: "a misspelt positive class", file: "a,y\n1,malignant\n2,benign\n", config: dataset.Config{Positive: "malignent"}},
	{name: "a positive class of three", file: "a,y\n1,u\n2,v\n3,w\n", config: dataset.Config{Positive: "u"}},
	{name: "too many words", file: "a,y\n" + lines(60, func(i int) string { return fmt.Sprintf("Patient %d,%d", i, i%2) })},
	{name: "patients named by too many words", file: "patient,a,y\n" + lines(120, func(i int) string { return fmt.Sprintf("P%d,%d,%d", i/2, i, i%2) })},
	{name: "a shape that doesn't fit", file: "a,b,c,y\n1,2,3,x\n4,5,6,z\n", config: dataset.Config{Shape: []int{2, 2}}},
	{name: "an open quote", file: "a,y\n1,x\n\"2,z\n3,z\n4,z\n"},
	{name: "a quote inside a cell", file: "a,y\n1,x\n2\"3,z\n"},
	{name: "text behind a closing quote", file: "a,y\n1,x\n\"2\"3,z\n"},
	{
		name: "another digest than the one pinned", file: "a,y\n1,x\n2\"3,z\n",
		config: dataset.Config{Digest: "sha256:" + strings.Repeat("0", 64)},
	},
}

// lines returns n lines of a file.
func lines(n int, line func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

func TestEachBadFileHasItsError(t *testing.T) {
	var got strings.Builder
	for _, bad := range badFiles {
		c, task := bad.config, bad.task
		if task == "" {
			task = dataset.Classification
		}
		if c.Target == "" {
			c.Target = "y"
		}
		c.Source = "cases.csv"
		d, err := dataset.Read("data/cases.csv", strings.NewReader(bad.file), c, task)
		if err == nil {
			t.Errorf("%s: got a dataset of %d examples, want an error", bad.name, d.Len())
			continue
		}
		var cell *dataset.CellError
		var field *dataset.FieldError
		if !errors.As(err, &cell) && !errors.As(err, &field) {
			t.Errorf("%s: error of type %T", bad.name, err)
		}
		if strings.ContainsAny(err.Error(), "\n\x1b") || len(err.Error()) > 300 {
			t.Errorf("%s: not one line: %q", bad.name, err)
		}
		fmt.Fprintf(&got, "%s\n    %v\n", bad.name, err)
	}
	golden(t, "badfiles.golden", got.String())
}
