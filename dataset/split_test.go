package dataset_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml/dataset"
)

func stream(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// cohort is a made-up classification: the class and patient of each example.
type cohort struct{ labels, patients []int }

func (c cohort) dataset(t testing.TB, grouped bool) *dataset.Dataset {
	t.Helper()
	var file strings.Builder
	file.WriteString("a,p,y\n")
	for i, label := range c.labels {
		fmt.Fprintf(&file, "%d,%d,class %d\n", i, c.patients[i], label)
	}
	config := dataset.Config{Features: []string{"a"}}
	if grouped {
		config.Group = "p"
	}
	return read(t, file.String(), config, dataset.Classification)
}

// drawCohort draws examples of 2 to 4 classes, with at least 12 patients of each: enough
// for every split with up to 5 folds.
func drawCohort(t *rapid.T) cohort {
	var c cohort
	patient := 0
	for class := range rapid.IntRange(2, 4).Draw(t, "classes") {
		for range rapid.IntRange(12, 40).Draw(t, "patients") {
			for range rapid.IntRange(1, 3).Draw(t, "examples") {
				c.labels, c.patients = append(c.labels, class), append(c.patients, patient)
			}
			patient++
		}
	}
	for i, at := range stream(rapid.Uint64().Draw(t, "order")).Perm(len(c.labels)) {
		c.labels[i], c.labels[at] = c.labels[at], c.labels[i]
		c.patients[i], c.patients[at] = c.patients[at], c.patients[i]
	}
	return c
}

var kinds = []string{
	"holdout", "stratified-holdout", "group-holdout", "stratified-group-holdout",
	"kfold", "stratified-kfold", "group-kfold", "stratified-group-kfold",
}

func TestEverySplitKeepsItsLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCohort(rt)
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		config := dataset.SplitConfig{Kind: kind, Test: rapid.SampledFrom([]*float64{nil, share(0), share(0.15), share(0.3), share(0.5)}).Draw(rt, "test")}
		if strings.HasSuffix(kind, "kfold") {
			config.Folds = rapid.IntRange(2, 5).Draw(rt, "folds")
		} else {
			config.Valid = rapid.SampledFrom([]float64{0, 0.25, 0.5}).Draw(rt, "valid")
		}
		seed := rapid.Uint64().Draw(rt, "seed")
		d := c.dataset(t, strings.Contains(kind, "group"))
		s, err := d.Split(config, stream(seed))
		if err != nil {
			// Chance may leave a class out of a part where classes aren't balanced.
			if !strings.HasPrefix(kind, "stratified") && strings.Contains(err.Error(), "none is in") {
				return
			}
			rt.Fatal(err)
		}
		again, err := d.Split(config, stream(seed))
		if diff := cmp.Diff(s, again); diff != "" || err != nil {
			rt.Fatalf("the same stream splits otherwise: %v %s", err, diff)
		}
		partsCover(rt, d, s)
		if d.Groups != nil {
			patientsStayTogether(rt, d, s)
			return
		}
		stratified := strings.HasPrefix(kind, "stratified")
		sharesAreKept(rt, d, s, config, stratified)
	})
}

// partsCover holds: parts are ascending and disjoint, and hold every example.
func partsCover(t *rapid.T, d *dataset.Dataset, s dataset.Splits) {
	var valid []int
	for _, f := range s.Folds {
		all := slices.Concat(s.Test, f.Train, f.Valid)
		slices.Sort(all)
		for i, x := range all {
			if i != x || len(all) != d.Len() {
				t.Fatalf("the parts hold %v", all)
			}
		}
		if !slices.IsSorted(f.Train) || !slices.IsSorted(f.Valid) || !slices.IsSorted(s.Test) {
			t.Fatal("a part isn't ascending")
		}
		valid = append(valid, f.Valid...)
	}
	if len(s.Folds) == 1 {
		return
	}
	all := append(valid, s.Test...)
	slices.Sort(all)
	if len(slices.Compact(all)) != d.Len() || len(valid)+len(s.Test) != d.Len() {
		t.Fatal("the validation parts of the folds don't cover the development part once")
	}
}

// patientsStayTogether holds: no patient is on two sides.
func patientsStayTogether(t *rapid.T, d *dataset.Dataset, s dataset.Splits) {
	for _, f := range s.Folds {
		side := map[int]int{}
		for part, rows := range [][]int{s.Test, f.Train, f.Valid} {
			for _, i := range rows {
				if before, ok := side[d.Groups[i]]; ok && before != part {
					t.Fatalf("patient %d is on two sides", d.Groups[i])
				}
				side[d.Groups[i]] = part
			}
		}
	}
}

