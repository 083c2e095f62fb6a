package dataset

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// signalFacts are what the peers say: testdata/signals/make.py made them.
type signalFacts struct {
	Records map[string][][]float64 // [time][channel] in physical units
	Mitdb   map[string]struct {
		Channels            []string
		Sums, Squares, Last []float64
		Notes, Samples      int
		Symbols, Rhythms    map[string]int
	}
	Ecg struct {
		Length, Sum, Squares int
		First                []int
	}
	Chains map[string]struct {
		Channels []string
		Signals  [][]*float64 // [time][channel], null where missing
	}
	Far     []int
	Signal  []float64
	Filters []struct {
		Low, High float64
		Order     int
		Phase     string
		Y         []float64
	}
	Medians []struct {
		Window int
		Y      []float64
	}
	Resampled []struct {
		Up, Down int
		Y        []float64
	}
	Edf struct {
		Labels      []string
		Rates       []float64
		Signals     [][]float64
		Annotations [][3]any
	}
}

func readSignalFacts(t testing.TB) signalFacts {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "signals", "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var f signalFacts
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// openTestOrigin opens a source for a test.
func openTestOrigin(t testing.TB, path string) *origin {
	t.Helper()
	o, err := openOrigin(path, fileLimits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.close)
	return o
}

// near fails where a value is further than tolerance, relative to the largest, from what is
// wanted.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	size := 1.0
	for _, x := range want {
		size = max(size, math.Abs(x))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*size) {
			t.Errorf("%s: value %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

func TestFiltersAreScipys(t *testing.T) {
	facts := readSignalFacts(t)
	for _, c := range facts.Filters {
		f, err := newFilter(FilterConfig{Low: c.Low, High: c.High, Order: c.Order, Phase: c.Phase}, 360)
		if err != nil {
			t.Fatal(err)
		}
		y := append([]float64(nil), facts.Signal...)
		if c.Phase == "causal" {
			f.forward(y)
		} else {
			y = f.zeroPhase(y)
		}
		near(t, c.Phase, y, c.Y, 1e-7)
	}
	for _, c := range facts.Medians {
		near(t, "median", medianFilter(facts.Signal, c.Window), c.Y, 0)
	}
	for _, c := range facts.Resampled {
		near(t, "resampled", resample(facts.Signal, c.Up, c.Down), c.Y, 1e-12)
	}
}

func TestAFilterKeepsWhatIsInItsBand(t *testing.T) {
	for _, order := range []int{1, 2, 3, 4, 8} {
		f, err := newFilter(FilterConfig{Low: 1, High: 40, Order: order}, 250)
		if err != nil {
			t.Fatal(err)
		}
		for hertz, want := range map[float64]float64{0.01: 0, 1: 0.5, 10: 1, 40: 0.5, 120: 0} {
			x := make([]float64, 250*200)
			for i := range x {
				x[i] = math.Sin(2 * math.Pi * hertz * float64(i) / 250)
			}
			y := f.zeroPhase(x)
			most := 0.0
			for _, v := range y[len(y)/4 : len(y)*3/4] {
				most = max(most, math.Abs(v))
			}
			// At an edge the power is half, and forwards and backwards the amplitude.
			if tolerance := 0.03; math.Abs(most-want) > tolerance {
				t.Errorf("order %d: %v Hz has amplitude %v, want %v", order, hertz, most, want)
			}
		}
	}
}

func TestGapsStayGaps(t *testing.T) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = float64(i)
	}
	x[0], x[500], x[501], x[999] = nan64, nan64, nan64, nan64
	c := SignalConfig{Rate: 50, Baseline: "median", Normalize: "recording", Filter: FilterConfig{High: 20, Order: 2, Phase: "zero"}}
	y, err := conditioned(x, 100, c)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range y {
		if missing := i == 0 || i == 250; (v != v) != missing {
			t.Errorf("sample %d of %d is %v", i, len(y), v)
		}
	}
	all := []float64{nan64, nan64}
	if y, gaps := bridged(all); y[0] != 0 || !gaps[1] {
		t.Errorf("nothing but gaps: %v", y)
	}
}
