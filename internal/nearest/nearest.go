// Package nearest finds the known names that a misspelt one may have meant, for the
// errors that say so.
package nearest

import (
	"slices"
	"strings"
)

// Names returns the known names nearest to name, nearest first, at most three: those
// whose edit distance is about a third of the longer name's length (but 1 in any case),
// or that one begins with the other.
func Names(name string, known []string) []string {
	type candidate struct {
		name string
		far  int
	}
	var near []candidate
	lower := strings.ToLower(name)
	for _, k := range known {
		kl := strings.ToLower(k)
		far := distance(lower, kl)
		prefix := len(lower) >= 3 && strings.HasPrefix(kl, lower) || len(kl) >= 3 && strings.HasPrefix(lower, kl)
		if far <= max(1, (max(len(name), len(k))+1)/3) || prefix {
			near = append(near, candidate{k, far})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int {
		if a.far != b.far {
			return a.far - b.far
		}
		return strings.Compare(a.name, b.name)
	})
	var out []string
	for _, c := range near[:min(3, len(near))] {
		out = append(out, c.name)
	}
	return out
}

// Hint returns "; did you mean X?", or with no name near "; known are A, B, C", for the
// end of an error. Longer lists than eight are left out.
func Hint(name string, known []string) string {
	if near := Names(name, known); len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	if len(known) == 0 || len(known) > 8 {
		return ""
	}
	return "; known are " + strings.Join(known, ", ")
}

// distance is the edit distance of Damerau and Levenshtein in its restricted form: the
// number of insertions, deletions, substitutions and swaps of neighbours. Names longer
// than 64 bytes are far from everything.
func distance(a, b string) int {
	if a == b {
		return 0
	}
	const limit = 64
	if len(a) > limit || len(b) > limit {
		return limit
	}
	// Row i holds the distances of a[:i] to every prefix of b.
	var rows [3][limit + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