// sharesAreKept holds: sizes are exact within 1 and so, in a stratified split, are the
// counts of each class.
func sharesAreKept(t *rapid.T, d *dataset.Dataset, s dataset.Splits, c dataset.SplitConfig, stratified bool) {
	share := 0.2
	if c.Test != nil {
		share = *c.Test
	}
	var rest []int
	for i := range d.Len() {
		if !slices.Contains(s.Test, i) {
			rest = append(rest, i)
		}
	}
	near(t, "test part", float64(len(s.Test)), share*float64(d.Len()))
	inFold := orDefault(c.Valid)
	if c.Folds > 0 {
		inFold = 1 / float64(c.Folds)
	}
	for _, f := range s.Folds {
		near(t, "validation part", float64(len(f.Valid)), inFold*float64(len(rest)))
	}
	if !stratified {
		return
	}
	whole, left := d.Counts(slices.Concat(rest, s.Test)), d.Counts(rest)
	for class, n := range d.Counts(s.Test) {
		near(t, "class in the test part", float64(n), share*float64(whole[class]))
	}
	for _, f := range s.Folds {
		for class, n := range d.Counts(f.Valid) {
			near(t, "class in a validation part", float64(n), inFold*float64(left[class]))
		}
	}
}

// share is a share as a configuration gives it.
func share(x float64) *float64 { return &x }

func orDefault(share float64) float64 {
	if share == 0 {
		return 0.2
	}
	return share
}

func near(t *rapid.T, what string, got, want float64) {
	if math.Abs(got-want) >= 1+1e-9 {
		t.Fatalf("%s: got %v examples, its exact share is %v", what, got, want)
	}
}

func TestTheTestPartDoesNotDependOnTheFolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCohort(rt)
		grouped := rapid.Bool().Draw(rt, "grouped")
		kinds := []string{"stratified-kfold", "stratified-holdout"}
		if grouped {
			kinds = []string{"stratified-group-kfold", "stratified-group-holdout"}
		}
		d := c.dataset(t, grouped)
		seed := rapid.Uint64().Draw(rt, "seed")
		var tests [][]int
		for _, config := range []dataset.SplitConfig{{Kind: kinds[0], Folds: 2}, {Kind: kinds[0], Folds: 5}, {Kind: kinds[1]}} {
			s, err := d.Split(config, stream(seed))
			if err != nil {
				rt.Fatal(err)
			}
			tests = append(tests, s.Test)
		}
		if !slices.Equal(tests[0], tests[1]) || !slices.Equal(tests[0], tests[2]) {
			rt.Fatalf("test parts differ: %v", tests)
		}
	})
}

// Each example is in the test part as often as its share says. 240 counts of 2000
// seeds: one beyond 5 standard deviations would come by chance in one of 7,000 changes of
// this test.
func TestEveryExampleIsAsLikelyToBeTested(t *testing.T) {
	file := "a,p,y\n" + lines(60, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, i, i%3/2) })
	for _, kind := range []string{"kfold", "stratified-kfold", "group-kfold", "stratified-group-kfold"} {
		task, config := dataset.Regression, dataset.Config{Features: []string{"a"}} // which has no class to lack
		if strings.HasPrefix(kind, "stratified") {
			task = dataset.Classification
		}
		if strings.Contains(kind, "group") {
			config.Group = "p"
		}
		d := read(t, file, config, task)
		tested := make([]int, d.Len())
		const seeds = 2000
		for seed := range uint64(seeds) {
			s, err := d.Split(dataset.SplitConfig{Kind: kind, Folds: 2}, stream(seed))
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range s.Test {
				tested[i]++
			}
		}
		deviation := math.Sqrt(seeds * 0.2 * 0.8)
		for i, n := range tested {
			if math.Abs(float64(n)-seeds*0.2) > 5*deviation {
				t.Errorf("%s: example %d was tested %d times of %d", kind, i, n, seeds)
			}
		}
	}
}

// Without classes to balance, the greedy choice is that of the longest processing time
// first: its parts differ by no more than the largest patient (Graham 1969).
func TestGroupedFoldsAreOfLikeSize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCohort(rt)
		for i := range c.labels {
			c.labels[i] = i % 2 // in each patient and so in each part
		}
		d := c.dataset(t, true)
		s, err := d.Split(dataset.SplitConfig{Kind: "group-kfold", Folds: rapid.IntRange(2, 5).Draw(rt, "folds")}, stream(1))
		if err != nil {
			return // chance: see TestEverySplitKeepsItsLaws
		}
		sizes := []int{}
		for _, f := range s.Folds {
			sizes = append(sizes, len(f.Valid))
		}
		if slices.Max(sizes)-slices.Min(sizes) > 3 {
			rt.Fatalf("validation parts of %v, with no patient above 3 examples", sizes)
		}
	})
}

