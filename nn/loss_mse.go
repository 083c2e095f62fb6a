package nn

// MSE is the mean of the squared differences over all elements.
type MSE struct{}

// Compute returns the mean and its gradient 2·(x-t)/n.
func (MSE) Compute(out *Tensor, target Target, grad *Tensor) float64 {
	mustCover("mse", out, target.Values)
	x, t := out.Data, target.Values[:len(out.Data)]
	sum := 0.0
	for i, v := range x {
		d := float64(v) - float64(t[i])
		sum += float64(d * d)
	}
	if grad != nil {
		grad.Resize(out.Len())
		g := grad.Data[:len(x)]
		scale := 2 / float32(len(x))
		for i, v := range x {
			g[i] = (v - t[i]) * scale
		}
	}
	return sum / float64(len(x))
}
