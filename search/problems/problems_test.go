package problems_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"medml"
	"medml/search/problems"
)

// minima are where the functions with a formula are lowest, by the literature.
var minima = map[string][]float64{
	"ackley10":    make([]float64, 10),
	"branin":      {math.Pi, 2.275},
	"hartmann6":   {0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730054},
	"rastrigin5":  make([]float64, 5),
	"rosenbrock5": {1, 1, 1, 1, 1},
}

func TestTheMinimumIsWhereTheLiteratureHasIt(t *testing.T) {
	for name, x := range minima {
		p, err := problems.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		params := medml.Params{}
		for i, v := range x {
			params = append(params, medml.Setting{Name: p.Space[i].Name, Value: medml.FloatValue(v)})
		}
		if got := p.Value(params); math.Abs(got-p.Minimum) > 1e-9 {
			t.Errorf("%s is %v at its minimum, want %v", name, got, p.Minimum)
		}
	}
}

// draw draws parameters uniformly.
func draw(s medml.Space, seed uint64, n int) medml.Params {
	r := medml.Stream(seed, "problems test", n)
	params := medml.Params{}
	for _, p := range s {
		if !s.Active(p, params) {
			continue
		}
		u := r.Float64()
		x := p.Low + u*(p.High-p.Low)
		if p.Log {
			x = p.Low * math.Pow(p.High/p.Low, u)
		}
		v := medml.FloatValue(x)
		switch {
		case p.Kind == medml.Categorical:
			v = p.Choices[r.IntN(len(p.Choices))]
		case p.Kind == medml.Int:
			step := max(p.Step, 1)
			v = medml.IntValue(int(p.Low + step*math.Floor((x-p.Low)/step)))
		}
		params = append(params, medml.Setting{Name: p.Name, Value: v})
	}
	return params
}

func TestNoValueLiesBelowTheMinimum(t *testing.T) {
	for _, name := range problems.Names() {
		p, _ := problems.Lookup(name)
		seen := map[string]bool{}
		for i := range 3000 {
			params := draw(p.Space, 1, i)
			v := p.Value(params)
			if !(v >= p.Minimum-1e-9) || math.IsInf(v, 0) {
				t.Fatalf("%s is %v at %v, below its minimum %v", name, v, params, p.Minimum)
			}
			seen[fmt.Sprint(v)] = true
		}
		if len(seen) < 1000 {
			t.Errorf("%s takes %d values in 3,000 draws", name, len(seen))
		}
	}
}

func TestTheMixedProblemReachesItsMinimum(t *testing.T) {
	p, _ := problems.Lookup("mixed")
	best := medml.Params{
		{Name: "architecture", Value: medml.StringValue("lstm")},
		{Name: "architecture.lstm.hidden", Value: medml.IntValue(96)},
		{Name: "architecture.lstm.layers", Value: medml.IntValue(2)},
		{Name: "architecture.lstm.bidirectional", Value: medml.BoolValue(true)},
		{Name: "learning_rate", Value: medml.FloatValue(1e-2)},
		{Name: "dropout", Value: medml.FloatValue(0.2)},
		{Name: "batch_size", Value: medml.IntValue(32)},
	}
	if got := p.Value(best); math.Abs(got-p.Minimum) > 1e-12 {
		t.Errorf("%v, want %v", got, p.Minimum)
	}
}

func TestAnUnknownProblemIsNamedWithTheNearest(t *testing.T) {
	_, err := problems.Lookup("barnin")
	if err == nil || !strings.Contains(err.Error(), "did you mean branin?") {
		t.Errorf("got %v", err)
	}
}

// line is a study that proposes the given values of x1 and x2 in turn.
type line struct {
	xs   []float64
	next int
	open int
	most int
}

func (l *line) Ask() (medml.Trial, error) {
	l.open++
	l.most = max(l.most, l.open)
	t := medml.Trial{Number: l.next, Params: medml.Params{
		{Name: "x1", Value: medml.FloatValue(l.xs[l.next])}, {Name: "x2", Value: medml.FloatValue(2.275)},
	}}
	l.next++
	return t, nil
}

func (l *line) Report(medml.Trial, int, medml.Epoch) (bool, error) { return false, nil }
func (l *line) Tell(medml.Trial) error                             { l.open--; return nil }

func TestRegretIsThatOfTheBestSoFar(t *testing.T) {
	p, _ := problems.Lookup("branin")
	study := &line{xs: []float64{0, math.Pi, 5, 6}}
	regret, err := problems.Search(study, p, 4, 3)
	if err != nil || len(regret) != 4 || study.most != 3 {
		t.Fatalf("%v, %v, %d at once", regret, err, study.most)
	}
	if regret[0] < 1 || regret[1] > 1e-9 || regret[3] > 1e-9 {
		t.Errorf("regret %v", regret)
	}
}
