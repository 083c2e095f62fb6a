package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// smilesTokens is the vocabulary of molecules, fixed here and learnt from no data: the
// channels of a molecule in this order. Further elements share "other".
var smilesTokens = strings.Fields(`other B C N O P S F Cl Br I b c n o p s
	( ) . - = # $ : / \ [ ] + @ @@ H * %
	0 1 2 3 4 5 6 7 8 9
	Li Na K Mg Ca Al Si Se se As as Te Fe Co Cu Zn Ag Sn Hg Pt Au Gd Tc Bi Sb Mn Cr`)

var smilesCodes = func() map[string]int {
	codes := map[string]int{}
	for i, t := range smilesTokens {
		codes[t] = i
	}
	return codes
}()

// elements are the symbols that may stand in brackets, as of the periodic table.
var elements = strings.Fields(`H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
	Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
	Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
	b c n o p s se as`)

// molecule is a SMILES read token by token.
type molecule struct {
	tokens []string
	heavy  int // atoms other than hydrogen
}

// smilesError says what is wrong with a SMILES, and where.
type smilesError struct {
	at  int // byte, from 0
	msg string
}

func (e *smilesError) Error() string { return fmt.Sprintf("%s at character %d", e.msg, e.at+1) }

// smilesReader walks over a SMILES (OpenSMILES 1.0; Weininger 1988, J. Chem. Inf. Comput.
// Sci. 28, 31). It checks the syntax: symbols, brackets, branches, bonds and the closing of
// rings; not valences, aromaticity or chirality. Rings are numbered anew, with the lowest
// number that is free, so that two ways of numbering them are one.
type smilesReader struct {
	text string
	at   int

	fragments []molecule
	now       molecule
	atom      bool         // something to bond to
	bond      bool         // a bond waits for its atom
	branches  []bool       // whether something stood in each
	rings     map[int]int  // open rings by their number in the text: the new one
	used      map[int]bool // new numbers in use
}

// readSMILES returns the molecule, of several fragments with no bond between them the one
// with the most heavy atoms (of equals the first): what is left out are salts and solvents.
func readSMILES(text string) (molecule, error) {
	r := &smilesReader{text: text, rings: map[int]int{}, used: map[int]bool{}}
	for r.at < len(text) {
		if err := r.step(); err != nil {
			return molecule{}, err
		}
	}
	switch {
	case len(r.branches) > 0:
		return molecule{}, r.fail("a branch that isn't closed")
	case len(r.rings) > 0:
		return molecule{}, r.fail("a ring that isn't closed")
	case r.bond || !r.atom:
		return molecule{}, r.fail("an end where an atom is due")
	}
	best := r.now
	for _, f := range slices.Backward(r.fragments) {
		if f.heavy >= best.heavy {
			best = f
		}
	}
	return best, nil
}

func (r *smilesReader) fail(msg string) error { return &smilesError{r.at, msg} }

func (r *smilesReader) take(token string) { r.now.tokens = append(r.now.tokens, token) }

