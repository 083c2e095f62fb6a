package expression

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// names are those of a small space.
var names = Names{
	{Path: "architecture", Kind: Text, Words: []string{"cnn", "lstm"}},
	{Path: "architecture.cnn.depth", Kind: Number},
	{Path: "architecture.cnn.hidden", Kind: Number},
	{Path: "architecture.lstm.hidden", Kind: Number},
	{Path: "architecture.lstm.cell", Kind: Text, Words: []string{"lstm", "gru"}},
	{Path: "architecture.lstm.bidirectional", Kind: Truth},
	{Path: "batch_size", Kind: Number},
	{Path: "optimizer", Kind: Text, Words: []string{"adam", "sgd"}},
}

func values(of map[string]Value) func(string) (Value, bool) {
	return func(path string) (Value, bool) { v, ok := of[path]; return v, ok }
}

func TestExpressionsAreEvaluatedInThreeValues(t *testing.T) {
	cnn := map[string]Value{
		"architecture": Word("cnn"), "architecture.cnn.depth": Numeric(3), "architecture.cnn.hidden": Numeric(8),
		"batch_size": Numeric(64), "optimizer": Word("sgd"),
	}
	for src, want := range map[string]Verdict{
		"depth <= 2 or batch_size <= 32":     False,
		"depth <= 2 or batch_size <= 64":     True,
		"cnn.depth == 3.0":                   True,
		"hidden == 8":                        True,
		"2 < depth and depth < 4":            True,
		"optimizer == sgd":                   True,
		"sgd == optimizer":                   True,
		"optimizer != 'sgd'":                 False,
		`optimizer in ["adam", sgd]`:         True,
		"optimizer not in [adam]":            True,
		"not optimizer in [adam]":            True,
		"batch_size in [16, 32]":             False,
		"bidirectional":                      Unknown,
		"not bidirectional":                  Unknown,
		"bidirectional or batch_size == 64":  True,
		"bidirectional and batch_size == 64": Unknown,
		"bidirectional and batch_size == 6.4e1 and batch_size == 1": False,
		"cell == lstm": Unknown,
		"cell != lstm": Unknown,
		"not (depth == 3 and (batch_size == 1 or optimizer == sgd))": False,
		"depth == 3 or depth == 1 and depth == 2":                    True, // and binds closer
		"not depth == 3 or depth == 3":                               True, // not binds closest
		"batch_size > depth":                                         True,
	} {
		e, mistakes := Parse(src, names)
		if mistakes != nil {
			t.Errorf("%s: %v", src, mistakes[0])
		} else if got := e.Truth(values(cnn)); got != want {
			t.Errorf("%s is %v, want %v", src, got, want)
		}
	}
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"", "column 1: expected a comparison such as depth <= 2, found the end"},
		{"dept <= 2", `column 1: unknown name "dept"; did you mean depth?`},
		{"cnn.dept <= 2", `column 1: unknown name "cnn.dept"; did you mean cnn.depth?`},
		{"depth <= two", `column 10: unknown name "two"; known are architecture, depth, hidden, cell, bidirectional, batch_size, optimizer`},
		{"depth <=", "column 9: expected a name or a value, found the end"},
		{"depth = 2", `column 7: unknown operator "="; write ==`},
		{"depth => 2", `column 7: unknown operator "=>"; write >=`},
		{"depth == 2 && batch_size == 3", `column 12: unknown operator "&&"; write and`},
		{"!bidirectional", `column 1: unknown operator "!"; write not`},
		{"1 < depth < 3", "column 11: a comparison has two sides; write two of them with and between"},
		{"depth == 'x'", `column 10: depth is a number and can't be compared with the word "x"`},
		{"depth == true", `column 10: depth is a number and can't be compared with true`},
		{"depth == optimizer", `column 10: depth is a number and can't be compared with optimizer, which is a word`},
		{"optimizer == 3", `column 14: optimizer is a word and can't be compared with the number 3`},
		{"optimizer == sdg", `column 14: optimizer is never "sdg"; did you mean sgd?`},
		{"optimizer in [adam, 'sdg']", `column 21: optimizer is never "sdg"; did you mean sgd?`},
		{"optimizer < sgd", "column 1: optimizer is a word and has no order; use ==, != or in"},
		{"depth", "column 1: depth is a number, not true or false; compare it, as in depth == …"},
		{"true", "column 1: true is the same in every trial: expected a name"},
		{"1 == 2", "column 1: the number 1 is the same in every trial: expected a name"},
		{"1 in [1]", "column 1: expected a name before in, found the number 1"},
		{"depth in []", `column 11: expected a value, found "]"`},
		{"depth in [1 2]", `column 13: expected a comma or the closing "]", found "2"`},
		{"depth in (1)", `column 10: expected a list such as [1, 2], found "("`},
		{"depth not 3", `column 11: expected in, found "3"`},
		{"(depth == 3", `column 12: expected and, or, or the closing ")", found the end`},
		{"depth == 3)", `column 11: expected and, or, or the end, found ")"`},
		{"depth == 3 depth == 3", `column 12: expected and, or, or the end, found "depth"`},
		{"depth == 3a", `column 10: "3a" isn't a number`},
		{"depth == 1e999", `column 10: "1e999" isn't a number`},
		{"optimizer == 'sgd", "column 14: a text without its closing quote"},
		{"depth % 2 == 0", `column 7: unexpected "%"`},
		{"hidden == 1 and 'a' == depth", `column 17: depth is a number and can't be compared with the word "a"`},
		{strings.Repeat("(", 40) + "depth == 1" + strings.Repeat(")", 40), "column 33: the expression is nested more than 32 deep"},
		{strings.Repeat("not ", 40) + "depth == 1", "column 129: the expression is nested more than 32 deep"},
		{"depth == " + strings.Repeat("1", 1000), "column 1001: the expression is longer than 1000 bytes"},
	} {
		_, mistakes := Parse(test.src, names)
		if len(mistakes) != 1 {
			t.Errorf("%.40s: %d mistakes", test.src, len(mistakes))
		} else if got := mistakes[0].Error(); got != test.want {
			t.Errorf("%.40s:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func TestAllMistakesAreFoundAtOnce(t *testing.T) {
	_, mistakes := Parse("dept == 1 or optimizer == sdg and batch_sise == 'x'", names)
	var at []int
	for _, m := range mistakes {
		at = append(at, m.Offset)
	}
	if diff := cmp.Diff([]int{0, 26, 34}, at); diff != "" {
		t.Error(diff)
	}
}

func TestANameOfTwoKindsIsWrittenInFull(t *testing.T) {
	_, mistakes := Parse("x == 1", Names{{Path: "a.x", Kind: Number}, {Path: "b.x", Kind: Truth}})
	if len(mistakes) != 1 || mistakes[0].Msg != `"x" is a number as a.x and true or false as b.x: write one of them in full` {
		t.Errorf("%v", mistakes)
	}
}

// metrics is a scope in which everything is a number.
type metrics struct{}

func (metrics) Resolve(name string) (Meaning, error) {
	return Meaning{Paths: []string{name}, Kind: Number}, nil
}

func TestViolationSaysWhatIsLacking(t *testing.T) {
	of := map[string]float64{"sensitivity": 0.8, "sensitivity@specificity=0.95": 0.5, "parameters": 3e6, "bad": math.NaN(), "inf": math.Inf(1), "f1@class=V": 0.25}
	lookup := func(name string) (float64, bool) { x, ok := of[name]; return x, ok }
	const epsilon = math.SmallestNonzeroFloat64
	for src, want := range map[string]float64{
		"sensitivity >= 0.9":                                     0.9 - 0.8,
		"sensitivity >= 0.75":                                    0.75 - 0.8,
		"sensitivity@specificity=0.95>=0.75":                     0.25,
		"f1@class=V>=0.5 and sensitivity > 0":                    0.25,
		"0.9 <= sensitivity":                                     0.9 - 0.8,
		"parameters <= 2e6":                                      1e6,
		"sensitivity > 0.8":                                      epsilon,
		"sensitivity >= 0.8":                                     0,
		"not sensitivity >= 0.8":                                 epsilon,
		"not sensitivity > 0.8":                                  0,
		"sensitivity >= 0.9 and parameters <= 2e6":               1e6,
		"sensitivity >= 0.9 or parameters <= 2e6":                0.9 - 0.8,
		"not (sensitivity >= 0.9 or parameters <= 2e6)":          0.8 - 0.9,
		"not (sensitivity >= 0.75 and parameters <= 2e6)":        -1e6,
		"sensitivity == 0.8":                                     0,
		"sensitivity != 0.8":                                     1,
		"sensitivity in [0.1, 0.8]":                              0,
		"sensitivity not in [0.1, 0.8]":                          1,
		"bad >= 1":                                               math.NaN(),
		"missing >= 1":                                           math.NaN(),
		"bad >= 1 or sensitivity >= 0.75":                        0.75 - 0.8,
		"sensitivity >= 0.75 or bad >= 1":                        0.75 - 0.8,
		"bad >= 1 or sensitivity >= 0.9":                         math.NaN(),
		"bad >= 1 and sensitivity >= 0.75":                       math.NaN(),
		"inf >= inf":                                             0,
		"inf <= 3":                                               math.Inf(1),
		"sensitivity >= 0.5 and sensitivity <= 0.75 or 1 <= inf": math.Inf(-1),
	} {
		e, mistakes := Parse(src, metrics{})
		if mistakes != nil {
			t.Errorf("%s: %v", src, mistakes[0])
		} else if got := e.Violation(lookup); !(math.Abs(got-want) < 1e-15 || got == want || got != got && want != want) {
			t.Errorf("%s lacks %v, want %v", src, got, want)
		}
	}
}

// expressions draws an expression over the metrics a, b and c.
func expressions(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 6).Draw(t, "kind")
	switch {
	case depth > 0 && kind == 0:
		return "not " + expressions(t, depth-1)
	case depth > 0 && kind <= 2:
		return "(" + expressions(t, depth-1) + " and " + expressions(t, depth-1) + ")"
	case depth > 0 && kind <= 4:
		return "(" + expressions(t, depth-1) + " or " + expressions(t, depth-1) + ")"
	}
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	op := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!=", "in"}).Draw(t, "op")
	if op == "in" {
		return name.Draw(t, "left") + " in [0, 2]"
	}
	right := rapid.OneOf(name, rapid.SampledFrom([]string{"0", "1", "1.5"})).Draw(t, "right")
	return name.Draw(t, "left") + " " + op + " " + right
}

func parsed(t interface{ Fatalf(string, ...any) }, src string) Expr {
	e, mistakes := Parse(src, metrics{})
	if mistakes != nil {
		t.Fatalf("%s: %v", src, mistakes[0])
	}
	return e
}

func TestLawsOfLogicHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := expressions(t, 3), expressions(t, 3)
		of := map[string]Value{}
		all := true
		for _, name := range []string{"a", "b", "c"} {
			if rapid.IntRange(0, 3).Draw(t, "there") > 0 {
				of[name] = Numeric(float64(rapid.IntRange(0, 2).Draw(t, name)))
			} else {
				all = false
			}
		}
		numbers := func(name string) (float64, bool) { v, ok := of[name]; return v.X, ok }
		for _, pair := range [][2]string{
			{fmt.Sprintf("not (%s and %s)", a, b), fmt.Sprintf("not %s or not %s", a, b)},
			{fmt.Sprintf("not (%s or %s)", a, b), fmt.Sprintf("not %s and not %s", a, b)},
			{fmt.Sprintf("not not %s", a), a},
			{fmt.Sprintf("%s and %s", a, b), fmt.Sprintf("%s and %s", b, a)},
			{fmt.Sprintf("%s or %s", a, b), fmt.Sprintf("%s or %s", b, a)},
		} {
			x, y := parsed(t, pair[0]), parsed(t, pair[1])
			if vx, vy := x.Truth(values(of)), y.Truth(values(of)); vx != vy {
				t.Fatalf("%s is %v, %s is %v", pair[0], vx, pair[1], vy)
			}
			vx, vy := x.Violation(numbers), y.Violation(numbers)
			if vx != vy && (vx == vx || vy == vy) {
				t.Fatalf("%s lacks %v, %s lacks %v", pair[0], vx, pair[1], vy)
			}
		}
		e := parsed(t, a)
		if met := e.Violation(numbers) <= 0; met != (e.Truth(values(of)) == True) {
			t.Fatalf("%s lacks %v and is %v", a, e.Violation(numbers), e.Truth(values(of)))
		}
		if all && e.Truth(values(of)) == Unknown {
			t.Fatalf("%s is unknown although every name has a value", a)
		}
	})
}

