package arch

import "medml/nn"

// residualStages are those of He et al. 2016, "Deep residual learning": a convolution, and
// stages of basic blocks, each of two convolutions beside a shortcut. The first block of
// every stage but the first has the stride 2, and a projection where the shape changes.
func residualStages(s Settings, in []int) (body nn.Sequential) {
	sides := in[:len(in)-1]
	stages := widths(s)
	b := block{channels: stages[0], kernel: s.Int("kernel"), norm: s.Bool("batch_norm"), sides: len(sides)}
	body = append(b.convolution(b.kernel, s.Int("stem_stride"), nil), &nn.ReLU{})
	sides = strided(sides, s.Int("stem_stride"))
	before := b.channels
	for stage, filters := range stages {
		for i := range s.Int("blocks") {
			b.channels, b.stride = filters, 1
			// A side of one step is divided no further.
			if stage > 0 && i == 0 && divisible(sides) {
				b.stride = 2
				sides = strided(sides, 2)
			}
			body = append(body, b.layer(before), &nn.ReLU{})
			before = filters
		}
	}
	return body
}

// block is a basic block.
type block struct {
	sides, channels, kernel, stride int
	norm                            bool
}

// layer returns a block that so many channels come to. Without norms its last convolution
// starts at zero, so that the block starts as its shortcut, and any depth can be trained
// (Zhang et al. 2019, "Fixup initialization", section 3).
func (b block) layer(before int) nn.Layer {
	var last nn.Init
	if !b.norm {
		last = nn.Zeros
	}
	body := append(b.convolution(b.kernel, b.stride, nil), &nn.ReLU{})
	r := &nn.Residual{Body: append(body, b.convolution(b.kernel, 1, last)...)}
	if b.stride > 1 || before != b.channels {
		r.Shortcut = b.convolution(1, b.stride, nil)
	}
	return r
}

// convolution is one with its norm, which makes a bias needless.
func (b block) convolution(kernel, stride int, init nn.Init) nn.Sequential {
	c := convolution{sides: b.sides, filters: b.channels, kernel: kernel, stride: stride, noBias: b.norm, init: init}
	if b.norm {
		return nn.Sequential{c.layer(), &nn.BatchNorm{}}
	}
	return nn.Sequential{c.layer()}
}
