package experiments

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlainScalarsReadByTheCoreSchema(t *testing.T) {
	for want, texts := range map[form][]string{
		nullForm:   {"", "~", "null", "Null", "NULL"},
		boolForm:   {"true", "false"},
		wholeForm:  {"0", "-1", "+3", "08", "18446744073709551615"},
		numberForm: {"1.5", ".5", "5.", "1e5", "1e-5", "-2.5E+3", "1.e2"},
		textForm: {"yes", "True", "1_000", "0x1f", "0o17", ".inf", ".nan", "e5", "1e", "1e+", "--1", "+-1", ".", "-",
			"1.2.3", "12:30", "1 2", "nullable"},
	} {
		for _, text := range texts {
			if got := formOf(text); got != want {
				t.Errorf("%q reads as form %d, want %d", text, got, want)
			}
		}
	}
}

func TestEveryNumberReadsAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		got, ok := number(strconv.FormatFloat(x, 'g', -1, 64))
		if finite := !math.IsInf(x, 0) && !math.IsNaN(x); ok != finite || ok && got != x {
			t.Fatalf("%v reads as %v, %v", x, got, ok)
		}
		n := rapid.IntRange(-mostWhole+1, mostWhole-1).Draw(t, "n")
		if got, ok := whole(strconv.Itoa(n)); !ok || got != n {
			t.Fatalf("%d reads as %d, %v", n, got, ok)
		}
	})
}

func TestEveryDurationReadsAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "d"))
		if rapid.Bool().Draw(t, "round") {
			d = d / Duration(time.Minute) * Duration(time.Minute)
		}
		var got Duration
		if err := got.UnmarshalText([]byte(d.String())); err != nil || got != d {
			t.Fatalf("%v reads as %v, %v", d, got, err)
		}
	})
}

func TestCharactersThatNoExperimentHolds(t *testing.T) {
	for src, want := range map[string]string{
		"a: b\nc: \xff":                   "x.yaml:2:4: byte 0xff isn't UTF-8; save the file as UTF-8",
		"é: \x00":                         "x.yaml:1:4: control character U+0000",
		"a\rb":                            "x.yaml:1:2: control character U+000D",
		"a: \u009b":                       "x.yaml:1:4: control character U+009B",
		"a: b\n\tc: d":                    `x.yaml:2:1: a tab; YAML is indented with spaces; write spaces, or \t in double quotes`,
		"\ufeff\ufeffa: b":                "x.yaml:1:1: control character U+FEFF",
		strings.Repeat("\n", mostLines+1): "x.yaml:5001:1: the file has more than 5000 lines",
		"a: " + strings.Repeat("<<", mostMerges+1): "x.yaml:1:1: << stands more than 64 times; merge keys aren't supported",
	} {
		if _, err := Parse("x.yaml", []byte(src), nil); err == nil || err.Error() != want {
			t.Errorf("%.20q:\ngot  %v\nwant %s", src, err, want)
		}
	}
	for _, src := range []string{"\ufeff" + small, strings.Replace(small, "version", "# \ufffd é 🫀\nversion", 1)} {
		if _, err := Parse("x.yaml", []byte(src), nil); err != nil {
			t.Errorf("%.20q: %v", src, err)
		}
	}
}
