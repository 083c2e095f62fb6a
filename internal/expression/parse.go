package expression

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of an expression.
const (
	mostBytes = 1000
	mostDepth = 32
)

// Error is a mistake in an expression.
type Error struct {
	// Offset is where it stands, in bytes from 0.
	Offset int
	// Found is the offending text, if there is one.
	Found string
	// Msg says what is wrong; Hint what to write instead, or nothing.
	Msg, Hint string
}

// Error returns the message with the column, counted from 1, and the hint.
func (e *Error) Error() string {
	msg := fmt.Sprintf("column %d: %s", e.Offset+1, e.Msg)
	if e.Hint != "" {
		msg += "; " + e.Hint
	}
	return msg
}

// Expr is a valid expression. The zero Expr is met by everything.
type Expr struct {
	root   *node
	tokens []token
}

// op is what a node does.
type op string

const (
	opAnd op = "and"
	opOr  op = "or"
	opNot op = "not"
	opIn  op = "in" // the first operand is one of the others
)

// node is an operation on other nodes (and, or, not) or on operands (the comparisons).
type node struct {
	op       op
	at       int
	of       []*node
	operands []operand
}

// operand is a name or a literal.
type operand struct {
	token
	named   bool
	meaning Meaning // of a name
	value   Value   // of a literal
}

// Parse reads an expression. With a scope, every name and comparison is checked against
// it; without one, only the grammar is. It returns the mistakes that it finds: the first
// of the grammar, or all of the rest.
func Parse(src string, scope Scope) (Expr, []*Error) {
	if len(src) > mostBytes {
		return Expr{}, []*Error{{mostBytes, "", fmt.Sprintf("the expression is longer than %d bytes", mostBytes), ""}}
	}
	list, err := tokens(src)
	if err != nil {
		return Expr{}, []*Error{err}
	}
	p := parser{tokens: list}
	root := p.or()
	if p.err == nil && p.peek().kind != endToken {
		p.unexpected("and, or, or the end")
	}
	if p.err != nil {
		return Expr{}, []*Error{p.err}
	}
	if scope != nil {
		c := checker{scope: scope}
		c.node(root)
		if len(c.mistakes) > 0 {
			return Expr{}, c.mistakes
		}
	}
	return Expr{root, list[:len(list)-1]}, nil
}

// String returns the expression with one space between its parts. Read again, it is the
// same expression.
func (e Expr) String() string {
	var b strings.Builder
	for i, t := range e.tokens {
		tight := i == 0 || t.source == ")" || t.source == "]" || t.source == ","
		if !tight {
			before := e.tokens[i-1].source
			tight = before == "(" || before == "["
		}
		if !tight {
			b.WriteByte(' ')
		}
		b.WriteString(t.source)
	}
	return b.String()
}

// parser reads the grammar by recursive descent.
type parser struct {
	tokens []token
	next   int
	depth  int
	err    *Error
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != endToken {
		p.next++
	}
	return t
}

// accept takes a symbol if it is the next token.
func (p *parser) accept(symbol string) bool {
	if t := p.peek(); t.kind == symbolToken && t.text == symbol {
		p.next++
		return true
	}
	return false
}

// unexpected reports the next token.
func (p *parser) unexpected(expected string) {
	if p.err != nil {
		return
	}
	t := p.peek()
	found := "the end"
	if t.kind != endToken {
		found = strconv.Quote(t.source)
	}
	p.err = &Error{t.at, t.source, fmt.Sprintf("expected %s, found %s", expected, found), ""}
}

func (p *parser) or() *node { return p.several(opOr, func() *node { return p.several(opAnd, p.not) }) }

// several reads parts with an operator between them.
func (p *parser) several(o op, part func() *node) *node {
	n := part()
	if t := p.peek(); p.err == nil && t.kind == symbolToken && t.text == string(o) {
		n = &node{op: o, at: t.at, of: []*node{n}}
	}
	for p.err == nil && p.accept(string(o)) {
		n.of = append(n.of, part())
	}
	return n
}

// not reads a negation, what stands in parentheses, or a comparison.
func (p *parser) not() *node {
	if p.depth++; p.depth > mostDepth {
		p.err = &Error{p.peek().at, "", fmt.Sprintf("the expression is nested more than %d deep", mostDepth), ""}
		return nil
	}
	defer func() { p.depth-- }()
	at := p.peek().at
	switch {
	case p.accept("not"):
		return &node{op: opNot, at: at, of: []*node{p.not()}}
	case p.accept("("):
		n := p.or()
		if p.err == nil && !p.accept(")") {
			p.unexpected(`and, or, or the closing ")"`)
		}
		return n
	}
	return p.comparison()
}

// comparison reads an operand and what it is compared with.
func (p *parser) comparison() *node {
	n := &node{at: p.peek().at}
	n.operands = []operand{p.operand("a comparison such as depth <= 2")}
	if p.err != nil {
		return n
	}
	switch t := p.peek(); {
	case t.kind == symbolToken && strings.ContainsAny(t.text, "=<>"):
		p.take()
		n.op, n.at = op(t.text), t.at
		n.operands = append(n.operands, p.operand("a name or a value"))
		if again := p.peek(); p.err == nil && again.kind == symbolToken && strings.ContainsAny(again.text, "=<>") {
			p.err = &Error{again.at, again.source, "a comparison has two sides", "write two of them with and between"}
		}
		return n
	case t.kind == symbolToken && (t.text == "in" || t.text == "not"):
		return p.in(n)
	}
	n.op = "=="
	n.operands = append(n.operands, operand{value: Bool(true)})
	return n
}

// in reads the list that a comparison's operand is looked for in.
func (p *parser) in(n *node) *node {
	negated := p.accept("not")
	if !p.accept("in") {
		p.unexpected("in")
		return n
	}
	n.op = opIn
	if !p.accept("[") {
		p.unexpected(`a list such as [1, 2]`)
	}
	for p.err == nil {
		n.operands = append(n.operands, p.operand("a value"))
		if p.err != nil || p.accept("]") {
			break
		}
		if !p.accept(",") {
			p.unexpected(`a comma or the closing "]"`)
		}
	}
	if negated {
		return &node{op: opNot, at: n.at, of: []*node{n}}
	}
	return n
}

// operand reads a name or a literal.
func (p *parser) operand(expected string) operand {
	t := p.peek()
	o := operand{token: t}
	switch {
	case t.kind == nameToken:
		o.named, o.meaning = true, Meaning{Paths: []string{t.text}}
	case t.kind == numberToken:
		o.value = Numeric(t.number)
	case t.kind == textToken:
		o.value = Word(t.text)
	case t.kind == symbolToken && (t.text == "true" || t.text == "false"):
		o.value = Bool(t.text == "true")
	default:
		p.unexpected(expected)
		return o
	}
	p.take()
	return o
}
