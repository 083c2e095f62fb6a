package search_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml"
	"medml/search"
)

// notUniform are the samplers whose first trials are not drawn uniformly over the space,
// with the reason.
var notUniform = map[string]string{
	"cma-es": "they are around the middle",
	"grid":   "its order is that of the file",
}

// TestConformance holds every sampler of the table to what all must do.
func TestConformance(t *testing.T) {
	for _, name := range search.Samplers() {
		s := conformant{config(name), name == "grid"}
		t.Run(name, func(t *testing.T) {
			t.Run("stays in any space", s.staysInAnySpace)
			t.Run("draws every value of a finite parameter", s.drawsEveryValue)
			if notUniform[s.config.Sampler.Name] == "" {
				t.Run("begins with uniform draws", s.beginsUniformly)
			}
			t.Run("goes to either end", s.goesToEitherEnd)
			t.Run("draws the same with the same seed", s.repeats)
			t.Run("draws something else with another seed", s.dependsOnTheSeed)
			t.Run("proposes nothing twice", s.proposesNothingTwice)
			t.Run("describes itself", s.describesItself)
		})
	}
}

type conformant struct {
	config search.Config
	finite bool // it takes finite spaces alone, and needs no seed
}

func (s conformant) space(space medml.Space) medml.Space {
	if s.finite {
		return gridded(space)
	}
	return space
}

func (s conformant) staysInAnySpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := s.space(spaces.Draw(t, "space"))
		c := s.config
		c.Direction = rapid.SampledFrom([]medml.Direction{medml.Minimize, medml.Maximize}).Draw(t, "direction")
		c.Sampler.StartupTrials = rapid.IntRange(1, 5).Draw(t, "startup")
		study, err := search.New(space, c, nil)
		if err != nil {
			if s.finite && strings.Contains(err.Error(), "combinations") {
				return
			}
			t.Fatal(err)
		}
		for i := range 20 {
			trial, err := study.Ask()
			if err != nil {
				if _, done := err.(*medml.Done); done && s.finite && i > 0 {
					return
				}
				t.Fatal(err)
			}
			checkProposal(t, space, trial, i)
			trial.State = rapid.SampledFrom([]medml.State{medml.Complete, medml.Pruned, medml.Failed}).Draw(t, "state")
			trial.Value = rapid.Float64().Draw(t, "value")
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// checkProposal fails unless the trial has the parameters that exist, no others, in the
// order of the space, with values of theirs.
func checkProposal(t *rapid.T, space medml.Space, trial medml.Trial, number int) {
	if trial.Number != number || trial.State != medml.Running {
		t.Fatalf("trial %d, %v, expected trial %d, running", trial.Number, trial.State, number)
	}
	left := trial.Params
	for _, p := range space {
		if !space.Active(p, trial.Params) {
			continue
		}
		if len(left) == 0 || left[0].Name != p.Name {
			t.Fatalf("%s isn't where it should be in %v", p.Name, trial.Params)
		}
		v := left[0].Value
		if !p.Contains(v) {
			t.Fatalf("%s=%v isn't in %+v", p.Name, v, p)
		}
		if p.Step > 0 && !isStep(p, v.Float()) {
			t.Fatalf("%s=%v isn't low + i·step of %+v", p.Name, v, p)
		}
		left = left[1:]
	}
	if len(left) > 0 {
		t.Fatalf("%v has parameters too many: %v", trial.Params, left)
	}
}

func isStep(p medml.Param, x float64) bool {
	for i := 0; ; i++ {
		switch v := p.Low + float64(float64(i)*p.Step); {
		case v == x, v > x && x == p.High:
			return true
		case v > x:
			return false
		}
	}
}

// spaces generates spaces of every kind of parameter.
var spaces = rapid.Custom(func(t *rapid.T) medml.Space {
	var space medml.Space
	for i := range rapid.IntRange(1, 6).Draw(t, "parameters") {
		p := params.Draw(t, "parameter")
		p.Name = fmt.Sprintf("p%d", i)
		if i > 0 && rapid.Bool().Draw(t, "conditional") {
			on := space[rapid.IntRange(0, i-1).Draw(t, "on")]
			p.When = &medml.Condition{Param: on.Name, Equals: lowest(on)}
		}
		space = append(space, p)
	}
	return space
})

func lowest(p medml.Param) medml.Value {
	switch p.Kind {
	case medml.Categorical:
		return p.Choices[0]
	case medml.Int:
		return medml.IntValue(int(p.Low))
	}
	return medml.FloatValue(p.Low)
}

var params = rapid.Custom(func(t *rapid.T) medml.Param {
	low := float64(rapid.IntRange(1, 50).Draw(t, "low"))
	span := float64(rapid.IntRange(0, 4).Draw(t, "span"))
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return integer("", low, low+span)
	case 1:
		return stepped(integer("", -low, -low+span*3), 3)
	case 2:
		return logarithmic(integer("", low, low+span*7))
	case 3:
		return stepped(float("", low/10, low/10+span*0.1), 0.1)
	case 4:
		return logarithmic(float("", low/1e9, low/1e9*(1+span)))
	case 5:
		return ordered(words("", "tiny", "small", "large"))
	case 6:
		return medml.Param{Kind: medml.Categorical, Choices: []medml.Value{
			medml.IntValue(1), medml.StringValue("1"), medml.FloatValue(1), medml.BoolValue(true)}}
	}
	return float("", -low, -low+span*1e6)
})

