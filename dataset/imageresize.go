package dataset

import "math"

// fit brings a picture to the size that the configuration says.
func (c ImageConfig) fit(p picture) picture {
	if c.Crop > 0 && c.Crop < 1 {
		p = p.middle(portion(p.height, c.Crop), portion(p.width, c.Crop))
	}
	if len(c.Size) == 0 {
		return p
	}
	height, width := c.Size[0], c.Size[1]
	h, w := float64(p.height), float64(p.width)
	wider := w*float64(height) > h*float64(width) // than what is asked for
	switch {
	case c.Aspect == "crop" && wider:
		p = p.middle(p.height, portion(width, h/float64(height)))
	case c.Aspect == "crop":
		p = p.middle(portion(height, w/float64(width)), p.width)
	case c.Aspect == "pad" && wider:
		return p.resize(portion(p.height, float64(width)/w), width, c.Resize == "area").within(height, width)
	case c.Aspect == "pad":
		return p.resize(height, portion(p.width, float64(height)/h), c.Resize == "area").within(height, width)
	}
	return p.resize(height, width, c.Resize == "area")
}

// portion returns a part of n pixels, at least one.
func portion(n int, part float64) int { return max(1, int(math.Round(float64(n)*part))) }

// resize returns the picture in another size. A pixel is the mean of those it covers: all
// alike (area), or the nearer the more (a triangle twice as wide). Enlarging, area is the
// nearest pixel and the triangle interpolates. This is how PIL resizes with BOX and
// BILINEAR, but without rounding to bytes in between.
func (p picture) resize(height, width int, area bool) picture {
	if width != p.width {
		p = p.across(taps(p.width, width, area))
	}
	if height != p.height {
		p = p.down(taps(p.height, height, area))
	}
	return p
}

// tap is the run of pixels that a new one is made of, and their weights, which sum to 1.
type tap struct {
	from    int
	weights []float64
}

// taps returns those of a side that goes from n pixels to m.
func taps(n, m int, area bool) []tap {
	scale := float64(n) / float64(m)
	reach := max(scale, 1) // how many pixels a filter of width 1 spans
	support := reach
	if area {
		support = reach / 2
	}
	out := make([]tap, m)
	for i := range out {
		center := float64((float64(i) + 0.5) * scale)
		from := max(0, int(center-support+0.5))
		to := min(n, int(center+support+0.5))
		weights := make([]float64, to-from)
		sum := 0.0
		for j := range weights {
			d := (float64(from+j) + 0.5 - center) / reach
			switch {
			case !area:
				weights[j] = max(0, 1-math.Abs(d))
			case d > -0.5 && d <= 0.5:
				weights[j] = 1
			}
			sum += weights[j]
		}
		for j := range weights {
			weights[j] /= sum
		}
		out[i] = tap{from, weights}
	}
	return out
}

// across resizes the rows.
func (p picture) across(taps []tap) picture {
	q := newPicture(p.height, len(taps), p.channels)
	c := p.channels
	for y := range p.height {
		row := p.pix[y*p.width*c : (y+1)*p.width*c]
		for x, t := range taps {
			for k := range c {
				sum := 0.0
				for j, w := range t.weights {
					sum += float64(w * float64(row[(t.from+j)*c+k]))
				}
				q.pix[(y*q.width+x)*c+k] = float32(sum)
			}
		}
	}
	return q
}

// down resizes the columns.
func (p picture) down(taps []tap) picture {
	q := newPicture(len(taps), p.width, p.channels)
	row := p.width * p.channels
	sums := make([]float64, row)
	for y, t := range taps {
		clear(sums)
		for j, w := range t.weights {
			for x, v := range p.pix[(t.from+j)*row:][:row] {
				sums[x] += float64(w * float64(v))
			}
		}
		for x, sum := range sums {
			q.pix[y*row+x] = float32(sum)
		}
	}
	return q
}
