package dataset_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml/dataset"
)

func wdbc(t testing.TB) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(dataset.Config{Source: "builtin:wdbc", Shape: []int{10, 3}}, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheWisconsinDataAreTheFactsOfTheirSource(t *testing.T) {
	d := wdbc(t)
	// The file was made once from scikit-learn's: its numbers, character for character.
	const want = "sha256:432afd8651a05481c8426ca0033ddda855b7b509b4c950bbace5cc3de626cc9d"
	if d.Digest() != want {
		t.Errorf("digest %s, want %s", d.Digest(), want)
	}
	if d.Len() != 569 || len(d.Features) != 30 || d.Name != "wdbc" || d.Groups != nil {
		t.Errorf("%s: %d examples of %d features, groups %v", d.Name, d.Len(), len(d.Features), d.Groups)
	}
	rows := make([]int, d.Len())
	sums := make([]float64, len(d.Features))
	for i := range rows {
		rows[i] = i
		for j, x := range d.Row(i) {
			sums[j] += x
		}
	}
	if diff := cmp.Diff([]int{357, 212}, d.Counts(rows)); diff != "" || !cmp.Equal(d.Classes, []string{"benign", "malignant"}) {
		t.Errorf("classes %v: %s", d.Classes, diff)
	}
	// Means as the data's description has them (Wolberg, Street & Mangasarian 1995).
	for name, mean := range map[string]float64{"radius_mean": 14.127, "texture_mean": 19.290, "area_worst": 880.583, "symmetry_error": 0.0205} {
		for j, f := range d.Features {
			if got := sums[j] / 569; f == name && math.Abs(got-mean) > 0.001 {
				t.Errorf("mean of %s: %v, want %v", name, got, mean)
			}
		}
	}
}

func TestTheWisconsinSignalIsByMeasurement(t *testing.T) {
	d := wdbc(t)
	for i, f := range d.Features {
		kind := [...]string{"_mean", "_error", "_worst"}[i%3]
		measurement := strings.TrimSuffix(d.Features[i-i%3], "_mean")
		if f != measurement+kind {
			t.Errorf("feature %d is %s, want %s%s", i, f, measurement, kind)
		}
	}
	if got := d.Row(0)[:6]; !cmp.Equal(got, []float64{17.99, 1.095, 25.38, 10.38, 0.9053, 17.33}) {
		t.Errorf("first case begins %v", got)
	}
	if d.Label(0) != 1 || d.Classes[1] != "malignant" {
		t.Errorf("first case is %s", d.Classes[d.Label(0)])
	}
}

func TestCardsAgreeWithTheirData(t *testing.T) {
	for _, name := range dataset.Builtins() {
		card, err := dataset.BuiltinCard(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := dataset.Open(dataset.Config{Source: "builtin:" + name}, card.Task, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&card, d.Card()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if card.Name != name || card.Examples != d.Len() || card.Features != len(d.Features) || d.Target != card.Target {
			t.Errorf("%s: %d examples of %d features, the card says %d of %d", name, d.Len(), len(d.Features), card.Examples, card.Features)
		}
		counts := make(map[string]int)
		for k, n := range d.Counts(all(d)) {
			counts[d.Classes[k]] = n
		}
		for _, c := range card.Classes {
			if counts[c.Name] != c.Examples {
				t.Errorf("%s: %d of class %s, the card says %d", name, counts[c.Name], c.Name, c.Examples)
			}
		}
		if card.Task == dataset.Classification && d.Classes[1] != card.Positive {
			t.Errorf("%s: positive is %s, the card says %s", name, d.Classes[1], card.Positive)
		}
		for what, s := range map[string]string{"title": card.Title, "source": card.Source, "citation": card.Citation, "licence": card.Licence} {
			if s == "" {
				t.Errorf("%s: the card has no %s", name, what)
			}
		}
		card.Problems[0] = "changed"
		if again, _ := dataset.BuiltinCard(name); again.Problems[0] == "changed" {
			t.Errorf("%s: callers share the card", name)
		}
	}
	if _, err := dataset.BuiltinCard("wbdc"); err == nil || err.Error() != `unknown built-in dataset "wbdc"; did you mean wdbc?` {
		t.Errorf("got %v", err)
	}
}

// The bits of every part and of what is prepared from it are the same on every processor
// and stay so: studies rest on them.
func TestTheBitsOfSplitsAndMatricesStay(t *testing.T) {
	d := wdbc(t)
	var got strings.Builder
	for _, kind := range []string{"holdout", "stratified-holdout", "kfold", "stratified-kfold"} {
		s, err := d.Split(dataset.SplitConfig{Kind: kind}, stream(11))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s\n  %x\n", kind, sha256.Sum256(fmt.Append(nil, s)))
	}
	s, err := d.Split(dataset.SplitConfig{}, stream(11))
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []string{"standard", "minmax", "robust", "none"} {
		h := sha256.New()
		for _, f := range s.Folds {
			p, err := d.Prepare(dataset.Preprocess{Scale: scale, Impute: "mean"}, f.Train)
			if err != nil {
				t.Fatal(err)
			}
			for _, rows := range [][]int{f.Train, f.Valid} {
				if err := binary.Write(h, binary.LittleEndian, p.Matrix(rows).X); err != nil {
					t.Fatal(err)
				}
			}
		}
		fmt.Fprintf(&got, "%s\n  %x\n", scale, h.Sum(nil))
	}
	grouped := cohort{}
	for i := range 200 {
		grouped.labels, grouped.patients = append(grouped.labels, i*i%7%3), append(grouped.patients, i*i%61)
	}
	g := grouped.dataset(t, true)
	for _, kind := range []string{"group-holdout", "stratified-group-holdout", "group-kfold", "stratified-group-kfold"} {
		s, err := g.Split(dataset.SplitConfig{Kind: kind}, stream(11))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s\n  %x\n", kind, sha256.Sum256(fmt.Append(nil, s)))
	}
	golden(t, "bits.golden", got.String())
}
