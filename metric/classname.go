package metric

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"medml/internal/nearest"
)

// ofClassKey is how the key of a metric of one class ends: "sensitivity@class".
const ofClassKey = "@class"

// unnumbered is the metric of a class that is known by its own name alone, until [Metric.Among]
// numbers it. It has no value.
func unnumbered(key, class string) Metric {
	m := settings[key].build(0)
	return Metric{
		Name: key + "=" + class, Task: m.Task, Higher: m.Higher, Low: m.Low, High: m.High, Doc: m.Doc,
		Compute:   func(Predictions) float64 { return math.NaN() },
		undefined: "the number of class " + class + " isn't known",
		key:       key, word: class,
	}
}

// Among returns the metric as it judges predictions whose classes have these names, in the
// order of their numbers: of "sensitivity@class=V" the sensitivity of class V, by the name
// that it has. Another metric is returned as it is. A class that there isn't is an error that
// has the nearest.
func (m Metric) Among(classes []string) (Metric, error) {
	if m.word == "" {
		return m, nil
	}
	number := slices.Index(classes, m.word)
	if number < 0 {
		return m, fmt.Errorf("metric %s: there is no class %q%s", m.Name, m.word, nearest.Hint(m.word, classes))
	}
	return named(m.Name, settings[m.key].build(float64(number))), nil
}

// WithClass returns a metric's name with the class's own name instead of its number:
// "sensitivity@class=V" for "sensitivity@class=3" with V the fourth of the classes. Other names
// are returned as they are, and those of classes whose own names are numbers, which would be
// read as another class's.
func WithClass(name string, classes []string) string {
	key, number, _ := strings.Cut(name, "=")
	k, err := strconv.Atoi(number)
	if !strings.HasSuffix(key, ofClassKey) || err != nil || k < 0 || k >= len(classes) || !isClassName(classes[k]) {
		return name
	}
	return key + "=" + classes[k]
}

// isClassName reports whether a setting is a class's own name, not a number.
func isClassName(setting string) bool {
	_, err := strconv.ParseFloat(setting, 64)
	return err != nil && setting != ""
}
