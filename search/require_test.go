package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medml"
	"medml/search"
)

// narrow lets through the configurations of the mixed space that have a low learning rate
// and no LSTM: about one in 24.
func narrow(ps medml.Params) bool {
	rate, _ := ps.Lookup("learning_rate")
	dropout, _ := ps.Lookup("dropout")
	return rate.Float() < 3e-4 && dropout.Float() > 0.15 && !slices.Contains(ps, lstm)
}

func TestNothingIsProposedThatRequireRefuses(t *testing.T) {
	for _, name := range search.Samplers() {
		t.Run(name, func(t *testing.T) {
			c := config(name)
			c.Require = narrow
			space := sweepSpace(c)
			trials := run(t, mustNew(t, space, c), 60, training)
			if len(trials) < 60 && name != "grid" {
				t.Errorf("only %d trials", len(trials))
			}
			for _, trial := range trials {
				if !narrow(trial.Params) {
					t.Errorf("trial %d is %v", trial.Number, trial.Params)
				}
			}
		})
	}
}

func TestAFiniteSpaceIsUsedUpUnderRequire(t *testing.T) {
	odd := func(ps medml.Params) bool { return len(configOf(medml.Trial{Params: ps}))%2 == 1 || len(ps) == 2 }
	want := 0
	for _, trial := range run(t, mustNew(t, discreteSpace(), config("grid")), 99, sphere) {
		if odd(trial.Params) {
			want++
		}
	}
	for _, name := range search.Samplers() {
		c := config(name)
		c.Require = odd
		seen := map[string]bool{}
		for _, trial := range run(t, mustNew(t, discreteSpace(), c), want, sphere) {
			seen[configOf(trial)] = true
		}
		if len(seen) != want {
			t.Errorf("%s: %d of %d allowed configurations in as many trials", name, len(seen), want)
		}
		if name == "grid" {
			continue // which ends then
		}
		for _, trial := range run(t, mustNew(t, discreteSpace(), c), 2*want, sphere) {
			if !odd(trial.Params) {
				t.Errorf("%s: when all are used up, %v is proposed", name, trial.Params)
			}
		}
	}
}

// One value in a hundred thousand of one parameter, which no sampler finds: the space is
// listed.
func TestARareConfigurationIsFoundInAFiniteSpace(t *testing.T) {
	c := config("tpe")
	c.Require = func(ps medml.Params) bool { return ps[0].Value.Int() == 77_777 }
	for _, trial := range run(t, mustNew(t, medml.Space{integer("x", 1, 99_999)}, c), 2, sphere) {
		if trial.Params[0].Value.Int() != 77_777 {
			t.Errorf("trial %d is %v", trial.Number, trial.Params)
		}
	}
}

func TestARequireThatNothingMeetsIsAnError(t *testing.T) {
	for want, space := range map[string]medml.Space{
		"require: none of 14 combinations":             discreteSpace(),
		"require: none of 10000 random configurations": mixed(),
	} {
		c := config("tpe")
		c.Require = func(medml.Params) bool { return false }
		_, err := search.New(space, c, nil)
		if err == nil || !strings.Contains(strings.Replace(err.Error(), "the ", "", 1), want) {
			t.Errorf("%v, expected %q", err, want)
		}
	}
}

