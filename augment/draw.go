package augment

import "math/rand/v2"

// uniform draws from [-1, 1).
func uniform(r *rand.Rand) float64 { return 2*r.Float64() - 1 }

// fair draws true half of the time.
func fair(r *rand.Rand) bool { return r.Uint64()>>63 == 1 }

// spread is the standard deviation of a sum of four numbers uniform in [0, 2¹⁶).
const spread = 37837.22720

// nearlyNormal draws a number of mean 0 and variance 1: the sum of four uniform ones, from
// one draw of 64 bits, which is within ±3.5 and near enough to normal for noise.
func nearlyNormal(r *rand.Rand) float32 {
	bits := r.Uint64()
	sum := int32(bits&0xffff) + int32(bits>>16&0xffff) + int32(bits>>32&0xffff) + int32(bits>>48)
	return (float32(sum) - 131070) / spread
}

// Stream is where an augmentation of a training draws from. Each step of the training has
// draws of its own, which follow from the stream's key and the step's number alone: so a
// training that goes on from a checkpoint draws what it would have drawn.
type Stream struct {
	*rand.Rand
	key [2]uint64
	pcg rand.PCG
}

// NewStream returns a stream whose key is drawn from r.
func NewStream(r *rand.Rand) *Stream {
	s := &Stream{key: [2]uint64{r.Uint64(), r.Uint64()}}
	s.Rand = rand.New(&s.pcg)
	return s
}

// At goes to the beginning of a step's draws.
func (s *Stream) At(step int) {
	n := uint64(step)
	s.pcg.Seed(avalanche(s.key[0]+n*0x9E3779B97F4A7C15), avalanche(s.key[1]^avalanche(n)))
}

// avalanche is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit of the
// result hangs on every bit of x.
func avalanche(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
