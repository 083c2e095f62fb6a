package experiments

import (
	"fmt"
	"strings"
	"testing"

	"medml"
	"medml/search"
)

// conditional parses testdata/good/conditions.yaml.
func conditional(t *testing.T) *Spec {
	t.Helper()
	s, err := fixed().parse("conditions.yaml", read(t, "testdata/good/conditions.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAWhenIsTheConditionOfItsHyperparameter(t *testing.T) {
	space := conditional(t).Space()
	for name, want := range map[string]string{
		"architecture.cnn.depth":          "architecture == cnn",
		"architecture.cnn.filters":        "architecture.cnn.depth in [1, 2]",
		"architecture.lstm.bidirectional": "architecture.lstm.cell == lstm",
		"momentum":                        "optimizer == sgd",
		"schedule":                        "optimizer in [adamw, sgd]",
		"schedule.step.weight_decay":      "schedule == step",
		"batch_size":                      "architecture in [cnn, lstm]",
		"learning_rate":                   "",
	} {
		p, ok := space.Lookup(name)
		got := ""
		if p.When != nil {
			got = p.When.String()
		}
		if !ok || got != want {
			t.Errorf("%s (there: %v) exists when %q, want %q", name, ok, got, want)
		}
	}
}

func TestEqualConditionsAreOne(t *testing.T) {
	s := with(t, "space.optimizer={type: categorical, values: [adam, adamw, sgd]}",
		"space.momentum={type: float, low: 0, high: 0.9, when: 'optimizer in [sgd, adam]'}",
		"space.weight_decay={type: float, low: 0, high: 0.9, when: \"optimizer in ['sgd', adam]\"}")
	momentum, _ := s.Space().Lookup("momentum")
	decay, _ := s.Space().Lookup("weight_decay")
	if *momentum.When != *decay.When {
		t.Errorf("%v and %v are told apart", momentum.When, decay.When)
	}
}

func TestTheSearchDrawsWhatIsConditionalWhereItExists(t *testing.T) {
	s := conditional(t)
	space := s.Space()
	for _, sampler := range search.Samplers() {
		c := s.Search()
		c.Sampler = search.SamplerConfig{Name: sampler}
		study, err := search.New(space, c, nil)
		if err != nil {
			if sampler == "grid" {
				continue // has floats
			}
			t.Fatalf("%s: %v", sampler, err)
		}
		seen := map[string]bool{}
		for range 100 {
			trial, err := study.Ask()
			if err != nil {
				t.Fatalf("%s: %v", sampler, err)
			}
			for _, p := range space {
				v, has := trial.Params.Lookup(p.Name)
				if has != space.Active(p, trial.Params) || has && !p.Contains(v) {
					t.Fatalf("%s: trial %d has %s: %v in %v", sampler, trial.Number, p.Name, has, trial.Params)
				}
				seen[fmt.Sprint(p.Name, has)] = true
			}
			trial.State, trial.Value = medml.Complete, float64(trial.Number%7)
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{"momentumtrue", "momentumfalse", "scheduletrue", "schedulefalse", "batch_sizefalse"} {
			if !seen[want] {
				t.Errorf("%s: %s never came up", sampler, want)
			}
		}
	}
}

func TestWhatIsRequiredIsRefusedOnlyWhereItIsBroken(t *testing.T) {
	s := conditional(t)
	word, whole := medml.StringValue, medml.IntValue
	for _, test := range []struct {
		name   string
		params medml.Params
		want   int
	}{
		{"met", medml.Params{{Name: "architecture.cnn.depth", Value: whole(2)}, {Name: "batch_size", Value: whole(64)}}, -1},
		{"broken", medml.Params{{Name: "architecture.cnn.depth", Value: whole(3)}, {Name: "batch_size", Value: whole(64)}}, 0},
		{"unknown", medml.Params{{Name: "architecture.cnn.depth", Value: whole(3)}}, -1},
		{"nothing", nil, -1},
		{"the second", medml.Params{{Name: "optimizer", Value: word("sgd")}, {Name: "momentum", Value: medml.FloatValue(0.5)}}, 1},
		{"a name of two branches", medml.Params{{Name: "architecture.lstm.hidden", Value: whole(8)}}, 2},
		{"and its other", medml.Params{{Name: "architecture.autoencoder.hidden", Value: whole(8)}}, 2},
	} {
		if got := s.broken(test.params); got != test.want {
			t.Errorf("%s: breaks %d, want %d", test.name, got, test.want)
		}
	}
	if require := s.Search().Require; require == nil || !require(nil) {
		t.Error("the search isn't told")
	}
	if with(t).Search().Require != nil {
		t.Error("the search is told although nothing is required")
	}
}

func TestConstraintsAskForTheMetricsThatAreRecorded(t *testing.T) {
	s, err := fixed().parse("objectives.yaml", read(t, "testdata/good/objectives.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range s.recorded() {
		names = append(names, r.name)
	}
	if got, want := strings.Join(names, " "), "auroc sensitivity@specificity=0.9 brier ece"; got != want {
		t.Errorf("recorded are %s, want %s", got, want)
	}
	c, err := s.trainer([]string{"benign", "malignant"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Metric.Name != "auroc" || len(c.Metrics) != 3 || len(c.Constraints) != 2 || c.Clock == nil ||
		strings.Join(c.Objectives, " ") != "auroc sensitivity@specificity=0.9 parameters inference_ms" {
		t.Errorf("the trainer is told %+v", c)
	}
	values := map[string]float64{"inference_ms": 7, "brier": 0.3, "ece": 0.05}
	lookup := func(name string) (float64, bool) { x, ok := values[name]; return x, ok }
	if got := [2]float64{c.Constraints[0].Violation(lookup), c.Constraints[1].Violation(lookup)}; got != [2]float64{2, 0.05 - 0.1} {
		t.Errorf("violations are %v", got)
	}
	if _, err := s.trainer([]string{"a", "b", "c"}); err == nil || !strings.HasPrefix(err.Error(), `objectives.yaml:6:11: objectives[1].metric: metric sensitivity@specificity=0.9 is for two classes, not 3`) {
		t.Errorf("three classes: %v", err)
	}
	if c, _ := with(t).trainer([]string{"benign", "malignant"}); c.Clock != nil || c.Objectives != nil || c.Constraints != nil || c.Shares != nil {
		t.Errorf("a study with one objective: %+v", c)
	}
}

func TestAConfigurationHoldsWhatItsBranchesDependOn(t *testing.T) {
	s := with(t, "space={architecture: {type: choice, of: {cnn: {filters: {type: int, low: 8, high: 16}}}}, dropout: {type: float, low: 0, high: 0.5}}",
		"initial=[{filters: 8}, {dropout: 0.5}]")
	for i, want := range []string{"[{architecture cnn} {architecture.cnn.filters 8}]", "[{dropout 0.5}]"} {
		if got := fmt.Sprint(s.Search().Initial[i]); got != want {
			t.Errorf("initial %d is %s, want %s", i, got, want)
		}
	}
}
