package arch

import (
	"fmt"

	"medml/nn"
)

// lstm reads a signal [T, C] step by step with recurrent layers and classifies by the
// last state, or by all of them (Hochreiter & Schmidhuber 1997; GRU: Cho et al. 2014). An
// image [H, W, C] is read row by row, and a vector [F] as a signal of one channel.
var lstm = Architecture{
	Doc: "recurrent layers (LSTM, GRU or plain RNN); for signals",
	Hypers: []Hyper{
		{Name: "cell", Doc: "kind of recurrent cell", Kind: Choice, Choices: []string{"lstm", "gru", "rnn"}, Default: "lstm"},
		{Name: "hidden", Doc: "units of each layer and direction", Kind: Int, Low: 1, High: 2048, Default: 32},
		{Name: "layers", Doc: "stacked layers", Kind: Int, Low: 1, High: 8, Default: 1},
		{Name: "bidirectional", Doc: "read the signal forwards and backwards", Kind: Bool, Default: false},
		{Name: "pooling", Doc: "how the last layer's states become a vector: the last one, or over all of them their average, maximum, both of these, or a mean weighted by attention",
			Kind: Choice, Choices: append([]string{"last"}, overall...), Default: "last", Later: true},
		{Name: "layer_norm", Doc: "normalise the states that each layer gives", Kind: Bool, Default: false, Later: true},
		{Name: "conv", Doc: "filters of a strided convolution before the first layer, for long signals; 0 for none",
			Kind: Int, Low: 0, High: 1024, Default: 0, Later: true},
		{Name: "conv_stride", Doc: "its stride in steps; its width is twice as much", Kind: Int, Low: 1, High: 256, Default: 4, Later: true},
	},
	check: func(s Settings, in []int) error {
		if len(in) > 3 {
			return fmt.Errorf("wants a vector, a signal or an image, not examples of shape %v", in)
		}
		return nil
	},
	build: func(s Settings, in []int, out int) Built {
		var body nn.Sequential
		if len(in) != 2 {
			body = append(body, &nn.Reshape{Shape: asSignal(in)})
		}
		if filters := s.Int("conv"); filters > 0 {
			stride := s.Int("conv_stride")
			body = append(body, convolution{sides: 1, filters: filters, kernel: 2 * stride, stride: stride}.layer(), &nn.ReLU{})
		}
		layers, pooling := s.Int("layers"), s.Text("pooling")
		for i := range layers {
			last := i == layers-1
			body = append(body, recurrent(s.Text("cell"), s.Int("hidden"), !last || pooling != "last", s.Bool("bidirectional")))
			if s.Bool("layer_norm") {
				body = append(body, &nn.LayerNorm{})
			}
			if last && pooling != "last" {
				body = append(body, overallPooling(pooling))
			}
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
