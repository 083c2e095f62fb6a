package experiments

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const small = `version: 1
task: classification
data: {source: "builtin:wdbc"}
objective: {metric: auroc}
space:
  architecture: cnn
  dropout: {type: float, low: 0, high: 0.5}
sampler: {name: random}
`

func TestOverridesChangeTheExperiment(t *testing.T) {
	for _, test := range []struct {
		name      string
		overrides []string
		want      func(*Spec) any
		value     any
	}{
		{"a field that the file sets", []string{"sampler.name=tpe"}, func(s *Spec) any { return s.Sampler.Name }, "tpe"},
		{"a field that the file leaves out", []string{"sampler.seed=7"}, func(s *Spec) any { return s.Sampler.Seed }, uint64(7)},
		{"a section that the file leaves out", []string{"budget.patience.trials=3"}, func(s *Spec) any { return s.Budget.Patience.Trials }, 3},
		{"a range", []string{"space.dropout.high=0.25"}, func(s *Spec) any { return s.Hyperparameters[1].High }, 0.25},
		{"a number with an exponent", []string{"space.learning_rate=1e-5"}, func(s *Spec) any { return s.Hyperparameters[2].Values[0].Float() }, 1e-5},
		{"a list", []string{"metrics=[auprc, brier]"}, func(s *Spec) any { return strings.Join(s.Metrics, " ") }, "auprc brier"},
		{"a mapping", []string{"space.filters={type: int, low: 4, high: 8}"}, func(s *Spec) any { return s.Hyperparameters[2].Low }, 4.0},
		{"a condition", []string{"space.dropout.when=architecture == cnn"}, func(s *Spec) any { return s.Space()[1].When.String() }, "architecture == cnn"},
		{"no test part", []string{"data.split.test=0"}, func(s *Spec) any { return *s.Data.Split.Test }, 0.0},
		{"a test part left out", nil, func(s *Spec) any { return *s.Data.Split.Test }, 0.2},
		{"the last of two", []string{"name=a", "name=b"}, func(s *Spec) any { return s.Name }, "b"},
		{"a value with an equals sign", []string{"metrics=[sensitivity@specificity=0.9]"}, func(s *Spec) any { return s.Metrics[0] }, "sensitivity@specificity=0.9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := fixed().parse("x.yaml", []byte(small), test.overrides)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.value, test.want(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMistakesInOverridesNameTheFlag(t *testing.T) {
	for _, test := range []struct{ override, want string }{
		{"data.image.windw=3", `--set data.image.windw=3: unknown key "windw" in data.image; did you mean window?`},
		{"sampler.sed=3", `--set sampler.sed=3: unknown key "sed" in sampler; did you mean seed?`},
		{"sampler.seed=x", `--set sampler.seed=x: expected a whole number, 0 or more, found "x"`},
		{"sampler.seed=", `--set sampler.seed=: expected a value, found nothing; leave the key out to take its default`},
		{"sampler={nme: tpe}", `--set sampler={nme: tpe}: sampler.nme: unknown key "nme" in sampler; did you mean name?`},
		{"samplr.seed=3", `--set samplr.seed=3: samplr: unknown key "samplr" in an experiment; did you mean sampler?`},
		{"task.kind=x", `--set task.kind=x: task: task is "classification", not a section; set it as a whole`},
		{"name", `--set name: expected key=value; write --set sampler.seed=3`},
		{"=3", `--set =3: expected key=value; write --set sampler.seed=3`},
		{"a..b=3", `--set a..b=3: expected key=value; write --set sampler.seed=3`},
		{"metrics=[auprc", `--set metrics=[auprc: not YAML: sequence end token ']' not found`},
		{"space.dropout.high=-1", `--set space.dropout.high=-1: dropout must be between 0 and 0.95, found -1`},
		{"objective.metric=rmes", `--set objective.metric=rmes: unknown metric "rmes"; did you mean rmse?`},
		{"require=[dept <= 2]", `--set require=[dept <= 2]: require[0]: unknown name "dept"; did you mean depth?`},
		{"constraints=[auroc > 1 > 2]", `--set constraints=[auroc > 1 > 2]: constraints[0]: a comparison has two sides; write two of them with and between`},
		{"space.dropout.when=kernel > 3", `--set space.dropout.when=kernel > 3: kernel isn't known yet; write it above`},
		{"initial=[{dropout: 1}]", `--set initial=[{dropout: 1}]: initial[0].dropout: expected a number from 0 to 0.5, found "1"`},
		{"resources.memory=0%", `--set resources.memory=0%: expected a share above 0% and at most 100%, found "0%"`},
		{"name=\x1b[2J", "--set name=·[2J: control character U+001B"},
	} {
		t.Run(test.override, func(t *testing.T) {
			_, err := fixed().parse("x.yaml", []byte(small), []string{test.override})
			var e *Errors
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want mistakes", err)
			}
			if got := e.Error(); !strings.HasPrefix(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestMistakesOfTheFileComeBeforeThoseOfFlags(t *testing.T) {
	src := strings.Replace(small, "version: 1", "version: 1\nnmae: x", 1)
	_, err := fixed().parse("x.yaml", []byte(src), []string{"sampler.sed=3", "budget.trails=1"})
	want := `x.yaml:2:1: nmae: unknown key "nmae" in an experiment; did you mean name?
--set sampler.sed=3: unknown key "sed" in sampler; did you mean seed?
--set budget.trails=1: unknown key "trails" in budget; did you mean trials?`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}
