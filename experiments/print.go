package experiments

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// YAML returns the resolved experiment as an experiment file: read again, it gives the
// same Spec.
func (s *Spec) YAML() []byte {
	var b strings.Builder
	root := s.tree()
	for _, e := range root.entries {
		e.print(&b, "")
	}
	return []byte(b.String())
}

// widest is the width up to which a mapping is written on one line.
const widest = 96

// print writes an entry, on one line where what it holds is small and flat.
func (e *entry) print(b *strings.Builder, indent string) {
	key := indent + plainOrQuoted(e.key) + ":"
	if line := key + " " + e.value.flow(); e.value.flat() && (utf8.RuneCountInString(line) <= widest || e.value.kind != mappingNode) {
		b.WriteString(line + "\n")
		return
	}
	b.WriteString(key + "\n")
	for _, inner := range e.value.entries {
		inner.print(b, indent+"  ")
	}
}

// flat reports whether n is a scalar, a list, or a mapping of scalars and lists.
func (n *node) flat() bool {
	for _, e := range n.entries {
		if e.value.kind == mappingNode {
			return false
		}
	}
	return true
}

// flow writes a node on one line.
func (n *node) flow() string {
	switch n.kind {
	case mappingNode:
		parts := make([]string, len(n.entries))
		for i, e := range n.entries {
			parts[i] = plainOrQuoted(e.key) + ": " + e.value.flow()
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case listNode:
		parts := make([]string, len(n.items))
		for i, item := range n.items {
			parts[i] = item.flow()
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if n.plain {
		return n.text
	}
	return plainOrQuoted(n.text)
}

// plainForm are texts that YAML reads as themselves without quotes, wherever they stand.
var plainForm = regexp.MustCompile(`^[\pL\d_./][\pL\d_./@=+%:-]*( [\pL\d_./(][\pL\d_./@=+%()-]*)*$`)

// plainOrQuoted writes a text without quotes where that reads as the same text.
func plainOrQuoted(s string) string {
	switch s {
	case "yes", "no", "on", "off", "y", "n", "True", "False", "TRUE", "FALSE", "---", "...":
		return string(appendString(nil, s))
	}
	if plainForm.MatchString(s) && formOf(s) == textForm && !strings.HasSuffix(s, ":") && !strings.Contains(s, ": ") {
		return s
	}
	return string(appendString(nil, s))
}
