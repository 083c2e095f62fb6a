package experiments

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// readJSON turns JSON into nodes, keeping the order of members and the spelling of
// numbers.
func readJSON(b []byte) (*node, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	root, err := jsonNode(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("JSON goes on after its end")
	}
	return root, nil
}

func jsonNode(dec *json.Decoder, depth int) (*node, error) {
	// A resolved experiment is little deeper than its file.
	if depth > 4*mostDepth {
		return nil, fmt.Errorf("JSON is nested more than %d deep", depth-1)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	switch t := token.(type) {
	case json.Delim:
		n := &node{kind: listNode}
		if t == '{' {
			n.kind = mappingNode
		}
		for dec.More() {
			if err := jsonMember(dec, n, depth+1); err != nil {
				return nil, err
			}
		}
		_, err := dec.Token()
		return n, err
	case string:
		return &node{text: t}, nil
	case json.Number:
		return &node{text: t.String(), plain: true}, nil
	case bool:
		return &node{text: strconv.FormatBool(t), plain: true}, nil
	}
	return &node{plain: true}, nil
}

// jsonMember reads a member of an object or array into n.
func jsonMember(dec *json.Decoder, n *node, depth int) error {
	key := ""
	if n.kind == mappingNode {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("reading JSON: %w", err)
		}
		key = token.(string)
		if n.lookup(key) != nil {
			return fmt.Errorf("JSON has the member %s twice", quoted(key))
		}
	}
	value, err := jsonNode(dec, depth)
	if err != nil {
		return err
	}
	if n.kind == mappingNode {
		n.entries = append(n.entries, &entry{key: key, value: value})
	} else {
		n.items = append(n.items, value)
	}
	return nil
}

// appendJSON writes a node as JSON without spaces.
func (n *node) appendJSON(b []byte) []byte {
	switch {
	case n.kind == mappingNode:
		b = append(b, '{')
		for i, e := range n.entries {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, e.key), ':')
			b = e.value.appendJSON(b)
		}
		return append(b, '}')
	case n.kind == listNode:
		b = append(b, '[')
		for i, item := range n.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendJSON(b)
		}
		return append(b, ']')
	case n.null():
		return append(b, "null"...)
	case n.plain && formOf(n.text) != textForm:
		return append(b, n.text...)
	}
	return appendString(b, n.text)
}

// appendString writes a JSON string that is a double-quoted text in YAML, too: control
// characters that JSON leaves as they are get escaped.
func appendString(b []byte, s string) []byte {
	for _, r := range string(marshal(s)) {
		if r >= 0x7f && r < 0xa0 || r == 0xFEFF {
			b = fmt.Appendf(b, "\\u%04x", r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// marshal writes a value of ours as JSON, with <, > and & as they are. What a valid
// experiment holds, finite numbers and UTF-8, always has a form.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("experiments: a value without a JSON form: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