func TestInitialConfigurationsComeFirst(t *testing.T) {
	whole := medml.Params{
		{Name: "architecture", Value: medml.StringValue("autoencoder")},
		{Name: "architecture.autoencoder.latent", Value: medml.IntValue(3)},
		{Name: "learning_rate", Value: medml.FloatValue(0.01)},
		{Name: "batch_size", Value: medml.StringValue("64")},
		{Name: "dropout", Value: medml.FloatValue(0)},
		{Name: "bidirectional", Value: medml.BoolValue(false)},
		{Name: "momentum", Value: medml.FloatValue(0.9)},
		{Name: "class_weight", Value: medml.StringValue("balanced")},
	}
	for _, name := range []string{"random", "tpe", "nsga-ii"} {
		c := config(name)
		c.Initial = []medml.Params{{ps32, cnn}, whole, {}, {lstm}}
		trials := run(t, mustNew(t, mixed(), c), 8, training)
		for i, params := range c.Initial {
			for _, p := range params {
				if !slices.Contains(trials[i].Params, p) {
					t.Errorf("%s: trial %d is %v, expected %v", name, i, trials[i].Params, p)
				}
			}
		}
		if fmt.Sprint(trials[1].Params) != fmt.Sprint(whole) {
			t.Errorf("%s: trial 1 is %v", name, trials[1].Params)
		}
		// Cut anywhere, the same trials follow, and none is entered twice.
		for cut := range trials {
			rest := run(t, mustNew(t, mixed(), c, trials[:cut]...), 8-cut, training)
			for i, trial := range append(slices.Clone(trials[:cut]), rest...) {
				if trial.Number != i || configOf(trial) != configOf(trials[i]) {
					t.Fatalf("%s, cut at %d: trial %d is %v, expected %v", name, cut, i, trial.Params, trials[i].Params)
				}
			}
		}
		c.Trials = 2
		if n := len(run(t, mustNew(t, mixed(), c), 8, training)); n != 2 {
			t.Errorf("%s: %d trials, the budget is 2", name, n)
		}
	}
}

func TestInitialConfigurationsAreValidated(t *testing.T) {
	c := config("tpe")
	c.Require = func(ps medml.Params) bool { return !slices.Contains(ps, ps32) }
	c.Initial = []medml.Params{
		{{Name: "depth", Value: medml.IntValue(1)}, {Name: "dropout", Value: medml.FloatValue(0.15)}},
		{lstm, {Name: "architecture.cnn.depth", Value: medml.IntValue(1)}},
		{cnn},
	}
	want := []string{
		"initial[0]: depth is no parameter of the space", "initial[0]: dropout=0.15 is no value of the parameter",
		"initial[1]: architecture.cnn.depth stands without architecture == cnn",
	}
	if got := lines(t, c.Validate(mixed())); !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
	c.Initial = []medml.Params{{ps32}}
	want = []string{"initial[0]: is a configuration that `require` doesn't let through"}
	if got := lines(t, c.Validate(medml.Space{words("batch_size", "16", "32")})); !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
}

// What is known from another study needn't be found out.
func TestWarmTrialsAreLearntFrom(t *testing.T) {
	// An evolution goes by generations, and only so far with six of them.
	for sampler, share := range map[string]float64{"tpe": 0.5, "gp": 0.5, "cma-es": 0.7} {
		t.Run(sampler, func(t *testing.T) { learnsFromWarmTrials(t, sampler, share) })
	}
}

func learnsFromWarmTrials(t *testing.T, sampler string, share float64) {
	var other []medml.Trial
	r := medml.Stream(1, "warm")
	for range 60 {
		ps := medml.Params{{Name: "a", Value: medml.FloatValue(10*r.Float64() - 5)}, {Name: "b", Value: medml.FloatValue(10*r.Float64() - 5)}}
		other = append(other, medml.Trial{Number: 7, State: medml.Complete, Value: sphere(ps), Params: ps})
	}
	for _, lookback := range []int{0, 12} {
		cold, warm := 0.0, 0.0
		for seed := range 20 {
			c := config(sampler)
			c.Sampler.Seed, c.Lookback = uint64(seed), lookback
			cold += mean(run(t, mustNew(t, box(2), c), 10, sphere))
			c.Warm = other
			trials := run(t, mustNew(t, box(2), c), 10, sphere)
			warm += mean(trials)
			if trials[0].Number != 0 {
				t.Fatalf("the first trial is %d", trials[0].Number)
			}
		}
		if warm > share*cold {
			t.Errorf("lookback %d: the first ten trials have the mean value %.2f, without warm trials %.2f", lookback, warm/20, cold/20)
		}
	}
}

