package dataset

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// shown is an example and its picture.
type shown struct {
	example
	picture
}

// addPictures reads the files that the examples name, in their order, and adds what they
// show. Files are read one after the other and decoded a few at once; in the example that
// decode is given, where is the file's name in the source.
func addPictures(o *origin, c Config, shots []example, into *cases, decode func(e example, file []byte) ([]shown, error)) error {
	const ahead = 16
	workers := make(chan struct{}, min(4, runtime.GOMAXPROCS(0))) // each may hold a whole image
	for batch := range slices.Chunk(shots, ahead) {
		pictures, faults := make([][]shown, len(batch)), make([]error, len(batch))
		var all sync.WaitGroup
		for i, e := range batch {
			file, err := o.bytes(e.where)
			if err != nil {
				all.Wait()
				return err
			}
			workers <- struct{}{}
			all.Go(func() {
				pictures[i], faults[i] = decode(e, file)
				<-workers
			})
		}
		all.Wait()
		for i := range batch {
			if faults[i] != nil {
				var damaged *CellError
				if c.Image.Corrupt == "skip" && errors.As(faults[i], &damaged) {
					into.skipped++
					continue
				}
				return faults[i]
			}
			for _, s := range pictures[i] {
				if err := into.addPicture(s.example, s.picture); err != nil {
					return err
				}
			}
		}
	}
	if into.shape == nil {
		return &CellError{File: o.path(), Found: "no image that can be read", Expected: "at least two"}
	}
	return nil
}

// addPicture adds an example that is a picture. The first says their size.
func (c *cases) addPicture(e example, p picture) error {
	shape := []int{p.height, p.width, p.channels}
	if c.shape == nil {
		if err := c.begin(shape); err != nil {
			return err
		}
	}
	if !slices.Equal(shape, c.shape) {
		return &CellError{
			File: e.where, Found: fmt.Sprintf("an image of shape %v", shape),
			Expected: fmt.Sprintf("%v, as before it (image.size brings all to one size, image.color to one colour)", c.shape),
		}
	}
	e.values = p.pix
	return c.add(e)
}
