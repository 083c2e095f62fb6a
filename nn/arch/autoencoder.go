package arch

import "medml/nn"

// autoencoder squeezes an example, as a vector, through a narrow code, from which a
// decoder reconstructs it and a head predicts (Hinton & Salakhutdinov 2006; trained on
// both at once, as in Le, Patterson & White 2018).
var autoencoder = Architecture{
	Doc: "a narrow code that both reconstructs and predicts; for tables and small signals",
	Hypers: []Hyper{
		{Name: "latent", Doc: "size of the code", Kind: Int, Low: 1, High: 4096, Default: 8},
		{Name: "hidden", Doc: "units of the layers between input and code", Kind: Int, Low: 1, High: 8192, Default: 64},
		{Name: "reconstruction_weight", Doc: "weight of the reconstruction's mean squared error beside the prediction's loss",
			Kind: Float, Low: 0, High: 1000, Default: 0.1},
	},
	vector: true,
	build: func(s Settings, in []int, out int) Built {
		features := 1
		for _, n := range in {
			features *= n
		}
		hidden, latent := s.Int("hidden"), s.Int("latent")
		return Built{
			Parts: nn.Parts{
				Body: nn.Sequential{
					&nn.Flatten{},
					&nn.Dense{Units: hidden, Init: nn.HeUniform}, &nn.ReLU{},
					&nn.Dropout{Rate: s.Float("dropout")},
					&nn.Dense{Units: latent},
				},
				Head: &nn.Dense{Units: out},
				Decoder: nn.Sequential{
					&nn.Dense{Units: hidden, Init: nn.HeUniform}, &nn.ReLU{},
					&nn.Dense{Units: features},
				},
			},
			ReconstructionWeight: s.Float("reconstruction_weight"),
		}
	},
}
