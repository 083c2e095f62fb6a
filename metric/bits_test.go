package metric_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"medml/metric"
)

// Intervals, comparisons and calibrations to the last bit, as the metrics themselves: a
// report that is made again elsewhere is to be the same.
func TestTheBitsOfReportsAreFixed(t *testing.T) {
	h := sha256.New()
	write := func(x any) {
		b, err := json.Marshal(x) // has every digit
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	for _, name := range names() {
		m := lookup(t, name)
		for _, classes := range classesFor(m) {
			p := dressed(m, draw(stream(21), classes, 60))
			write(metric.Evaluate([]metric.Metric{m}, p, metric.Options{Rand: stream(22), Draws: 100}))
		}
	}
	a, b := draw(stream(23), 2, 80), draw(stream(24), 2, 80)
	b.Labels = a.Labels
	write(metric.DeLongTest(a, b, nil))
	patients := make([]int, len(a.Labels))
	for i := range patients {
		patients[i] = i / 3
	}
	write(metric.DeLongTest(a, b, patients))
	write(metric.Evaluate([]metric.Metric{lookup(t, "auroc")}, a, metric.Options{Groups: patients}))
	write(metric.McNemar(a, b))
	write(metric.Recalibrate(b, metric.Options{}))
	for _, classes := range []int{2, 3} {
		p := draw(stream(24), classes, 60)
		for _, how := range metric.Calibrators() {
			write(calibrate(t, how, p).Apply(p.Scores))
		}
	}
	const want = "1ea9e2104d6ce891a1e4a8f70cfe1967437b46324d1594620f5b146abc5bbb1f"
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("the bits have changed: %s", got)
	}
}
