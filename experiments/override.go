package experiments

import (
	"strings"
)

// override applies the decoder's overrides to the experiment as it was written.
func (d *decoder) override(root *node) {
	for i, flag := range d.flags {
		at := place{flag: i + 1}
		key, text, ok := strings.Cut(flag, "=")
		parts := strings.Split(key, ".")
		if !ok || key == "" || len(parts) > mostDepth || hasEmpty(parts) {
			d.add(at, "", flag, "write --set sampler.seed=3", "expected key=value")
			continue
		}
		value, p := overrideValue(text)
		if p != nil {
			d.add(at, "", text, p.Hint, "%s", p.Msg)
			continue
		}
		value.mark(at)
		d.set(root, parts, value, at)
	}
}

func hasEmpty(parts []string) bool {
	for _, p := range parts {
		if p == "" {
			return true
		}
	}
	return false
}

// overrideValue reads an override's value, which is YAML.
func overrideValue(text string) (*node, *Problem) {
	text, _, p := prescan([]byte(text))
	if p != nil {
		return nil, p
	}
	value, problems, _ := readYAML(text)
	if len(problems) > 0 {
		return nil, &problems[0]
	}
	return value, nil
}

// mark puts a node and what is in it at a place.
func (n *node) mark(at place) {
	n.at = at
	for _, e := range n.entries {
		e.at = at
		e.value.mark(at)
	}
	for _, item := range n.items {
		item.mark(at)
	}
}

// set puts a value at a path, making the sections on the way.
func (d *decoder) set(n *node, parts []string, value *node, at place) {
	path := ""
	for i, part := range parts {
		if n.kind == scalarNode && n.null() {
			n.kind, n.at = mappingNode, at
		}
		if n.kind != mappingNode {
			d.add(at, path, n.text, "set it as a whole", "%s is %s, not a section", path, n.describe())
			return
		}
		path = join(path, part)
		e := n.lookup(part)
		if e == nil {
			e = &entry{key: part, at: at, value: &node{plain: true, at: at}}
			n.entries = append(n.entries, e)
		}
		if i == len(parts)-1 {
			e.value = value
			return
		}
		n = e.value
	}
}
