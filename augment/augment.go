// Package augment changes training examples at random in ways that leave what they show
// what it was: a scan that is turned by five degrees is of the same patient.
//
// A [Config] says by how much at most; its zero value changes nothing and draws nothing. An
// [Augmenter] changes one example after another in place, by draws from a stream that it is
// given: the same stream gives the same bits on every processor. [Mix] makes one batch of two
// (mixup).
//
// Examples are row-major with the channels last: images [H, W, C], signals [T, C] and
// vectors [F], each feature of which is a channel. They are as prepared for training, and
// amounts are in units of a channel's standard deviation in the training part, its [Levels].
package augment

import (
	"fmt"
	"math/rand/v2"
)

// Config says how strongly examples are changed. Where a field is said to be uniform, every
// example has a number of its own drawn from that range.
type Config struct {
	// Flip is "", "none", "horizontal", "vertical" or "both": each of the flips that it
	// names happens to half of the images.
	Flip string
	// Rotate is the largest angle in degrees: uniform in ±Rotate, about the centre.
	Rotate float64
	// Shift is the largest shift along each side, as a share of it: uniform in ±Shift.
	Shift float64
	// Zoom is by how much an image grows or shrinks at most: a factor between 1/(1+Zoom)
	// and 1+Zoom, uniform in its logarithm.
	Zoom float64
	// Elastic is the standard deviation of the pixels' displacements, along each side, as a
	// share of the shorter side (Simard, Steinkraus & Platt 2003). The displacements are a
	// cubic B-spline of normal numbers on a grid of four cells a side, as smooth as those of
	// Ronneberger, Fischer & Brox 2015, section 3.1.
	Elastic float64
	// Brightness is the largest offset of all channels, in their standard deviations:
	// uniform in ±Brightness.
	Brightness float64
	// Contrast is by how much an example's distances from its channels' means grow or shrink
	// at most: a factor uniform in 1±Contrast.
	Contrast float64
	// Cutout is the side of a square that is set to the channels' means, as a share of each
	// side (DeVries & Taylor 2017); its centre is anywhere, so that it may hang over. Of a
	// signal it is a stretch of time.
	Cutout float64
	// Jitter is the standard deviation of noise on each number, in the channel's.
	Jitter float64
	// Scaling is the standard deviation of the factors, about 1, that each channel is
	// multiplied by (Um et al. 2017).
	Scaling float64
	// Warp is the standard deviation of the logarithm of a signal's speed, which varies
	// smoothly; its ends stay where they are (after Um et al. 2017).
	Warp float64
	// Crop is the largest share of a signal that is cut off at its ends; the rest is
	// stretched to the signal's length (window slicing: Le Guennec, Malinowski & Tavenard
	// 2016). The share is uniform in [0, Crop), and so is where it is cut.
	Crop float64
	// ChannelDropout is the probability with which each channel is set to its mean. One at
	// least is left.
	ChannelDropout float64
}

// Levels are what a channel's numbers are like in the training part: [C] each.
type Levels struct{ Mean, SD []float32 }

// Augmenter changes examples of one shape. It is for one goroutine.
type Augmenter struct {
	config  Config
	levels  Levels
	size    size
	scratch []float32 // of an example
	elastic *elastic  // nil without
	times   []float32 // [T] where a signal's steps come from, nil where they stay
	kept    []bool    // [C]
}

// size is an example's: h·w places of c channels. A signal is an image of one row, and a
// vector one of one place.
type size struct{ h, w, c int }

// On reports whether c changes anything.
func (c Config) On() bool {
	if c.Flip == "none" {
		c.Flip = ""
	}
	return c != Config{}
}

// Check returns an error unless c can be done to examples of a shape.
func (c Config) Check(shape []int) error {
	for _, o := range []struct {
		name     string
		on       bool
		low, top int // ranks
		wants    string
	}{
		{"flip", c.Flip != "" && c.Flip != "none", 3, 3, "images [H, W, C]"},
		{"rotate", c.Rotate > 0, 3, 3, "images [H, W, C]"},
		{"shift", c.Shift > 0, 3, 3, "images [H, W, C]"},
		{"zoom", c.Zoom > 0, 3, 3, "images [H, W, C]"},
		{"elastic", c.Elastic > 0, 3, 3, "images [H, W, C]"},
		{"brightness", c.Brightness > 0, 2, 9, "images [H, W, C] or signals [T, C]"},
		{"contrast", c.Contrast > 0, 2, 9, "images [H, W, C] or signals [T, C]"},
		{"cutout", c.Cutout > 0, 2, 3, "images [H, W, C] or signals [T, C]"},
		{"warp", c.Warp > 0, 2, 2, "signals [T, C]"},
		{"crop", c.Crop > 0, 2, 2, "signals [T, C]"},
	} {
		if o.on && (len(shape) < o.low || len(shape) > o.top) {
			return fmt.Errorf("%s is for %s: the examples are of shape %v", o.name, o.wants, shape)
		}
	}
	return nil
}

// New returns what changes examples of a shape by c, or c.Check's error.
func New(c Config, shape []int, levels Levels) (*Augmenter, error) {
	if err := c.Check(shape); err != nil {
		return nil, err
	}
	channels := shape[len(shape)-1]
	s := size{1, 1, channels}
	switch {
	case len(shape) == 3:
		s.h, s.w = shape[0], shape[1]
	case len(shape) > 1:
		for _, n := range shape[:len(shape)-1] {
			s.w *= n
		}
	}
	if len(levels.Mean) != channels || len(levels.SD) != channels {
		return nil, fmt.Errorf("levels of %d channels for examples of shape %v", len(levels.Mean), shape)
	}
	a := &Augmenter{config: c, levels: levels, size: s, scratch: make([]float32, s.h*s.w*s.c), kept: make([]bool, channels)}
	if c.Elastic > 0 {
		a.elastic = newElastic(s)
	}
	if c.Warp > 0 || c.Crop > 0 {
		a.times = make([]float32, s.w)
	}
	return a, nil
}

// Bytes is about how much memory an augmenter takes for examples of n numbers.
func (c Config) Bytes(n int) int64 {
	if !c.On() {
		return 0
	}
	return 4 * int64(n)
}

// Apply changes an example x. It draws for what is on, and as much for every example.
func (a *Augmenter) Apply(x []float32, r *rand.Rand) {
	c := &a.config
	switch c.Flip {
	case "horizontal", "vertical", "both":
		a.flip(x, r)
	}
	if c.Rotate > 0 || c.Shift > 0 || c.Zoom > 0 || c.Elastic > 0 {
		a.turn(x, r)
	}
	if a.times != nil {
		a.retime(x, r)
	}
	if c.Contrast > 0 {
		contrast(x, a.size.c, float32(1+float64(c.Contrast*uniform(r))))
	}
	if c.Brightness > 0 {
		brighten(x, float32(c.Brightness*uniform(r)), a.levels.SD)
	}
	if c.Scaling > 0 {
		a.rescale(x, r)
	}
	if c.Cutout > 0 {
		a.cutout(x, r)
	}
	if c.Jitter > 0 {
		jitter(x, float32(c.Jitter), a.levels.SD, r)
	}
	if c.ChannelDropout > 0 {
		a.dropChannels(x, r)
	}
}
