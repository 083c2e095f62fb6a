package search_test

import (
	"errors"
	"math"
	"testing"

	"medml"
	"medml/search"
)

// The spaces the tests draw from.

func float(name string, low, high float64) medml.Param {
	return medml.Param{Name: name, Kind: medml.Float, Low: low, High: high}
}

func integer(name string, low, high float64) medml.Param {
	return medml.Param{Name: name, Kind: medml.Int, Low: low, High: high}
}

func words(name string, choices ...string) medml.Param {
	p := medml.Param{Name: name, Kind: medml.Categorical}
	for _, c := range choices {
		p.Choices = append(p.Choices, medml.StringValue(c))
	}
	return p
}

func logarithmic(p medml.Param) medml.Param { p.Log = true; return p }

func ordered(p medml.Param) medml.Param { p.Ordered = true; return p }

func stepped(p medml.Param, step float64) medml.Param { p.Step = step; return p }

func when(p medml.Param, on, equals string) medml.Param {
	p.When = &medml.Condition{Param: on, Equals: medml.StringValue(equals)}
	return p
}

// box is a space of n floats from -5 to 5.
func box(n int) medml.Space {
	var s medml.Space
	for i := range n {
		s = append(s, float(string(rune('a'+i)), -5, 5))
	}
	return s
}

// mixed has a parameter of every kind, on branches and off.
func mixed() medml.Space {
	return medml.Space{
		words("architecture", "cnn", "lstm", "autoencoder"),
		when(stepped(integer("architecture.cnn.filters", 8, 64), 8), "architecture", "cnn"),
		when(words("architecture.cnn.kernel", "3", "5"), "architecture", "cnn"),
		when(integer("architecture.cnn.depth", 1, 3), "architecture", "cnn"),
		when(logarithmic(integer("architecture.lstm.hidden", 8, 96)), "architecture", "lstm"),
		when(words("architecture.lstm.cell", "lstm", "gru", "rnn"), "architecture", "lstm"),
		when(logarithmic(integer("architecture.autoencoder.latent", 2, 16)), "architecture", "autoencoder"),
		logarithmic(float("learning_rate", 1e-4, 3e-2)),
		ordered(words("batch_size", "16", "32", "64")),
		stepped(float("dropout", 0, 0.3), 0.1),
		{Name: "bidirectional", Kind: medml.Categorical, Choices: []medml.Value{medml.BoolValue(false), medml.BoolValue(true)}},
		float("momentum", 0.9, 0.9),
		words("class_weight", "balanced"),
	}
}

// discreteSpace is finite: 3 + 2·2 combinations of a branch and what hangs on it, times 2.
func discreteSpace() medml.Space {
	return medml.Space{
		words("kind", "a", "b"),
		when(integer("kind.a.x", 1, 3), "kind", "a"),
		when(stepped(float("kind.b.y", 0, 0.1), 0.1), "kind", "b"),
		when(words("kind.b.z", "p", "q"), "kind", "b"),
		integer("n", 0, 1),
		integer("constant", 7, 7),
	}
}

// Objectives are of the parameters alone.

func sphere(ps medml.Params) float64 {
	sum := 0.0
	for i, s := range ps {
		d := s.Value.Float() - float64(i%3) + 0.7
		sum += d * d
	}
	return sum
}

// branin has three minima of 0.397887; a and b of the box are moved to its domain.
func branin(ps medml.Params) float64 {
	x, y := ps[0].Value.Float()*1.5+2.5, ps[1].Value.Float()*1.5+7.5
	u := y - 5.1/(4*math.Pi*math.Pi)*x*x + 5/math.Pi*x - 6
	return u*u + 10*(1-1/(8*math.Pi))*math.Cos(x) + 10
}

// training is a made-up training: lower is better, cnn best, rates near 1e-3 good.
func training(ps medml.Params) float64 {
	v := 0.0
	if a, _ := ps.Lookup("architecture"); a == medml.StringValue("lstm") {
		v += 0.1
	}
	if lr, ok := ps.Lookup("learning_rate"); ok {
		d := math.Log10(lr.Float()) + 3
		v += 0.2 * d * d
	}
	if d, ok := ps.Lookup("dropout"); ok {
		v += d.Float() * 0.3
	}
	if f, ok := ps.Lookup("architecture.cnn.filters"); ok {
		v += math.Abs(f.Float()-40) / 200
	}
	return v
}

func config(sampler string) search.Config {
	c := search.Config{Direction: medml.Minimize, Sampler: search.SamplerConfig{Name: sampler, Seed: 1}}
	if sampler == "gp" || sampler == "auto" {
		c.Sampler.Candidates = 48 // in a hurry
	}
	return c
}

func mustNew(t testing.TB, space medml.Space, c search.Config, past ...medml.Trial) *search.Study {
	t.Helper()
	s, err := search.New(space, c, past)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run asks for n trials one after the other, tells each the objective's value, and returns
// them. It ends early when the study is done.
func run(t testing.TB, s *search.Study, n int, objective func(medml.Params) float64) []medml.Trial {
	t.Helper()
	var trials []medml.Trial
	for range n {
		trial, err := s.Ask()
		var done *medml.Done
		if errors.As(err, &done) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		trial.State, trial.Value = medml.Complete, objective(trial.Params)
		if err := s.Tell(trial); err != nil {
			t.Fatal(err)
		}
		trials = append(trials, trial)
	}
	return trials
}

func best(trials []medml.Trial, d medml.Direction) float64 {
	t, _ := medml.Best(d, trials)
	return t.Value
}
