package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml/store"
)

func TestOpeningsOfTheTestPartStayOnRecord(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, begin(t, s, "x").Close())
	if list, err := s.Openings("x"); err != nil || len(list) > 0 {
		t.Fatalf("before the first: %v, %v", list, err)
	}
	verifiedOpen := func() {
		t.Helper()
		must(t, s.Close())
		verified(t, dir)
		s = open(t, dir, store.Options{})
	}
	verifiedOpen()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	want := []store.Opening{
		{Number: 0, Trial: 3, At: at, Model: "the 5 models of trial 3", Weights: "ab", Result: []byte(`{"auroc":0.9}`)},
		{Number: 1, Trial: 4, At: at.Add(time.Hour), Model: "the 5 models of trial 4", Weights: "cd"},
	}
	for i, o := range want {
		o.Number, o.Result = 17, nil
		n, err := s.RecordOpening("x", o)
		if err != nil || n != i {
			t.Fatalf("opening %d: %d, %v", i, n, err)
		}
	}
	must(t, s.Opened("x", 0, want[0].Result))
	verifiedOpen()
	got, err := s.Openings("x")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := s.Opened("x", 2, nil); err == nil || !strings.Contains(err.Error(), "there are 2 openings") {
		t.Errorf("a third: %v", err)
	}
	for _, where := range []string{"studies/x/openings/1", "studies/x/opened"} {
		t.Run(where, func(t *testing.T) {
			dir := copyStore(t, dir)
			must(t, damageRecord(dir, where))
			s := open(t, dir, store.Options{})
			if _, err := s.Openings("x"); err == nil || !strings.Contains(err.Error(), "checksum") {
				t.Errorf("damaged: %v", err)
			}
		})
	}
}
