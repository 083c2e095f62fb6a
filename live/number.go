package live

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"medml"
)

// number is a float64 to the bit: JSON's null is NaN, "inf" and "-inf" the infinities.
type number float64

func (n number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

func appendNumber(b []byte, x float64) []byte {
	switch {
	case math.IsNaN(x):
		return append(b, "null"...)
	case math.IsInf(x, 1):
		return append(b, `"inf"`...)
	case math.IsInf(x, -1):
		return append(b, `"-inf"`...)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

func (n *number) UnmarshalJSON(b []byte) error {
	x, err := parseNumber(b)
	*n = number(x)
	return err
}

func parseNumber(b []byte) (float64, error) {
	switch string(b) {
	case "null":
		return math.NaN(), nil
	case `"inf"`:
		return math.Inf(1), nil
	case `"-inf"`:
		return math.Inf(-1), nil
	}
	if len(b) == 0 || b[0] != '-' && (b[0] < '0' || b[0] > '9') {
		return 0, fmt.Errorf("%.20q is no number", b)
	}
	x, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, fmt.Errorf("%.20q is no number", b)
	}
	return x, nil
}

func toNumbers(xs []float64) []number {
	var out []number
	for _, x := range xs {
		out = append(out, number(x))
	}
	return out
}

func fromNumbers(xs []number) []float64 {
	var out []float64
	for _, x := range xs {
		out = append(out, float64(x))
	}
	return out
}

// epochs are written as [[step, loss, valid loss, value, report], …]: most of what a
// study consists of.
type epochs []medml.Epoch

func (es epochs) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 64*len(es)+2), '[')
	for i, e := range es {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '['), int64(e.Step), 10)
		for _, x := range [...]float64{e.Loss, e.ValidLoss, e.Value, e.Report} {
			b = appendNumber(append(b, ','), x)
		}
		b = append(b, ']')
	}
	return append(b, ']'), nil
}

// UnmarshalJSON takes apart what is known to be JSON: a study of ten thousand trials has
// millions of epochs.
func (es *epochs) UnmarshalJSON(b []byte) error {
	*es = nil
	rows, ok := inside(b)
	for ok && len(rows) > 0 {
		var e medml.Epoch
		end := bytes.IndexByte(rows, ']')
		if e, ok = parseEpoch(rows[:end+1]); !ok {
			break
		}
		*es = append(*es, e)
		if rows = bytes.TrimLeft(rows[end+1:], " \t\r\n"); len(rows) > 0 {
			rows, ok = bytes.TrimLeft(rows[1:], " \t\r\n"), rows[0] == ','
		}
	}
	if !ok {
		return fmt.Errorf("epochs: expected [[step, loss, valid loss, value, report], …], found %.40q", b)
	}
	return nil
}

func parseEpoch(row []byte) (e medml.Epoch, ok bool) {
	fields, ok := inside(row)
	if !ok {
		return e, false
	}
	step, fields, _ := bytes.Cut(fields, []byte{','})
	if e.Step, ok = parseStep(step); !ok {
		return e, false
	}
	for _, x := range [...]*float64{&e.Loss, &e.ValidLoss, &e.Value, &e.Report} {
		var field []byte
		var err error
		if field, fields, ok = bytes.Cut(fields, []byte{','}); !ok && x != &e.Report {
			return e, false
		}
		if *x, err = parseNumber(bytes.TrimSpace(field)); err != nil {
			return e, false
		}
	}
	return e, !ok // nothing follows
}

func parseStep(b []byte) (int, bool) {
	n, err := strconv.Atoi(string(bytes.TrimSpace(b)))
	return n, err == nil
}

// inside returns what stands between the brackets of a list.
func inside(b []byte) ([]byte, bool) {
	b = bytes.TrimSpace(b)
	if len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return nil, false
	}
	return bytes.TrimSpace(b[1 : len(b)-1]), true
}
