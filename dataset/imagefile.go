package dataset

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// mostPixels bounds an image: as many as a chest film has in four times the resolution.
const mostPixels = 1 << 25

// imageKind is one kind of picture file, told by how it begins: names lie.
type imageKind struct {
	name   string
	magic  string // a ? is any byte
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var imageKinds = []imageKind{
	{"JPEG", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
	{"PNG", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"BMP", "BM", bmp.DecodeConfig, bmp.Decode},
	{"TIFF", "II*\x00", tiff.DecodeConfig, tiff.Decode},
	{"TIFF", "MM\x00*", tiff.DecodeConfig, tiff.Decode},
	{"WebP", "RIFF????WEBP", webp.DecodeConfig, webp.Decode},
}

// imageExtensions are the names that a folder's images have, in lower case.
var imageExtensions = []string{".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}

// decodeImage returns a file's picture, upright. Its size is looked at before its pixels
// are given room. The error is a [*CellError].
func decodeImage(where string, file []byte, channels int) (p picture, err error) {
	e := &CellError{File: where}
	kind, ok := imageKindOf(file)
	if !ok {
		e.Found, e.Expected = "no image", "a PNG, JPEG, BMP, TIFF or WebP file"
		if len(file) == 0 {
			e.Found = "an empty file"
		}
		return p, e
	}
	defer func() {
		if r := recover(); r != nil { // decoders of hostile files have panicked before
			e.Found, e.Expected = "a corrupt "+kind.name+" image", "a whole one"
			err = e
		}
	}()
	config, err := kind.config(bytes.NewReader(file))
	if err != nil {
		e.Found, e.Expected = fmt.Sprintf("a corrupt %s image (%s)", kind.name, oneLine(err.Error())), "a whole one"
		return p, e
	}
	if w, h := config.Width, config.Height; w < 1 || h < 1 || w > mostPixels/h {
		e.Found, e.Expected = fmt.Sprintf("an image of %d by %d pixels", w, h), fmt.Sprintf("1 to %d pixels", mostPixels)
		return p, e
	}
	m, err := kind.decode(bytes.NewReader(file))
	if err != nil {
		e.Found, e.Expected = fmt.Sprintf("a corrupt %s image (%s)", kind.name, oneLine(err.Error())), "a whole one"
		return p, e
	}
	return pictureOf(m, channels).upright(orientation(file)), nil
}

func imageKindOf(file []byte) (imageKind, bool) {
	for _, kind := range imageKinds {
		if len(file) < len(kind.magic) {
			continue
		}
		alike := true
		for i := range kind.magic {
			alike = alike && (kind.magic[i] == '?' || kind.magic[i] == file[i])
		}
		if alike {
			return kind, true
		}
	}
	return imageKind{}, false
}
