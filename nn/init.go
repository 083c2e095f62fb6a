package nn

import "math/rand/v2"

// Init draws a weight's initial values. shape is the weight's: [I, O] for a dense map,
// [K, C, O] and [K, K, C, O] for convolutions.
type Init func(rng *rand.Rand, shape []int, w []float32)
