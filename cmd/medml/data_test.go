package main

import (
	"encoding/json"
	"strings"
	"testing"

	"medml/dataset"
)

func TestTheDataSetsAreListedAsJSON(t *testing.T) {
	status, out, errs := command(t, "data", "ls", "--json")
	var cards []dataset.Card
	if err := json.Unmarshal([]byte(out), &cards); status != exitDone || err != nil {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	var names []string
	for _, c := range cards {
		names = append(names, c.Name)
	}
	if got, want := strings.Join(names, " "), strings.Join(dataset.Builtins(), " "); got != want {
		t.Errorf("listed %s, want %s", got, want)
	}
}

func TestAMistakenCommandIsToldWhereHelpIs(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--bogus", "medml: unknown flag: --bogus (see medml -h)\n"},
		{"data --bogus", "medml: unknown flag: --bogus (see medml data -h)\n"},
		{"data lss", "medml: unknown command \"lss\"; did you mean ls? (see medml data -h)\n"},
	} {
		if status, _, errs := command(t, strings.Fields(c.args)...); status != exitUsage || errs != c.want {
			t.Errorf("medml %s: status %d, it said %q, want %q", c.args, status, errs, c.want)
		}
	}
}
