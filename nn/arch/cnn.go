package arch

import (
	"fmt"
	"math"

	"medml/nn"
)

// cnn stacks blocks of convolutions with same padding, a ReLU and a pooling by 2, and ends
// in a dense layer: LeCun et al. 1998 in today's dress. Signals [T, C] are convolved over
// time, images [H, W, C] over both sides, and a vector [F] is a signal of one channel. With
// residual it is the network of He et al. 2016.
var cnn = Architecture{
	Doc: "convolutions and poolings, or residual blocks; for signals and images",
	Hypers: []Hyper{
		{Name: "filters", Doc: "output channels of the first block", Kind: Int, Low: 1, High: 1024, Default: 32},
		{Name: "kernel", Doc: "width of the convolutions in steps or pixels", Kind: Int, Low: 1, High: 63, Default: 3},
		{Name: "depth", Doc: "number of blocks, each of which halves the sides; with residual, of stages, of which all but the first do",
			Kind: Int, Low: 1, High: 8, Default: 2},
		{Name: "batch_norm", Doc: "normalise each convolution's channels over the batch", Kind: Bool, Default: false},
		{Name: "dense", Doc: "units of a dense layer before the last; 0 for none", Kind: Int, Low: 0, High: 4096, Default: 0},
		{Name: "residual", Doc: "blocks of two convolutions beside a shortcut (He et al. 2016) instead of convolutions and poolings",
			Kind: Bool, Default: false, Later: true},
		{Name: "blocks", Doc: "convolutions of a block, or residual blocks of a stage", Kind: Int, Low: 1, High: 8, Default: 1, Later: true},
		{Name: "growth", Doc: "by how much each block or stage has more channels than the one before", Kind: Float, Low: 1, High: 4, Default: 2.0, Later: true},
		{Name: "stem_stride", Doc: "stride of the first convolution, for large images and long signals", Kind: Int, Low: 1, High: 8, Default: 1, Later: true},
		{Name: "pooling", Doc: "how the last channels become a vector: flatten keeps every place; average, max, both of them and attention make one value of a channel",
			Kind: Choice, Choices: append([]string{"flatten"}, overall...), Default: "flatten", Later: true},
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
		if s.Bool("residual") {
			body = append(body, residualStages(s, in)...)
		} else {
			body = append(body, plainBlocks(s, in)...)
		}
		if pooling := s.Text("pooling"); pooling == "flatten" {
			body = append(body, &nn.Flatten{})
		} else {
			body = append(body, overallPooling(pooling))
		}
		var head nn.Sequential
		if units := s.Int("dense"); units > 0 {
			head = append(head, &nn.Dense{Units: units, Init: nn.HeUniform}, &nn.ReLU{})
		}
		head = append(head, &nn.Dropout{Rate: s.Float("dropout")}, &nn.Dense{Units: out})
		return Built{Parts: nn.Parts{Body: body, Head: head}}
	},
}

// widths are the channels of each block or stage.
func widths(s Settings) []int {
	var all []int
	filters := float64(s.Int("filters"))
	for range s.Int("depth") {
		all = append(all, int(math.Round(filters)))
		filters *= s.Float("growth")
	}
	return all
}

// plainBlocks are convolutions and poolings.
func plainBlocks(s Settings, in []int) (body nn.Sequential) {
	sides, stride := in[:len(in)-1], s.Int("stem_stride")
	for _, filters := range widths(s) {
		for range s.Int("blocks") {
			body = append(body, convolution{sides: len(sides), filters: filters, kernel: s.Int("kernel"), stride: stride}.layer())
			sides, stride = strided(sides, stride), 1
			if s.Bool("batch_norm") {
				body = append(body, &nn.BatchNorm{})
			}
			body = append(body, &nn.ReLU{})
		}
		// A side of one step is pooled no further.
		if divisible(sides) {
			body, sides = append(body, pooling(len(sides))), pooled(sides)
		}
	}
	return body
}

// convolution describes one over one or two sides, with same padding.
type convolution struct {
	sides, filters, kernel, stride int
	noBias                         bool
	init                           nn.Init // nil: He's
}

func (c convolution) layer() nn.Layer {
	if c.init == nil {
		c.init = nn.HeUniform
	}
	if c.sides == 2 {
		return &nn.Conv2D{Filters: c.filters, Kernel: c.kernel, Stride: c.stride, Padding: nn.Same, Init: c.init, NoBias: c.noBias}
	}
	return &nn.Conv1D{Filters: c.filters, Kernel: c.kernel, Stride: c.stride, Padding: nn.Same, Init: c.init, NoBias: c.noBias}
}

func pooling(sides int) nn.Layer {
	if sides == 2 {
		return &nn.MaxPool2D{}
	}
	return &nn.MaxPool1D{}
}

// divisible reports whether every side has two steps at least.
func divisible(sides []int) bool {
	for _, n := range sides {
		if n < 2 {
			return false
		}
	}
	return true
}

// pooled returns the sides after a pooling by 2.
func pooled(sides []int) (half []int) {
	for _, n := range sides {
		half = append(half, n/2)
	}
	return half
}

// strided returns the sides after a convolution with same padding.
func strided(sides []int, stride int) (out []int) {
	for _, n := range sides {
		out = append(out, (n+stride-1)/stride)
	}
	return out
}
