package dataset_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml/dataset"
)

func TestColumnsAreReadAsTheConfigurationSays(t *testing.T) {
	for _, test := range []struct {
		name   string
		file   string
		config dataset.Config
		want   string
	}{
		{"with names for a file without a header", "1.5,2,yes\n,-3e3,no\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Header: []string{"a", "b", "y"}}},
			"[a b] [no yes]\n[1.5 2] 1\n[NaN -3000] 0\n"},
		{"with further signs of a missing value", "a,b,y\n-9,unknown,u\n-9.0,2,v\n9,-9e0,u\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Missing: []string{"-9", "unknown"}}},
			"[a b] [u v]\n[NaN NaN] 0\n[NaN 2] 1\n[9 NaN] 0\n"},
		{"with a zero that is no measurement", "a,b,y\n0,0,0\n0.0,2,1\n3,0,1\n",
			dataset.Config{Columns: dataset.ColumnsConfig{ZeroMissing: []string{"a"}}},
			"[a b] [0 1]\n[NaN 0] 0\n[NaN 2] 1\n[3 0] 1\n"},
		{"with numbers that are names", "cp,a,y\n10,1,u\n9.0,2,v\n9,3,v\n,4,v\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Categorical: []string{"cp"}}},
			"[cp=9 cp=10 a] [u v]\n[0 1 1] 0\n[1 0 2] 1\n[1 0 3] 1\n[NaN NaN 4] 1\n"},
		{"with words in an order", "stage,a,y\nIII,1,u\n?,2,v\nI,3,v\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Ordinal: []dataset.OrdinalColumn{{Column: "stage", Order: []string{"I", "II", "III"}}}}},
			"[stage a] [u v]\n[2 1] 0\n[NaN 2] 1\n[0 3] 1\n"},
		{"with numbers in an order", "grade,y\n10,u\n4.0,v\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Ordinal: []dataset.OrdinalColumn{{Column: "grade", Order: []string{"10", "7", "4"}}}}},
			"[grade] [u v]\n[0] 0\n[2] 1\n"},
		{"with a column that isn't learnt from", "id,a,note,y\n7,1,two words,u\n8,2,and more,v\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Ignore: []string{"note", "id"}}},
			"[a] [u v]\n[1] 0\n[2] 1\n"},
		{"with two classes of a number", "a,y\n1,0\n2,3\n3,1\n4,0.0\n", dataset.Config{Positive: "> 0"},
			"[a] [<= 0 > 0]\n[1] 0\n[2] 1\n[3] 1\n[4] 0\n"},
		{"with two classes of a number, the lower one positive", "a,y\n1,0\n2,3.5\n3,1\n", dataset.Config{Positive: "<1"},
			"[a] [>= 1 < 1]\n[1] 1\n[2] 0\n[3] 0\n"},
		{"with two classes of more numbers than classes may be", "a,y\n" + lines(40, func(i int) string { return "1," + string(rune('0'+i%10)) + "." + string(rune('1'+i/10)) }),
			dataset.Config{Positive: ">= 9.4", Features: []string{"a"}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := read(t, test.file, test.config, dataset.Classification)
			if test.want == "" {
				if got := d.Counts(all(d)); !slices.Equal(got, []int{39, 1}) {
					t.Errorf("got %v examples of the classes %v", got, d.Classes)
				}
				return
			}
			if diff := cmp.Diff(test.want, table(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// all returns the numbers of all rows.
func all(d *dataset.Dataset) []int {
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// heart is how the processed files of the Heart Disease data are read.
func heart(source string) dataset.Config {
	return dataset.Config{
		Source: source, Format: "csv", Target: "num", Positive: "> 0",
		Columns: dataset.ColumnsConfig{
			Header: []string{"age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach",
				"exang", "oldpeak", "slope", "ca", "thal", "num"},
			Categorical: []string{"cp", "restecg", "slope", "thal"},
		},
	}
}

func TestTheHeartFilesOfTwoHospitalsAreRead(t *testing.T) {
	folder := dataset.DataFolder(t, "uci_heart")
	for _, test := range []struct {
		file     string
		counts   []int
		features int
		gaps     int
	}{
		// 303 patients, 139 ill, 6 values missing; 294 patients, 106 ill.
		{"processed.cleveland.csv", []int{164, 139}, 22, 4 + 2*3},
		{"processed.hungarian.csv", []int{188, 106}, 0, 0},
	} {
		d, err := dataset.Open(heart(test.file), dataset.Classification, folder)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Counts(all(d)); !slices.Equal(got, test.counts) {
			t.Errorf("%s: %v examples of the classes %v, want %v", test.file, got, d.Classes, test.counts)
		}
		if test.features == 0 {
			continue
		}
		gaps := 0
		for _, i := range all(d) {
			for _, x := range d.Row(i) {
				if x != x {
					gaps++
				}
			}
		}
		if len(d.Features) != test.features || gaps != test.gaps {
			t.Errorf("%s: %d gaps in %v", test.file, gaps, d.Features)
		}
	}
}

func TestBadColumnsHaveTheirError(t *testing.T) {
	const file = "a,b,y\n1,x,0\n2,z,1\n"
	for _, test := range []struct {
		config dataset.Config
		want   string
	}{
		{dataset.Config{Columns: dataset.ColumnsConfig{Numeric: []string{"b"}}},
			`cases.csv:2: column b: found "x", expected a number, as the file declares it or columns.numeric says`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Categorical: []string{"c"}}},
			`data.columns.categorical[0]: no column "c" in cases.csv; did you mean a or b or y?`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Ordinal: []dataset.OrdinalColumn{{Column: "b", Order: []string{"x", "y"}}}}},
			`cases.csv:3: column b: found "z", expected one of the 2 words of columns.ordinal`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Ordinal: []dataset.OrdinalColumn{{Column: "b", Order: []string{"x"}}}}},
			`data.columns.ordinal[0].order: expected all words of the column, at least two, from the least`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Ignore: []string{"b"}, Numeric: []string{"b"}}},
			`data.columns.ignore[0]: "b" stands there twice or is another kind of column, too`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Ignore: []string{"y"}}}, `data.columns.ignore[0]: "y" is the target`},
		{dataset.Config{Features: []string{"a"}, Columns: dataset.ColumnsConfig{Ignore: []string{"a"}}}, `data.columns.ignore[0]: "a" is one of the features`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Ignore: []string{"a", "b"}}},
			`cases.csv:1: found no column beside the target, expected features to learn from`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Header: []string{"a", "y"}}},
			`cases.csv:1: found 3 cells, expected 2, as in columns.header`},
		{dataset.Config{Columns: dataset.ColumnsConfig{Header: []string{"a", "a", "y"}}}, `data.columns.header[1]: "a" stands there twice`},
		{dataset.Config{Positive: "> much"}, `data.positive: "> much" compares with no number: expected something like "> 0", or the name of a class`},
		{dataset.Config{Target: "b", Positive: ">0"}, `cases.csv:2: column b: found "x", expected a number to compare: positive is > 0`},
		{dataset.Config{Positive: "> 7"}, `cases.csv: column y: found one class only, expected two or more`},
	} {
		_, err := parse(file, test.config, dataset.Classification)
		if err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestAFileIsNamedWithoutItsExtensions(t *testing.T) {
	for source, want := range map[string]string{"a/heart.csv": "heart", "a/heart.v2.csv.gz": "heart.v2", "heart.tsv.GZ": "heart"} {
		d := read(t, "a,y\n1,u\n2,v\n", dataset.Config{Source: source, Format: "csv"}, dataset.Classification)
		if d.Name != want {
			t.Errorf("%s is called %s, want %s", filepath.Base(source), d.Name, want)
		}
	}
}

func TestAnotherHospitalsFileIsReadAlike(t *testing.T) {
	folder := dataset.DataFolder(t, "uci_heart")
	c := heart("processed.cleveland.csv")
	c.Split.External = "processed.hungarian.csv"
	d, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Counts(all(d)); !slices.Equal(got, []int{164 + 188, 139 + 106}) || d.Parts[302] == dataset.InTest || d.Parts[303] != dataset.InTest {
		t.Errorf("got %v examples, parts %v", got, d.Parts[300:306])
	}
}
