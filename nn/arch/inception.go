package arch

import (
	"fmt"

	"medml/nn"
)

// inception reads a signal [T, C] with convolutions of three widths side by side: one
// network of InceptionTime (Ismail Fawaz et al. 2020), whose ensemble is five of them. An
// image [H, W, C] is read row by row, and a vector [F] as a signal of one channel.
var inception = Architecture{
	Doc: "convolutions of several widths side by side (InceptionTime); for signals",
	Hypers: []Hyper{
		{Name: "filters", Doc: "channels of each of a module's four branches", Kind: Int, Low: 1, High: 512, Default: 32},
		{Name: "depth", Doc: "number of modules", Kind: Int, Low: 1, High: 24, Default: 6},
		{Name: "kernel", Doc: "width in steps of the longest convolutions, at most the signal's; the others have a half and a quarter of it",
			Kind: Int, Low: 1, High: 1024, Default: 40},
		{Name: "bottleneck", Doc: "channels that a module's input is brought down to before its convolutions; 0 for no such layer",
			Kind: Int, Low: 0, High: 512, Default: 32},
		{Name: "residual", Doc: "a shortcut past every three modules", Kind: Bool, Default: true},
		{Name: "pooling", Doc: "how each channel becomes one value", Kind: Choice, Choices: overall, Default: "average"},
	},
	check: func(s Settings, in []int) error {
		if len(in) > 3 {
			return fmt.Errorf("wants a vector, a signal or an image, not examples of shape %v", in)
		}
		return nil
	},
	build: func(s Settings, in []int, out int) Built {
		signal := asSignal(in)
		var body, open nn.Sequential // open: the modules since the last shortcut
		if len(in) != 2 {
			body = append(body, &nn.Reshape{Shape: signal})
		}
		channels := signal[1]
		for i := range s.Int("depth") {
			open = append(open, inceptionModule(s, signal[0], channels)...)
			channels = 4 * s.Int("filters")
			if s.Bool("residual") && i%3 == 2 {
				shortcut := nn.Sequential{pointwise(channels), &nn.BatchNorm{}}
				body = append(body, &nn.Residual{Body: open, Shortcut: shortcut}, &nn.ReLU{})
				open = nil
			}
		}
		body = append(append(body, open...), overallPooling(s.Text("pooling")))
		head := nn.Sequential{&nn.Dropout{Rate: s.Float("dropout")}, &nn.Dense{Units: out}}
		return Built{Parts: nn.Parts{Body: body, Head: head}}
	},
}

// inceptionModule is a module for signals of so many steps and channels: three convolutions
// behind a bottleneck and a pooling before a convolution of single steps, side by side.
func inceptionModule(s Settings, steps, channels int) nn.Sequential {
	filters, kernel := s.Int("filters"), min(s.Int("kernel"), steps)
	var wide nn.Concat
	for range 3 {
		wide.Branches = append(wide.Branches, convolution{sides: 1, filters: filters, kernel: kernel, stride: 1, noBias: true}.layer())
		kernel = max(kernel/2, 1)
	}
	long := nn.Sequential{&wide}
	if n := s.Int("bottleneck"); n > 0 && channels > 1 {
		long = nn.Sequential{pointwise(n), &wide}
	}
	pool := nn.Sequential{&nn.MaxPool1D{Size: 3, Stride: 1, Padding: nn.Same}, pointwise(filters)}
	return nn.Sequential{&nn.Concat{Branches: []nn.Layer{long, pool}}, &nn.BatchNorm{}, &nn.ReLU{}}
}

// pointwise maps the channels of each step.
func pointwise(channels int) nn.Layer {
	return convolution{sides: 1, filters: channels, kernel: 1, stride: 1, noBias: true}.layer()
}

// asSignal returns the shape [T, C] that examples of a shape are read as.
func asSignal(in []int) []int {
	switch len(in) {
	case 1:
		return []int{in[0], 1}
	case 3:
		return []int{in[0], in[1] * in[2]}
	}
	return in
}
