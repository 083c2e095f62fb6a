package f32

import "math"

// AdamRates are the numbers of one step of [Adam] that all weights share. The kernels read
// them in this order.
type AdamRates struct {
	Rate    float32 // learning rate over the first moment's bias correction, α/(1-β1ᵗ)
	Beta1   float32
	Beta2   float32
	Root    float32 // 1/√(1-β2ᵗ)
	Epsilon float32 // outside the root
	Decay   float32 // added to the gradient as Decay·w: L2
	Shrink  float32 // the weight is first multiplied by it: 1, or 1-α·λ of AdamW
}

// Adam makes one update of the weights w with gradients g and moments m and v, in one
// pass (Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019 where Shrink is not 1):
//
//	w ← Shrink·w,  g' = g + Decay·w
//	m ← Beta1·m + (1-Beta1)·g'
//	v ← Beta2·v + (1-Beta2)·g'·g'
//	w ← w - Rate·m / (√v·Root + Epsilon)
//
// A subnormal moment becomes 0: those of a weight without gradient would stay subnormal for
// ever, and such numbers take processors many times longer.
func Adam(w, g, m, v []float32, r *AdamRates) {
	if len(w) == 0 {
		return
	}
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	if k := vectors[active].adam; k != nil {
		k(&w[0], &g[0], &m[0], &v[0], len(w), &r.Rate)
		return
	}
	c1, c2 := 1-r.Beta1, 1-r.Beta2
	for i, x := range w {
		x = float32(x * r.Shrink)
		d := FMA(r.Decay, x, g[i])
		m1 := FMA(r.Beta1, m[i], float32(c1*d))
		v1 := FMA(r.Beta2, v[i], float32(float32(c2*d)*d))
		if abs(m1) < 0x1p-126 {
			m1 = 0
		}
		if v1 < 0x1p-126 {
			v1 = 0
		}
		m[i], v[i] = m1, v1
		root := float32(math.Sqrt(float64(v1)))
		w[i] = x - float32(r.Rate*m1)/FMA(root, r.Root, r.Epsilon)
	}
}
