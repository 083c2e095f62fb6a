package augment

import (
	"math"
	"math/rand/v2"

	"medml/internal/elementary"
)

// flip flips an image along the sides that the configuration names, each half of the time.
func (a *Augmenter) flip(x []float32, r *rand.Rand) {
	if a.config.Flip != "vertical" && fair(r) {
		mirrorColumns(x, a.size)
	}
	if a.config.Flip != "horizontal" && fair(r) {
		mirrorRows(x, a.size, a.scratch)
	}
}

// Mirror flips an image x of shape [H, W, C], upside down or left to right. scratch has room
// for a row.
func Mirror(x []float32, shape []int, vertical bool, scratch []float32) {
	s := size{shape[0], shape[1], shape[2]}
	if vertical {
		mirrorRows(x, s, scratch)
	} else {
		mirrorColumns(x, s)
	}
}

// mirrorColumns exchanges left and right.
func mirrorColumns(x []float32, s size) {
	for row := range s.h {
		line := x[row*s.w*s.c:][:s.w*s.c]
		for i, j := 0, (s.w-1)*s.c; i < j; i, j = i+s.c, j-s.c {
			for c := range s.c {
				line[i+c], line[j+c] = line[j+c], line[i+c]
			}
		}
	}
}

// mirrorRows exchanges top and bottom.
func mirrorRows(x []float32, s size, scratch []float32) {
	n := s.w * s.c
	for i, j := 0, s.h-1; i < j; i, j = i+1, j-1 {
		top, bottom := x[i*n:][:n], x[j*n:][:n]
		copy(scratch, top)
		copy(top, bottom)
		copy(bottom, scratch[:n])
	}
}

// affine says where the pixels of an image come from: pixel (i, j) from row y·(i, j, 1) and
// column x·(i, j, 1).
type affine struct{ y, x [3]float32 }

// turned is the map of an image that is turned by an angle in radians about its centre, grows
// by a factor, and is then shifted down and to the right by so many pixels.
func turned(s size, angle, factor, down, right float64) affine {
	cy, cx := float64(s.h-1)/2, float64(s.w-1)/2
	sin, cos := elementary.Sin(angle)/factor, elementary.Cos(angle)/factor
	// The way back: unshift, and turn and grow by the inverses.
	oy, ox := -cy-down, -cx-right
	return affine{
		y: [3]float32{float32(cos), float32(-sin), float32(cy + float64(cos*oy) - float64(sin*ox))},
		x: [3]float32{float32(sin), float32(cos), float32(cx + float64(sin*oy) + float64(cos*ox))},
	}
}

// turn rotates, shifts, zooms and bends an image, all in one reading between its pixels.
func (a *Augmenter) turn(x []float32, r *rand.Rand) {
	c, s := &a.config, a.size
	angle, factor, down, right := 0.0, 1.0, 0.0, 0.0
	if c.Rotate > 0 {
		angle = float64(c.Rotate*uniform(r)) * (math.Pi / 180)
	}
	if c.Zoom > 0 {
		factor = elementary.Exp(uniform(r) * elementary.Log1p(c.Zoom))
	}
	if c.Shift > 0 {
		down = float64(float64(s.h) * c.Shift * uniform(r))
		right = float64(float64(s.w) * c.Shift * uniform(r))
	}
	if a.elastic != nil {
		a.elastic.draw(float32(c.Elastic*float64(min(s.h, s.w))), r)
	}
	copy(a.scratch, x)
	a.read(x, turned(s, angle, factor, down, right))
}

// read sets x to the image in scratch as seen through a map, and bent where that is asked
// for. Between pixels it is bilinear, and beyond the edge it is as at the edge.
func (a *Augmenter) read(x []float32, m affine) {
	s := a.size
	bottom, right := float32(s.h-1), float32(s.w-1)
	for i := range s.h {
		y0 := float32(m.y[0]*float32(i)) + m.y[2]
		x0 := float32(m.x[0]*float32(i)) + m.x[2]
		if a.elastic != nil {
			a.elastic.row(i)
		}
		for j := range s.w {
			sy, sx := float32(m.y[1]*float32(j))+y0, float32(m.x[1]*float32(j))+x0
			if a.elastic != nil {
				dy, dx := a.elastic.at(j)
				sy, sx = sy+dy, sx+dx
			}
			sy, sx = min(max(sy, 0), bottom), min(max(sx, 0), right)
			between(x[(i*s.w+j)*s.c:][:s.c], a.scratch, s, sy, sx)
		}
	}
}

// between sets to [C] to the image at a place between its pixels.
func between(to, image []float32, s size, y, x float32) {
	i, j := int(y), int(x)
	fy, fx := y-float32(i), x-float32(j)
	at := (i*s.w + j) * s.c
	right, below := at, 0
	if j+1 < s.w {
		right += s.c
	}
	if i+1 < s.h {
		below = s.w * s.c
	}
	w00, w01, w10, w11 := (1-fy)*(1-fx), (1-fy)*fx, fy*(1-fx), fy*fx
	for c := range to {
		top := float32(w00*image[at+c]) + float32(w01*image[right+c])
		low := float32(w10*image[at+below+c]) + float32(w11*image[right+below+c])
		to[c] = top + low
	}
}
