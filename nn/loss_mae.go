package nn

import "math"

// MAE is the mean of the absolute differences over all elements.
type MAE struct{}

// Compute returns the mean and its gradient sign(x-t)/n, which is 0 where they are equal.
func (MAE) Compute(out *Tensor, target Target, grad *Tensor) float64 {
	mustCover("mae", out, target.Values)
	x, t := out.Data, target.Values[:len(out.Data)]
	sum := 0.0
	for i, v := range x {
		sum += math.Abs(float64(v) - float64(t[i]))
	}
	if grad != nil {
		grad.Resize(out.Len())
		g := grad.Data[:len(x)]
		scale := 1 / float32(len(x))
		for i, v := range x {
			switch d := v - t[i]; {
			case d > 0:
				g[i] = scale
			case d < 0:
				g[i] = -scale
			default:
				g[i] = d // 0, or NaN
			}
		}
	}
	return sum / float64(len(x))
}
