package arch

import (
	"fmt"

	"medml/nn"
)

// lstm reads a signal [T, C] step by step with recurrent layers and classifies by the
// last state (Hochreiter & Schmidhuber 1997; GRU: Cho et al. 2014). An image [H, W, C] is
// read row by row, and a vector [F] as a signal of one channel.
var lstm = Architecture{
	Doc: "recurrent layers (LSTM, GRU or plain RNN); for signals",
	Hypers: []Hyper{
		{Name: "cell", Doc: "kind of recurrent cell", Kind: Choice, Choices: []string{"lstm", "gru", "rnn"}, Default: "lstm"},
		{Name: "hidden", Doc: "units of each layer and direction", Kind: Int, Low: 1, High: 2048, Default: 32},
		{Name: "layers", Doc: "stacked layers", Kind: Int, Low: 1, High: 8, Default: 1},
		{Name: "bidirectional", Doc: "read the signal forwards and backwards", Kind: Bool, Default: false},
	},
	check: func(s Settings, in []int) error {
		if len(in) > 3 {
			return fmt.Errorf("wants a vector, a signal or an image, not examples of shape %v", in)
		}
		return nil
	},
	build: func(s Settings, in []int, out int) Built {
		var body nn.Sequential
		switch len(in) {
		case 1:
			body = append(body, &nn.Reshape{Shape: []int{in[0], 1}})
		case 3:
			body = append(body, &nn.Reshape{Shape: []int{in[0], in[1] * in[2]}})
		}
		layers := s.Int("layers")
		for i := range layers {
			body = append(body, recurrent(s.Text("cell"), s.Int("hidden"), i < layers-1, s.Bool("bidirectional")))
			body = append(body, &nn.Dropout{Rate: s.Float("dropout")})
		}
		return Built{Parts: nn.Parts{Body: body, Head: &nn.Dense{Units: out}}}
	},
}

// recurrent is one layer, of one direction or both.
func recurrent(cell string, units int, sequences, both bool) nn.Layer {
	switch cell {
	case "gru":
		return &nn.GRU{Units: units, ReturnSequences: sequences, Bidirectional: both}
	case "rnn":
		return &nn.RNN{Units: units, ReturnSequences: sequences, Bidirectional: both}
	}
	return &nn.LSTM{Units: units, ReturnSequences: sequences, Bidirectional: both}
}
