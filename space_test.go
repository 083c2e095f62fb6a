package medml_test

import (
	"encoding/json"
	"testing"

	"medml"
)

func TestAConditionHoldsForEachOfItsValues(t *testing.T) {
	sgd, rmsprop, adam := medml.StringValue("sgd"), medml.StringValue("rmsprop"), medml.StringValue("adam")
	either := &medml.Condition{Param: "optimizer", Equals: sgd, Or: &medml.Condition{Param: "optimizer", Equals: rmsprop}}
	p := medml.Param{Name: "momentum", High: 1, When: either}
	for value, want := range map[medml.Value]bool{sgd: true, rmsprop: true, adam: false} {
		params := medml.Params{{Name: "optimizer", Value: value}}
		if got := medml.Space(nil).Active(p, params); got != want {
			t.Errorf("with %v it exists: %v, want %v", value, got, want)
		}
	}
	if medml.Space(nil).Active(p, nil) {
		t.Error("it exists without what it depends on")
	}
	if got := either.String(); got != "optimizer in [sgd, rmsprop]" {
		t.Errorf("written as %s", got)
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var again medml.Param
	if err := json.Unmarshal(b, &again); err != nil || again.When.String() != either.String() {
		t.Errorf("%s came back as %v, %v", b, again.When, err)
	}
}
