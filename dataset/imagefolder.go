package dataset

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// gatherImages reads a folder of pictures: a class a folder (train, val and test above
// them, if they are there, are its parts), or a table that names each picture and says
// what is known of it.
func gatherImages(o *origin, c Config, lim limits, into *cases) error {
	if !o.isDir() {
		return &FieldError{"source", o.path() + " is not a folder: expected one of images (image.labels names a table of them)"}
	}
	files, err := o.list()
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(name string) bool {
		return !slices.Contains(imageExtensions, strings.ToLower(path.Ext(name)))
	})
	if len(files) == 0 {
		return &CellError{File: o.path(), Found: "no image", Expected: "files named " + strings.Join(imageExtensions, ", ")}
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
	channels := 3
	if c.Image.Color == "grey" {
		channels = 1
	}
	decode := func(e example, file []byte) ([]shown, error) {
		e.where = o.where(e.where)
		p, err := decodeImage(e.where, file, channels)
		if err != nil {
			return nil, err
		}
		return []shown{{e, c.Image.fit(p)}}, nil
	}
	return addPictures(o, c, shots, into, decode)
}

// partNames are the names of folders that divide a dataset.
var partNames = map[string]Part{
	"train": InTrain, "training": InTrain,
	"val": InValid, "valid": InValid, "validation": InValid,
	"test": InTest, "testing": InTest,
}

// sortedFiles are the images of a folder of folders: class/image, class/patient/image,
// or either of them below a part. In an example, where is the file's name for now.
func sortedFiles(o *origin, c Config, files []string) ([]example, error) {
	divided := !slices.ContainsFunc(files, func(name string) bool {
		first, _, _ := strings.Cut(name, "/")
		_, is := partNames[strings.ToLower(first)]
		return !is
	})
	group := c.groupColumn()
	if group != "" && group != "folder" {
		return nil, &FieldError{"group", fmt.Sprintf("%q is nothing that folders tell: expected folder (class/patient/image), or image.labels, a table", group)}
	}
	if asked := c.attributeFields(); len(asked) > 0 {
		return nil, &FieldError{asked[0].field, fmt.Sprintf("folders don't tell %q: expected image.labels, a table that does", asked[0].name)}
	}
	var shots []example
	for _, name := range files {
		e := example{where: name}
		steps := strings.Split(name, "/")
		if divided {
			e.part, e.hasPart = partNames[strings.ToLower(steps[0])], true
			steps = steps[1:]
		}
		if len(steps) < 2 {
			return nil, &CellError{File: o.where(name), Found: "an image outside a class's folder", Expected: "class/image (or image.labels, a table)"}
		}
		if e.label = steps[0]; group != "" {
			if len(steps) < 3 {
				return nil, &CellError{File: o.where(name), Found: "an image outside a patient's folder", Expected: "class/patient/image"}
			}
			e.patient = steps[1]
		}
		shots = append(shots, e)
	}
	return shots, nil
}
