package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

func TestSplitsByWhatTheDataSayThatCannotBe(t *testing.T) {
	const head = "a,p,site,time,part,y\n"
	table := head + lines(40, func(i int) string {
		return fmt.Sprintf("%d,%d,%d,%d,%s,%d", i, i/2, i%4, i, []string{"train", "test"}[i/30], i%2)
	})
	for _, test := range []struct {
		name, file, group string
		config            dataset.SplitConfig
		parts             []dataset.Part
		want              string
	}{
		{"a patient at two sites", table, "p", dataset.SplitConfig{Kind: "leave-one-group-out", Column: "site", Test: share(0)}, nil,
			"data.split: a patient is on two sides: example 2 in the training part of fold 1, example 1 in its validation part"},
		{"a patient in two predefined parts", strings.Replace(table, "29,14,1,29,train", "29,15,1,29,train", 1), "p", dataset.SplitConfig{Kind: "predefined", Column: "part", Folds: 2}, nil,
			"data.split: a patient is on two sides: example 30 in the development part, examples 31, 32 in the test part"},
		{"too many to leave out", head + lines(500, func(i int) string { return fmt.Sprintf("%d,%d,1,1,train,%d", i, i, i%2) }), "p", dataset.SplitConfig{Kind: "leave-one-group-out"}, nil,
			"data.split.kind: 400 patients beside the test part, and leaving out each is a training: expected at most 200, or stratified-group-kfold"},
		{"one site", head + lines(20, func(i int) string { return fmt.Sprintf("%d,%d,1,1,train,%d", i, i, i%2) }), "", dataset.SplitConfig{Kind: "leave-one-group-out", Column: "site", Test: share(0)}, nil,
			"data.split.column: 1 value beside the test part: expected at least 2 to leave out in turn"},
		{"an example without a site", strings.Replace(table, "5,2,1,5", "5,2,,5", 1), "", dataset.SplitConfig{Kind: "leave-one-group-out", Column: "site"}, nil,
			"data.split.column: example 6 has no value in column site"},
		{"an example without a time", strings.Replace(table, "5,2,1,5", "5,2,1,", 1), "", dataset.SplitConfig{Kind: "time", Column: "time"}, nil,
			"data.split.column: example 6 has no time in column time"},
		{"a date of two readings", strings.Replace(table, "5,2,1,5", "5,2,1,03/04/2026", 1), "", dataset.SplitConfig{Kind: "time", Column: "time"}, nil,
			`data.split.column: example 1 has "0" in column time: expected a date as in 2006-01-31 or 2006-01-31 15:04:05, or numbers throughout`},
		{"one time", head + lines(20, func(i int) string { return fmt.Sprintf("%d,%d,1,7,train,%d", i, i, i%2) }), "", dataset.SplitConfig{Kind: "time", Column: "time", Test: share(0)}, nil,
			"data.split.folds: 1 different time beside the test part don't make 5 windows of time and one to begin with"},
		{"a word that is no part", strings.Replace(table, "5,train", "5,dev", 1), "", dataset.SplitConfig{Kind: "predefined", Column: "part"}, nil,
			`data.split.column: example 6 has "dev" in column part: expected train, valid or test`},
		{"no validation part", table, "", dataset.SplitConfig{Kind: "predefined", Column: "part"}, nil,
			"data.split.folds: there is no validation part: expected how many folds the training part is divided in"},
		{"no parts", table, "", dataset.SplitConfig{Kind: "predefined"}, nil,
			"data.split.kind: the source has no parts of its own: expected column, which names them"},
		{"nothing to pool", table, "", dataset.SplitConfig{Pool: true}, nil,
			"data.split.pool: the source has no parts of its own"},
		{"nested in spite of parts", table, "", dataset.SplitConfig{Kind: "nested", Outer: 1}, make([]dataset.Part, 40),
			"data.split.pool: a nested split tests on every example, and the source has parts of its own: expected pool: true"},
		{"nested in no study", table, "", dataset.SplitConfig{Kind: "nested"}, nil,
			"data.split.outer: a nested split is a study for each outer fold: expected 1 to 5"},
		{"more outer folds than patients", table, "p", dataset.SplitConfig{Kind: "nested", Folds: 30, Outer: 1}, nil,
			"data.split.folds: 20 patients, fewer than 30 folds"},
		{"all are tested on", table, "", dataset.SplitConfig{}, slices.Repeat([]dataset.Part{dataset.InTest}, 40),
			"data.split.test: 40 examples: all are in the source's own test part"},
	} {
		d := read(t, test.file, dataset.Config{Features: []string{"a"}, Group: test.group, Split: test.config}, dataset.Classification)
		d.Parts = test.parts
		_, err := d.Split(test.config, stream(0))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
	}
}

func TestThePatientsAreAskedFor(t *testing.T) {
	repeated := lines(12, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, i/2, i%2) })
	single := lines(12, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, i, i%2) })
	yesNo := lines(12, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, i%2, i%2) })
	for _, test := range []struct {
		name, column, rows, group string
		asks                      bool
	}{
		{"a number that comes again", "patient_id", repeated, "", true},
		{"however it is spelt", "Patient ID", repeated, "", true},
		{"a plain id", "id", repeated, "", true},
		{"a record", "RecordID", repeated, "", true},
		{"a row a patient", "patient_id", single, "", false},
		{"a yes or no", "patient", yesNo, "", false},
		{"any other column", "paid", repeated, "", false},
		{"the patients said", "patient_id", repeated, "patient_id", false},
		{"none said", "patient_id", repeated, "none", false},
	} {
		_, err := parse("a,"+test.column+",y\n"+test.rows, dataset.Config{Group: test.group}, dataset.Classification)
		if asks := err != nil; asks != test.asks {
			t.Errorf("%s: %v", test.name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "data.group: missing: column "+test.column) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	// What one patient's rows are learnt from doesn't matter.
	_, err := parse("a,mrn,y\n"+repeated, dataset.Config{Features: []string{"a"}}, dataset.Classification)
	if err == nil {
		t.Error("a column that isn't learnt from names patients all the same")
	}
}
