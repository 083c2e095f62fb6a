package experiments

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a piece of the experiment as it was written, with its place. Everything that
// reads an experiment walks nodes, whether they came from YAML, from --set or from the
// JSON of a stored study.
type node struct {
	kind    nodeKind
	at      place
	text    string   // of a scalar
	plain   bool     // a scalar without quotes
	entries []*entry // of a mapping, in the order of the file
	items   []*node  // of a list
}

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mappingNode
	listNode
)

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	at    place // of the key
	value *node
}

// place says where something was written: in the file, or in the override of that
// number, counted from 1.
type place struct {
	line, column int
	flag         int
}

// null reports whether nothing was written.
func (n *node) null() bool {
	return n.kind == scalarNode && n.plain && formOf(n.text) == nullForm
}

// lookup returns the entry of a key, or nil.
func (n *node) lookup(key string) *entry {
	for _, e := range n.entries {
		if e.key == key {
			return e
		}
	}
	return nil
}

// describe says what n is, in words for a message.
func (n *node) describe() string {
	switch {
	case n.kind == mappingNode:
		return "a mapping"
	case n.kind == listNode:
		return "a list"
	case n.null():
		return "nothing"
	}
	return quoted(n.text)
}

// find follows a dotted path such as "data.split.folds" or "metrics[2]" from n. It returns
// the place of what stands there and its text, if it is a scalar; where nothing does, the
// place of the last key on the way. The path of a parameter on a branch needs no "of".
func (n *node) find(path string) (at place, found string) {
	at = n.at
	for part := range strings.SplitSeq(path, ".") {
		key, index, _ := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		e := n.lookup(key)
		if e == nil {
			if of := n.lookup("of"); of != nil {
				e = of.value.lookup(key)
			}
		}
		if e == nil {
			return at, ""
		}
		at, n = e.at, e.value
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(n.items) {
			n = n.items[i]
			at = n.at
		}
	}
	if n.kind != mappingNode && !n.null() || n.at.flag > 0 {
		at = n.at
	}
	return at, n.text
}

// missing reports whether nothing stands at a dotted path.
func (n *node) missing(path string) bool {
	for part := range strings.SplitSeq(path, ".") {
		e := n.lookup(part)
		if e == nil {
			return true
		}
		n = e.value
	}
	return false
}

// join appends a key to a path.
func join(path, key string) string {
	if strings.ContainsFunc(key, func(r rune) bool { return r == '.' || r == '[' || !strconv.IsPrint(r) }) {
		key = quoted(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// element names an element of a list.
func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
