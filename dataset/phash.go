package dataset

import (
	"math"
	"math/bits"
	"slices"
)

// A perceptual hash says in 64 bits how the light is spread over a picture: which of the
// 8 × 8 lowest frequencies of its cosine transform (without the constant one in either
// direction) are above their median (Zauner 2010, "Implementation and Benchmarking of
// Perceptual Image Hash Functions", section 3.2.1). Another size, compression, brightness
// or contrast changes few of the bits; a turned or cropped picture is another one.
const (
	hashSide  = 32 // pixels of the picture that is transformed
	hashWaves = 8
)

// perceptualHash returns a picture's hash; an even picture has none.
func perceptualHash(p picture) (uint64, bool) {
	small := p.grey().resize(hashSide, hashSide, false)
	low, high := slices.Min(small.pix), slices.Max(small.pix)
	if float64(high-low) <= 1e-6*math.Max(math.Abs(float64(high)), math.Abs(float64(low))) {
		return 0, false // what is left is rounding
	}
	waves := cosines()
	var rows [hashWaves][hashSide]float64 // [wave across, row]
	for u, wave := range waves {
		for y := range hashSide {
			for x, w := range wave {
				rows[u][y] += float64(w * float64(small.pix[y*hashSide+x]))
			}
		}
	}
	var sums [hashWaves * hashWaves]float64
	for u := range waves {
		for v, wave := range waves {
			for y, w := range wave {
				sums[v*hashWaves+u] += float64(w * rows[u][y])
			}
		}
	}
	order := sums
	slices.Sort(order[:])
	median := (order[len(order)/2-1] + order[len(order)/2]) / 2
	var hash uint64
	for i, sum := range sums {
		if sum > median {
			hash |= 1 << i
		}
	}
	return hash, true
}

// cosines returns the waves of the cosine transform (type II), from the first. They are
// rounded, so that the last bits of a processor's cosine don't matter.
func cosines() (waves [hashWaves][hashSide]float64) {
	const fine = 1 << 40
	for u := range waves {
		for x := range waves[u] {
			angle := math.Pi * float64(u+1) * (float64(x) + 0.5) / hashSide
			waves[u][x] = math.Round(math.Cos(angle)*fine) / fine
		}
	}
	return waves
}

// grey returns the mean of the channels, with 0 for what is missing.
func (p picture) grey() picture {
	q := newPicture(p.height, p.width, 1)
	for i := range q.pix {
		sum, n := 0.0, 0
		for _, x := range p.pix[i*p.channels : (i+1)*p.channels] {
			if x == x {
				sum += float64(x)
				n++
			}
		}
		q.pix[i] = float32(sum / float64(max(n, 1)))
	}
	return q
}

// hashDistance is in how many bits two hashes differ (Hamming).
func hashDistance(a, b uint64) int { return bits.OnesCount64(a ^ b) }
