package medml_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors is the policy of imports: what each package may import of this module and of
// others. It is a statement of how the house is built, and isn't widened to fix a build.
// A package on one floor never imports another on the same floor. The standard library is
// open to all.
var floors = map[string][]string{
	// 0
	"medml":                     {},
	"medml/augment":             {"medml/internal/elementary"},
	"medml/internal/elementary": {},
	"medml/internal/nearest":    {},
	"medml/internal/expression": {"medml/internal/nearest"},
	"medml/nn/internal/f32":     {"medml/internal/elementary", "golang.org/x/sys"},
	"medml/nn":                  {"medml/nn/internal/f32", "medml/internal/elementary", "medml/internal/nearest"},
	"medml/nn/arch":             {"medml/nn", "medml/internal/nearest"},
	"medml/nn/anchor":           {"medml/nn", "medml/nn/internal/f32", "medml/internal/nearest"},
	"medml/dataset": {"medml/internal/elementary", "medml/internal/nearest", "golang.org/x/image",
		"github.com/suyashkumar/dicom"},
	"medml/pull":   {"medml/internal/nearest"},
	"medml/metric": {"medml/internal/elementary", "medml/internal/nearest", "gonum.org/v1/gonum"},
	// 1
	"medml/search": {"medml", "medml/internal/elementary", "medml/internal/nearest",
		"github.com/c-bata/goptuna", "gonum.org/v1/gonum"},
	"medml/search/problems": {"medml", "medml/internal/nearest"},
	"medml/trainer":         {"medml", "medml/augment", "medml/nn", "medml/nn/arch", "medml/dataset", "medml/metric", "medml/internal/elementary"},
	"medml/store":           {"medml", "medml/internal/nearest", "go.etcd.io/bbolt", "golang.org/x/sys"},
	"medml/live":            {"medml"},
	"medml/tui": {"medml", "github.com/charmbracelet/bubbletea", "github.com/charmbracelet/bubbles",
		"github.com/charmbracelet/lipgloss", "github.com/charmbracelet/x", "github.com/muesli/termenv",
		"github.com/mattn/go-runewidth", "github.com/NimbleMarkets/ntcharts"},
	// 2
	"medml/experiments": {"medml", "medml/search", "medml/trainer", "medml/dataset", "medml/metric",
		"medml/internal/expression", "medml/internal/nearest", "github.com/goccy/go-yaml"},
	// 3
	"medml/cmd/medml": {"medml", "github.com/spf13/cobra", "golang.org/x/term"},
}

// owners are the packages that may know a heavy dependency.
var owners = map[string][]string{
	"github.com/c-bata/goptuna":          {"medml/search"},
	"go.etcd.io/bbolt":                   {"medml/store"},
	"github.com/charmbracelet/bubbletea": {"medml/tui"},
	"github.com/goccy/go-yaml":           {"medml/experiments"},
	"github.com/suyashkumar/dicom":       {"medml/dataset"},
	"github.com/spf13/cobra":             {"medml/cmd/medml"},
}

func TestEveryPackageKeepsToItsFloor(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := floors[p.ImportPath]
		if !known {
			t.Errorf("package %s stands on no floor: add it to the table with good reason", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if standard(imported) || p.ImportPath == "medml/cmd/medml" && strings.HasPrefix(imported, "medml/") {
				continue
			}
			if !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, imported) }) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

func TestHeavyDependenciesHaveOneOwner(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			for dep, who := range owners {
				if covers(dep, imported) && !slices.Contains(who, p.ImportPath) {
					t.Errorf("%s imports %s, which belongs to %v", p.ImportPath, imported, who)
				}
			}
		}
	}
}

// covers reports whether an allowed path is the imported one or, for another module, a
// prefix of it. Packages of this module are named one by one.
func covers(allowed, imported string) bool {
	if allowed == imported {
		return true
	}
	return !strings.HasPrefix(allowed, "medml") && strings.HasPrefix(imported, allowed+"/")
}

// standard reports whether a path is of the standard library: no dot in its first part,
// and not ours.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "medml"
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
