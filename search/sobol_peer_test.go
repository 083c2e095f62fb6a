package search

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Without the scrambling, the points are SciPy's, in all dimensions.
func TestSobolPointsAreThoseOfSciPy(t *testing.T) {
	text := must[[]byte](t)(os.ReadFile("testdata/sobol/points.txt"))
	sequence := newSobolSequence(1, sobolDimensions)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 24 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		fields := strings.Fields(line)
		index := must[int](t)(strconv.Atoi(fields[0]))
		if len(fields) != 1+sobolDimensions {
			t.Fatalf("point %d has %d coordinates", index, len(fields)-1)
		}
		for d, field := range fields[1:] {
			want := must[int](t)(strconv.Atoi(field))
			if got := int(sequence.plain(uint32(index), d) >> 2); got != want {
				t.Errorf("point %d, axis %d: %d, SciPy has %d", index, d, got, want)
			}
		}
	}
}

func TestScramblingIsAPermutationThatKeepsPrefixes(t *testing.T) {
	for key := range uint64(20) {
		for bits := 1; bits <= 6; bits++ {
			seen := map[uint32]bool{}
			for prefix := range uint32(1) << bits {
				x, _ := scramble(prefix<<(32-bits), key)
				y, _ := scramble(prefix<<(32-bits)|1<<(31-bits), key)
				if x>>(32-bits) != y>>(32-bits) {
					t.Fatalf("key %d: two points of one cell are parted", key)
				}
				seen[x>>(32-bits)] = true
			}
			if len(seen) != 1<<bits {
				t.Fatalf("key %d: %d cells of %d", key, len(seen), 1<<bits)
			}
		}
	}
}