// Patients of one class each and of 1 to 3 examples can be spread well: no part's share
// of a class is off by more than two patients.
func TestStratifiedGroupedPartsBalanceTheClasses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawCohort(rt).dataset(t, true)
		const folds = 4
		s, err := d.Split(dataset.SplitConfig{Kind: "stratified-group-kfold", Folds: folds}, stream(rapid.Uint64().Draw(rt, "seed")))
		if err != nil {
			rt.Fatal(err)
		}
		rest := d.Counts(slices.Concat(s.Folds[0].Train, s.Folds[0].Valid))
		for k, f := range s.Folds {
			for class, n := range d.Counts(f.Valid) {
				if exact := float64(rest[class]) / folds; math.Abs(float64(n)-exact) > 6 {
					rt.Fatalf("fold %d has %d of class %d, its exact share is %v", k, n, class, exact)
				}
			}
		}
		for class, n := range d.Counts(s.Test) {
			if exact := 0.2 * float64(rest[class]+n); math.Abs(float64(n)-exact) > 6 {
				rt.Fatalf("the test part has %d of class %d, its exact share is %v", n, class, exact)
			}
		}
	})
}

func TestSplitsThatCannotBe(t *testing.T) {
	rare := func(n int) cohort { // 40 of class 0, n of class 1, each a patient of its own
		var c cohort
		for i := range 40 + n {
			c.labels, c.patients = append(c.labels, i/40), append(c.patients, i)
		}
		return c
	}
	two := cohort{labels: []int{0, 1, 0, 1, 0, 1, 0, 1}, patients: []int{0, 0, 0, 0, 1, 1, 1, 1}}
	var four, onePatient cohort
	for i := range 40 {
		four.labels, four.patients = append(four.labels, i%2), append(four.patients, i/10)
		onePatient.labels, onePatient.patients = append(onePatient.labels, min(i/4, 1)), append(onePatient.patients, i/4)
	}
	for _, test := range []struct {
		name    string
		cohort  cohort
		grouped bool
		config  dataset.SplitConfig
		want    string
	}{
		{"a class with too few examples for the folds", rare(5), false, dataset.SplitConfig{}, `data.split.folds: class "class 1" has 4 examples beside the test part, fewer than 5 folds`},
		{"a class with too few examples for a test part", rare(2), false, dataset.SplitConfig{}, `data.split.test: class "class 1" has 2 examples, and none is in the test part`},
		{"a class with one example", rare(1), false, dataset.SplitConfig{Kind: "stratified-holdout"}, `data.split.test: class "class 1" has 1 example, and none is in the test part`},
		{"a class in the test part alone", rare(1), false, dataset.SplitConfig{Kind: "holdout", Seed: 1, Test: share(0.97)}, `data.split.valid: class "class 1" has 0 examples beside the test part, and none is in the training part of fold 1`},
		{"a test part of nothing", rare(1), false, dataset.SplitConfig{Test: share(0.001)}, `data.split.test: 41 examples: too few for a test part and a rest`},
		{"a test part of everything", rare(1), false, dataset.SplitConfig{Kind: "kfold", Test: share(0.999)}, `data.split.test: 41 examples: too few for a test part and a rest`},
		{"fewer examples than folds", rare(40), false, dataset.SplitConfig{Kind: "kfold", Folds: 70}, `data.split.folds: 64 examples beside the test part, fewer than 70 folds`},
		{"as many folds as examples", rare(40), false, dataset.SplitConfig{Kind: "kfold", Folds: 64}, `data.split.folds: class "class 1" has 30 examples beside the test part, and none is in the validation part of fold 1`},
		{"too few patients for a test part", two, true, dataset.SplitConfig{}, `data.split.test: 2 patients: too few for a test part and a rest`},
		{"fewer patients than folds", four, true, dataset.SplitConfig{}, `data.split.folds: 3 patients beside the test part, fewer than 5 folds`},
		{"a class of one patient", onePatient, true, dataset.SplitConfig{}, `data.split.test: class "class 0" has 4 examples, and none is in the test part`},
		{"a patient on two sides", two, true, dataset.SplitConfig{Kind: "kfold"}, `data.split.kind: "kfold" would put a patient on two sides: expected group-kfold`},
	} {
		d := test.cohort.dataset(t, test.grouped)
		_, err := d.Split(test.config, stream(test.config.Seed))
		var field *dataset.FieldError
		if !errors.As(err, &field) || err.Error() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
	}
}

func TestARegressionIsSplitToo(t *testing.T) {
	for _, kind := range []string{"", "kfold", "holdout"} {
		d := read(t, "a,y\n"+lines(20, func(i int) string { return fmt.Sprintf("%d,%d.5", i, i) }), dataset.Config{}, dataset.Regression)
		s, err := d.Split(dataset.SplitConfig{Kind: kind}, stream(3))
		if err != nil || len(s.Test) != 4 {
			t.Errorf("%q: %d in the test part, %v", kind, len(s.Test), err)
		}
	}
	d := read(t, "a,y\n1,2\n", dataset.Config{}, dataset.Regression)
	if _, err := d.Split(dataset.SplitConfig{}, stream(3)); err == nil || err.Error() != "data.split.test: 1 example: too few for a test part and a rest" {
		t.Errorf("one example: %v", err)
	}
}
