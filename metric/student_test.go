package metric

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

func TestStudentQuantileAgreesWithSciPy(t *testing.T) {
	b, err := os.ReadFile("testdata/sklearn_fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Student []struct {
			Degrees   int
			Within, T float64
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Student) == 0 {
		t.Fatal("no fixtures")
	}
	for _, c := range f.Student {
		if got := studentQuantile(c.Within, c.Degrees); math.Abs(got-c.T) > 1e-11*c.T {
			t.Errorf("%v within, %d degrees: %.15g, SciPy has %.15g", c.Within, c.Degrees, got, c.T)
		}
	}
}

// The table in Student's tradition, as printed in textbooks.
func TestStudentQuantileMatchesThePrintedTable(t *testing.T) {
	for degrees, want := range map[int]float64{1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 30: 2.042, 120: 1.980} {
		if got := studentQuantile(0.95, degrees); math.Abs(got-want) > 0.0005 {
			t.Errorf("%d degrees: %v, want %v", degrees, got, want)
		}
	}
}
