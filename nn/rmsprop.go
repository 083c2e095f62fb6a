package nn

import "math"

// rmsprop divides the gradient by a running root mean square (Tieleman & Hinton 2012), as
// PyTorch does: with d = g + λ·w,
//
//	s ← Alpha·s + (1-Alpha)·d²
//	u = d / (√s + Epsilon), with momentum v ← Momentum·v + u and u = v
//	w ← w - rate·u
type rmsprop struct {
	counter
	config   OptimizerConfig
	square   moments
	velocity moments // empty without momentum
}

func newRMSprop(weights []*Weight, c OptimizerConfig) Optimizer {
	r := &rmsprop{config: c, square: newMoments("square", weights)}
	if c.Momentum != 0 {
		r.velocity = newMoments("velocity", weights)
	}
	return r
}

// Step makes one update.
func (r *rmsprop) Step(rate float64) {
	r.steps++
	c := rmsRates{
		rate:     float32(rate),
		alpha:    float32(or(r.config.Alpha, 0.99)),
		gain:     float32(1 - or(r.config.Alpha, 0.99)),
		epsilon:  float32(or(r.config.Epsilon, 1e-8)),
		momentum: float32(r.config.Momentum),
	}
	for i, w := range r.square.weights {
		c.decay = r.config.decay(w)
		if c.momentum == 0 {
			c.step(w.Data, w.Grad, r.square.data[i])
		} else {
			c.stepMomentum(w.Data, w.Grad, r.square.data[i], r.velocity.data[i])
		}
	}
}

// rmsRates are the numbers of one step that the elements of a weight share.
type rmsRates struct{ rate, alpha, gain, epsilon, momentum, decay float32 }

func (c *rmsRates) step(w, g, s []float32) {
	g, s = g[:len(w)], s[:len(w)]
	for i, x := range w {
		d := g[i] + float32(c.decay*x)
		s1 := float32(c.alpha*s[i]) + float32(float32(c.gain*d)*d)
		s[i] = s1
		w[i] = x - float32(c.rate*d)/(float32(math.Sqrt(float64(s1)))+c.epsilon)
	}
}

func (c *rmsRates) stepMomentum(w, g, s, v []float32) {
	g, s, v = g[:len(w)], s[:len(w)], v[:len(w)]
	for i, x := range w {
		d := g[i] + float32(c.decay*x)
		s1 := float32(c.alpha*s[i]) + float32(float32(c.gain*d)*d)
		s[i] = s1
		u := float32(c.momentum*v[i]) + d/(float32(math.Sqrt(float64(s1)))+c.epsilon)
		v[i] = u
		w[i] = x - float32(c.rate*u)
	}
}

// State returns the mean squares, and the velocities if there is momentum.
func (r *rmsprop) State() []Moment { return r.velocity.state(r.square.state(nil)) }
