package dataset

import (
	"image"
	"image/color"
)

// picture is an image as numbers: [row, column, channel], from 0 to 1 where it comes from
// bytes.
type picture struct {
	height, width, channels int
	pix                     []float32
}

func newPicture(height, width, channels int) picture {
	return picture{height, width, channels, make([]float32, height*width*channels)}
}

// pictureOf takes the colours of an image, or their luma by ITU-R BT.601, which is how PIL
// greys. What lies behind a transparent pixel is nobody's guess: alpha is left out.
func pictureOf(m image.Image, channels int) picture {
	b := m.Bounds()
	p := newPicture(b.Dy(), b.Dx(), channels)
	at := 0
	put := func(r, g, b, white float64) {
		if channels == 1 {
			p.pix[at] = float32(luma(r, g, b) / white)
		} else {
			p.pix[at], p.pix[at+1], p.pix[at+2] = float32(r/white), float32(g/white), float32(b/white)
		}
		at += channels
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			switch m := m.(type) {
			case *image.Gray:
				v := float64(m.GrayAt(x, y).Y)
				put(v, v, v, 255)
			case *image.Gray16:
				v := float64(m.Gray16At(x, y).Y)
				put(v, v, v, 65535)
			case *image.YCbCr:
				yy := m.YOffset(x, y)
				c := m.COffset(x, y)
				r, g, b := color.YCbCrToRGB(m.Y[yy], m.Cb[c], m.Cr[c])
				put(float64(r), float64(g), float64(b), 255)
			case *image.NRGBA:
				c := m.NRGBAAt(x, y)
				put(float64(c.R), float64(c.G), float64(c.B), 255)
			default:
				c := color.NRGBA64Model.Convert(m.At(x, y)).(color.NRGBA64)
				put(float64(c.R), float64(c.G), float64(c.B), 65535)
			}
		}
	}
	return p
}

// part returns the rectangle of that size from row top and column left.
func (p picture) part(top, left, height, width int) picture {
	if height == p.height && width == p.width {
		return p
	}
	q := newPicture(height, width, p.channels)
	row := width * p.channels
	for y := range height {
		copy(q.pix[y*row:(y+1)*row], p.pix[((top+y)*p.width+left)*p.channels:])
	}
	return q
}

// middle returns the rectangle of that size in the middle.
func (p picture) middle(height, width int) picture {
	return p.part((p.height-height)/2, (p.width-width)/2, height, width)
}

// within returns a black picture of that size with p in its middle.
func (p picture) within(height, width int) picture {
	q := newPicture(height, width, p.channels)
	top, left := (height-p.height)/2, (width-p.width)/2
	row := p.width * p.channels
	for y := range p.height {
		copy(q.pix[((top+y)*width+left)*p.channels:], p.pix[y*row:(y+1)*row])
	}
	return q
}

// upright turns a picture by its Exif orientation (tag 274), 1 to 8.
func (p picture) upright(orientation int) picture {
	if orientation < 2 || orientation > 8 {
		return p
	}
	q := newPicture(p.height, p.width, p.channels)
	if orientation >= 5 {
		q.height, q.width = p.width, p.height
	}
	for y := range q.height {
		for x := range q.width {
			fy, fx := y, x // where the pixel comes from
			switch orientation {
			case 2:
				fx = p.width - 1 - x
			case 3:
				fy, fx = p.height-1-y, p.width-1-x
			case 4:
				fy = p.height - 1 - y
			case 5:
				fy, fx = x, y
			case 6:
				fy, fx = p.height-1-x, y
			case 7:
				fy, fx = p.height-1-x, p.width-1-y
			case 8:
				fy, fx = x, p.width-1-y
			}
			c := p.channels
			copy(q.pix[(y*q.width+x)*c:][:c], p.pix[(fy*p.width+fx)*c:])
		}
	}
	return q
}

// luma returns the grey of a coloured picture.
func (p picture) luma() picture {
	if p.channels != 3 {
		return p
	}
	q := newPicture(p.height, p.width, 1)
	for i := range q.pix {
		r, g, b := float64(p.pix[3*i]), float64(p.pix[3*i+1]), float64(p.pix[3*i+2])
		q.pix[i] = float32(luma(r, g, b))
	}
	return q
}

// luma is that of ITU-R BT.601.
func luma(r, g, b float64) float64 {
	return float64(0.299*r) + float64(0.587*g) + float64(0.114*b)
}
