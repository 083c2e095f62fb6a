package dataset

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// didYouMean returns the end of an error about an unknown name: the nearest of the known
// ones, or else all of them where they are few.
func didYouMean(name string, known []string) string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d <= max(2, len(k)/3) && d < len(k) {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	names := make([]string, 0, 3)
	for _, c := range near[:min(3, len(near))] {
		names = append(names, c.name)
	}
	switch {
	case len(names) > 1:
		last := len(names) - 1
		return "; did you mean " + strings.Join(names[:last], ", ") + " or " + names[last] + "?"
	case len(names) == 1:
		return "; did you mean " + names[0] + "?"
	case len(known) > 0 && len(known) <= 12:
		return "; there is " + strings.Join(known, ", ")
	}
	return ""
}

// names returns the names of a table in the order of the alphabet.
func names[T any](table map[string]T) []string {
	return slices.Sorted(maps.Keys(table))
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours that
// turn a into b (Damerau 1964, in its restricted form). Names over 64 bytes are compared
// by their first 64.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	var before, above, row [65]int
	for j := range row {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}
