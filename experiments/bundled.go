package experiments

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"medml/internal/nearest"
)

//go:embed *.yaml
var bundled embed.FS

// Example is an experiment that comes with medml.
type Example struct {
	Name  string
	Title string // a line: what is predicted, from what
	YAML  []byte
}

// Bundled returns the experiments that come with medml, in the order of the alphabet.
func Bundled() []Example {
	files, err := fs.Glob(bundled, "*.yaml")
	if err != nil {
		panic("experiments: " + err.Error()) // the pattern is a constant
	}
	var out []Example
	for _, f := range files {
		src, err := bundled.ReadFile(f)
		if err != nil {
			panic("experiments: " + err.Error()) // the file is in the binary
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(src), "# "), "\n")
		out = append(out, Example{strings.TrimSuffix(f, ".yaml"), title, src})
	}
	return out
}

// Load reads an experiment from a file, as [Parse] does. Where there is no such file, the
// bundled experiment of that name is taken: "experiments/NAME.yaml", "NAME.yaml" and
// "NAME" all name it.
func Load(file string, overrides []string) (*Spec, error) {
	src, err := readFile(file)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errFolder) {
			return nil, failed(file, "", "%s", reason(err))
		}
		example, ok := bundledNamed(file)
		if !ok {
			return nil, noSuch(file, err)
		}
		src = example.YAML
	}
	return Parse(file, src, overrides)
}

var errFolder = errors.New("a folder, expected an experiment's file")

// readFile reads a file, but no more than tells that it is too large.
func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errFolder
	}
	return io.ReadAll(io.LimitReader(f, mostBytes+1))
}

// bundledNamed finds the bundled experiment that a path names.
func bundledNamed(file string) (Example, bool) {
	name := path.Clean(filepath.ToSlash(file))
	name = strings.TrimSuffix(strings.TrimPrefix(name, "experiments/"), ".yaml")
	all := Bundled()
	i := slices.IndexFunc(all, func(e Example) bool { return e.Name == name })
	if i < 0 {
		return Example{}, false
	}
	return all[i], true
}

// noSuch says which experiments there are instead.
func noSuch(file string, err error) error {
	var names []string
	for _, e := range Bundled() {
		names = append(names, e.Name)
	}
	msg := "no such file"
	if errors.Is(err, errFolder) {
		msg = err.Error()
	}
	name := strings.TrimSuffix(filepath.Base(file), ".yaml")
	hint := "bundled experiments: " + strings.Join(names, ", ") + " (medml experiments lists them)"
	if near := nearest.Names(name, names); len(near) > 0 {
		hint = "did you mean experiments/" + near[0] + ".yaml? " + hint
	}
	return failed(file, hint, "%s", msg)
}

// failed is the error of a file that can't be read at all.
func failed(file, hint, format string, args ...any) error {
	return &Errors{File: file, List: []Problem{{Msg: fmt.Sprintf(format, args...), Hint: hint}}}
}

// reason returns the cause of a file's error without the path, which stands before it.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
