package dataset_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml/dataset"
)

func TestADescriptionFindsWhatIsWrong(t *testing.T) {
	file := "record,leak,same,gaps,a,p,y\n" + lines(60, func(i int) string {
		gap := fmt.Sprint(i % 7)
		if i%2 == 0 {
			gap = ""
		}
		return fmt.Sprintf("%d,%d,4,%s,%d.5,Patient %d,%d", 1000+i*3, i/50*100+i%3, gap, i*i%11, i/2, i/50)
	}) + "1177,101,4,3,9.5,Patient 29,0\n" + "1177,101,4,3,9.5,Patient 29,1\n"
	d := read(t, file, dataset.Config{Group: "p"}, dataset.Classification)
	got := d.Describe(all(d))
	if got.Examples != 62 || got.Patients != 30 || got.MostRows != 4 || got.Missing.Values != 30 || got.Missing.Complete != 32 {
		t.Errorf("got %+v", got)
	}
	if got.Duplicates != 1 || got.Contradictions != 1 {
		t.Errorf("%d duplicates, %d contradictions", got.Duplicates, got.Contradictions)
	}
	if !slices.Equal(got.Constant, []string{"same"}) {
		t.Errorf("constant %v", got.Constant)
	}
	b, err := json.Marshal(got)
	if err != nil || strings.Contains(string(b), "Patient") {
		t.Errorf("%v: it shows a patient: %s", err, b)
	}
}

func TestADescriptionNamesIdentifiersAndGiveaways(t *testing.T) {
	file := "record,order,leak,a,y\n" + lines(60, func(i int) string {
		return fmt.Sprintf("%d,%d,%d,%d.5,%d", 1000+i*3, 1+i*7%60, i/30*100+i%3, i*i%11, i/30)
	})
	d := read(t, file, dataset.Config{Features: []string{"record", "order", "leak", "a"}}, dataset.Classification)
	got := d.Describe(all(d))
	if diff := cmp.Diff([]string{"record", "order"}, got.Identifiers); diff != "" {
		t.Error(diff)
	}
	want := []dataset.Separator{{Feature: "record", Class: "1", Strength: 1}, {Feature: "leak", Class: "1", Strength: 1}}
	if diff := cmp.Diff(want, got.Giveaways); diff != "" {
		t.Error(diff)
	}
	r := read(t, strings.ReplaceAll(file, "record", "n"), dataset.Config{Target: "n", Features: []string{"leak", "order", "a"}}, dataset.Regression)
	if got := r.Describe(all(r)); got.Mean != 1000+3*29.5 || got.Classes != nil {
		t.Errorf("got %+v", got)
	}
}

func TestADescriptionReadsNoLockedTarget(t *testing.T) {
	d := wdbc(t)
	rows := all(d)
	got := d.Lock(rows[:100]).Describe(rows[100:]) // reading a locked one would panic
	if got.Locked != 100 || got.Classes[0].Examples+got.Classes[1].Examples != 469 || len(got.Warnings) != 0 {
		t.Errorf("got %+v", got)
	}
}
