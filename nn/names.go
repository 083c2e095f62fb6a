package nn

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lookup reads a table by name. An unknown name is an error that says which names there
// are like it, or all of them.
func lookup[T any](what, name string, table map[string]T) (T, error) {
	v, ok := table[name]
	if ok {
		return v, nil
	}
	known := slices.Sorted(maps.Keys(table))
	if near := nearest(name, known); len(near) > 0 {
		return v, fmt.Errorf("unknown %s %q; did you mean %s?", what, name, strings.Join(near, " or "))
	}
	return v, fmt.Errorf("unknown %s %q; known are %s", what, name, strings.Join(known, ", "))
}

// nearest returns the names that are fewest edits away from name, at most two, and none
// where that takes more edits than a third of name's letters and one.
func nearest(name string, known []string) []string {
	best, near := len(name)/3+2, []string(nil)
	for _, k := range known {
		switch d := edits(strings.ToLower(name), k); {
		case d < best:
			best, near = d, []string{k}
		case d == best && len(near) == 1:
			near = append(near, k)
		}
	}
	return near
}

// edits is the distance of Levenshtein (1966) between two short words of ASCII.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
