package dataset

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// vocabulary numbers the words of a column in the order of their first appearance.
type vocabulary struct {
	words []string
	codes map[string]int
	// folded maps what a careless hand might write alike to the word it wrote first.
	folded map[string]int
}

func newVocabulary() *vocabulary {
	return &vocabulary{codes: map[string]int{}, folded: map[string]int{}}
}

// code returns the word's number. A word that differs from an earlier one in case or in
// the spelling of a number alone ("Yes" and "yes", "1" and "1.0") has none: it is far
// more often a slip than a class of its own; rival is the earlier one.
func (v *vocabulary) code(word string) (code int, rival string) {
	if c, ok := v.codes[word]; ok {
		return c, ""
	}
	key := strings.ToLower(word)
	if x, kind := parseNumber(word); kind == numeric {
		key = strconv.FormatFloat(x+0, 'g', -1, 64) // +0 makes -0 a 0
	}
	if c, ok := v.folded[key]; ok {
		return -1, v.words[c]
	}
	word = strings.Clone(word) // cells share the memory of their record
	c := len(v.words)
	v.words, v.codes[word], v.folded[key] = append(v.words, word), c, c
	return c, ""
}

// sorted returns the words in order, numbers by their size and else by the alphabet, and
// the place of each code in it.
func (v *vocabulary) sorted() (words []string, place []int) {
	order := make([]int, len(v.words))
	number := make([]float64, len(v.words))
	numbers := true
	for i, w := range v.words {
		x, kind := parseNumber(w)
		order[i], number[i], numbers = i, x, numbers && kind == numeric
	}
	slices.SortFunc(order, func(a, b int) int {
		if numbers {
			return cmp.Compare(number[a], number[b])
		}
		return strings.Compare(v.words[a], v.words[b])
	})
	place = make([]int, len(order))
	for i, c := range order {
		words, place[c] = append(words, v.words[c]), i
	}
	return words, place
}

// cellKind is what a cell holds.
type cellKind uint8

const (
	missing  cellKind = iota // "", NA, N/A, NaN, null or ?, in any case
	numeric                  // a decimal number that float32 can hold
	tooLarge                 // a decimal number that it can't
	word                     // anything else
)

// parseNumber says what a trimmed cell holds, and its number.
func parseNumber(cell string) (float64, cellKind) {
	for i := range len(cell) {
		switch b := cell[i]; {
		case '0' <= b && b <= '9', b == '.', b == '-', b == '+', b == 'e', b == 'E':
		default:
			return 0, missingOrWord(cell)
		}
	}
	if cell == "" {
		return 0, missing
	}
	x, err := strconv.ParseFloat(cell, 64)
	switch {
	case math.Abs(x) > math.MaxFloat32:
		return 0, tooLarge
	case err != nil:
		return 0, word
	}
	return x, numeric
}

func missingOrWord(cell string) cellKind {
	if len(cell) <= 4 {
		switch strings.ToLower(cell) {
		case "na", "n/a", "nan", "null", "?":
			return missing
		}
	}
	return word
}
