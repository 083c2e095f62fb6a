package medml_test

import (
	"encoding/json"
	"math"
	"testing"

	"medml"

	"pgregory.net/rapid"
)

// anyValue draws a Value of any kind.
func anyValue(t *rapid.T) medml.Value {
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return medml.FloatValue(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "float"))
	case 1:
		return medml.IntValue(rapid.IntRange(-1<<53, 1<<53).Draw(t, "int"))
	case 2:
		return medml.BoolValue(rapid.Bool().Draw(t, "bool"))
	case 3:
		return medml.StringValue(rapid.String().Draw(t, "string"))
	}
	return medml.Value{}
}

func TestParamsSurviveJSONInTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ps medml.Params
		for i := range rapid.IntRange(0, 6).Draw(t, "n") {
			name := rapid.StringMatching(`[a-z._]{1,12}`).Draw(t, "name") + string(rune('0'+i))
			ps = append(ps, medml.Setting{Name: name, Value: anyValue(t)})
		}
		b, err := json.Marshal(ps)
		if err != nil {
			t.Fatal(err)
		}
		var back medml.Params
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if len(back) != len(ps) {
			t.Fatalf("%s came back as %v", b, back)
		}
		for i := range ps {
			if ps[i] != back[i] {
				t.Fatalf("%s: %v came back as %v", b, ps[i], back[i])
			}
		}
	})
}

func TestAFloatStaysAFloatInJSON(t *testing.T) {
	for v, want := range map[medml.Value]string{
		medml.FloatValue(1):       "1.0",
		medml.FloatValue(0.001):   "0.001",
		medml.FloatValue(1e-9):    "1e-09",
		medml.IntValue(1):         "1",
		medml.BoolValue(true):     "true",
		medml.StringValue("lstm"): `"lstm"`,
		{}:                        "null",
	} {
		if b, err := json.Marshal(v); err != nil || string(b) != want {
			t.Errorf("%#v marshals to %s, %v; want %s", v, b, err, want)
		}
	}
	if _, err := json.Marshal(medml.FloatValue(math.NaN())); err == nil {
		t.Error("NaN has a JSON form")
	}
	var v medml.Value
	for _, bad := range []string{`{`, `[1]`, `1.2.3`, `99x`} {
		if err := v.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s was read as %v", bad, v)
		}
	}
}

func TestAParamContainsJustItsValues(t *testing.T) {
	lr := medml.Param{Name: "learning_rate", Kind: medml.Float, Low: 1e-4, High: 1e-1, Log: true}
	filters := medml.Param{Name: "filters", Kind: medml.Int, Low: 8, High: 64, Step: 8}
	drop := medml.Param{Name: "dropout", Kind: medml.Float, Low: 0, High: 0.5, Step: 0.1}
	cell := medml.Param{Name: "cell", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("gru"), medml.IntValue(3)}}
	for _, c := range []struct {
		p    medml.Param
		v    medml.Value
		want bool
	}{
		{lr, medml.FloatValue(1e-4), true},
		{lr, medml.FloatValue(1e-1), true},
		{lr, medml.FloatValue(0.2), false},
		{lr, medml.FloatValue(math.NaN()), false},
		{lr, medml.IntValue(1), false},
		{filters, medml.IntValue(8), true},
		{filters, medml.IntValue(64), true},
		{filters, medml.IntValue(12), false},
		{filters, medml.FloatValue(16), false},
		{drop, medml.FloatValue(0.30000000000000004), true},
		{drop, medml.FloatValue(0.35), false},
		{cell, medml.StringValue("gru"), true},
		{cell, medml.IntValue(3), true},
		{cell, medml.FloatValue(3), false},
		{cell, medml.StringValue("lstm"), false},
	} {
		if got := c.p.Contains(c.v); got != c.want {
			t.Errorf("%s contains %v: %v, want %v", c.p.Name, c.v, got, c.want)
		}
	}
}

func TestAParamOfABranchExistsOnlyThere(t *testing.T) {
	is := func(name string) *medml.Condition {
		return &medml.Condition{Param: "architecture", Equals: medml.StringValue(name)}
	}
	space := medml.Space{
		{Name: "architecture", Kind: medml.Categorical},
		{Name: "architecture.cnn.filters", When: is("cnn")},
		{Name: "dropout"},
	}
	params := medml.Params{{Name: "architecture", Value: medml.StringValue("lstm")}}
	want := map[string]bool{"architecture": true, "architecture.cnn.filters": false, "dropout": true}
	for _, p := range space {
		if got := space.Active(p, params); got != want[p.Name] {
			t.Errorf("%s exists: %v, want %v", p.Name, got, want[p.Name])
		}
	}
	if got := space[1].Short(); got != "filters" {
		t.Errorf("the short name is %s", got)
	}
}
