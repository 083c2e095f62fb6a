package metric_test

import (
	"strings"
	"testing"

	"medml/metric"
)

// By its name a class's metric is what it is by its number, under the name that it was asked
// for, and the name that it is shown by is read as the same.
func TestAClassIsKnownByItsNameOrItsNumber(t *testing.T) {
	classes := []string{"N", "S", "not ill", "V.1"}
	p := draw(stream(5), 4, 200)
	for _, of := range []string{"sensitivity", "specificity", "precision", "npv", "f1", "auroc", "auprc"} {
		for i, class := range classes {
			number := lookup(t, of+"@class="+string(rune('0'+i)))
			word := lookup(t, metric.WithClass(number.Name, classes))
			if word.Name != of+"@class="+class || word.Higher != number.Higher || word.High != 1 || word.Fits(metric.Classification, 0) != nil {
				t.Errorf("%+v", word)
			}
			if why := word.Why(p); why != "the number of class "+class+" isn't known" {
				t.Errorf("%s without numbers: %q", word.Name, why)
			}
			m, err := word.Among(classes)
			if err != nil || m.Name != word.Name {
				t.Fatalf("%s: %v", m.Name, err)
			}
			a := metric.Evaluate([]metric.Metric{m, number}, p, metric.Options{Rand: stream(1), Draws: 50})
			a[1].Metric = a[0].Metric
			if a[0] != a[1] || a[0].Undefined != "" {
				t.Errorf("%+v, by its number %+v", a[0], a[1])
			}
		}
	}
}

func TestAClassThatThereIsNotIsSaid(t *testing.T) {
	for name, want := range map[string]string{
		"sensitivity@class=Vv":       `metric sensitivity@class=Vv: there is no class "Vv"; did you mean V?`,
		"f1@class=ventricular":       `metric f1@class=ventricular: there is no class "ventricular"; known are normal, sick, V`,
		"auroc@class=Sick":           `metric auroc@class=Sick: there is no class "Sick"; did you mean sick?`,
		"sensitivity@class=positive": `metric sensitivity@class=positive: there is no class "positive"; known are normal, sick, V`,
	} {
		if _, err := lookup(t, name).Among([]string{"normal", "sick", "V"}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m, err := lookup(t, "auroc").Among([]string{"a"}); err != nil || m.Name != "auroc" {
		t.Errorf("%s: %v", m.Name, err)
	}
}

// A number is a class's number, whatever the classes are called; such names are not shown.
func TestNamesThatAreNumbersAreNotMistakenForThem(t *testing.T) {
	classes := []string{"1", "2", "-1", "V", "inf", ""}
	for name, want := range map[string]string{
		"f1@class=0": "f1@class=0", "f1@class=1": "f1@class=1", "f1@class=2": "f1@class=2", "f1@class=3": "f1@class=V", "f1@class=4": "f1@class=4",
		"f1@class=5": "f1@class=5", "f1@class=6": "f1@class=6", "f1": "f1", "ece@bins=3": "ece@bins=3", "f1@class=V": "f1@class=V",
	} {
		if got := metric.WithClass(name, classes); got != want {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
	}
	if m, err := lookup(t, "f1@class=1").Among(classes); err != nil || m.Fits(metric.Classification, 2) != nil || m.Fits(metric.Classification, 1) == nil {
		t.Errorf("%s: %v", m.Name, err)
	}
	if _, err := metric.Lookup("f1@class="); err == nil || !strings.Contains(err.Error(), "is not the number of a class") {
		t.Error(err)
	}
}
