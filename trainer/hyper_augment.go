package trainer

import (
	"medml"
	"medml/augment"
	"medml/nn/arch"
)

// augmentHypers are the hyperparameters by which training examples are changed. All are off
// unless asked for, and then cost and draw nothing. See [augment.Config].
var augmentHypers = []Hyper{
	{Name: "flip", Doc: "which flips of an image happen to half of the training examples each", Kind: medml.Categorical,
		Choices: []string{"none", "horizontal", "vertical", "both"}, Default: medml.StringValue("none")},
	amount("rotate", "largest angle in degrees by which training images are turned", 180),
	amount("shift", "largest shift of training images along each side, as a share of it", 0.5),
	amount("zoom", "by which share training images grow or shrink at most", 1),
	amount("elastic", "standard deviation of the displacements of bent training images, as a share of the shorter side (Simard et al. 2003)", 0.2),
	amount("brightness", "largest offset of a training image or signal, in standard deviations of its channels", 3),
	amount("contrast", "by which share the contrast of a training image or signal changes at most", 1),
	amount("cutout", "side of a square of training images, or stretch of signals, that is set to the mean, as a share of each side (DeVries & Taylor 2017)", 0.9),
	amount("mixup", "α of the Beta distribution by which training examples and their losses are mixed in pairs (Zhang et al. 2018)", 2),
	amount("jitter", "standard deviation of noise on training examples, in those of their channels", 2),
	amount("scaling", "standard deviation of the factors, about 1, that channels of training examples are multiplied by", 1),
	amount("warp", "standard deviation of the logarithm of the speed at which training signals run, which varies smoothly", 1),
	amount("crop", "largest share of training signals that is cut off; what is left is stretched", 0.9),
	amount("channel_dropout", "probability with which each channel of a training example is set to its mean", 0.9),
}

// amount describes one that is a number from 0, its default, on.
func amount(name, doc string, most float64) Hyper {
	return Hyper{Name: name, Doc: doc + "; 0 for none", Kind: medml.Float, Low: 0, High: most, Default: medml.FloatValue(0)}
}

// augmentConfig reads them, but for mixup, which isn't of single examples.
func augmentConfig(s arch.Settings) augment.Config {
	return augment.Config{
		Flip: s.Text("flip"), Rotate: s.Float("rotate"), Shift: s.Float("shift"), Zoom: s.Float("zoom"), Elastic: s.Float("elastic"),
		Brightness: s.Float("brightness"), Contrast: s.Float("contrast"), Cutout: s.Float("cutout"),
		Jitter: s.Float("jitter"), Scaling: s.Float("scaling"), Warp: s.Float("warp"), Crop: s.Float("crop"),
		ChannelDropout: s.Float("channel_dropout"),
	}
}
