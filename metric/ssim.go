package metric

import (
	"fmt"

	"medml/internal/elementary"
)

// Image is the form of a row that is one.
type Image struct {
	// Height and Width are its size in pixels; a row has them once a channel, row-major,
	// channel after channel.
	Height, Width int
	// Range is the difference of the highest and the lowest value that a pixel can have.
	Range float64
}

var ssim = judge(Metric{
	Name: "ssim", Task: Reconstruction, Higher: true, Low: -1, High: 1,
	Doc: "structural similarity of image and reconstruction, the mean over images, channels and windows of 11 × 11 pixels",
}, pictures, averagedRows(similarities))

// window is how many pixels a side has that structural similarity looks at in one.
const window = 11

// pictures is numbers for rows that are images.
func pictures(p Predictions) string {
	if why := numbers(p); why != "" {
		return why
	}
	m := p.Image
	switch {
	case m.Height == 0 && m.Width == 0:
		return "the rows are no images"
	case m.Height < window || m.Width < window:
		return fmt.Sprintf("images of %d × %d pixels are smaller than the window of %d", m.Height, m.Width, window)
	case !(m.Range > 0):
		return "the range of the pixels isn't known"
	case p.width()%(m.Height*m.Width) != 0:
		return fmt.Sprintf("a row of %d numbers isn't images of %d × %d", p.width(), m.Height, m.Width)
	}
	return ""
}

// averagedRows is averaged for a figure of each row whatever its width: [n].
func averagedRows(of func(Predictions) []float64) func(Predictions) value {
	return func(p Predictions) value {
		rows := of(p)
		return func(w []int32) float64 { return weightedMean(rows, w, 1) }
	}
}

// similarities returns the structural similarity of each row, the mean over its channels.
func similarities(p Predictions) []float64 {
	predicted, size := p.single(), p.Image.Height*p.Image.Width
	channels := p.width() / size
	rows := make([]float64, p.rows())
	for i := range rows {
		sum := 0.0
		for c := range channels {
			from := (i*channels + c) * size
			sum += SSIM(predicted[from:from+size], p.Targets[from:from+size], p.Image)
		}
		rows[i] = sum / float64(channels)
	}
	return rows
}

// SSIM returns the structural similarity of two images of one channel, the mean of
// equation 13 of Wang, Bovik, Sheikh & Simoncelli 2004 (IEEE Trans. Image Process. 13:600)
// over all windows that lie within the image: of 11 × 11 pixels, with Gaussian weights of
// σ 1.5, K₁ 0.01 and K₂ 0.03. The images are [Height, Width], at least a window large.
func SSIM(a, b []float64, form Image) float64 {
	if len(a) != form.Height*form.Width || len(b) != len(a) || form.Height < window || form.Width < window {
		panic(fmt.Sprintf("metric: %d and %d pixels for images of %d × %d", len(a), len(b), form.Height, form.Width))
	}
	squares := func(x, y []float64) []float64 {
		to := make([]float64, len(x))
		for i := range to {
			to[i] = float64(x[i] * y[i])
		}
		return to
	}
	ma, mb := blurred(a, form), blurred(b, form)
	aa, bb, ab := blurred(squares(a, a), form), blurred(squares(b, b), form), blurred(squares(a, b), form)
	c1, c2 := 0.01*form.Range, 0.03*form.Range
	c1, c2 = float64(c1*c1), float64(c2*c2)
	sum := 0.0
	for i, x := range ma {
		y := mb[i]
		xx, yy, xy := float64(x*x), float64(y*y), float64(x*y)
		above := float64((float64(2*xy) + c1) * (float64(2*(ab[i]-xy)) + c2))
		below := float64((xx + yy + c1) * (aa[i] - xx + bb[i] - yy + c2))
		sum += above / below
	}
	return max(-1, min(1, sum/float64(len(ma))))
}

// blurred returns the Gaussian mean of each window: [Height-10, Width-10].
func blurred(x []float64, form Image) []float64 {
	weights := bell()
	h, w := form.Height-window+1, form.Width-window+1
	across := make([]float64, form.Height*w)
	for r := range form.Height {
		for c := range w {
			sum := 0.0
			for k, g := range weights {
				sum += float64(g * x[r*form.Width+c+k])
			}
			across[r*w+c] = sum
		}
	}
	down := make([]float64, h*w)
	for r := range h {
		for c := range w {
			sum := 0.0
			for k, g := range weights {
				sum += float64(g * across[(r+k)*w+c])
			}
			down[r*w+c] = sum
		}
	}
	return down
}

// bell returns the weights of a window's row or column, which sum to 1.
func bell() (weights [window]float64) {
	const sigma = 1.5
	sum := 0.0
	for k := range weights {
		d := float64(k-window/2) / sigma
		weights[k] = elementary.Exp(-float64(d*d) / 2)
		sum += weights[k]
	}
	for k := range weights {
		weights[k] /= sum
	}
	return weights
}
