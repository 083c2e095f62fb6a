package dataset_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"medml/dataset"
)

// peer is what scikit-learn makes of a table; testdata/sklearn/prepare.py wrote it.
type peer struct {
	Train  int
	X      [][]*float64 // nil where missing
	Full   [][]float64
	KNN1   [][]float64 `json:"knn1"`
	KNN3   [][]float64 `json:"knn3"`
	KNN5   [][]float64 `json:"knn5"`
	Even   [][]float64 `json:"uniform"`
	Normal [][]float64 `json:"normal"`

	Big     []float64 `json:"big"`
	BigAt   []float64 `json:"big_at"`
	BigEven []float64 `json:"big_uniform"`
}

func readPeer(t *testing.T) peer {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "sklearn", "prepare.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p peer
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func TestNeighboursFillWhatScikitLearnsDo(t *testing.T) {
	p := readPeer(t)
	var grid [][]float64
	for _, row := range p.X {
		var xs []float64
		for _, x := range row {
			if x == nil {
				xs = append(xs, math.NaN())
			} else {
				xs = append(xs, *x)
			}
		}
		grid = append(grid, xs)
	}
	d := gridDataset(t, grid)
	for k, want := range map[int][][]float64{1: p.KNN1, 3: p.KNN3, 5: p.KNN5} {
		prep, err := d.Prepare(dataset.Preprocess{Impute: "knn", Neighbours: k, Scale: "none"}, upTo(p.Train))
		if err != nil {
			t.Fatal(err)
		}
		m := prep.Matrix(all(d))
		for i := range want {
			for j, x := range m.Row(i) {
				if math.Abs(float64(x)-want[i][j]) > 1e-6*(1+math.Abs(want[i][j])) {
					t.Errorf("%d neighbours, row %d, feature %d: got %v, want %v", k, i, j, x, want[i][j])
				}
			}
		}
	}
}

func TestQuantilesScaleAsScikitLearnsDo(t *testing.T) {
	p := readPeer(t)
	d := gridDataset(t, p.Full)
	for scale, want := range map[string][][]float64{"quantile": p.Even, "quantile-normal": p.Normal} {
		prep, err := d.Prepare(dataset.Preprocess{Scale: scale}, upTo(p.Train))
		if err != nil {
			t.Fatal(err)
		}
		m := prep.Matrix(all(d))
		for i := range want {
			for j, x := range m.Row(i) {
				if math.Abs(float64(x)-want[i][j]) > 1e-6*(1+math.Abs(want[i][j])) {
					t.Errorf("%s, row %d, feature %d: got %v, want %v", scale, i, j, x, want[i][j])
				}
			}
		}
	}
}

func TestAThousandLevelsStandForMoreValues(t *testing.T) {
	p := readPeer(t)
	var grid [][]float64
	for _, x := range append(p.Big, p.BigAt...) {
		grid = append(grid, []float64{x})
	}
	d := gridDataset(t, grid)
	prep, err := d.Prepare(dataset.Preprocess{Scale: "quantile"}, upTo(len(p.Big)))
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range p.BigEven {
		got := make([]float32, 1)
		prep.Apply(got, []float64{p.BigAt[k]})
		if math.Abs(float64(got[0])-want) > 1e-6 {
			t.Errorf("%v: got %v, want %v", p.BigAt[k], got[0], want)
		}
	}
}

func TestMissingWordsAndConstants(t *testing.T) {
	const file = "sex,a,y\nf,1,0\nf,2,1\nm,2,0\n,,1\nm,9,1\nm,9,1\n"
	for _, test := range []struct {
		p    dataset.Preprocess
		want string
	}{
		{dataset.Preprocess{Impute: "median"}, "[1 0 2]"},
		{dataset.Preprocess{Impute: "mode"}, "[1 0 2]"},
		{dataset.Preprocess{Impute: "mean"}, "[0.6666667 0.33333334 1.6666666]"},
		{dataset.Preprocess{Impute: "constant", Fill: -7}, "[0 0 -7]"},
		{dataset.Preprocess{Impute: "mode", Indicator: true}, "[1 0 1 2 1]"},
		{dataset.Preprocess{Impute: "knn", Neighbours: 1, Indicator: true}, "[0.6666667 0.33333334 1 1.6666666 1]"},
	} {
		test.p.Scale = "none"
		d := read(t, file, dataset.Config{Preprocess: test.p}, dataset.Classification)
		prep, err := d.Prepare(test.p, upTo(4)) // of two women and a man, and one who doesn't say
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(prep.Matrix([]int{3}).Row(0)); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.p, got, test.want)
		}
	}
	d := read(t, file, dataset.Config{Preprocess: dataset.Preprocess{Indicator: true}}, dataset.Classification)
	if got, want := fmt.Sprint(d.Features), "[sex=f sex=m sex=NA a a=NA]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
