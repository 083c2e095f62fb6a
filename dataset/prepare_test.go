package dataset_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"medml/dataset"
)

// learnt is what a preparation holds for one feature.
type learnt struct{ Fill, Center, Scale float64 }

func TestPreparationsLearnWhatAHandComputes(t *testing.T) {
	const file = "a,y\n2,0\n4,1\n,0\n4,1\n10,0\n1000,1\n" // the last row isn't trained on
	train := []int{0, 1, 2, 3, 4}
	for _, test := range []struct {
		impute, scale string
		want          learnt
	}{
		// Filled with the median 4: 2 4 4 4 10, of mean 4.8 and squared distances 36.8 in all.
		{"", "", learnt{4, 4.8, math.Sqrt(36.8 / 5)}},
		{"median", "minmax", learnt{4, 2, 8}},
		{"median", "none", learnt{4, 0, 1}},
		// The quartiles are both 4: the standard deviation stands in.
		{"median", "robust", learnt{4, 4, math.Sqrt(36.8 / 5)}},
		// Filled with the mean 5: 2 4 5 4 10, sorted 2 4 4 5 10.
		{"mean", "standard", learnt{5, 5, math.Sqrt(36.0 / 5)}},
		{"mean", "minmax", learnt{5, 2, 8}},
		{"mean", "robust", learnt{5, 4, 1}},
		{"mean", "none", learnt{5, 0, 1}},
	} {
		d := read(t, file, dataset.Config{}, dataset.Classification)
		p, err := d.Prepare(dataset.Preprocess{Impute: test.impute, Scale: test.scale}, train)
		if err != nil {
			t.Fatal(err)
		}
		got := learnt{p.Fill[0], p.Center[0], p.Scale[0]}
		if diff := cmp.Diff(test.want, got, cmpopts.EquateApprox(1e-15, 0)); diff != "" {
			t.Errorf("%s %s: %s", test.impute, test.scale, diff)
		}
		m := p.Matrix([]int{5, 2})
		want := []float32{float32((1000 - got.Center) / got.Scale), float32((got.Fill - got.Center) / got.Scale)}
		if !slices.Equal(m.X, want) || !slices.Equal(m.Labels, []int32{1, 0}) || m.Targets != nil {
			t.Errorf("%s %s: got %v %v, want %v", test.impute, test.scale, m.X, m.Labels, want)
		}
	}
}

func TestQuartilesInterpolate(t *testing.T) {
	d := read(t, "a,y\n1,0\n2,1\n4,0\n8,1\n", dataset.Config{}, dataset.Classification)
	p, err := d.Prepare(dataset.Preprocess{Scale: "robust"}, []int{3, 1, 2, 0})
	if err != nil {
		t.Fatal(err)
	}
	// Of 1 2 4 8 the quartiles are 1.75, 3 and 5, as numpy.percentile has them.
	if p.Center[0] != 3 || p.Scale[0] != 3.25 {
		t.Errorf("got center %v and scale %v, want 3 and 3.25", p.Center[0], p.Scale[0])
	}
}

func TestFeaturesThatTeachNothingBecomeZero(t *testing.T) {
	// 0.1 three times doesn't add up to 0.3 in floating point.
	const file = "same,noise,absent,a,y\n0.1,0.3,,1,0\n0.1,0.30000000000000004,,2,1\n0.1,0.3,,3,0\n5,6,7,4,1\n"
	for scale, want := range map[string][]float32{
		"standard": {0, 0, 0}, "minmax": {0, 0, 0}, "robust": {0, 0, 0}, "none": {5, 6, 0},
	} {
		d := read(t, file, dataset.Config{}, dataset.Classification)
		p, err := d.Prepare(dataset.Preprocess{Scale: scale}, []int{0, 1, 2})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Matrix([]int{3}).Row(0)[:3]; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", scale, got, want)
		}
	}
}