func mean(trials []medml.Trial) float64 {
	sum := 0.0
	for _, t := range trials {
		sum += t.Value
	}
	return sum / float64(len(trials))
}

func TestWarmTrialsEndNoStudyAndPruneNothing(t *testing.T) {
	goal := 1.0
	c := config("tpe")
	c.Goal, c.Trials, c.Patience = &goal, 10, 5
	c.Pruner = search.PrunerConfig{Name: "median", Startup: 1}
	for range 20 {
		c.Warm = append(c.Warm, medml.Trial{State: medml.Complete, Value: 0, Params: medml.Params{{Name: "a", Value: medml.FloatValue(1)}}})
	}
	study := mustNew(t, box(1), c)
	if about, _ := study.Describe(); !strings.HasSuffix(about, ", from 20 warm trials") {
		t.Errorf("described as %q", about)
	}
	got := follow(t, study, mustAsk(t, study), []float64{9, 9})
	if got != 0 {
		t.Errorf("pruned at %d by trials of another study", got)
	}
	n := 1 + len(run(t, study, 20, func(medml.Params) float64 { return 5 }))
	if n != 7 { // the first two improve, then five don't
		t.Errorf("the study ended after %d trials, expected 7", n)
	}
}

func mustAsk(t testing.TB, s *search.Study) medml.Trial {
	t.Helper()
	trial, err := s.Ask()
	if err != nil {
		t.Fatal(err)
	}
	return trial
}

func TestWarmTrialsThatDontFitAreNamed(t *testing.T) {
	c := config("tpe")
	x := func(v float64) medml.Params { return medml.Params{{Name: "a", Value: medml.FloatValue(v)}} }
	c.Warm = []medml.Trial{
		{Number: 3, State: medml.Complete, Value: 1, Params: x(9)},
		{Number: 4, State: medml.Pruned, Value: 1, Params: x(1)},
		{Number: 5, State: medml.Complete, Value: nan, Params: x(1)},
		{Number: 6, State: medml.Complete, Value: 1},
		{Number: 7, State: medml.Complete, Value: 1, Params: append(x(1), ps32)},
	}
	study := mustNew(t, box(1), c)
	var got []string
	for _, err := range study.Unused() {
		got = append(got, err.Error())
	}
	want := []string{
		"warm trial 3: a=9.0 is no value of the parameter",
		"warm trial 4: is pruned with the value 1, expected a complete one with a number",
		"warm trial 5: is complete with the value NaN, expected a complete one with a number",
		"warm trial 6: has no a",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, expected %q", got, want)
	}
	if about, _ := study.Describe(); !strings.HasSuffix(about, "from 1 warm trial") {
		t.Errorf("described as %q", about)
	}
}

// Whatever is required, a proposal is in the space and meets it.
func TestRequireInAnySpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := spaces.Draw(t, "space")
		c := config(rapid.SampledFrom([]string{"random", "tpe", "nsga-ii", "sobol", "gp", "cma-es"}).Draw(t, "sampler"))
		c.Sampler.StartupTrials, c.Sampler.Population = 2, 4
		salt := rapid.IntRange(0, 99).Draw(t, "salt")
		c.Require = func(ps medml.Params) bool {
			sum := salt
			for _, b := range []byte(configOf(medml.Trial{Params: ps})) {
				sum = 31*sum + int(b)
			}
			return sum%3 != 0
		}
		study, err := search.New(space, c, nil)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "require: none of the ") {
				t.Fatal(err)
			}
			return
		}
		for i := range 12 {
			trial, err := study.Ask()
			if err != nil {
				t.Fatal(err)
			}
			checkProposal(t, space, trial, i)
			if !c.Require(trial.Params) {
				t.Fatalf("trial %d is %v, which isn't let through", i, trial.Params)
			}
			trial.State, trial.Value = medml.Complete, float64(i%4)
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
	})
}
