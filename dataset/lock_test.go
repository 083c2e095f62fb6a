package dataset_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medml/dataset"
)

// panics reports whether f does.
func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

func TestLockedLabelsCannotBeRead(t *testing.T) {
	file := "a,y\n" + lines(20, func(i int) string { return fmt.Sprintf("%d,%d", i, i%2) })
	for _, task := range []dataset.Task{dataset.Classification, dataset.Regression} {
		open := read(t, file, dataset.Config{}, task)
		d := open.Lock([]int{3, 7})
		p, err := d.Prepare(dataset.Preprocess{}, []int{0, 1, 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{3, 7} {
			for name, reading := range map[string]func(*dataset.Dataset){
				"label": func(d *dataset.Dataset) {
					if task == dataset.Classification {
						d.Label(i)
					} else {
						d.Value(i)
					}
				},
				"counts": func(d *dataset.Dataset) {
					if d.Counts([]int{0, i}) == nil {
						d.Value(i)
					}
				},
			} {
				if panics(func() { reading(open) }) || !panics(func() { reading(d) }) || panics(func() { reading(d.Unlock()) }) {
					t.Errorf("%s: the %s of example %d isn't locked, or not only that of the locked dataset", task, name, i+1)
				}
			}
			if !panics(func() { p.Matrix([]int{0, i}) }) {
				t.Errorf("%s: a matrix holds what is locked", task)
			}
			if !panics(func() { _, _ = d.Prepare(dataset.Preprocess{}, []int{i}) }) && task == dataset.Regression {
				t.Error("a preparation learns from a locked target")
			}
			if d.Row(i)[0] != float64(i) {
				t.Errorf("%s: the features are gone, too", task)
			}
		}
		if panics(func() { p.Matrix([]int{0, 1, 2, 4, 8}) }) {
			t.Errorf("%s: what isn't locked can't be read", task)
		}
		if _, err := d.Unlock().Split(dataset.SplitConfig{}, stream(1)); err != nil {
			t.Error(err)
		}
	}
}

// Examples of few values come again; every one that is judged with a twin that was
// trained on is found, by no more than its features.
func TestWhatASplitGivesAwayIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(30, 60).Draw(rt, "examples")
		values := rapid.SliceOfN(rapid.IntRange(0, 40), n, n).Draw(rt, "values")
		cell := func(x int) string { // 7 stands for a missing value
			if x == 7 {
				return ""
			}
			return fmt.Sprint(x)
		}
		d := read(t, "a,b,y\n"+lines(n, func(i int) string { return fmt.Sprintf("%s,1,%d", cell(values[i]), i%2) }), dataset.Config{}, dataset.Classification)
		s, err := d.Split(dataset.SplitConfig{Folds: 3, Repeats: 2}, stream(rapid.Uint64().Draw(rt, "seed")))
		if err != nil {
			rt.Fatal(err)
		}
		twins := func(judged, trained []int) (found []int) {
			for _, i := range judged {
				if slices.ContainsFunc(trained, func(j int) bool { return values[i] == values[j] }) {
					found = append(found, i)
				}
			}
			return found
		}
		var validated []int
		for _, f := range s.Folds {
			validated = append(validated, twins(f.Valid, f.Train)...)
		}
		slices.Sort(validated)
		want := map[string]int{"validation": len(slices.Compact(validated)), "test": len(twins(s.Test, slices.Concat(s.Folds[0].Train, s.Folds[0].Valid)))}
		got := map[string]int{"validation": 0, "test": 0}
		for _, l := range d.Lock(s.Test).Check(s) {
			if l.Kind != dataset.DuplicateLeak || l.Fatal() {
				rt.Fatalf("%v", l)
			}
			got[l.Part] = l.Examples
			for _, p := range l.Pairs {
				if values[p[0]-1] != values[p[1]-1] {
					rt.Fatalf("examples %v aren't the same", p)
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("found %v, there are %v", got, want)
		}
	})
}

func TestAPatientOnTwoSidesIsALeak(t *testing.T) {
	d := read(t, "a,p,y\n"+lines(12, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, i/2, i%2) }), dataset.Config{Group: "p"}, dataset.Classification)
	s := dataset.Splits{Test: []int{10, 11}, Folds: []dataset.Fold{{Train: []int{0, 1, 2, 3, 4}, Valid: []int{5, 6, 7, 8, 9}}}}
	leaks := d.Check(s)
	if len(leaks) != 1 || !leaks[0].Fatal() || leaks[0].String() != "1 example in the validation parts of a patient who is trained on, too (5 and 6)" {
		t.Errorf("%v", leaks)
	}
	s.Folds[0] = dataset.Fold{Train: []int{0, 1, 2, 3}, Valid: []int{4, 5, 6, 7, 8, 9}}
	if leaks := d.Check(s); len(leaks) != 0 {
		t.Errorf("%v", leaks)
	}
	if got := (dataset.Leak{Kind: dataset.DuplicateLeak, Part: "test", Examples: 4, Pairs: [][2]int{{1, 9}, {2, 10}, {3, 11}}}).String(); got !=
		"4 examples in the test part with the same features as one that is trained on (1 and 9, 2 and 10, 3 and 11, …)" {
		t.Error(got)
	}
}

// A collection of pictures that is known for its copies: they are found across a split,
// and none is left once those that look alike are one patient.
func TestPicturesThatLookAlikeAreALeak(t *testing.T) {
	folder := dataset.DataFolder(t, "brain_mri")
	c := dataset.Config{Source: folder, Format: "images", Image: dataset.ImageConfig{Size: []int{64, 64}, Color: "grey"}}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Split(dataset.SplitConfig{}, stream(1))
	if err != nil {
		t.Fatal(err)
	}
	examples := map[dataset.LeakKind]int{}
	for _, l := range d.Lock(s.Test).Check(s) {
		examples[l.Kind] += l.Examples
	}
	if examples[dataset.LookalikeLeak] < 20 || examples[dataset.LookalikeLeak] < examples[dataset.DuplicateLeak] {
		t.Errorf("a collection known for its copies gives away %v", examples)
	}
	c.Image.Duplicates = "group"
	if d, err = dataset.Open(c, dataset.Classification, ""); err != nil {
		t.Fatal(err)
	}
	if s, err = d.Split(dataset.SplitConfig{}, stream(1)); err != nil {
		t.Fatal(err)
	}
	if leaks := d.Check(s); len(leaks) > 0 {
		t.Errorf("grouped by their looks: %v", leaks)
	}
}
