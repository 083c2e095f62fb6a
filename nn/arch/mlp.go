package arch

import "medml/nn"

// mlp is dense layers over an example as a vector (Rosenblatt 1958; Rumelhart, Hinton &
// Williams 1986). Without hidden layers it is the linear model: logistic regression, or
// linear regression, which every other model has to beat.
var mlp = Architecture{
	Doc: "dense layers; for tables; with layers 0, logistic or linear regression",
	Hypers: []Hyper{
		{Name: "layers", Doc: "hidden layers; 0 is the linear model", Kind: Int, Low: 0, High: 16, Default: 2},
		{Name: "hidden", Doc: "units of each", Kind: Int, Low: 1, High: 8192, Default: 64},
		{Name: "activation", Doc: "what follows each hidden layer", Kind: Choice, Choices: []string{"relu", "gelu", "silu", "tanh"}, Default: "relu"},
		{Name: "batch_norm", Doc: "normalise each hidden layer's units over the batch", Kind: Bool, Default: false},
	},
	vector: true,
	build: func(s Settings, in []int, out int) Built {
		body := nn.Sequential{&nn.Flatten{}}
		for range s.Int("layers") {
			activation, init := activationOf(s.Text("activation"))
			body = append(body, &nn.Dense{Units: s.Int("hidden"), Init: init, NoBias: s.Bool("batch_norm")})
			if s.Bool("batch_norm") {
				body = append(body, &nn.BatchNorm{})
			}
			body = append(body, activation, &nn.Dropout{Rate: s.Float("dropout")})
		}
		return Built{Parts: nn.Parts{Body: body, Head: &nn.Dense{Units: out}}}
	},
}

// activationOf returns an activation and the initialiser that suits it.
func activationOf(word string) (nn.Layer, nn.Init) {
	switch word {
	case "gelu":
		return &nn.GELU{}, nn.HeUniform
	case "silu":
		return &nn.SiLU{}, nn.HeUniform
	case "tanh":
		return &nn.Tanh{}, nn.GlorotUniform
	}
	return &nn.ReLU{}, nn.HeUniform
}
