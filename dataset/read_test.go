package dataset_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml/dataset"
)

// read reads a CSV file whose target is y.
func read(t testing.TB, file string, c dataset.Config, task dataset.Task) *dataset.Dataset {
	t.Helper()
	d, err := parse(file, c, task)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parse(file string, c dataset.Config, task dataset.Task) (*dataset.Dataset, error) {
	if c.Target == "" {
		c.Target = "y"
	}
	if c.Source == "" {
		c.Source = "cases.csv"
	}
	return dataset.Read(c.Source, strings.NewReader(file), c, task)
}

// table returns all rows of a dataset as text.
func table(d *dataset.Dataset) string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Features, d.Classes)
	for i := range d.Len() {
		fmt.Fprint(&b, d.Row(i), " ")
		if d.Task == dataset.Classification {
			fmt.Fprintln(&b, d.Label(i))
		} else {
			fmt.Fprintln(&b, d.Value(i))
		}
	}
	return b.String()
}

func TestFilesOfEveryHabitAreRead(t *testing.T) {
	const plain = "[a b] [no yes]\n[1.5 2] 1\n[NaN -3000] 0\n"
	for _, test := range []struct {
		name   string
		file   string
		config dataset.Config
		want   string
	}{
		{"as RFC 4180 writes it", "a,b,y\r\n1.5,2,yes\r\n,-3e3,no\r\n", dataset.Config{}, plain},
		{"with a byte order mark", "\xef\xbb\xbfa,b,y\n1.5,2,yes\n,-3e3,no\n", dataset.Config{}, plain},
		{"without a last line's end", "a,b,y\n1.5,2,yes\n,-3e3,no", dataset.Config{}, plain},
		{"with blank lines", "a,b,y\n\n1.5,2,yes\n\n,-3e3,no\n\n", dataset.Config{}, plain},
		{"with spaces around cells", " a , b,y \n 1.5 ,2, yes\n  , -3e3 ,no\n", dataset.Config{}, plain},
		{"with quotes", "\"a\",b,y\n\"1.5\",2,\"yes\"\n,\"-3e3\",no\n", dataset.Config{}, plain},
		{"with tabs", "a\tb\ty\n1.5\t2\tyes\n\t-3e3\tno\n", dataset.Config{Source: "cases.TSV"}, plain},
		{"with tabs by another name", "a\tb\ty\n1.5\t2\tyes\n\t-3e3\tno\n", dataset.Config{Source: "cases.dat", Format: "tsv"}, plain},
		{"with semicolons", "a;b;y\n1.5;2;yes\n;-3e3;no\n", dataset.Config{}, plain},
		{"with semicolons and a byte order mark", "\xef\xbb\xbfa;b;y\n1.5;2;yes\n;-3e3;no\n", dataset.Config{}, plain},
		{"with semicolons and commas", "a;\"b, or c\";y\n1;\"u, v\";no\n2;w;yes\n", dataset.Config{},
			"[a b, or c=u, v b, or c=w] [no yes]\n[1 1 0] 0\n[2 0 1] 1\n"},
		{"with commas and a semicolon", "a,b;c,y\n1,2,no\n2,3,yes\n", dataset.Config{},
			"[a b;c] [no yes]\n[1 2] 0\n[2 3] 1\n"},
		{"with the target first", "y,a,b\nyes,1.5,2\nno,,-3e3\n", dataset.Config{}, plain},
		{"with all signs of a missing value", "a,y\n,u\nNA,u\nnan,u\nN/A,v\n?,v\nNULL,v\n7,v\n", dataset.Config{},
			"[a] [u v]\n[NaN] 0\n[NaN] 0\n[NaN] 0\n[NaN] 1\n[NaN] 1\n[NaN] 1\n[7] 1\n"},
		{"with the features chosen and ordered", "a,b,c,y\n1,2,3,u\n4,5,6,v\n", dataset.Config{Features: []string{"c", "a"}},
			"[c a] [u v]\n[3 1] 0\n[6 4] 1\n"},
		{"with a column without a name that isn't chosen", ",a,y\n0,1,u\n1,2,v\n", dataset.Config{Features: []string{"a"}},
			"[a] [u v]\n[1] 0\n[2] 1\n"},
		{"with a column of words", "sex,a,y\nmale,1,u\nfemale,2,v\n,3,v\n", dataset.Config{},
			"[sex=female sex=male a] [u v]\n[0 1 1] 0\n[1 0 2] 1\n[NaN NaN 3] 1\n"},
		{"with commas inside the words of a column that is said to hold words", "a,c,y\n1,\"1,2\",u\n2,\"1,3\",v\n",
			dataset.Config{Columns: dataset.ColumnsConfig{Categorical: []string{"c"}}}, "[a c=1,2 c=1,3] [u v]\n[1 1 0] 0\n[2 0 1] 1\n"},
		{"with the positive class named", "a,y\n1,yes\n2,no\n", dataset.Config{Positive: "no"}, "[a] [yes no]\n[1] 0\n[2] 1\n"},
		{"with the positive class as it would be anyway", "a,y\n1,yes\n2,no\n", dataset.Config{Positive: "yes"}, "[a] [no yes]\n[1] 1\n[2] 0\n"},
		{"with numbers for classes", "a,y\n1,10\n2,9\n3,-1\n", dataset.Config{}, "[a] [-1 9 10]\n[1] 2\n[2] 1\n[3] 0\n"},
		{"with a group that is no feature", "a,p,y\n1,Ann,u\n2,Bob,v\n", dataset.Config{Group: "p"}, "[a] [u v]\n[1] 0\n[2] 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := table(read(t, test.file, test.config, dataset.Classification))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNumbersComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Float64Range(-math.MaxFloat32, math.MaxFloat32), rapid.Float64Range(-1e-300, 1e-300), rapid.Just(math.NaN()))
		columns := rapid.IntRange(1, 6).Draw(t, "columns")
		rows := rapid.SliceOfN(rapid.SliceOfN(number, columns, columns), 1, 20).Draw(t, "rows")
		targets := rapid.SliceOfN(rapid.Float64Range(-1e30, 1e30), len(rows), len(rows)).Draw(t, "targets")
		var file strings.Builder
		for j := range columns {
			fmt.Fprintf(&file, "x%d,", j)
		}
		file.WriteString("y\n")
		known := make([]bool, columns)
		for i, row := range rows {
			for j, x := range row {
				known[j] = known[j] || x == x
				file.WriteString(strconv.FormatFloat(x, 'g', -1, 64) + ",")
			}
			file.WriteString(strconv.FormatFloat(targets[i], 'e', -1, 64) + "\n")
		}
		d, err := parse(file.String(), dataset.Config{}, dataset.Regression)
		if err != nil {
			for _, k := range known {
				if !k {
					return // a column without any value is refused
				}
			}
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, x := range row {
				if got := d.Row(i)[j]; math.Float64bits(got) != math.Float64bits(x) && (got == got || x == x) {
					t.Fatalf("row %d, column %d: got %v, want %v", i, j, got, x)
				}
			}
			if d.Value(i) != targets[i] {
				t.Fatalf("target %d: got %v, want %v", i, d.Value(i), targets[i])
			}
		}
	})
}

