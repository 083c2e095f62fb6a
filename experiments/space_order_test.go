package experiments

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// What a sampler draws goes by a parameter's place: a default that nobody asked for must
// not move it.
func TestDefaultsThatCameLaterStandLast(t *testing.T) {
	src, err := os.ReadFile("diagnosis.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := func(src string) (names []string) {
		s, err := trainable().parse("x.yaml", []byte(src), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromResolved(s.Resolved())
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range s.Space() {
			names = append(names, p.Name)
			if q := again.Space()[i]; q.Name != p.Name {
				t.Errorf("place %d has %s, and in the resolved experiment %s", i, p.Name, q.Name)
			}
		}
		return names
	}
	all := names(string(src))
	first := slices.IndexFunc(all, isLate)
	if first < 0 || slices.ContainsFunc(all[first:], func(n string) bool { return !isLate(n) }) {
		t.Errorf("constants that came later stand before others: %v", all)
	}
	if i := slices.Index(all, "learning_rate"); i != 13 {
		t.Errorf("learning_rate has place %d, and had 13 in the first studies", i)
	}
	// What the file searches or asks about stays where it says.
	searched := names(strings.Replace(string(src), "        depth:   {type: int", "        blocks: {type: int, low: 1, high: 2}\n        depth:   {type: int", 1))
	if i := slices.Index(searched, "architecture.cnn.blocks"); i != 3 {
		t.Errorf("a searched one has place %d: %v", i, searched)
	}
}
