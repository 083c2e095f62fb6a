package experiments

import (
	"testing"

	"pgregory.net/rapid"

	"medml"
)

// enumerate counts the configurations of a finite space one by one.
func enumerate(space medml.Space, params medml.Params) float64 {
	if len(space) == 0 {
		return 1
	}
	p := space[0]
	if !space.Active(p, params) {
		return enumerate(space[1:], params)
	}
	n := 0.0
	for _, v := range allValues(p) {
		n += enumerate(space[1:], append(params[:len(params):len(params)], medml.Setting{Name: p.Name, Value: v}))
	}
	return n
}

func allValues(p medml.Param) []medml.Value {
	if p.Kind == medml.Categorical {
		return p.Choices
	}
	var all []medml.Value
	for x := p.Low; x <= p.High; x += max(1, p.Step) {
		all = append(all, medml.IntValue(int(x)))
	}
	return all
}

func TestTheExtentOfASpaceIsTheNumberOfItsConfigurations(t *testing.T) {
	word := func(s string) medml.Value { return medml.StringValue(s) }
	rapid.Check(t, func(t *rapid.T) {
		space := medml.Space{{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{word("cnn"), word("lstm")}}}
		for i := range rapid.IntRange(0, 5).Draw(t, "params") {
			p := medml.Param{Name: string(rune('a' + i)), Kind: medml.Int, Low: 1, High: float64(rapid.IntRange(1, 4).Draw(t, "high"))}
			if rapid.Bool().Draw(t, "words") {
				p = medml.Param{Name: p.Name, Kind: medml.Categorical, Choices: []medml.Value{word("x"), word("y"), word("z")}}
			}
			if rapid.Bool().Draw(t, "conditional") {
				on := space[rapid.IntRange(0, len(space)-1).Draw(t, "on")]
				values := allValues(on)
				p.When = &medml.Condition{Param: on.Name, Equals: values[0]}
				if len(values) > 1 && rapid.Bool().Draw(t, "or") {
					p.When.Or = &medml.Condition{Param: on.Name, Equals: values[1]}
				}
			}
			space = append(space, p)
		}
		sum := gridPoints(extents(space))
		if want := enumerate(space, nil); sum != want {
			t.Fatalf("%v has %v configurations, counted %v", space, want, sum)
		}
	})
}

func TestContinuousHyperparametersAreNamedAndCountOnce(t *testing.T) {
	s := with(t, "space={architecture: {type: choice, of: {cnn: {depth: {type: int, low: 1, high: 3}}, lstm: }}, dropout: {type: float, low: 0, high: 0.5, step: 0.25}, learning_rate: {type: float, low: 0.1, high: 1}}")
	got := extents(s.Space())
	if len(got) != 2 || got[0].Branch != "cnn" || got[0].Combinations != 9 || got[1].Combinations != 3 ||
		len(got[0].Continuous) != 1 || got[0].Continuous[0] != "learning_rate" {
		t.Errorf("%+v", got)
	}
}
