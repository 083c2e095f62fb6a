package augment

import "math/rand/v2"

// contrast multiplies the distances from the example's own mean of each channel.
func contrast(x []float32, channels int, factor float32) {
	for c := range channels {
		sum := 0.0
		for i := c; i < len(x); i += channels {
			sum += float64(x[i])
		}
		mean := float32(sum / float64(len(x)/channels))
		for i := c; i < len(x); i += channels {
			x[i] = mean + float32(factor*(x[i]-mean))
		}
	}
}

// brighten adds so many standard deviations.
func brighten(x []float32, by float32, sd []float32) {
	for c, s := range sd {
		offset := float32(by * s)
		for i := c; i < len(x); i += len(sd) {
			x[i] += offset
		}
	}
}

// jitter adds noise of so many standard deviations.
func jitter(x []float32, by float32, sd []float32, r *rand.Rand) {
	c := 0
	for i := range x {
		x[i] += float32(float32(by*sd[c]) * nearlyNormal(r))
		if c++; c == len(sd) {
			c = 0
		}
	}
}

// rescale multiplies each channel by a factor about 1.
func (a *Augmenter) rescale(x []float32, r *rand.Rand) {
	for c := range a.size.c {
		factor := 1 + float32(float32(a.config.Scaling)*nearlyNormal(r))
		for i := c; i < len(x); i += a.size.c {
			x[i] *= factor
		}
	}
}

// cutout sets a rectangle to the channels' means.
func (a *Augmenter) cutout(x []float32, r *rand.Rand) {
	s := a.size
	top, bottom := stretch(s.h, a.config.Cutout, r)
	left, right := stretch(s.w, a.config.Cutout, r)
	for i := top; i < bottom; i++ {
		for j := left; j < right; j++ {
			copy(x[(i*s.w+j)*s.c:][:s.c], a.levels.Mean)
		}
	}
}

// stretch draws where a share of n places lies, which has its centre in any. Of one place
// it is that.
func stretch(n int, share float64, r *rand.Rand) (from, to int) {
	if n == 1 {
		return 0, 1
	}
	length := int(float64(share*float64(n)) + 0.5)
	from = int(float64(n)*r.Float64()) - length/2
	return max(from, 0), min(from+length, n)
}

// dropChannels sets channels to their means.
func (a *Augmenter) dropChannels(x []float32, r *rand.Rand) {
	channels, left := a.size.c, 0
	for c := range channels {
		if a.kept[c] = r.Float64() >= a.config.ChannelDropout; a.kept[c] {
			left++
		}
	}
	if one := int(float64(channels) * r.Float64()); left == 0 {
		a.kept[one] = true
	}
	for c, kept := range a.kept {
		if kept {
			continue
		}
		for i := c; i < len(x); i += channels {
			x[i] = a.levels.Mean[c]
		}
	}
}