func TestWhatIsUnknownCanStillBecomeEither(t *testing.T) {
	// Kleene: a verdict reached without a value stands whatever the value is.
	rapid.Check(t, func(t *rapid.T) {
		e := parsed(t, expressions(t, 3))
		of := map[string]Value{"a": Numeric(float64(rapid.IntRange(0, 2).Draw(t, "a"))), "b": Numeric(1)}
		before := e.Truth(values(of))
		of["c"] = Numeric(float64(rapid.IntRange(0, 2).Draw(t, "c")))
		if after := e.Truth(values(of)); before != Unknown && after != before {
			t.Fatalf("%v was %v without c and is %v with it", e, before, after)
		}
	})
}

func TestIsTellsWhichValuesANameHas(t *testing.T) {
	for src, want := range map[string]string{
		"optimizer == sgd":              "[optimizer] sgd ",
		"sgd == optimizer":              "[optimizer] sgd ",
		"optimizer in [sgd, adam, sgd]": "[optimizer] sgd adam ",
		"(depth == 2)":                  "[architecture.cnn.depth] 2 ",
		"bidirectional":                 "[architecture.lstm.bidirectional] true ",
		"optimizer != sgd":              "",
		"depth == batch_size":           "",
		"depth == 1 or depth == 2":      "",
		"not depth == 1":                "",
		"depth <= 2":                    "",
	} {
		e, mistakes := Parse(src, names)
		if mistakes != nil {
			t.Fatalf("%s: %v", src, mistakes[0])
		}
		got := ""
		if paths, values, ok := e.Is(); ok {
			got = fmt.Sprint(paths, " ")
			for _, v := range values {
				switch v.Kind {
				case Text:
					got += v.Word
				case Number:
					got += fmt.Sprint(v.X)
				case Truth:
					got += fmt.Sprint(v.X == 1)
				}
				got += " "
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

// FuzzParse holds that no text makes the reader panic or gives a mistake without a place,
// and that what is read comes back the same from its own spelling.
func FuzzParse(f *testing.F) {
	for _, src := range []string{"depth <= 2 or batch_size<=32", "a@b=1e5 >= -.5 and not (x in ['a', \"b\"])", "optimizer not in [sgd]",
		"((((", "bidirectional", "é == 1", "a.b.c == 1.", "1 <> 2", "x == 'a", "+-1", "a@=1", "a@b=c.d != 1", "not not not a == 1"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, scope := range []Scope{nil, names, metrics{}} {
			e, mistakes := Parse(src, scope)
			for _, m := range mistakes {
				if m.Offset < 0 || m.Offset > len(src) || m.Msg == "" {
					t.Fatalf("%q: a mistake at %d of %d: %q", src, m.Offset, len(src), m.Msg)
				}
			}
			if mistakes != nil {
				continue
			}
			again, mistakes := Parse(e.String(), scope)
			if len(e.String()) <= mostBytes && (mistakes != nil || again.String() != e.String()) {
				t.Fatalf("%q is spelt %q, read as %q, %v", src, e, again, mistakes)
			}
			e.Truth(func(string) (Value, bool) { return Numeric(1), true })
			e.Violation(func(string) (float64, bool) { return 1, true })
		}
	})
}
