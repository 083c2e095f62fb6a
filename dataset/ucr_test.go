package dataset_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

func TestECG200KeepsItsOwnSplit(t *testing.T) {
	folder := dataset.DataFolder(t, "ucr")
	d, err := dataset.Open(dataset.Config{Source: "ECG200", Format: "ucr", Positive: "-1"}, dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 200 || !slices.Equal(d.Shape, []int{96, 1}) || !slices.Equal(d.Classes, []string{"1", "-1"}) {
		t.Fatalf("%d examples of %v, classes %v", d.Len(), d.Shape, d.Classes)
	}
	for part, want := range map[dataset.Part]int{dataset.InTrain: 100, dataset.InTest: 100} {
		n := 0
		for _, p := range d.Parts {
			if p == part {
				n++
			}
		}
		if n != want {
			t.Errorf("%d examples of part %d, want %d", n, part, want)
		}
	}
	if x := d.Media(0); x[0] != 0.50205548 || x[4] != 2.1365158 || d.Label(0) != 1 {
		t.Errorf("the first series begins with %v, label %d", x[:5], d.Label(0))
	}
	if n := d.Counts(allOf(d)); n[1] != 67 {
		t.Errorf("%v examples of each class, want 67 ischaemic of the archive's 200", n)
	}
	file, err := dataset.Open(dataset.Config{Source: "ECG200/ECG200_TRAIN.tsv", Format: "ucr"}, dataset.Classification, folder)
	if err != nil || file.Len() != 200 {
		t.Errorf("named by its training file: %v", err)
	}
}

func TestASourceWithoutATestFileHasNoParts(t *testing.T) {
	d, err := dataset.Open(dataset.Config{Source: "ECG5000", Format: "ucr"}, dataset.Classification, dataset.DataFolder(t, "ucr"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Parts != nil || d.Len() != 500 || !slices.Equal(d.Shape, []int{140, 1}) || len(d.Classes) != 5 {
		t.Errorf("%d examples of %v, %d classes, parts %v", d.Len(), d.Shape, len(d.Classes), d.Parts)
	}
}

const tsFile = `# two channels, of unequal length
@problemName Gait
@timeStamps false
@missing true
@univariate false
@dimension 2
@equalLength false
@classLabel true sound lame

@data
1,2,3:4,5,?:sound
6,7:8,9:lame
`

func TestDimensionsOfATSFileAreChannels(t *testing.T) {
	d := openFiles(t, files{"gait.ts": tsFile}, dataset.Config{Source: "gait.ts"})
	if !slices.Equal(d.Shape, []int{3, 2}) || !slices.Equal(d.Classes, []string{"lame", "sound"}) {
		t.Fatalf("shape %v, classes %v", d.Shape, d.Classes)
	}
	for i, want := range []string{"[1 4 2 5 3 NaN]", "[6 8 7 9 NaN NaN]"} {
		if got := fmt.Sprint(d.Media(i)); got != want {
			t.Errorf("example %d: %s, want %s", i, got, want)
		}
	}
}

func TestOlderFilesOfTheArchive(t *testing.T) {
	blanks := "  1.0000000e+00  5.0e-01 NaN\n  2.0000000e+00  2.5e+00 3\n"
	commas := "1,.5,NaN\r\n2,2.5,3\r\n"
	for _, text := range []string{blanks, commas} {
		d := openFiles(t, files{"a/Old_TRAIN.txt": text, "a/README.txt": "x"}, dataset.Config{Source: "a", Format: "ucr"})
		if !slices.Equal(d.Classes, []string{"1", "2"}) || fmt.Sprint(d.Media(0)) != "[0.5 NaN]" {
			t.Errorf("classes %v, series %v", d.Classes, d.Media(0))
		}
	}
	number := strings.Replace(tsFile, "@classLabel true sound lame", "@targetLabel true", 1)
	number = strings.NewReplacer(":sound", ":1.5", ":lame", ":2").Replace(number)
	d, err := dataset.Open(dataset.Config{Source: "gait.ts"}, dataset.Regression, writeFiles(t, files{"gait.ts": number}))
	if err != nil || d.Value(0) != 1.5 {
		t.Errorf("a number to predict: %v", err)
	}
}

// FuzzUCR holds the readers of series to FuzzRead's promises.
func FuzzUCR(f *testing.F) {
	f.Add(tsFile, true)
	f.Add("1\t2\t3\n2\t4\tNaN\n", false)
	f.Add("1 2 3\n2 4 5\n", false)
	for _, bad := range badSources {
		for name, text := range bad.files {
			if strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsv") {
				f.Add(text, strings.HasSuffix(name, ".ts"))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string, ts bool) {
		name := "x.tsv"
		if ts {
			name = "x.ts"
		}
		fuzzSource(t, files{name: text}, dataset.Config{Source: name, Format: "ucr"})
	})
}

// allOf returns the numbers of all examples.
func allOf(d *dataset.Dataset) []int {
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func isNaN(x float32) bool { return math.IsNaN(float64(x)) }
