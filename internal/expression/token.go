package expression

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	numberToken
	textToken
	symbolToken // an operator, bracket, comma, or one of the reserved words
)

// token is a piece of an expression, at a byte offset.
type token struct {
	kind   tokenKind
	text   string // of a name or symbol; what a text says, without its quotes
	source string // as it was written
	number float64
	at     int
}

// reserved are the words that are no names.
var reserved = map[string]bool{"and": true, "or": true, "not": true, "in": true, "true": true, "false": true}

// symbols are the operators and brackets, longer ones first.
var symbols = []string{"==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ","}

// foreign are the operators of other languages, and what they are here.
var foreign = []struct{ text, meant string }{
	{"&&", "write and"}, {"||", "write or"}, {"=<", "write <="}, {"=>", "write >="}, {"<>", "write !="},
	{"=", "write =="}, {"!", "write not"}, {"&", "write and"}, {"|", "write or"}, {"≤", "write <="}, {"≥", "write >="}, {"≠", "write !="},
}

// tokens takes an expression apart.
func tokens(src string) ([]token, *Error) {
	var out []token
	for at := 0; ; {
		at += len(src[at:]) - len(strings.TrimLeft(src[at:], " \t\n"))
		if at == len(src) {
			return append(out, token{kind: endToken, at: at}), nil
		}
		t, err := next(src, at)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		at += len(t.source)
	}
}

// next reads the token at an offset.
func next(src string, at int) (token, *Error) {
	rest := src[at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case isLetter(r):
		return word(rest, at), nil
	case r == '"' || r == '\'':
		return text(rest, at)
	case isNumberStart(rest):
		return number(rest, at)
	}
	for _, f := range foreign {
		if strings.HasPrefix(rest, f.text) && !strings.HasPrefix(rest, "==") && !strings.HasPrefix(rest, "!=") {
			return token{}, &Error{at, f.text, fmt.Sprintf("unknown operator %s", strconv.Quote(f.text)), f.meant}
		}
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			return token{kind: symbolToken, text: s, source: s, at: at}, nil
		}
	}
	return token{}, &Error{at, rest[:size], fmt.Sprintf("unexpected %s", strconv.Quote(rest[:size])), ""}
}

func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func isNumberStart(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	s = strings.TrimPrefix(s, ".")
	return s != "" && isDigit(s[0])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// word reads a name or a reserved word. A dot joins words, and a metric's setting follows
// an @: a number, or a class's own name where that is a word.
func word(s string, at int) token {
	end := wordEnd(s)
	if strings.HasPrefix(s[end:], "@") {
		key := wordEnd(s[end+1:])
		equals := end + 1 + key
		if key > 0 && strings.HasPrefix(s[equals:], "=") {
			if isNumberStart(s[equals+1:]) {
				end = equals + 1 + numberEnd(s[equals+1:])
			} else if name := wordEnd(s[equals+1:]); name > 0 {
				end = equals + 1 + name
			}
		}
	}
	t := token{kind: nameToken, text: s[:end], source: s[:end], at: at}
	if reserved[t.text] {
		t.kind = symbolToken
	}
	return t
}

// wordEnd returns the length of the dotted words that s begins with.
func wordEnd(s string) int {
	for i, r := range s {
		switch {
		case isLetter(r), i > 0 && r < utf8.RuneSelf && isDigit(byte(r)):
		case r == '.' && i > 0 && i+1 < len(s) && (isDigit(s[i+1]) || isLetter(first(s[i+1:]))):
		default:
			return i
		}
	}
	return len(s)
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// text reads what stands in quotes. There are no escapes: a text that holds one kind of
// quotes is written in the other.
func text(s string, at int) (token, *Error) {
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return token{}, &Error{at, s, "a text without its closing quote", ""}
	}
	return token{kind: textToken, text: s[1 : 1+end], source: s[:end+2], at: at}, nil
}

// number reads a finite number.
func number(s string, at int) (token, *Error) {
	end := numberEnd(s)
	x, err := strconv.ParseFloat(s[:end], 64)
	if rest := wordEnd("_" + s[end:]); err != nil || rest > 1 {
		end += max(0, rest-1)
		return token{}, &Error{at, s[:end], fmt.Sprintf("%s isn't a number", strconv.Quote(s[:end])), ""}
	}
	return token{kind: numberToken, source: s[:end], number: x, at: at}, nil
}

// numberEnd returns the length of the decimal number that s begins with.
func numberEnd(s string) int {
	i := 0
	digits := func() {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	digits()
	if i < len(s) && s[i] == '.' {
		i++
		digits()
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		mantissa := i
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		before := i
		if digits(); i == before {
			i = mantissa
		}
	}
	return i
}
