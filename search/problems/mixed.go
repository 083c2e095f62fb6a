package problems

import (
	"math"

	"medml"
)

// mixed imitates the choice of a network: three branches with parameters of their own of
// every kind, and some shared ones. The best branch has the narrowest valley.
func mixed() Problem {
	word, whole := medml.StringValue, medml.IntValue
	branch := func(name, of string, p medml.Param) medml.Param {
		p.Name = "architecture." + of + "." + name
		p.When = &medml.Condition{Param: "architecture", Equals: word(of)}
		return p
	}
	space := medml.Space{
		{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{word("cnn"), word("lstm"), word("autoencoder")}},
		branch("filters", "cnn", medml.Param{Kind: medml.Int, Low: 4, High: 256, Log: true}),
		branch("depth", "cnn", medml.Param{Kind: medml.Int, Low: 1, High: 6}),
		branch("hidden", "lstm", medml.Param{Kind: medml.Int, Low: 8, High: 512, Log: true}),
		branch("layers", "lstm", medml.Param{Kind: medml.Int, Low: 1, High: 4}),
		branch("bidirectional", "lstm", medml.Param{Kind: medml.Categorical, Choices: []medml.Value{medml.BoolValue(false), medml.BoolValue(true)}}),
		branch("latent", "autoencoder", medml.Param{Kind: medml.Int, Low: 2, High: 64, Step: 2}),
		branch("weight", "autoencoder", medml.Param{Kind: medml.Float, Low: 1e-3, High: 10, Log: true}),
		{Name: "learning_rate", Kind: medml.Float, Low: 1e-5, High: 1, Log: true},
		{Name: "dropout", Kind: medml.Float, Low: 0, High: 0.6},
		{Name: "batch_size", Kind: medml.Categorical, Choices: []medml.Value{whole(16), whole(32), whole(64), whole(128)}},
	}
	return Problem{"mixed", "a network's shape: 3 branches, parameters of every kind", space, 0.1, mixedValue}
}

func mixedValue(p medml.Params) float64 {
	number := func(name string) float64 {
		v, _ := p.Lookup(name)
		return v.Float()
	}
	// far is the squared distance, in steps of a tenth of the range's orders of magnitude.
	far := func(name string, best, tenth float64) float64 {
		d := math.Log(number(name)/best) / math.Log(tenth)
		return d * d
	}
	square := func(x float64) float64 { return x * x }
	v := 0.02*square(number("dropout")-0.2)/0.01 + 0.004*math.Abs(math.Log2(number("batch_size")/32))
	architecture, _ := p.Lookup("architecture")
	switch architecture.String() {
	case "cnn":
		return v + 0.13 + 0.003*far("architecture.cnn.filters", 64, 1.5) + 0.01*square(number("architecture.cnn.depth")-4) +
			0.004*far("learning_rate", 3e-3, 3)
	case "lstm":
		both := 0.02
		if number("architecture.lstm.bidirectional") == 1 {
			both = 0
		}
		return v + 0.1 + both + 0.004*far("architecture.lstm.hidden", 96, 1.5) + 0.015*square(number("architecture.lstm.layers")-2) +
			0.012*far("learning_rate", 1e-2, 3)
	}
	return v + 0.16 + 0.0004*square(number("architecture.autoencoder.latent")-20) +
		0.002*far("architecture.autoencoder.weight", 0.1, 2.5) + 0.003*far("learning_rate", 1e-3, 3)
}
