package nn

// sgd is stochastic gradient descent with PyTorch's momentum, where the velocity isn't
// scaled by the rate: with d = g + λ·w,
//
//	v ← Momentum·v + d   (the first time v ← d, which is the same for a v of 0)
//	w ← w - rate·v, with Nesterov w ← w - rate·(d + Momentum·v)
//
// (Polyak 1964; Sutskever et al. 2013).
type sgd struct {
	counter
	config   OptimizerConfig
	weights  []*Weight
	velocity moments // empty without momentum
}

func newSGD(weights []*Weight, c OptimizerConfig) Optimizer {
	s := &sgd{config: c, weights: weights}
	if c.Momentum != 0 {
		s.velocity = newMoments("velocity", weights)
	}
	return s
}

// Step makes one update.
func (s *sgd) Step(rate float64) {
	s.steps++
	lr, momentum := float32(rate), float32(s.config.Momentum)
	for i, w := range s.weights {
		decay := s.config.decay(w)
		switch {
		case momentum == 0:
			descend(w.Data, w.Grad, lr, decay)
		case s.config.Nesterov:
			descendNesterov(w.Data, w.Grad, s.velocity.data[i], lr, decay, momentum)
		default:
			descendMomentum(w.Data, w.Grad, s.velocity.data[i], lr, decay, momentum)
		}
	}
}

func descend(w, g []float32, rate, decay float32) {
	g = g[:len(w)]
	for i, x := range w {
		d := g[i] + float32(decay*x)
		w[i] = x - float32(rate*d)
	}
}

func descendMomentum(w, g, v []float32, rate, decay, momentum float32) {
	g, v = g[:len(w)], v[:len(w)]
	for i, x := range w {
		d := g[i] + float32(decay*x)
		u := float32(momentum*v[i]) + d
		v[i] = u
		w[i] = x - float32(rate*u)
	}
}

func descendNesterov(w, g, v []float32, rate, decay, momentum float32) {
	g, v = g[:len(w)], v[:len(w)]
	for i, x := range w {
		d := g[i] + float32(decay*x)
		u := float32(momentum*v[i]) + d
		v[i] = u
		w[i] = x - float32(rate*(d+float32(momentum*u)))
	}
}

// State returns the velocities, if there is momentum.
func (s *sgd) State() []Moment { return s.velocity.state(nil) }