func TestTargetsOfARegressionAreMeasured(t *testing.T) {
	d := read(t, "a,y\n1,2\n2,4\n3,9\n4,100\n", dataset.Config{}, dataset.Regression)
	p, err := d.Prepare(dataset.Preprocess{}, []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if want := math.Sqrt(26.0 / 3); p.TargetMean != 5 || math.Abs(p.TargetSD-want) > 1e-15 {
		t.Errorf("got %v and %v, want 5 and %v", p.TargetMean, p.TargetSD, want)
	}
	if m := p.Matrix([]int{3, 0}); !slices.Equal(m.Targets, []float32{100, 2}) || m.Labels != nil || m.Len() != 2 {
		t.Errorf("got targets %v, labels %v", m.Targets, m.Labels)
	}
	if p, err = d.Prepare(dataset.Preprocess{}, []int{1}); err != nil || p.TargetMean != 4 || p.TargetSD != 1 {
		t.Errorf("one target: got %v, %v, %v, want 4, 1", p.TargetMean, p.TargetSD, err)
	}
}

func TestPreparationsThatCannotBe(t *testing.T) {
	d := read(t, "a,b,y\n1,2,0\n3,,1\n5,6,1\n", dataset.Config{}, dataset.Classification)
	for _, test := range []struct {
		p     dataset.Preprocess
		train []int
		want  string
	}{
		{dataset.Preprocess{}, nil, "preparing cases: the training part is empty"},
		{dataset.Preprocess{Impute: "none"}, []int{0, 2}, "preparing cases: example 2 has no value of b, and impute is none"},
		{dataset.Preprocess{Scale: "standart"}, []int{0, 2}, `data.preprocess.scale: unknown scaling "standart"; did you mean standard?`},
	} {
		if _, err := d.Prepare(test.p, test.train); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// grid is a drawn table of numbers, NaN where missing; the first row is complete.
func drawGrid(t *rapid.T) [][]float64 {
	number := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Float64Range(-1, 1), rapid.Just(0.1), rapid.Just(math.NaN()))
	width := rapid.IntRange(1, 5).Draw(t, "width")
	grid := rapid.SliceOfN(rapid.SliceOfN(number, width, width), 4, 30).Draw(t, "grid")
	for j, x := range grid[0] {
		if x != x {
			grid[0][j] = 3
		}
	}
	return grid
}

func gridDataset(t testing.TB, grid [][]float64) *dataset.Dataset {
	var file strings.Builder
	for j := range grid[0] {
		fmt.Fprintf(&file, "x%d,", j)
	}
	file.WriteString("y\n")
	for i, row := range grid {
		for _, x := range row {
			fmt.Fprint(&file, x, ",")
		}
		fmt.Fprintln(&file, i%2)
	}
	return read(t, file.String(), dataset.Config{}, dataset.Classification)
}

func drawPreprocess(t *rapid.T) dataset.Preprocess {
	return dataset.Preprocess{
		Impute: rapid.SampledFrom([]string{"median", "mean", "mode", "knn", "constant"}).Draw(t, "impute"),
		Scale:  rapid.SampledFrom([]string{"standard", "minmax", "robust", "quantile", "quantile-normal", "none"}).Draw(t, "scale"),
	}
}

func TestPreparationsSeeTheTrainingRowsAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grid, how := drawGrid(rt), drawPreprocess(rt)
		var train []int
		for i := range grid {
			if i%3 != 1 {
				train = append(train, i)
			}
		}
		before, err := gridDataset(t, grid).Prepare(how, train)
		if err != nil {
			rt.Fatal(err)
		}
		for i := range grid {
			if i%3 == 1 {
				for j := range grid[i] {
					grid[i][j] = rapid.SampledFrom([]float64{math.NaN(), -1e30, 0, 1e30}).Draw(rt, "other")
				}
			}
		}
		d := gridDataset(t, grid)
		slices.Reverse(train) // nor does their order count
		after, err := d.Prepare(how, train)
		if err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(encoded(rt, before), encoded(rt, after)) {
			rt.Fatalf("rows outside the training part changed what was learnt: %v, %v", before, after)
		}
	})
}

func TestScaledTrainingPartsHaveTheirMeasure(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grid, how := drawGrid(rt), drawPreprocess(rt)
		d := gridDataset(t, grid)
		rows := make([]int, d.Len())
		for i := range rows {
			rows[i] = i
		}
		p, err := d.Prepare(how, rows)
		if err != nil {
			rt.Fatal(err)
		}
		m := p.Matrix(rows)
		for j := range m.Width {
			var sum, squares float64
			low, high := math.Inf(1), math.Inf(-1)
			for i := range rows {
				x := float64(m.Row(i)[j])
				sum, squares = sum+x, squares+x*x
				low, high = min(low, x), max(high, x)
			}
			n := float64(len(rows))
			constant := p.Scale[j] == 0
			switch {
			case constant && (low != 0 || high != 0):
				rt.Fatalf("constant feature %d lies in %v to %v", j, low, high)
			case constant:
			case how.Scale == "standard" && (math.Abs(sum/n) > 1e-5 || math.Abs(squares/n-1) > 1e-4):
				rt.Fatalf("feature %d has mean %v and mean square %v", j, sum/n, squares/n)
			case how.Scale == "minmax" && (low != 0 || high != 1):
				rt.Fatalf("feature %d lies in %v to %v", j, low, high)
			}
		}
	})
}

func TestScalingIsUndoneByItsInverse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grid, how := drawGrid(rt), drawPreprocess(rt)
		if strings.HasPrefix(how.Scale, "quantile") || how.Impute == "knn" {
			return // neither is a centre and a scale
		}
		d := gridDataset(t, grid)
		p, err := d.Prepare(how, []int{0, 1, 2})
		if err != nil {
			rt.Fatal(err)
		}
		dst := make([]float32, len(d.Features))
		for i := range d.Len() {
			p.Apply(dst, d.Row(i))
			for j, x := range d.Row(i) {
				if x != x {
					x = p.Fill[j]
				}
				back := float64(dst[j])*p.Scale[j] + p.Center[j]
				tolerance := 1e-6*(math.Abs(x)+math.Abs(p.Center[j])) + p.Scale[j]*math.SmallestNonzeroFloat32
				saturated := math.Abs(float64(dst[j])) == math.MaxFloat32
				if p.Scale[j] != 0 && !saturated && math.Abs(back-x) > tolerance {
					rt.Fatalf("row %d, feature %d: %v came back as %v", i, j, x, back)
				}
			}
		}
	})
}

func TestWhatFloat32CannotHoldSaturates(t *testing.T) {
	d := read(t, "a,y\n0,0\n1e-30,1\n1e38,0\n-1e38,1\n", dataset.Config{}, dataset.Classification)
	p, err := d.Prepare(dataset.Preprocess{}, []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Matrix([]int{2, 3}).X; got[0] != math.MaxFloat32 || got[1] != -math.MaxFloat32 {
		t.Errorf("got %v", got)
	}
}

func TestPreparingARowAllocatesNothing(t *testing.T) {
	d := wdbc(t)
	p, err := d.Prepare(dataset.Preprocess{}, []int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float32, len(d.Features))
	if n := testing.AllocsPerRun(100, func() { p.Apply(dst, d.Row(9)) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
