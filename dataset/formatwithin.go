package dataset

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// enough is how many files of a folder FormatWithin looks at.
const enough = 10_000

// FormatWithin guesses a folder's format from the names of its files: that of the only kind
// of images, signals or arrays there, "" where there is none or there are several. Tables
// beside them count for nothing, as they may be the labels; where there is nothing else, a
// table by the name of SOMETHING_TRAIN is of the UCR archive.
func FormatWithin(folder string) string {
	found, files := map[string]bool{}, 0
	full := errors.New("enough")
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if f := formatOfFile(strings.ToLower(filepath.Base(path))); f != "" {
			found[f] = true
		}
		if files++; files == enough {
			return full
		}
		return nil
	})
	if err != nil && !errors.Is(err, full) {
		return ""
	}
	if len(found) > 1 {
		delete(found, "ucr")
	}
	if len(found) != 1 {
		return ""
	}
	return names(found)[0]
}

// formatOfFile returns the format of the folder that a file of that name, in lower case, is in.
func formatOfFile(name string) string {
	inner := strings.TrimSuffix(name, ".gz")
	end := filepath.Ext(inner)
	if slices.Contains(imageExtensions, end) {
		return "images"
	}
	f := formatOfExtension(end)
	switch {
	case strings.HasSuffix(strings.TrimSuffix(inner, end), "_train"):
		return "ucr"
	case f == "" || formats[f].gather == nil || f == "npz" || f == "npy":
		return ""
	}
	return f
}
