package metric

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"medml/internal/elementary"
)

// NumPy's interval from the same resamples, each written out row by row.
func TestTheStudentizedIntervalAgreesWithItsDefinition(t *testing.T) {
	b, err := os.ReadFile("testdata/report_fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Studentized struct {
			Patients        []int
			Targets, Scores []float64
			Times           [][]int32
			Want            []struct {
				Metric    string
				Degrees   int
				Low, High float64
			}
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	c := f.Studentized
	if len(c.Want) != 4 || len(c.Times) != 299 {
		t.Fatalf("%d metrics, %d resamples", len(c.Want), len(c.Times))
	}
	p := Predictions{Targets: c.Targets, Scores: c.Scores}
	for _, want := range c.Want {
		s := newSample(p, c.Patients)
		v := table[want.Metric].pivot(p, s)
		for _, times := range c.Times {
			v.draw(times)
		}
		low, high := v.interval(len(c.Times))
		if math.Abs(low-want.Low) > 1e-10 || math.Abs(high-want.High) > 1e-10 {
			t.Errorf("%s: %v to %v, want %v to %v", want.Metric, low, high, want.Low, want.High)
		}
		if degrees := spreadDegrees(v.influence(once(s.patients))); degrees != want.Degrees {
			t.Errorf("%s: %d degrees, want %d", want.Metric, degrees, want.Degrees)
		}
	}
}

// The standard error is that of the value's own slopes in the patients' weights, had from
// the metric itself.
func TestTheErrorOfAPivotIsThatOfItsSlopes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var p Predictions
	var groups []int
	for i := range 90 {
		p.Targets = append(p.Targets, 5+elementary.NormQuantile(rng.Float64()))
		p.Scores = append(p.Scores, p.Targets[i]+elementary.NormQuantile(rng.Float64()))
		groups = append(groups, rng.IntN(30))
	}
	s := newSample(p, groups)
	for name, log := range map[string]func(x float64) float64{
		"mse": math.Log, "mae": math.Log,
		"rmse": func(x float64) float64 { return 2 * math.Log(x) },
		"r2":   func(x float64) float64 { return math.Log(1 - x) },
	} {
		m := table[name]
		v := m.pivot(p, s)
		over := m.over(p)
		const weight = 10000
		times, weights := once(s.patients), once(len(s.patient))
		for i := range times {
			times[i] = weight
		}
		value := func(patient int, by int32) float64 {
			times[patient] += by
			s.spread(times, weights)
			times[patient] -= by
			return log(over(weights))
		}
		squares := 0.0
		for patient := range s.patients {
			slope := weight * (value(patient, 5) - value(patient, -5)) / 10
			squares += slope * slope
		}
		if at := value(0, 0); math.Abs(at-v.at) > 1e-12 || math.Abs(v.se-math.Sqrt(squares)) > 1e-6*v.se {
			t.Errorf("%s: %v ± %v, by the slopes %v ± %v", name, v.at, v.se, at, math.Sqrt(squares))
		}
	}
}

// Of normal numbers the degrees are Student's, of a tail fewer, of two values more.
func TestDegreesOfFreedomKnowOfTails(t *testing.T) {
	const n = 2000
	normal, tail, even := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		z := elementary.NormQuantile((float64(i) + 0.5) / n)
		normal[i], tail[i], even[i] = z, z*z*z, float64(i%2)-0.5
	}
	if d := spreadDegrees(normal); d < n-1 || d > n*102/100 {
		t.Errorf("%d degrees of %d normal numbers", d, n)
	}
	if d := spreadDegrees(tail); d > n/10 {
		t.Errorf("%d degrees of %d cubes", d, n)
	}
	if d := spreadDegrees(even); d < 10*n {
		t.Errorf("%d degrees of %d signs", d, n)
	}
	one := make([]float64, n)
	for i := range one {
		one[i] = -1.0 / n
	}
	one[7] += 1
	if d := spreadDegrees(one); d != 2 {
		t.Errorf("%d degrees of one number and 0", d)
	}
}

// Where there is no error, no loss, or next to no patient, BCa stays, or what it says.
func TestAPivotIsLeftOutWhereItSaysNothing(t *testing.T) {
	p := Predictions{}
	for i := range 40 {
		p.Targets, p.Scores = append(p.Targets, float64(i)), append(p.Scores, float64(i))
	}
	for _, c := range []struct {
		name           string
		rows           int
		by             func(i int) float64
		method, undone string
	}{
		{"no loss", 40, func(int) float64 { return 0 }, "", "every resample has the same value"},
		{"one loss for all", 40, func(int) float64 { return 1 }, "", "every resample has the same value"},
		{"one that errs", 40, func(i int) float64 { return float64(1 - min(i, 1)) }, "bca bootstrap", ""},
		{"few", 19, func(i int) float64 { return float64(i%5 - 2) }, "bca bootstrap", ""},
		{"enough", 20, func(i int) float64 { return float64(i%5 - 2) }, "studentized bootstrap", ""},
	} {
		q := Predictions{Targets: p.Targets[:c.rows]}
		for i := range c.rows {
			q.Scores = append(q.Scores, p.Scores[i]+c.by(i))
		}
		e := Evaluate([]Metric{rmse}, q, Options{Rand: rand.New(rand.NewPCG(1, 2)), Draws: 500})[0]
		if e.Undefined != c.undone || e.Undefined == "" && (e.Method != c.method || !(e.Low <= e.Value && e.Value <= e.High)) {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}
