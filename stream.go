package medml

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// Stream returns the random stream of one purpose: a PCG whose state is the SHA-256 of
// the study's seed, the purpose and where it is used (trial, fold, …). Streams of
// different purposes are independent, and a new purpose moves no other stream.
//
// Draw from it with Uint64, Float64, IntN, Perm and Shuffle. Not with NormFloat64 or
// ExpFloat64: they call math.Exp and math.Log, whose last bit depends on the processor.
func Stream(seed uint64, purpose string, at ...int) *rand.Rand {
	h := sha256.New()
	b := binary.LittleEndian.AppendUint64([]byte("medml stream 1\x00"), seed)
	b = append(append(b, purpose...), 0)
	for _, i := range at {
		b = binary.LittleEndian.AppendUint64(b, uint64(int64(i)))
	}
	h.Write(b)
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])))
}
