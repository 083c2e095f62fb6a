package experiments

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// with parses the small experiment with overrides.
func with(t *testing.T, overrides ...string) *Spec {
	t.Helper()
	s, err := fixed().parse("x.yaml", []byte(small), overrides)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestIdentityKnowsWhatChangesNoTrial(t *testing.T) {
	base := with(t).Identity()
	for _, override := range []string{
		"name=other", "description=more words", "budget.trials=7", "budget.time=5m", "budget.patience.trials=3",
		"objective.goal=0.9", "resources.workers=7", "resources.memory=1 GiB", "resources.checkpoint=1s", "budget.drain=kill",
		"retry={max: 2, on: [time]}", "retry.max=0", "ensemble.size=3", "repeats.count=1", "constraints=[]", "require=[]", "initial=[]", "sampler.name=random", "objective.direction=maximize",
		"data.digest=sha256:" + strings.Repeat("0", 64),
	} {
		if got := with(t, override).Identity(); len(Differences(base, got)) > 0 {
			t.Errorf("%s makes another study: %q", override, Differences(base, got))
		}
	}
	for _, override := range []string{
		"sampler.seed=1", "sampler.name=tpe", "budget.epochs=3", "budget.trial_time=1m", "metrics=[brier]",
		"space.dropout.high=0.4", "space.momentum=0.8", "data.split.seed=1", "objective.aggregate=min",
		"constraints=[brier <= 0.2]", "require=[dropout < 0.4]", "initial=[{dropout: 0.25}]", "warm_start={from: other}", "repeats.count=2",
		"data.split.test=0", "space.dropout.when=architecture == cnn", "pruner={name: asha, max: 10}",
		"reproducibility.lookback=4", "reproducibility.deterministic=false", "pruner.name=median",
	} {
		if got := with(t, override).Identity(); bytes.Equal(base, got) {
			t.Errorf("%s makes the same study", override)
		}
	}
}

func TestAGoalAmongSeveralObjectivesChangesNoTrial(t *testing.T) {
	src := strings.Replace(small, "objective: {metric: auroc}", "objectives: [{metric: auroc}, {metric: brier}]", 1)
	identity := func(overrides ...string) []byte {
		s, err := fixed().parse("x.yaml", []byte(src), overrides)
		if err != nil {
			t.Fatal(err)
		}
		return s.Identity()
	}
	base := identity()
	if got := identity("objectives=[{metric: auroc, goal: 0.9}, {metric: brier}]"); !bytes.Equal(base, got) {
		t.Errorf("another study: %q", Differences(base, got))
	}
	for _, other := range []string{"objectives=[{metric: brier}, {metric: auroc}]", "objectives=[{metric: auroc}, {metric: parameters}]"} {
		if bytes.Equal(base, identity(other)) {
			t.Errorf("%s makes the same study", other)
		}
	}
}

func TestDifferencesNameEachField(t *testing.T) {
	a := with(t, "metrics=[brier]", "space.optimizer=sgd").Identity()
	b := with(t, "metrics=[brier, auprc]", "sampler.seed=7", "space.dropout=0.5", "pruner.name=median").Identity()
	want := []string{
		"metrics: was [brier], now [brier, auprc]",
		"space.dropout.type: was float, now absent",
		"space.dropout.low: was 0, now absent",
		"space.dropout.high: was 0.5, now absent",
		"space.optimizer: was sgd, now adamw",
		"sampler.seed: was 0, now 7",
		"pruner.name: was none, now median",
		"space.dropout: was absent, now 0.5",
		"pruner.startup_trials: was absent, now 5",
	}
	if diff := cmp.Diff(want, Differences(a, b)); diff != "" {
		t.Error(diff)
	}
	if got := Differences(a, a); len(got) > 0 {
		t.Errorf("an experiment differs from itself: %q", got)
	}
}

func TestTheOrderOfTheSpaceIsADifference(t *testing.T) {
	a := with(t, "space.filters=8", "space.kernel=3").Identity()
	b := with(t, "space.kernel=3", "space.filters=8").Identity()
	want := []string{"order: was space.filters, now space.kernel"}
	if diff := cmp.Diff(want, Differences(a, b)); diff != "" {
		t.Error(diff)
	}
}

func TestAStoredSpaceIsTakenAsItStands(t *testing.T) {
	stored := with(t).Resolved()
	later := fixed()
	later.training[0].Default = later.training[1].Default // learning_rate's default changes
	later.training = append(later.training, later.own["lstm"][0])
	s, err := later.fromResolved(stored)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, s.Resolved()) {
		t.Errorf("stored:\n%s\nread:\n%s", stored, s.Resolved())
	}
}

