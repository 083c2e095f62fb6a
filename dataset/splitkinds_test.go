package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml/dataset"
)

// ward is a made-up table with everything that a split may go by.
type ward struct {
	cohort
	site []int // of the patient
	time []int // of the example; some are equal
	part []dataset.Part
}

// drawWard draws patients of 3 to 6 sites whose examples spread over time.
func drawWard(t *rapid.T) ward {
	w := ward{cohort: drawCohort(t)}
	rng := stream(rapid.Uint64().Draw(t, "ward"))
	sites, of := rapid.IntRange(3, 6).Draw(t, "sites"), map[int]int{}
	for _, p := range w.patients {
		if _, ok := of[p]; !ok {
			of[p] = rng.IntN(sites)
		}
		w.site = append(w.site, of[p])
		w.time = append(w.time, rng.IntN(2*len(w.patients)))
		w.part = append(w.part, []dataset.Part{dataset.InTrain, dataset.InValid, dataset.InTest}[p%7%3])
	}
	return w
}

func (w ward) dataset(t testing.TB, c dataset.Config) *dataset.Dataset {
	t.Helper()
	var file strings.Builder
	file.WriteString("a,p,site,time,part,y\n")
	for i, label := range w.labels {
		fmt.Fprintf(&file, "%d,%d,site %d,2026-01-%02d %02d:00,%s,class %d\n", i, w.patients[i], w.site[i],
			1+w.time[i]/24%31, w.time[i]%24, []string{"Train", "val", "test"}[w.part[i]], label)
	}
	c.Features = []string{"a"}
	return read(t, file.String(), c, dataset.Classification)
}

// at is the time of an example as a number.
func (w ward) at(i int) int { return w.time[i]/24%31*24 + w.time[i]%24 }

// everyKind returns a split of each kind, for examples with patients or without.
func everyKind(grouped bool) []dataset.SplitConfig {
	group := ""
	if grouped {
		group = "group-"
	}
	return []dataset.SplitConfig{
		{},
		{Kind: "stratified-" + group + "kfold", Folds: 3, Repeats: 2},
		{Kind: "stratified-" + group + "holdout", Repeats: 3},
		{Kind: "leave-one-group-out", Column: "site"},
		{Kind: "time", Column: "time", Folds: 2},
		{Kind: "predefined", Column: "part"},
		{Kind: "predefined", Column: "part", Folds: 3, Repeats: 2},
		{Kind: "nested", Folds: 3, Inner: 3, Outer: 2},
		{Kind: "nested", Folds: 4, Inner: 2, Outer: 1, Repeats: 2},
	}
}

// chance reports whether an error is that chance left a class out of a part, or too few
// moments for a window.
func chance(err error) bool {
	if err == nil {
		return false
	}
	for _, text := range []string{"none is in", "fewer than", "beside the test part", "too few for a test part"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

func TestNoKindPutsAPatientOnTwoSides(t *testing.T) {
	reached := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWard(rt)
		grouped := rapid.Bool().Draw(rt, "grouped")
		c := rapid.SampledFrom(everyKind(grouped)).Draw(rt, "split")
		config := dataset.Config{Split: c}
		if grouped {
			config.Group = "p"
		}
		d := w.dataset(t, config)
		seed := rapid.Uint64().Draw(rt, "seed")
		s, err := d.Split(c, stream(seed))
		if chance(err) {
			return
		}
		if err != nil {
			rt.Fatalf("%+v: %v", c, err)
		}
		reached[c.Kind]++
		again, err := d.Split(c, stream(seed))
		if diff := cmp.Diff(s, again); diff != "" || err != nil {
			rt.Fatalf("the same stream splits otherwise: %v %s", err, diff)
		}
		for k, f := range s.Folds {
			parts := [][]int{s.Test, f.Train, f.Valid}
			seen := map[int]bool{}
			for _, rows := range parts {
				for _, i := range rows {
					if seen[i] {
						rt.Fatalf("example %d is in two parts of fold %d", i, k)
					}
					seen[i] = true
				}
			}
		}
		if d.Groups != nil {
			patientsStayTogether(rt, d, s)
		}
	})
	for _, kind := range []string{"", "leave-one-group-out", "time", "predefined", "nested"} {
		if reached[kind] == 0 {
			t.Errorf("no draw split by kind %q", kind)
		}
	}
}

func TestEachRepeatDividesAnewAndMovesNoOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCohort(rt)
		grouped := rapid.Bool().Draw(rt, "grouped")
		d := c.dataset(t, grouped)
		kind := map[bool]string{true: "stratified-group-kfold", false: "stratified-kfold"}[grouped]
		folds, repeats := rapid.IntRange(2, 5).Draw(rt, "folds"), rapid.IntRange(2, 4).Draw(rt, "repeats")
		seed := rapid.Uint64().Draw(rt, "seed")
		once, err := d.Split(dataset.SplitConfig{Kind: kind, Folds: folds}, stream(seed))
		if err != nil {
			rt.Fatal(err)
		}
		config := dataset.SplitConfig{Kind: kind, Folds: folds, Repeats: repeats}
		often, err := d.Split(config, stream(seed))
		if err != nil {
			rt.Fatal(err)
		}
		if len(often.Folds) != folds*repeats || config.Count() != folds*repeats {
			rt.Fatalf("%d folds, Count says %d", len(often.Folds), config.Count())
		}
		if diff := cmp.Diff(once, dataset.Splits{Test: often.Test, Folds: often.Folds[:folds]}); diff != "" {
			rt.Fatal(diff)
		}
		for r := range repeats {
			partsCover(rt, d, dataset.Splits{Test: often.Test, Folds: often.Folds[r*folds : (r+1)*folds]})
		}
		if cmp.Equal(often.Folds[:folds], often.Folds[folds:2*folds]) {
			rt.Fatal("the second repeat is the first")
		}
	})
}

func TestEachGroupIsLeftOutOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWard(rt)
		bySite := rapid.Bool().Draw(rt, "by site")
		c, groups := dataset.SplitConfig{Kind: "leave-one-group-out", Test: share(0)}, w.patients
		if bySite {
			c.Column, groups = "site", w.site
		}
		d := w.dataset(t, dataset.Config{Group: "p", Split: c})
		s, err := d.Split(c, stream(rapid.Uint64().Draw(rt, "seed")))
		if chance(err) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		partsCover(rt, d, s)
		left := map[int]bool{}
		for _, f := range s.Folds {
			g := groups[f.Valid[0]]
			if left[g] {
				rt.Fatalf("group %d is left out twice", g)
			}
			left[g] = true
			for i := range d.Len() {
				if slices.Contains(f.Valid, i) != (groups[i] == g) {
					rt.Fatalf("example %d of group %d, while %d is left out", i, groups[i], g)
				}
			}
		}
	})
}

// What is trained on was over before anybody who validates, or is tested, was seen last.
func TestTheFutureIsNotTrainedOn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWard(rt)
		config := dataset.Config{Split: dataset.SplitConfig{Kind: "time", Column: "time", Folds: rapid.IntRange(2, 4).Draw(rt, "folds")}}
		if rapid.Bool().Draw(rt, "grouped") {
			config.Group = "p"
		}
		d := w.dataset(t, config)
		s, err := d.Split(config.Split, stream(1))
		if chance(err) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		last := func(i int) int {
			latest := w.at(i)
			for j := range d.Len() {
				if d.Groups != nil && d.Groups[j] == d.Groups[i] {
					latest = max(latest, w.at(j))
				}
			}
			return latest
		}
		before := func(early, late []int) {
			for _, i := range early {
				for _, j := range late {
					if w.at(i) >= last(j) {
						rt.Fatalf("example %d of %d stands before one that was last seen at %d", i, w.at(i), last(j))
					}
				}
			}
		}
		for k, f := range s.Folds {
			before(f.Train, f.Valid)
			before(slices.Concat(f.Train, f.Valid), s.Test)
			if k > 0 {
				trained := slices.Sorted(slices.Values(slices.Concat(s.Folds[k-1].Train, s.Folds[k-1].Valid)))
				if !slices.Equal(trained, f.Train) {
					rt.Fatal("a window doesn't train on all before it")
				}
			}
		}
		if got, want := float64(len(s.Test)), 0.2*float64(d.Len()); got < want/3 || got > 2*want {
			rt.Fatalf("%v examples are tested, a fifth is %v", got, want)
		}
	})
}

func TestOuterFoldsAreTheSameForEveryStudy(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCohort(rt)
		grouped := rapid.Bool().Draw(rt, "grouped")
		d := c.dataset(t, grouped)
		outer, seed := rapid.IntRange(2, 4).Draw(rt, "outer"), rapid.Uint64().Draw(rt, "seed")
		config := dataset.SplitConfig{Kind: "nested", Folds: outer, Inner: 2}
		if config.Studies() != outer {
			rt.Fatalf("%d studies", config.Studies())
		}
		var tested []int
		for k := range outer {
			config.Outer, config.Inner = k+1, 2
			s, err := d.Split(config, stream(seed))
			if err != nil {
				rt.Fatal(err)
			}
			config.Inner = 3
			other, err := d.Split(config, stream(seed))
			if err != nil || !slices.Equal(other.Test, s.Test) {
				rt.Fatalf("the test part depends on the inner folds: %v", err)
			}
			partsCover(rt, d, s)
			partsCover(rt, d, other)
			tested = append(tested, s.Test...)
		}
		slices.Sort(tested)
		for i, row := range tested {
			if i != row {
				rt.Fatalf("over all studies %v is tested", tested)
			}
		}
		if len(tested) != d.Len() {
			rt.Fatalf("%d of %d are tested", len(tested), d.Len())
		}
	})
}

func TestTheSourcesOwnTestPartIsLocked(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWard(rt)
		grouped := rapid.Bool().Draw(rt, "grouped")
		c := rapid.SampledFrom(everyKind(grouped)[:5]).Draw(rt, "split")
		config := dataset.Config{Split: c}
		if grouped {
			config.Group = "p"
		}
		d := w.dataset(t, config)
		d.Parts = w.part
		var own []int
		for i, p := range w.part {
			if p == dataset.InTest {
				own = append(own, i)
			}
		}
		s, err := d.Split(c, stream(1))
		if chance(err) {
			return
		}
		if err != nil || !slices.Equal(s.Test, own) {
			rt.Fatalf("%+v locks %v, not %v: %v", c, s.Test, own, err)
		}
		c.Test = share(0.3)
		if _, err := d.Split(c, stream(1)); err == nil || !strings.Contains(err.Error(), "data.split.test: the source has a test part of its own") {
			rt.Fatalf("a share beside it: %v", err)
		}
		c.Pool = true
		pooled, err := d.Split(c, stream(1))
		d.Parts = nil
		c.Pool = false
		plain, _ := d.Split(c, stream(1))
		if err == nil && cmp.Diff(pooled, plain) != "" {
			rt.Fatal("pooled, the source's parts still count")
		}
	})
}
