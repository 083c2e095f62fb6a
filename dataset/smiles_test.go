package dataset

import (
	"strings"
	"testing"
)

func TestMoleculesAreReadTokenByToken(t *testing.T) {
	for text, want := range map[string]string{
		"CC(=O)Oc1ccccc1C(=O)O": "C C ( = O ) O c 1 c c c c c 1 C ( = O ) O",
		"ClCBr":                 "Cl C Br",
		"[Na+].[O-]C(=O)C":      "[ O - ] C ( = O ) C", // the salt's larger part
		"CC.[Cl-].CCC":          "C C C",               // of three
		"CC.OO":                 "C C",                 // of equals the first
		"C%12CCCC%12":           "C 1 C C C C 1",       // rings are numbered anew
		"C7CC7C7CC7":            "C 1 C C 1 C 1 C C 1", // and numbers used again
		"C2CC3CC23":             "C 1 C C 2 C C 1 2",   //
		"N[C@@H](C)C(=O)O":      "N [ C @@ H ] ( C ) C ( = O ) O",
		"[13CH4]":               "[ 1 3 C H 4 ]",
		"[U+6]":                 "[ other + 6 ]",
		"[cH:1]1cccc[nH+]1":     "[ c H : 1 ] 1 c c c c [ n H + ] 1",
		"F/C=C\\F":              "F / C = C \\ F",
		"C\\\\C":                "C \\ C",    // escaped once too often
		"C1.C1":                 "C 1 . C 1", // a bond across the dot: one molecule
		"[se]1cccc1":            "[ se ] 1 c c c c 1",
	} {
		m, err := readSMILES(text)
		if got := strings.Join(m.tokens, " "); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestWhatIsNoMoleculeIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"":        "an end where an atom is due at character 1",
		"CC(C":    "a branch that isn't closed at character 5",
		"CC)C":    "the end of no branch, or of an empty one at character 3",
		"C()C":    "the end of no branch, or of an empty one at character 3",
		"C1CC":    "a ring that isn't closed at character 5",
		"C==C":    "a bond without an atom before it at character 3",
		"CC=":     "an end where an atom is due at character 4",
		"(C)C":    "a branch without an atom before it at character 1",
		"C%1C":    "% without two digits at character 2",
		"[Xx]":    "no element in brackets at character 2",
		"[C":      "a bracket that doesn't end after its atom at character 3",
		"C.":      "an end where an atom is due at character 3",
		"aspirin": "no symbol of SMILES at character 1",
		"1CC1":    "a ring's number without an atom before it at character 1",
	} {
		if _, err := readSMILES(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// FuzzSMILES holds that nothing panics, that every token has a channel, and that what is
// read, written with its tokens, reads as itself.
func FuzzSMILES(f *testing.F) {
	for _, s := range []string{"CC(=O)Oc1ccccc1C(=O)O", "[Na+].[O-]C(=O)C", "C%12CCCC%12", "N[C@@H](C)C", "C1.C1", "[13CH4]", "[Xx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readSMILES(text)
		if err != nil {
			return
		}
		for _, token := range m.tokens {
			if _, ok := smilesCodes[token]; !ok {
				t.Fatalf("%q has no channel", token)
			}
		}
		if written := strings.Join(m.tokens, ""); !strings.Contains(written, "other") && len(m.tokens) < 500 {
			again, err := readSMILES(written)
			if err != nil || strings.Join(again.tokens, "") != written {
				t.Fatalf("%q became %q, and that %q, %v", text, written, again.tokens, err)
			}
		}
	})
}
