package experiments

import (
	"math"
	"strconv"
	"strings"
)

// form is what a plain scalar reads as, by the core schema of YAML 1.2.2 (chapter 10.3)
// without its octal, hexadecimal and non-finite numbers, which no field takes.
type form uint8

const (
	textForm form = iota
	nullForm
	boolForm
	wholeForm
	numberForm
)

// formOf says what a plain scalar reads as.
func formOf(s string) form {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return nullForm
	case "true", "false":
		return boolForm
	}
	digits, mantissa := 0, strings.TrimLeft(s, "+-")
	if len(s)-len(mantissa) > 1 {
		return textForm
	}
	form := wholeForm
	for i, r := range mantissa {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' && form == wholeForm:
			form = numberForm
		case (r == 'e' || r == 'E') && digits > 0:
			if !exponent(mantissa[i+1:]) {
				return textForm
			}
			return numberForm
		default:
			return textForm
		}
	}
	if digits == 0 {
		return textForm
	}
	return form
}

// exponent reports whether s is a whole number with an optional sign.
func exponent(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// number reads a plain scalar as a finite number.
func number(s string) (float64, bool) {
	if f := formOf(s); f != wholeForm && f != numberForm {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0)
}

// mostWhole is the magnitude up to which every whole number is a float64.
const mostWhole = 1 << 53

// whole reads a plain scalar as a whole number; 1e3 and 8.0 are whole, too.
func whole(s string) (int, bool) {
	x, ok := number(s)
	if !ok || x != math.Trunc(x) || math.Abs(x) >= mostWhole {
		return 0, false
	}
	return int(x), true
}
