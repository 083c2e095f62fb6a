package nn

import (
	"math/rand/v2"

	"pgregory.net/rapid"
)

// testStream returns a fixed random stream.
func testStream(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func drawSeed(t *rapid.T) uint64 { return rapid.Uint64().Draw(t, "seed") }

// drawLast draws the shape of an example, of one to three dimensions, and returns its last.
func drawLast(t *rapid.T) (in []int, last int) {
	in = rapid.SliceOfN(rapid.IntRange(1, 5), 1, 3).Draw(t, "in")
	return in, in[len(in)-1]
}