func (s conformant) drawsEveryValue(t *testing.T) {
	space := medml.Space{
		words("word", "a", "b", "c"),
		ordered(words("size", "s", "m", "l")),
		integer("int", 1, 3),
		stepped(integer("stepped", 0, 8), 4),
		stepped(float("float", 0, 0.3), 0.3),
		logarithmic(integer("log", 1, 3)),
	}
	want := map[string]int{"word": 3, "size": 3, "int": 3, "stepped": 3, "float": 2, "log": 3}
	if s.finite {
		space[5].Log = false
	}
	n := 200
	if s.finite {
		n = 3 * 3 * 3 * 3 * 2 * 3
	}
	seen := map[string]map[medml.Value]bool{}
	for _, trial := range run(t, mustNew(t, space, s.config), n, func(medml.Params) float64 { return 0 }) {
		for _, p := range trial.Params {
			if seen[p.Name] == nil {
				seen[p.Name] = map[medml.Value]bool{}
			}
			seen[p.Name][p.Value] = true
		}
	}
	for name, n := range want {
		if len(seen[name]) != n {
			t.Errorf("%s has %d values, drawn were %v", name, n, seen[name])
		}
	}
}

// The first five trials of 400 seeds.
func (s conformant) beginsUniformly(t *testing.T) {
	finite, continuous := finiteParams(), continuousParams()
	var space medml.Space
	for _, name := range slices.Sorted(maps.Keys(finite)) {
		p := finite[name].param
		p.Name = name
		space = append(space, p)
	}
	for _, name := range slices.Sorted(maps.Keys(continuous)) {
		p := continuous[name].param
		p.Name = name
		space = append(space, p)
	}
	draws := map[string][]float64{}
	for seed := range 400 {
		c := s.config
		c.Sampler.Seed = uint64(seed)
		for _, trial := range run(t, mustNew(t, space, c), 5, func(medml.Params) float64 { return 0 }) {
			for i, p := range trial.Params {
				draws[p.Name] = append(draws[p.Name], number(space[i], p.Value))
			}
		}
	}
	for name, c := range finite {
		t.Run(name, func(t *testing.T) { checkShares(t, draws[name], c.low, c.step, c.shares) })
	}
	for name, c := range continuous {
		t.Run(name, func(t *testing.T) { checkDistribution(t, draws[name], c.cdf) })
	}
}

// The lowest or the highest value of each parameter is the best one.
func (s conformant) goesToEitherEnd(t *testing.T) {
	for name, c := range finiteParams() {
		for end, sign := range map[string]float64{"low": 1, "high": -1} {
			space := s.space(medml.Space{c.param, float("other", 0, 1)})
			best := math.Inf(1)
			run(t, mustNew(t, space, s.config), 60, func(ps medml.Params) float64 {
				v := sign * number(space[0], ps[0].Value)
				best = min(best, v)
				return v + 0.1*ps[1].Value.Float()
			})
			last := c.low
			if sign < 0 {
				last = -(c.low + c.step*float64(len(c.shares)-1))
			}
			if math.Abs(best-last) > 1e-9 {
				t.Errorf("%s: the best of 60 trials is %v, the %s end %v", name, best, end, last)
			}
		}
	}
}

func (s conformant) repeats(t *testing.T) {
	a := run(t, mustNew(t, s.space(mixed()), s.config), 40, training)
	b := run(t, mustNew(t, s.space(mixed()), s.config), 40, training)
	if d := cmp.Diff(digest(t, a), digest(t, b)); d != "" {
		t.Error(firstDifference(a, b))
	}
}

