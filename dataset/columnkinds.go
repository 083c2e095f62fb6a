package dataset

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// blanks are the cells that stand for a missing value beside the usual ones.
type blanks struct {
	words   []string
	numbers []float64
	zero    map[int]bool // columns in which 0 does
}

// cell returns the trimmed cell of a column, "" where it stands for a missing value.
func (b *blanks) cell(cells []string, index int) string {
	cell := strings.TrimSpace(cells[index])
	if len(b.words) == 0 && len(b.numbers) == 0 && len(b.zero) == 0 {
		return cell
	}
	if slices.Contains(b.words, cell) {
		return ""
	}
	if x, kind := parseNumber(cell); kind == numeric && (slices.Contains(b.numbers, x) || x == 0 && b.zero[index]) {
		return ""
	}
	return cell
}

// findKinds finds the columns that the columns section names, and what kind they are of.
func (g *gatherer) findKinds() (map[int]columnKind, error) {
	c := g.config.Columns
	g.blanks = blanks{zero: map[int]bool{}}
	for _, cell := range c.Missing {
		if x, kind := parseNumber(cell); kind == numeric {
			g.blanks.numbers = append(g.blanks.numbers, x)
		}
		g.blanks.words = append(g.blanks.words, cell)
	}
	kinds := maps.Clone(g.declared)
	if kinds == nil {
		kinds = map[int]columnKind{}
	}
	for _, n := range c.named() {
		index, err := g.find(n.field, n.name)
		if err != nil {
			return nil, err
		}
		if n.kind == inferred {
			g.blanks.zero[index] = true
			continue
		}
		kinds[index] = n.kind
	}
	return kinds, nil
}

// declare takes what a format says of its columns. What the columns section says goes
// before it.
func (g *gatherer) declare(kinds map[int]columnKind) { g.declared = kinds }

// as makes f a column of a kind. A rank's words are those of the order, in that order.
func (f *column) as(kind columnKind, ordinal []OrdinalColumn) {
	f.kind = kind
	if kind != ranks {
		return
	}
	at := slices.IndexFunc(ordinal, func(o OrdinalColumn) bool { return o.Column == f.name })
	f.words = newVocabulary()
	for _, word := range ordinal[at].Order {
		f.words.code(rankKey(word))
	}
}

// rank returns the place of a word in its column's order.
func (f *column) rank(file string, line int, cell string) (float64, error) {
	place, ok := f.words.codes[rankKey(cell)]
	if !ok {
		return 0, &CellError{
			File: file, Line: line, Column: f.name, Found: quoted(cell),
			Expected: fmt.Sprintf("one of the %d words of columns.ordinal", len(f.words.words)),
		}
	}
	f.firstNumber = firstOf(f.firstNumber, line)
	return float64(place), nil
}

// rankKey is a word as an order has it: a number in one spelling.
func rankKey(word string) string {
	if x, kind := parseNumber(word); kind == numeric {
		return strconv.FormatFloat(x+0, 'g', -1, 64)
	}
	return word
}
