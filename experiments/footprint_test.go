package experiments

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"medml"
)

// configurations lists those of a finite space.
func configurations(space medml.Space, params medml.Params) []medml.Params {
	if len(space) == 0 {
		return []medml.Params{params}
	}
	p := space[0]
	if !space.Active(p, params) {
		return configurations(space[1:], params)
	}
	var out []medml.Params
	for _, v := range allValues(p) {
		out = append(out, configurations(space[1:], append(params[:len(params):len(params)], medml.Setting{Name: p.Name, Value: v}))...)
	}
	return out
}

func TestTheExtremesAreThoseOfAllConfigurations(t *testing.T) {
	word := func(s string) medml.Value { return medml.StringValue(s) }
	rapid.Check(t, func(t *rapid.T) {
		space := medml.Space{
			{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{word("cnn"), word("lstm")}},
			{Name: "architecture.cnn.a", Kind: medml.Int, Low: 1, High: 5, When: &medml.Condition{Param: "architecture", Equals: word("cnn")}},
			{Name: "architecture.lstm.b", Kind: medml.Categorical, Choices: []medml.Value{word("x"), word("y"), word("z")}, When: &medml.Condition{Param: "architecture", Equals: word("lstm")}},
			{Name: "c", Kind: medml.Int, Low: 2, High: 4},
			{Name: "d", Kind: medml.Int, Low: 7, High: 7},
		}
		// What a configuration takes is a sum over its hyperparameters, each rising or falling.
		slope, weight := map[string]int64{}, map[medml.Value]int64{}
		for _, p := range space {
			slope[p.Name] = rapid.Int64Range(-9, 9).Draw(t, p.Name)
			for _, v := range p.Choices {
				weight[v] = rapid.Int64Range(0, 50).Draw(t, v.String())
			}
		}
		footprint := func(params medml.Params) (Footprint, error) {
			f := Footprint{Params: params, Bytes: 1000}
			for _, s := range params {
				if s.Value.Kind() == medml.StringKind {
					f.Bytes += weight[s.Value]
				} else {
					f.Bytes += slope[s.Name] * int64(s.Value.Int())
				}
			}
			return f, nil
		}
		x := extremist{space, func(medml.Params) bool { return true }, footprint}
		least, most := x.extreme(1), x.extreme(-1)
		for _, params := range configurations(space, nil) {
			f, _ := footprint(params)
			if f.Bytes < least.Bytes || f.Bytes > most.Bytes {
				t.Fatalf("%v takes %d, outside %d to %d", params, f.Bytes, least.Bytes, most.Bytes)
			}
		}
	})
}

func TestTheExtremesMeetWhatIsRequiredAndCanBeBuilt(t *testing.T) {
	space := medml.Space{
		{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("cnn")}},
		{Name: "a", Kind: medml.Int, Low: 1, High: 3}, {Name: "b", Kind: medml.Int, Low: 1, High: 3},
	}
	sum := func(params medml.Params) (Footprint, error) {
		a, _ := params.Lookup("a")
		b, _ := params.Lookup("b")
		if a.Int() == 1 && b.Int() == 1 {
			return Footprint{}, errors.New("too small to build")
		}
		return Footprint{Params: params, Bytes: int64(10*a.Int() + b.Int())}, nil
	}
	notBoth := func(params medml.Params) bool {
		f, err := sum(params)
		return err != nil || f.Bytes != 33
	}
	x := extremist{space, notBoth, sum}
	if least, most := x.extreme(1), x.extreme(-1); least.Bytes != 13 || most.Bytes != 31 {
		t.Errorf("from %d to %d, want 13 to 31", least.Bytes, most.Bytes)
	}
	nothing := extremist{space, func(medml.Params) bool { return false }, sum}
	if got := nothing.extreme(1); got != nil {
		t.Errorf("%v although nothing is allowed", got)
	}
}
