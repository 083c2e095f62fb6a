package expression

import (
	"math"
	"slices"
)

// Verdict is the value of an expression in Kleene's three-valued logic (Kleene,
// Introduction to Metamathematics, 1952, §64).
type Verdict int8

// The verdicts, in their order: and takes the least, or the greatest.
const (
	False   Verdict = -1
	Unknown Verdict = 0
	True    Verdict = 1
)

// Truth evaluates the expression. value returns what a path stands for, and false where
// there is no such thing: a comparison with it is Unknown.
func (e Expr) Truth(value func(path string) (Value, bool)) Verdict {
	if e.root == nil {
		return True
	}
	return e.root.truth(value)
}

func (n *node) truth(value func(string) (Value, bool)) Verdict {
	switch n.op {
	case opNot:
		return -n.of[0].truth(value)
	case opAnd, opOr:
		v := n.of[0].truth(value)
		for _, inner := range n.of[1:] {
			if w := inner.truth(value); n.op == opAnd {
				v = min(v, w)
			} else {
				v = max(v, w)
			}
		}
		return v
	}
	left, ok := n.operands[0].eval(value)
	if !ok {
		return Unknown
	}
	holds := false
	for _, o := range n.operands[1:] {
		right, ok := o.eval(value)
		if !ok {
			return Unknown
		}
		holds = holds || compare(n.op, left, right)
	}
	if holds {
		return True
	}
	return False
}

// eval returns an operand's value.
func (o *operand) eval(value func(string) (Value, bool)) (Value, bool) {
	if !o.named {
		return o.value, true
	}
	for _, p := range o.meaning.Paths {
		if v, ok := value(p); ok {
			return v, true
		}
	}
	return Value{}, false
}

func compare(o op, a, b Value) bool {
	switch o {
	case "<":
		return a.X < b.X
	case "<=":
		return a.X <= b.X
	case ">":
		return a.X > b.X
	case ">=":
		return a.X >= b.X
	case "!=":
		return a != b
	}
	return a == b
}

// Names returns the paths of all names in the expression, each once, in the order in which
// they stand there.
func (e Expr) Names() []string {
	var paths []string
	e.root.walk(func(o operand) {
		for _, p := range o.meaning.Paths {
			if o.named && !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	})
	return paths
}

// walk visits the operands.
func (n *node) walk(visit func(operand)) {
	if n == nil {
		return
	}
	for _, inner := range n.of {
		inner.walk(visit)
	}
	for _, o := range n.operands {
		visit(o)
	}
}

// Is reports whether the expression says that a name is one of some values, as a == 1 and
// a in [1, 2] do, and returns its paths and them.
func (e Expr) Is() (paths []string, values []Value, ok bool) {
	if e.root == nil || e.root.op != "==" && e.root.op != opIn {
		return nil, nil, false
	}
	for _, o := range e.root.operands {
		if o.named {
			if paths != nil {
				return nil, nil, false
			}
			paths = o.meaning.Paths
		} else if !slices.Contains(values, o.value) {
			values = append(values, o.value)
		}
	}
	return paths, values, paths != nil
}

// Violation says how far numbers are from meeting the expression: at most 0 where they
// meet it. a >= b lacks b - a; a > b likewise, and the smallest positive number where they
// are equal; ==, != and in lack 1. Of and, the greatest counts; of or, the least; not is
// carried inwards by De Morgan's laws. What a name without a value, or with NaN, takes
// part in is NaN, unless an or is met without it.
func (e Expr) Violation(value func(path string) (float64, bool)) float64 {
	if e.root == nil {
		return 0
	}
	numbers := func(path string) (Value, bool) {
		x, ok := value(path)
		return Numeric(x), ok && x == x
	}
	return e.root.violation(numbers, false)
}

func (n *node) violation(value func(string) (Value, bool), negated bool) float64 {
	switch n.op {
	case opNot:
		return n.of[0].violation(value, !negated)
	case opAnd, opOr:
		v := n.of[0].violation(value, negated)
		for _, inner := range n.of[1:] {
			w := inner.violation(value, negated)
			if (n.op == opAnd) != negated {
				v = math.Max(v, w) // NaN if one is
			} else {
				v = either(v, w)
			}
		}
		return v
	}
	t := n.truth(value)
	if t == Unknown {
		return math.NaN()
	}
	if negated {
		t = -t
	}
	a, _ := n.operands[0].eval(value)
	b, _ := n.operands[1].eval(value)
	switch o := n.op; {
	case o == "<" || o == "<=" || o == ">" || o == ">=":
		return lack(t, a.X-b.X)
	case t == True:
		return 0
	}
	return 1
}

// lack returns how much a comparison lacks whose sides are apart by gap, either way round.
func lack(t Verdict, gap float64) float64 {
	if gap = math.Abs(gap); gap != gap {
		gap = 0 // both sides are infinite
	}
	if t == True {
		return -gap
	}
	if gap == 0 {
		return math.SmallestNonzeroFloat64
	}
	return gap
}

// either returns the lesser of two violations. A NaN counts only against one that isn't
// met.
func either(v, w float64) float64 {
	switch {
	case v <= 0 && !(w <= v):
		return v
	case w <= 0 && !(v <= w):
		return w
	}
	return math.Min(v, w)
}
