package experiments

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"medml"
)

// warm is an experiment that begins with the trials of a study "other".
func warm(t *testing.T, overrides ...string) *Spec {
	t.Helper()
	return with(t, append([]string{"warm_start={from: other}"}, overrides...)...)
}

// other is a finished study whose trial i has the dropout i/10 and the value i.
func other(n int) medml.Snapshot {
	s := medml.Snapshot{About: medml.About{Study: "other", Metric: "auroc", Direction: medml.Maximize}}
	for i := range n {
		s.Trials = append(s.Trials, medml.Trial{
			Number: i, State: medml.Complete, Value: float64(i),
			Params: medml.Params{
				{Name: "architecture", Value: medml.StringValue("cnn")}, {Name: "architecture.cnn.filters", Value: medml.IntValue(999)},
				{Name: "dropout", Value: medml.FloatValue(float64(i) / 10)},
			},
		})
	}
	return s
}

func TestAWarmStartTakesTrialsFromBestToWorst(t *testing.T) {
	for trials, want := range map[int]string{0: "5 4 3 2 1 0", 1: "5", 2: "5 0", 3: "5 3 0", 6: "5 4 3 2 1 0", 9: "5 4 3 2 1 0"} {
		s := warm(t, fmt.Sprintf("warm_start.trials=%d", trials))
		from := other(6)
		from.Trials = append(from.Trials,
			medml.Trial{Number: 6, State: medml.Pruned, Value: 9, Params: from.Trials[0].Params},
			medml.Trial{Number: 7, State: medml.Complete, Value: math.NaN(), Params: from.Trials[0].Params})
		if err := s.learn(from); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range s.WarmStart.Observations {
			got = append(got, fmt.Sprint(o.Value))
			if d, _ := o.Params.Params.Lookup("dropout"); d.Float() != o.Value/10 {
				t.Errorf("value %v stands with dropout %v", o.Value, d)
			}
			if filters, _ := o.Params.Params.Lookup("filters"); filters.Int() != 32 {
				t.Errorf("a constant is %v, not this study's", filters)
			}
		}
		if took := strings.Join(got, " "); took != want {
			t.Errorf("%d trials: took %s, want %s", trials, took, want)
		}
		if warm := s.Search().Warm; len(warm) != len(got) || warm[0].State != medml.Complete || warm[0].Value != 5 {
			t.Errorf("the search is given %+v", warm)
		}
	}
}

func TestAWarmStudyNeedsTheOtherOneOnce(t *testing.T) {
	first := warm(t, "warm_start.trials=2")
	if first.NeedsWarmStart() != "other" {
		t.Fatal("nothing is needed")
	}
	if err := first.learn(other(5)); err != nil {
		t.Fatal(err)
	}
	if first.NeedsWarmStart() != "" {
		t.Error("it is still needed")
	}
	stored, err := fixed().fromResolved(first.Resolved())
	if err != nil {
		t.Fatal(err)
	}
	again := warm(t, "warm_start.trials=2")
	again.learnAgain(stored)
	if again.NeedsWarmStart() != "" || !bytes.Equal(again.Identity(), first.Identity()) {
		t.Errorf("another study: %q", Differences(first.Identity(), again.Identity()))
	}
	changed := warm(t, "warm_start.trials=3")
	changed.learnAgain(stored)
	if changed.NeedsWarmStart() != "other" {
		t.Error("another number of trials is taken for the same")
	}
}

func TestStudiesThatTeachNothingAreRefused(t *testing.T) {
	brier, several, none, far, lstm := other(2), other(2), other(0), other(2), other(2)
	brier.Metric = "brier"
	several.Goals = []medml.Goal{{Metric: "auroc", Direction: medml.Maximize}, {Metric: "brier", Direction: medml.Minimize}}
	for i := range far.Trials {
		far.Trials[i].Params = medml.Params{{Name: "architecture", Value: medml.StringValue("cnn")}, {Name: "dropout", Value: medml.FloatValue(0.9)}}
		lstm.Trials[i].Params = medml.Params{{Name: "architecture", Value: medml.StringValue("lstm")}, {Name: "dropout", Value: medml.FloatValue(0.1)}}
	}
	for _, test := range []struct {
		from medml.Snapshot
		want string
	}{
		{brier, "study other improves brier, not auroc"},
		{several, "study other improves auroc and brier, not auroc"},
		{none, "study other has no complete trial"},
		{far, "none of the 2 complete trials of study other lies in this space: trial 0 has dropout 0.9, expected a number from 0 to 0.5"},
		{lstm, "none of the 2 complete trials of study other lies in this space: trial 0 has architecture lstm, expected cnn"},
	} {
		err := warm(t).learn(test.from)
		if want := "--set warm_start={from: other}: warm_start.from: " + test.want; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
