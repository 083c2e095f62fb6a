package nn

import (
	"math"

	"medml/nn/internal/f32"
)

// adam is Adam (Kingma & Ba 2015) and, with decoupled weight decay, AdamW (Loshchilov &
// Hutter 2019), as PyTorch computes them.
type adam struct {
	counter
	config       OptimizerConfig
	decoupled    bool
	first        moments
	second       moments
	rates        f32.AdamRates
	beta1, beta2 float64 // as float32 rounds them, so that the corrections fit the moments
	power1       float64 // beta1^upTo, by repeated multiplication
	power2       float64
	upTo         int

	team *team
	at   int                        // the weight being updated
	part func(worker, from, to int) // update, made once
}

func newAdam(weights []*Weight, c OptimizerConfig) Optimizer {
	b1, b2 := float32(or(c.Beta1, 0.9)), float32(or(c.Beta2, 0.999))
	a := &adam{
		config: c,
		team:   newTeam(),
		first:  newMoments("first", weights),
		second: newMoments("second", weights),
		rates:  f32.AdamRates{Beta1: b1, Beta2: b2, Epsilon: float32(or(c.Epsilon, 1e-8))},
		beta1:  float64(b1), beta2: float64(b2), power1: 1, power2: 1,
	}
	if len(weights) > 0 && weights[0].team != nil {
		a.team = weights[0].team
	}
	a.part = a.update
	return a
}

func newAdamW(weights []*Weight, c OptimizerConfig) Optimizer {
	a := newAdam(weights, c).(*adam)
	a.decoupled = true
	return a
}

// Step makes one update; see [f32.Adam] for the formulas.
func (a *adam) Step(rate float64) {
	a.steps++
	a.correct()
	r := &a.rates
	r.Rate = float32(rate / (1 - a.power1))
	r.Root = float32(1 / math.Sqrt(1-a.power2))
	for i, w := range a.first.weights {
		r.Decay, r.Shrink = a.config.decay(w), 1
		if a.decoupled {
			r.Shrink = float32(1 - float64(rate*float64(r.Decay)))
			r.Decay = 0
		}
		a.at = i
		a.team.each(len(w.Data), a.team.grains(len(w.Data), 1024), costOfUpdate, a.part)
	}
}

// update updates a range of the weight at hand.
func (a *adam) update(_, from, to int) {
	w, m, v := a.first.weights[a.at], a.first.data[a.at], a.second.data[a.at]
	f32.Adam(w.Data[from:to], w.Grad[from:to], m[from:to], v[from:to], &a.rates)
}

// correct brings the powers of the betas to the number of steps, from the start where a
// checkpoint has set that back.
func (a *adam) correct() {
	if a.steps < a.upTo {
		a.power1, a.power2, a.upTo = 1, 1, 0
	}
	for ; a.upTo < a.steps; a.upTo++ {
		p1, p2 := a.power1*a.beta1, a.power2*a.beta2
		if p1 == a.power1 && p2 == a.power2 { // nor will they change any more
			a.upTo = a.steps
			return
		}
		a.power1, a.power2 = p1, p2
	}
}

// State returns the first and the second moments.
func (a *adam) State() []Moment { return a.second.state(a.first.state(nil)) }
