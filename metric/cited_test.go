package metric

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// formless are the exported functions that read, write, name or look up, and have no formula.
var formless = map[string]bool{
	"Calibrators": true, "Lookup": true, "Names": true, "WithClass": true, "Metric.Among": true, "Metric.Fits": true, "Metric.Better": true,
	"Metric.Why": true, "Predictions.At": true, "Rule.Validate": true, "Calibration.Validate": true, "Estimate.MarshalJSON": true,
	"Estimate.UnmarshalJSON": true, "Estimate.String": true, "Comparison.MarshalJSON": true, "Bin.MarshalJSON": true,
	// The types have the sources.
	"Calibration.Apply": true, "Temperature.Apply": true, "Platt.Apply": true, "Isotonic.Apply": true,
}

// Every function that computes says by whose formula.
func TestEveryFormulaHasItsSource(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	year := regexp.MustCompile(`\b(19|20)\d\d\b`)
	seen := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				of := f.Recv.List[0].Type
				if p, ok := of.(*ast.StarExpr); ok {
					of = p.X
				}
				name = of.(*ast.Ident).Name + "." + name
				if !ast.IsExported(name) {
					continue
				}
			}
			seen++
			if !formless[name] && !year.MatchString(f.Doc.Text()) {
				t.Errorf("%s names no source", name)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d functions were found", seen)
	}
}