// step takes the next symbol.
func (r *smilesReader) step() error {
	c := r.text[r.at]
	switch {
	case c == '(':
		if !r.atom || r.bond {
			return r.fail("a branch without an atom before it")
		}
		r.branches = append(r.branches, false)
	case c == ')':
		if len(r.branches) == 0 || r.bond || r.text[r.at-1] == '(' {
			return r.fail("the end of no branch, or of an empty one")
		}
		r.branches = r.branches[:len(r.branches)-1]
	case strings.IndexByte(`-=#$:/\`, c) >= 0:
		if !r.atom || r.bond {
			return r.fail("a bond without an atom before it")
		}
		r.bond = true
		if strings.HasPrefix(r.text[r.at:], `\\`) {
			r.at++ // a file that was escaped once too often, as MoleculeNet's clintox is
		}
	case c == '.':
		return r.dot()
	case c == '%' || '0' <= c && c <= '9':
		return r.ring()
	case c == '[':
		return r.bracket()
	default:
		return r.organic()
	}
	r.take(string(c))
	r.at++
	return nil
}

// dot ends a fragment, unless a branch or a ring is open across it.
func (r *smilesReader) dot() error {
	if !r.atom || r.bond {
		return r.fail("a dot without an atom before it")
	}
	r.at++
	r.atom = false
	if len(r.branches) > 0 || len(r.rings) > 0 {
		r.take(".")
		return nil
	}
	r.fragments, r.now = append(r.fragments, r.now), molecule{}
	return nil
}

// ring opens or closes a ring.
func (r *smilesReader) ring() error {
	if !r.atom {
		return r.fail("a ring's number without an atom before it")
	}
	number := int(r.text[r.at] - '0')
	size := 1
	if r.text[r.at] == '%' {
		if size = 3; r.at+size > len(r.text) || !isDigit(r.text[r.at+1]) || !isDigit(r.text[r.at+2]) {
			return r.fail("% without two digits")
		}
		number = int(r.text[r.at+1]-'0')*10 + int(r.text[r.at+2]-'0')
	}
	new, open := r.rings[number]
	if open {
		delete(r.rings, number)
		delete(r.used, new)
	} else {
		for new = 1; r.used[new]; new++ {
		}
		r.rings[number], r.used[new] = new, true
	}
	if new > 9 {
		r.take("%")
		r.take(string(rune('0' + new/10)))
	}
	r.take(string(rune('0' + new%10)))
	r.bond = false
	r.at += size
	return nil
}

// organic takes an atom without brackets.
func (r *smilesReader) organic() error {
	rest := r.text[r.at:]
	for _, symbol := range []string{"Cl", "Br", "B", "C", "N", "O", "P", "S", "F", "I", "b", "c", "n", "o", "p", "s", "*"} {
		if strings.HasPrefix(rest, symbol) {
			r.addAtom(symbol)
			r.take(symbol)
			r.at += len(symbol)
			return nil
		}
	}
	return r.fail("no symbol of SMILES")
}

func (r *smilesReader) addAtom(symbol string) {
	r.atom, r.bond = true, false
	if symbol != "H" {
		r.now.heavy++
	}
}

// bracket takes an atom in brackets: isotope, symbol, chirality, hydrogens, charge, class.
func (r *smilesReader) bracket() error {
	r.take("[")
	r.at++
	r.digits()
	rest := r.text[r.at:]
	symbol := ""
	for _, e := range elements {
		if strings.HasPrefix(rest, e) && len(e) > len(symbol) {
			symbol = e
		}
	}
	if strings.HasPrefix(rest, "*") {
		symbol = "*"
	}
	if symbol == "" {
		return r.fail("no element in brackets")
	}
	r.addAtom(symbol)
	if _, known := smilesCodes[symbol]; known {
		r.take(symbol)
	} else {
		r.take("other")
	}
	r.at += len(symbol)
	if r.next("@@") || r.next("@") {
		for _, class := range []string{"TH", "AL", "SP", "TB", "OH"} {
			if rest := r.text[r.at:]; strings.HasPrefix(rest, class) && len(rest) > 2 && isDigit(rest[2]) {
				r.at += 2
				r.digits()
				break
			}
		}
	}
	if r.next("H") {
		r.digits()
	}
	for r.next("+") || r.next("-") {
	}
	r.digits()
	if r.next(":") && r.digits() == 0 {
		return r.fail("an atom's class without a number")
	}
	if !r.next("]") {
		return r.fail("a bracket that doesn't end after its atom")
	}
	return nil
}

// next takes a token if it comes next.
func (r *smilesReader) next(token string) bool {
	if !strings.HasPrefix(r.text[r.at:], token) {
		return false
	}
	r.take(token)
	r.at += len(token)
	return true
}

// digits takes a number, and returns how many digits it has.
func (r *smilesReader) digits() int {
	n := 0
	for ; r.at < len(r.text) && isDigit(r.text[r.at]); n++ {
		r.take(r.text[r.at : r.at+1])
		r.at++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
