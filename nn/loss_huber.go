package nn

import "math"

// Huber is the mean over all elements of a loss that is quadratic for differences d up to
// Delta, d²/2, and linear beyond, Delta·(|d|-Delta/2) (Huber 1964).
type Huber struct {
	Delta float64 // 0: 1
}

// Compute returns the mean and its gradient, clamp(x-t, ±Delta)/n.
func (l Huber) Compute(out *Tensor, target Target, grad *Tensor) float64 {
	delta := l.Delta
	if delta == 0 {
		delta = 1
	}
	mustCover("huber", out, target.Values)
	x, t := out.Data, target.Values[:len(out.Data)]
	sum := 0.0
	for i, v := range x {
		d := math.Abs(float64(v) - float64(t[i]))
		if d <= delta {
			sum += float64(d*d) / 2
		} else {
			sum += float64(delta * (d - delta/2))
		}
	}
	if grad != nil {
		grad.Resize(out.Len())
		g := grad.Data[:len(x)]
		scale, limit := 1/float32(len(x)), float32(delta)
		for i, v := range x {
			g[i] = min(max(v-t[i], -limit), limit) * scale
		}
	}
	return sum / float64(len(x))
}
