package arch

import (
	"fmt"

	"medml/nn"
)

// cnn stacks blocks of a convolution with same padding, a ReLU and a pooling by 2, and
// ends in a dense layer: LeCun et al. 1998 in today's dress. Signals [T, C] are convolved
// over time, images [H, W, C] over both sides, and a vector [F] is a signal of one
// channel.
var cnn = Architecture{
	Doc: "convolutions and poolings; for signals and images",
	Hypers: []Hyper{
		{Name: "filters", Doc: "output channels of the first block; each further block has twice as many",
			Kind: Int, Low: 1, High: 1024, Default: 32},
		{Name: "kernel", Doc: "width of the convolutions in steps or pixels", Kind: Int, Low: 1, High: 63, Default: 3},
		{Name: "depth", Doc: "number of blocks", Kind: Int, Low: 1, High: 8, Default: 2},
		{Name: "batch_norm", Doc: "normalise each block's channels over the batch", Kind: Bool, Default: false},
		{Name: "dense", Doc: "units of a dense layer before the last; 0 for none", Kind: Int, Low: 0, High: 4096, Default: 0},
	},
	check: func(s Settings, in []int) error {
		if len(in) > 3 {
			return fmt.Errorf("wants a vector, a signal or an image, not examples of shape %v", in)
		}
		return nil
	},
	build: func(s Settings, in []int, out int) Built {
		var body nn.Sequential
		if len(in) == 1 {
			in = []int{in[0], 1}
			body = append(body, &nn.Reshape{Shape: in})
		}
		sides := in[:len(in)-1]
		filters := s.Int("filters")
		for range s.Int("depth") {
			body = append(body, convolution(len(sides), filters, s.Int("kernel"), s.Bool("batch_norm"))...)
			// A side of one step is pooled no further.
			if sides = halved(sides); sides != nil {
				body = append(body, pooling(len(sides)))
			}
			filters *= 2
		}
		body = append(body, &nn.Flatten{})
		var head nn.Sequential
		if units := s.Int("dense"); units > 0 {
			head = append(head, &nn.Dense{Units: units, Init: nn.HeUniform}, &nn.ReLU{})
		}
		head = append(head, &nn.Dropout{Rate: s.Float("dropout")}, &nn.Dense{Units: out})
		return Built{Parts: nn.Parts{Body: body, Head: head}}
	},
}

// convolution is a block's convolution over one or two sides.
func convolution(sides, filters, kernel int, norm bool) []nn.Layer {
	var conv nn.Layer = &nn.Conv1D{Filters: filters, Kernel: kernel, Padding: nn.Same, Init: nn.HeUniform}
	if sides == 2 {
		conv = &nn.Conv2D{Filters: filters, Kernel: kernel, Padding: nn.Same, Init: nn.HeUniform}
	}
	if norm {
		return []nn.Layer{conv, &nn.BatchNorm{}, &nn.ReLU{}}
	}
	return []nn.Layer{conv, &nn.ReLU{}}
}

func pooling(sides int) nn.Layer {
	if sides == 2 {
		return &nn.MaxPool2D{}
	}
	return &nn.MaxPool1D{}
}

// halved returns the sides after a pooling by 2, nil if one of them is too short.
func halved(sides []int) []int {
	var half []int
	for _, n := range sides {
		if n < 2 {
			return nil
		}
		half = append(half, n/2)
	}
	return half
}