func (s conformant) dependsOnTheSeed(t *testing.T) {
	if s.finite {
		return // a grid's order is that of the file
	}
	other := s.config
	other.Sampler.Seed++
	a := run(t, mustNew(t, mixed(), s.config), 40, training)
	b := run(t, mustNew(t, mixed(), other), 40, training)
	for i := range a {
		if configOf(a[i]) == configOf(b[i]) {
			t.Errorf("trial %d is the same with another seed: %v", i, a[i].Params)
		}
	}
}

func (s conformant) proposesNothingTwice(t *testing.T) {
	seen := map[string]int{}
	const combinations = (3 + 2*2) * 2
	trials := run(t, mustNew(t, discreteSpace(), s.config), combinations, func(ps medml.Params) float64 { return float64(len(ps)) })
	for _, trial := range trials {
		if first, ok := seen[configOf(trial)]; ok {
			t.Errorf("trial %d is trial %d again: %v", trial.Number, first, trial.Params)
		}
		seen[configOf(trial)] = trial.Number
	}
	if len(trials) != combinations {
		t.Errorf("%d trials, expected all %d combinations", len(trials), combinations)
	}
}

func (s conformant) describesItself(t *testing.T) {
	sampler, pruner := mustNew(t, s.space(mixed()), s.config).Describe()
	if !strings.HasPrefix(sampler, s.config.Sampler.Name) || pruner != "none" {
		t.Errorf("described as %q, %q", sampler, pruner)
	}
}

func configOf(t medml.Trial) string { return fmt.Sprintf("%#v", t.Params) }

func TestWhatIsUsedUpIsProposedAgain(t *testing.T) {
	for _, name := range []string{"random", "tpe", "sobol", "gp", "cma-es", "nsga-ii", "auto"} {
		trials := run(t, mustNew(t, discreteSpace(), config(name)), 20, func(medml.Params) float64 { return 0 })
		if len(trials) != 20 {
			t.Errorf("%s ended after %d trials", name, len(trials))
		}
	}
}

func TestGridTakesTheLastParameterFastestAndEnds(t *testing.T) {
	study := mustNew(t, medml.Space{integer("x", 1, 2), words("y", "a", "b")}, config("grid"))
	var got []string
	for _, trial := range run(t, study, 9, sphere) {
		got = append(got, fmt.Sprint(trial.Params))
	}
	want := []string{"[{x 1} {y a}]", "[{x 1} {y b}]", "[{x 2} {y a}]", "[{x 2} {y b}]"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	_, err := study.Ask()
	if err == nil || err.Error() != "all 4 combinations of the grid tried" {
		t.Errorf("after the last one: %v", err)
	}
}

func TestGridPassesOverWhatWasEntered(t *testing.T) {
	entered := medml.Trial{Params: medml.Params{{Name: "x", Value: medml.IntValue(2)}, {Name: "y", Value: medml.StringValue("a")}}}
	study := mustNew(t, medml.Space{integer("x", 1, 2), words("y", "a", "b")}, config("grid"), entered)
	var got []string
	for _, trial := range run(t, study, 9, sphere) {
		got = append(got, fmt.Sprint(trial.Params))
	}
	want := []string{"[{x 2} {y a}]", "[{x 1} {y a}]", "[{x 1} {y b}]", "[{x 2} {y b}]"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAWaitingTrialKeepsWhatItHasAndGetsTheRest(t *testing.T) {
	for _, name := range []string{"random", "tpe", "sobol", "gp", "cma-es", "nsga-ii", "auto"} {
		entered := medml.Trial{Params: medml.Params{
			{Name: "architecture", Value: medml.StringValue("lstm")},
			{Name: "learning_rate", Value: medml.FloatValue(1e-3)},
		}}
		trial, err := mustNew(t, mixed(), config(name), entered).Ask()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range trial.Params {
			names = append(names, medml.ShortName(p.Name))
		}
		want := []string{"architecture", "hidden", "cell", "learning_rate", "batch_size", "dropout", "bidirectional", "momentum", "class_weight"}
		if d := cmp.Diff(want, names); d != "" {
			t.Error(d)
		}
		for _, p := range entered.Params {
			if !slices.Contains(trial.Params, p) {
				t.Errorf("%s: %v was entered, the trial has %v", name, p, trial.Params)
			}
		}
	}
}
