package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// gatherNifti reads volumes and takes slices of them, as examples or as the channels of
// one. Classes come from folders or from a table, as those of images do. Without a group
// the slices of a volume are one patient's.
func gatherNifti(o *origin, c Config, lim limits, into *cases) error {
	files, err := o.list()
	if err != nil {
		return err
	}
	if o.isDir() {
		files = slices.DeleteFunc(files, func(name string) bool {
			name = strings.ToLower(name)
			return !strings.HasSuffix(name, ".nii") && !strings.HasSuffix(name, ".nii.gz")
		})
	}
	if len(files) == 0 {
		return &CellError{File: o.path(), Found: "no volume", Expected: "files named .nii or .nii.gz"}
	}
	var shots []example
	if c.Image.Labels != "" {
		shots, err = labelledFiles(o, c, lim, files)
	} else {
		shots, err = sortedFiles(o, c, files)
	}
	if err != nil {
		return err
	}
	return addPictures(o, c, shots, into, func(e example, file []byte) ([]shown, error) {
		return niftiSlices(o, c.Image, e, file)
	})
}

// niftiSlices returns the slices of a volume that the configuration takes.
func niftiSlices(o *origin, c ImageConfig, e example, file []byte) ([]shown, error) {
	name := e.where
	e.where = o.where(name)
	v, err := openNifti(e.where, file)
	if err != nil {
		return nil, err
	}
	axis := niftiAxes[or(c.Axis, "axial")]
	lie := v.canonical()
	where := e.where
	if e.patient == "" && c.Slices == "all" && !c.Stack {
		e.patient = name
	}
	var all []shown
	for _, at := range c.slices(v.side(lie, axis)) {
		p, err := v.slice(lie, axis, at)
		if err != nil {
			return nil, err
		}
		e.where = fmt.Sprintf("%s: slice %d", where, at+1)
		all = append(all, shown{e, c.fit(p)})
	}
	if c.Stack {
		e.where = where
		return []shown{{e, stacked(all)}}, nil
	}
	return all, nil
}

// stacked returns the pictures as the channels of one.
func stacked(all []shown) picture {
	p := newPicture(all[0].height, all[0].width, len(all))
	for channel, s := range all {
		for i, x := range s.pix {
			p.pix[i*len(all)+channel] = x
		}
	}
	return p
}
