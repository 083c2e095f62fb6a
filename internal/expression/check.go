package expression

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"medml/internal/nearest"
)

// checker gives the names of an expression their meaning and collects what doesn't fit.
type checker struct {
	scope    Scope
	mistakes []*Error
}

func (c *checker) add(o operand, hint, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if text, found, ok := strings.Cut(msg, "; "); ok && hint == "" {
		msg, hint = text, found
	}
	c.mistakes = append(c.mistakes, &Error{o.at, o.source, msg, hint})
}

func (c *checker) node(n *node) {
	for _, inner := range n.of {
		c.node(inner)
	}
	if len(n.operands) == 0 {
		return
	}
	left := &n.operands[0]
	// `a in [b]` takes a word for a value whatever it may name; so does `a == b` where a is
	// one of words.
	if n.op == opIn {
		c.in(n, left)
		return
	}
	right := &n.operands[1]
	errLeft, errRight := c.resolve(left), c.resolve(right)
	switch {
	case isWord(left, errLeft, right, errRight):
		errRight = nil
	case isWord(right, errRight, left, errLeft):
		errLeft = nil
	}
	switch {
	case errLeft != nil:
		c.add(*left, "", "%v", errLeft) // and the other side may be one of its words
	case errRight != nil:
		c.add(*right, "", "%v", errRight)
	default:
		c.comparison(n, left, right)
	}
}

// resolve gives a name its meaning.
func (c *checker) resolve(o *operand) error {
	if !o.named {
		return nil
	}
	m, err := c.scope.Resolve(o.text)
	if err == nil {
		o.meaning = m
	}
	return err
}

// isWord makes a bare word the text that it spells, if the name on the other side takes
// texts and either has this one or nothing is called so.
func isWord(name *operand, nameErr error, word *operand, wordErr error) bool {
	if !name.named || nameErr != nil || name.meaning.Kind != Text || !word.named {
		return false
	}
	if wordErr == nil && !slices.Contains(name.meaning.Words, word.text) {
		return false
	}
	word.named, word.value = false, Word(word.text)
	return true
}

// in checks a search in a list.
func (c *checker) in(n *node, left *operand) {
	if err := c.resolve(left); err != nil {
		c.add(*left, "", "%v", err)
		return
	}
	if !left.named {
		c.add(*left, "", "expected a name before in, found %s", left.describe())
		return
	}
	for i := range n.operands[1:] {
		o := &n.operands[1+i]
		if o.named {
			o.named, o.value = false, Word(o.text)
		}
		c.comparison(n, left, o)
	}
}

// comparison checks that two operands can be compared.
func (c *checker) comparison(n *node, left, right *operand) {
	name, other := left, right
	if !name.named {
		name, other = right, left
	}
	alone := right.source == "" // no operator: a truth value by itself
	switch {
	case !name.named:
		c.add(*left, "", "%s is the same in every trial: expected a name", left.describe())
	case alone && name.kind() != Truth:
		c.add(*name, "compare it, as in "+name.text+" == …", "%s is %v, not true or false", name.text, name.kind())
	case name.kind() != other.kind():
		c.add(*other, "", "%s is %v and can't be compared with %s", name.text, name.kind(), other.describe())
	case name.kind() != Number && strings.ContainsAny(string(n.op), "<>"):
		c.add(*name, "use ==, != or in", "%s is %v and has no order", name.text, name.kind())
	case other.kind() == Text && !other.named && name.meaning.Words != nil && !slices.Contains(name.meaning.Words, other.value.Word):
		c.add(*other, "", "%s is never %s%s", name.text, strconv.Quote(other.value.Word), nearest.Hint(other.value.Word, name.meaning.Words))
	}
}

func (o *operand) kind() Kind {
	if o.named {
		return o.meaning.Kind
	}
	return o.value.Kind
}

// describe says what an operand is, in words for a message.
func (o *operand) describe() string {
	switch {
	case o.named:
		return fmt.Sprintf("%s, which is %v", o.text, o.kind())
	case o.value.Kind == Text:
		return "the word " + strconv.Quote(o.value.Word)
	case o.value.Kind == Number:
		return "the number " + o.source
	}
	return o.source
}
