package dataset_test

import (
	"testing"

	"medml/dataset"
)

func TestBuiltInDataAreTheFactsOfTheirSource(t *testing.T) {
	digests := map[string]string{
		"bloodbrain": "sha256:b027615a61675cd6dc7dea332be79705b2ce2b65a071540b143072edbc699c6b",
		"colon":      "sha256:2b00b5369a8617989f2df739cf1b254f6b5d7be6a4f5d00db9aa542918f1135d",
		"pima":       "sha256:707589c30ee7c2cc4990d6c6e3075dff1b39f25f1f83bb0ade3c22a152e5c438",
		"wdbc":       "sha256:432afd8651a05481c8426ca0033ddda855b7b509b4c950bbace5cc3de626cc9d",
	}
	for _, name := range dataset.Builtins() {
		card, err := dataset.BuiltinCard(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := dataset.Open(dataset.Config{Source: "builtin:" + name}, card.Task, "")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.Name != card.Name || d.Target != card.Target || d.Digest() != digests[name] {
			t.Errorf("%s: called %s, target %s, digest %s", name, d.Name, d.Target, d.Digest())
		}
		if (d.Groups != nil) != (card.Group != "") {
			t.Errorf("%s: patients %v, the card says %q", name, d.Groups != nil, card.Group)
		}
		if len(card.Problems) == 0 || len(card.References) == 0 {
			t.Errorf("%s: the card lacks problems or references", name)
		}
	}
}

func TestTheColonTrialHasTwoRowsAPatient(t *testing.T) {
	d, err := dataset.Open(dataset.Config{Source: "builtin:colon"}, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[int]int{}
	for _, g := range d.Groups {
		rows[g]++
	}
	for g, n := range rows {
		if n != 2 {
			t.Errorf("patient %d has %d rows", g, n)
		}
	}
	if len(rows) != 929 {
		t.Errorf("%d patients", len(rows))
	}
}