func TestPatientsAreNumberedAndNotNamed(t *testing.T) {
	d := read(t, "a,p,y\n1,Ann,u\n2,Bob,v\n3,Ann,u\n4,007,v\n5,7,v\n", dataset.Config{Group: "p"}, dataset.Classification)
	if diff := cmp.Diff([]int{0, 1, 0, 2, 3}, d.Groups); diff != "" {
		t.Error(diff)
	}
	if s := fmt.Sprintf("%+v", *d); strings.Contains(s, "Ann") {
		t.Errorf("the dataset holds a patient's name: %s", s)
	}
}

func TestOpenStartsFromTheExperimentsFolder(t *testing.T) {
	dir := t.TempDir()
	const file = "a,b,y\n1,2,u\n3,4,v\n"
	if err := os.WriteFile(filepath.Join(dir, "cases.csv"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(file)))
	for _, source := range []string{"cases.csv", "./cases.csv", filepath.Join(dir, "cases.csv")} {
		d, err := dataset.Open(dataset.Config{Source: source, Target: "y", Shape: []int{2, 1}, Digest: digest}, dataset.Classification, dir)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != "cases" || d.Digest() != digest || d.Card() != nil || !cmp.Equal(d.Shape, []int{2, 1}) {
			t.Errorf("%s: got name %s, digest %s, shape %v", source, d.Name, d.Digest(), d.Shape)
		}
	}
}

func TestSourcesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cases.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]string{
		"casse.csv":           "data.source: no such file: " + filepath.Join(dir, "casse.csv") + "; did you mean cases.csv?",
		"elsewhere/blood.csv": "data.source: no such file: " + filepath.Join(dir, "elsewhere", "blood.csv"),
	} {
		_, err := dataset.Open(dataset.Config{Source: source, Target: "y"}, dataset.Classification, dir)
		var field *dataset.FieldError
		if !errors.As(err, &field) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", source, err, want)
		}
	}
	_, err := dataset.Open(dataset.Config{Source: ".", Format: "csv", Target: "y"}, dataset.Classification, dir)
	if want := "data.source: " + dir + " is not a file"; err == nil || err.Error() != want {
		t.Errorf("a folder: got %v, want %s", err, want)
	}
}

func TestAFailingReaderIsNoFaultOfTheFile(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := dataset.Read("cases.csv", failing{broken}, dataset.Config{Source: "cases.csv", Target: "y"}, dataset.Classification)
	if !errors.Is(err, broken) || err.Error() != "reading cases.csv: the disk is gone" {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