func TestAnotherProgramsJSONIsRefusedInOneLine(t *testing.T) {
	for _, src := range []string{"", "{", "[1]", `{"version":1}{}`, `{"version":1,"version":1}`, `{"version":null}`,
		strings.Repeat("[", 1000), strings.Repeat(`{"a":`, 1000)} {
		if s, err := FromResolved([]byte(src)); err == nil {
			t.Errorf("%.30q is read as %v", src, s)
		}
	}
}

func TestTheSourceIsKeptByteForByte(t *testing.T) {
	for name, src := range map[string]string{
		"as is": small, "Windows lines": strings.ReplaceAll(small, "\n", "\r\n"), "a byte order mark": "\xef\xbb\xbf" + small,
		"no last line": strings.TrimSuffix(small, "\n"), "several": "\xef\xbb\xbf" + strings.Replace(small, "\n", "\r\n", 2),
	} {
		s, err := fixed().parse("x.yaml", []byte(src), []string{"sampler.seed=3"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := string(s.Source()); got != src {
			t.Errorf("%s: %q came back as %q", name, src, got)
		}
	}
}

func TestWhatThePrinterWritesReadsAsTheSameText(t *testing.T) {
	for _, text := range []string{
		"", " ", "plain", "two words", "a: b", "a #b", "# a", "- a", "yes", "null", "~", "1", "1e5", "true", "0x1f", ".inf",
		"é", "\"", "'", "a\nb", "\u2028", "{", "a, b", "*a", "&a", "!a", "%a", "@a", "<<", "---", "a:", ":a", "\\", "\x7f", "a\tb", "🫀",
	} {
		src := strings.Replace(small, "task:", "description: "+plainOrQuoted(text)+"\ntask:", 1)
		s, err := fixed().parse("x.yaml", []byte(src), nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if s.Description != text {
			t.Errorf("%q was written as %s and read as %q", text, plainOrQuoted(text), s.Description)
		}
	}
}

func TestDefaultsOfTheSearchAreThoseOfTheChosen(t *testing.T) {
	for overrides, want := range map[string]string{
		"sampler={}":                                  "sampler: {name: tpe, seed: 0, startup_trials: 10, candidates: 24}",
		"sampler={name: random}":                      "sampler: {name: random, seed: 0}",
		"pruner={}":                                   "pruner: {name: none}",
		"pruner={name: percentile}":                   "pruner: {name: percentile, startup_trials: 5, percentile: 25}",
		"pruner={name: asha, min: 2}":                 "pruner: {name: asha, min: 2, reduction_factor: 3}",
		"pruner={name: patient}":                      "pruner: {name: patient, patience: 10}",
		"pruner={name: asha, resource: data, min: 2}": "pruner: {name: asha, resource: data, min: 2, max: 18, reduction_factor: 3}",
		"budget={drain: kill}":                        "budget: {trials: 100, drain: kill, epochs: 30}",
		"resources={memory: 0.5 GiB}":                 "resources: {workers: auto, threads_per_trial: 1, memory: 512 MiB, checkpoint: 10s}",
		"resources={memory: 12.5%}":                   "resources: {workers: auto, threads_per_trial: 1, memory: 12.5%, checkpoint: 10s}",
		"retry={max: 1}":                              "retry: {max: 1, \"on\": [panic, out-of-memory]}",
		"repeats={count: 2}":                          "repeats: {count: 2, promote: top-5}",
		"budget={time: 1h}":                           "budget: {time: 1h, drain: checkpoint, epochs: 30}",
		"budget={trials: 0}":                          "budget: {drain: checkpoint, epochs: 30}",
		"budget={epochs: 2}":                          "budget: {trials: 100, drain: checkpoint, epochs: 2}",
		"resources={workers: 2}":                      "resources: {workers: 2, threads_per_trial: 1, memory: 80%, checkpoint: 10s}",
		"resources={workers: auto}":                   "resources: {workers: auto, threads_per_trial: 1, memory: 80%, checkpoint: 10s}",
		"objective={metric: log_loss}":                "objective: {metric: log_loss, direction: minimize, aggregate: mean}",
	} {
		if got := string(with(t, overrides).YAML()); !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%s: no line %q in\n%s", overrides, want, got)
		}
	}
}
