package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// collections are those that `medml data pull` fetches from, with the format that their
// sets usually have.
var collections = map[string]string{"medmnist": "npz", "physionet": "wfdb"}

// pulledForm is a set of a collection, and perhaps a folder or file in it.
var pulledForm = regexp.MustCompile(`^([a-z]+):([A-Za-z0-9_-]+)(/.*)?$`)

// pulled reads a source as a set of a collection, "medmnist:breastmnist", or a folder in
// it, "physionet:challenge-2012-set-a/set-a".
func pulled(source string) (collection, name, inside string, ok bool) {
	m := pulledForm.FindStringSubmatch(source)
	if m == nil || collections[m[1]] == "" {
		return "", "", "", false
	}
	inside = strings.TrimPrefix(m[3], "/")
	return m[1], m[2], inside, inside == "" || filepath.IsLocal(filepath.FromSlash(inside))
}

// isPulled reports whether a source is to be one of a collection.
func isPulled(source string) bool {
	collection, _, cut := strings.Cut(source, ":")
	return cut && collections[collection] != ""
}

// pulledPath returns where `medml data pull` puts a set.
func pulledPath(source string) (string, error) {
	collection, name, inside, ok := pulled(source)
	if !ok {
		return "", &FieldError{"source", fmt.Sprintf("%q names no set: expected a name as in medmnist:breastmnist", source)}
	}
	home, err := DataHome()
	if err != nil {
		return "", &FieldError{"source", err.Error()}
	}
	path := filepath.Join(home, collection, name)
	if collection == "medmnist" {
		path += ".npz"
	}
	path = filepath.Join(path, filepath.FromSlash(inside))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", &FieldError{"source", fmt.Sprintf("%s isn't there yet (%s): fetch it with medml data pull %s:%s", source, path, collection, name)}
	}
	return path, nil
}

// DataHome returns the folder of data sets that were fetched: $XDG_DATA_HOME/medml/data, or
// ~/.local/share/medml/data.
func DataHome() (string, error) {
	if xdg := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "medml", "data"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding the folder of data sets: %w", err)
	}
	return filepath.Join(home, ".local", "share", "medml", "data"), nil
}
