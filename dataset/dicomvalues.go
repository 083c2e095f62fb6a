package dataset

import (
	"image/color"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// WindowConfig says which part of a medical image's values becomes 0 to 1.
type WindowConfig struct {
	// Kind is none (the values as they were measured, such as Hounsfield units), file (the
	// window that each file recommends) or fixed (Center and Width); "" is none, or fixed
	// where there is a Width.
	Kind string `yaml:"kind" json:"kind,omitempty"`
	// Center and Width are those of PS3.3, section C.11.2.1.2, after rescaling.
	Center float64 `yaml:"center" json:"center,omitempty"`
	Width  float64 `yaml:"width" json:"width,omitempty"`
}

var windowKinds = []string{"none", "file", "fixed"}

func (c WindowConfig) kind() string {
	switch {
	case c.Kind != "":
		return c.Kind
	case c.Width != 0:
		return "fixed"
	}
	return "none"
}

func (c WindowConfig) validate(found *mistakes) {
	knownWord(found, "image.window.kind", c.Kind, windowKinds)
	fixed := c.kind() == "fixed"
	switch {
	case fixed && !(c.Width >= 1 && c.Width < 1e9):
		found.add("image.window.width", "%v: expected a width of 1 or more", c.Width)
	case !fixed && (c.Width != 0 || c.Center != 0):
		found.add("image.window.center", "a window that is %s has no center and width of its own", c.kind())
	case c.Center-c.Center != 0:
		found.add("image.window.center", "%v is not a number", c.Center)
	}
}

// frame returns a frame's picture: measured or windowed values of a grey image, 0 to 1 of
// a coloured one. MONOCHROME1, which shows low values bright, is turned round.
func (f *dicomFile) frame(m dicomImage, frame int, c WindowConfig) (picture, error) {
	stored, err := f.stored(m, frame)
	if err != nil {
		return picture{}, err
	}
	p := newPicture(m.rows, m.columns, m.samples)
	if m.samples == 3 {
		m.colours(p.pix, stored, f.syntax.decode == "jpeg")
		return p, nil
	}
	slope, err := f.number(tag.RescaleSlope, 1)
	if err != nil {
		return p, err
	}
	intercept, err := f.number(tag.RescaleIntercept, 0)
	if err != nil {
		return p, err
	}
	window, err := f.window(c)
	if err != nil {
		return p, err
	}
	inverse := m.photometric == "MONOCHROME1"
	for i, v := range stored {
		if inverse && window == nil {
			v = m.complement(v)
		}
		x := float64(slope*float64(v)) + intercept
		if window != nil {
			x = window(x)
			if inverse {
				x = 1 - x
			}
		}
		p.pix[i] = toFloat32(x)
	}
	return p, nil
}

// complement turns a stored value round in its range.
func (m dicomImage) complement(v int64) int64 {
	if m.signed {
		return -1 - v
	}
	return 1<<m.stored - 1 - v
}

// colours writes RGB to dst; JPEG frames are RGB already.
func (m dicomImage) colours(dst []float32, stored []int64, isRGB bool) {
	for i := 0; i < len(stored); i += 3 {
		r, g, b := uint8(stored[i]), uint8(stored[i+1]), uint8(stored[i+2])
		if !isRGB && m.photometric != "RGB" {
			r, g, b = color.YCbCrToRGB(r, g, b)
		}
		dst[i], dst[i+1], dst[i+2] = float32(float64(r)/255), float32(float64(g)/255), float32(float64(b)/255)
	}
}

// window returns the linear function of PS3.3, section C.11.2.1.2.1, onto 0 to 1; nil for
// none.
func (f *dicomFile) window(c WindowConfig) (func(float64) float64, error) {
	center, width := c.Center, c.Width
	switch c.kind() {
	case "none":
		return nil, nil
	case "file":
		var err error
		if center, err = f.number(tag.WindowCenter, 0); err != nil {
			return nil, err
		}
		if width, err = f.number(tag.WindowWidth, 0); err != nil {
			return nil, err
		}
		if width < 1 {
			return nil, &CellError{File: f.where, Found: "no window", Expected: "its centre and width (image.window: {center: …, width: …} gives one to all)"}
		}
	}
	return func(x float64) float64 {
		low, high := center-0.5-(width-1)/2, center-0.5+(width-1)/2
		switch {
		case x <= low:
			return 0
		case x > high:
			return 1
		}
		return (x-(center-0.5))/(width-1) + 0.5
	}, nil
}
