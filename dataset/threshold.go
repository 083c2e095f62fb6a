package dataset

import (
	"fmt"
	"strings"
)

// threshold makes two classes of a number: "> 0" calls positive what is larger than 0.
type threshold struct {
	compare string
	at      float64
	// yes and no are the names of the classes, "> 0" and "<= 0".
	yes, no string
}

// complements is the table of comparisons and what holds where they don't. The longer
// stand first.
var complements = []struct{ compare, other string }{
	{">=", "<"}, {"<=", ">"}, {">", "<="}, {"<", ">="},
}

// parseThreshold reads a [Config.Positive] that begins with a comparison; nil for any
// other, which is the name of a class.
func parseThreshold(positive string) (*threshold, error) {
	for _, c := range complements {
		rest, ok := strings.CutPrefix(positive, c.compare)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		x, kind := parseNumber(rest)
		if kind != numeric {
			return nil, fmt.Errorf("%q compares with no number: expected something like %q, or the name of a class", positive, c.compare+" 0")
		}
		return &threshold{c.compare, x, c.compare + " " + rest, c.other + " " + rest}, nil
	}
	return nil, nil
}

// class returns the class of a number.
func (t *threshold) class(x float64) string {
	var yes bool
	switch t.compare {
	case ">=":
		yes = x >= t.at
	case "<=":
		yes = x <= t.at
	case ">":
		yes = x > t.at
	case "<":
		yes = x < t.at
	}
	if yes {
		return t.yes
	}
	return t.no
}
