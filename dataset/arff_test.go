package dataset_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml/dataset"
)

const someARFF = `% a comment
@RELATION 'some cases'

@Attribute age numeric
@attribute	'blood pressure' REAL
@attribute sex {f, m, 'not told'}
@attribute grade { 1,2 , 3 }
@attribute "it's \"quoted\"" string
@attribute seen date "yyyy-MM-dd"
@attribute y {no,yes}

@data
% another
31, 120.5, f, 1, 'a, b', 2020-01-01, no
?,?,'not told',3, "it\'s", 2020-01-02, yes
45	80	m	?	'a, b'	?	yes
`

func readARFF(text string) (*dataset.Dataset, error) {
	return dataset.Read("f.arff", strings.NewReader(text), dataset.Config{Source: "f.arff", Target: "y"}, dataset.Classification)
}

func TestARFFIsReadAsWekaWritesIt(t *testing.T) {
	d, err := readARFF(someARFF)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[age blood pressure sex=f sex=m sex=not told grade=1 grade=3 it's "quoted"=a, b it's "quoted"=it's seen=2020-01-01 seen=2020-01-02] [no yes]
[31 120.5 1 0 0 1 0 1 0 1 0] 0
[NaN NaN 0 0 1 0 1 0 1 0 1] 1
[45 80 0 1 0 NaN NaN 1 0 NaN NaN] 1
`
	if diff := cmp.Diff(want, table(d)); diff != "" {
		t.Error(diff)
	}
}

func TestPimaIsTheSameInARFF(t *testing.T) {
	folder := dataset.DataFolder(t, "registry")
	c := dataset.Config{Source: filepath.Join(folder, "weka_diabetes.arff"), Target: "class"}
	c.Columns.ZeroMissing = []string{"plas", "pres", "skin", "insu", "mass"}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	gaps := 0
	for i := range d.Len() {
		for _, x := range d.Row(i) {
			if x != x {
				gaps++
			}
		}
	}
	// 5 of glucose, 35 of pressure, 227 of the skin fold, 374 of insulin, 11 of body mass.
	if got := d.Counts(all(d)); !slices.Equal(got, []int{500, 268}) || gaps != 652 || len(d.Features) != 8 {
		t.Errorf("got %v of %v, %d gaps, %v", got, d.Classes, gaps, d.Features)
	}
}

func TestBadARFFHasItsError(t *testing.T) {
	const head = "@relation r\n@attribute a numeric\n@attribute w {u, v}\n@attribute y {p,q}\n@data\n"
	for _, test := range []struct{ file, want string }{
		{"", "f.arff: found an end before @data, expected the attributes, @data, and a line for each example"},
		{"a,b\n1,2\n", `f.arff:1: found "a,b", expected @relation, @attribute, @data, or a comment after %`},
		{"@relation r\n@data\n1\n", "f.arff:2: found @data before any @attribute, expected the attributes first"},
		{"@attribute a\n", `f.arff:1: column a: found the type "", expected numeric, string, date or {the, values}`},
		{"@attribute 'a numeric\n", "f.arff:1: found an attribute without a name in UTF-8, expected @attribute, a name and a type, with quotes around a name of several words"},
		{"@attribute a {x, y\n", "f.arff:1: column a: found a list of values that doesn't end, expected values in braces, with commas between them"},
		{"@attribute a relational\n", "f.arff:1: column a: found a relational attribute, expected numeric, nominal, string or date ones: a table of rows"},
		{head + "1,u,p\n{0 1, 2 p}\n", "f.arff:7: found a sparse row, expected all values of the example, with commas between them"},
		{head + "1,u,p,{5}\n", "f.arff:6: found a weight in braces, expected examples without weights"},
		{head + "1,u,p\n\n2,w,q\n", `f.arff:8: column w: found "w", expected one of the values that its @attribute lists, or ?`},
		{head + "1,u,p\nx,v,q\n", `f.arff:7: column a: found "x", expected a number, as the file declares it or columns.numeric says`},
		{head + "1,u,p\n2,v\n", "f.arff:7: found 2 cells, expected 3, as in the header"},
		{head + "1,u,p\n2,v,q,p,p,p\n", "f.arff:7: found 4 cells, expected 3, as in the header"},
		{head + "1,'u,p\n", "f.arff:6: found a quote that doesn't end, or text behind one, expected the whole cell in quotes"},
		{head, "f.arff: found a header alone, expected a line for each example"},
	} {
		_, err := readARFF(test.file)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q:\n got %v\nwant %s", test.file, err, test.want)
		}
	}
}

// FuzzARFF holds the reader to: no panic, one line of error, or a dataset whose parts
// agree.
func FuzzARFF(f *testing.F) {
	f.Add(someARFF)
	for n := 0; n < len(someARFF); n += 40 {
		f.Add(someARFF[:n])
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := readARFF(text)
		if err != nil {
			if s := err.Error(); strings.ContainsAny(s, "\n\x1b") {
				t.Fatalf("not one line of error: %q", s)
			}
			return
		}
		check(t, d)
		again, err := readARFF(text)
		if err != nil || table(again) != table(d) {
			t.Fatal(fmt.Errorf("read again it is another dataset: %v", err))
		}
	})
}
