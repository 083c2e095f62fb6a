package experiments

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// readYAML turns YAML that has passed the prescan into nodes. Anchors, aliases, merge
// keys, tags and further documents are refused: an experiment is read by people, who
// shouldn't have to put it together. ok says that the nodes are worth checking further,
// whatever was wrong.
func readYAML(text string) (root *node, problems []Problem, ok bool) {
	var last *token.Token
	defer func() {
		// The parser is somebody else's: a panic of it is a mistake in the file, near the
		// last token, not the end of the program.
		if r := recover(); r != nil {
			root, problems, ok = nil, []Problem{at(last, "this can't be read as YAML")}, false
		}
	}()
	tokens := lexer.Tokenize(text)
	if len(tokens) > 0 {
		last = tokens[len(tokens)-1]
	}
	if p := bound(tokens); p != nil {
		return nil, []Problem{*p}, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []Problem{syntaxProblem(err)}, false
	}
	var r yamlReader
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if d, ok := doc.Body.(*ast.DirectiveNode); ok {
			r.refuse(d.Start, "a directive (%)", "leave it out")
			continue
		}
		if root != nil {
			r.refuse(doc.Start, "a second document", "an experiment is one document")
			break
		}
		root = r.node(doc.Body)
	}
	if root == nil {
		root = &node{plain: true, at: place{line: 1, column: 1}}
	}
	return root, r.problems, !r.refused
}

// bound refuses a file whose parts are too many or too deeply nested for the parser.
// A block's depth is the number of columns that it is indented by, one inside another.
func bound(tokens token.Tokens) *Problem {
	if len(tokens) > mostTokens {
		p := at(tokens[mostTokens], fmt.Sprintf("the file has more than %d words and signs", mostTokens))
		return &p
	}
	var flow int
	var columns []int
	for _, t := range tokens {
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow = max(flow-1, 0)
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			column := t.Position.Column
			if t.Type == token.MappingValueType && t.Prev != nil {
				column = t.Prev.Position.Column
			}
			for len(columns) > 0 && columns[len(columns)-1] >= column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, column)
		}
		if flow > mostDepth || len(columns) > mostDepth {
			p := at(t, fmt.Sprintf("nested more than %d deep", mostDepth))
			return &p
		}
	}
	return nil
}

// syntaxProblem says where and why the parser gave up.
func syntaxProblem(err error) Problem {
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return Problem{Msg: "this can't be read as YAML"}
	}
	p := at(syntax.GetToken(), "not YAML: "+printable(syntax.GetMessage()))
	p.Hint = "check the indentation, the colons and the quotes around here"
	return p
}

// at makes a problem at a token.
func at(t *token.Token, msg string) Problem {
	p := Problem{Msg: msg}
	if t != nil && t.Position != nil {
		p.Line, p.Column = max(t.Position.Line, 1), max(t.Position.Column, 1)
	}
	return p
}

// yamlReader turns the parser's tree into nodes.
type yamlReader struct {
	problems []Problem
	refused  bool // something isn't supported, and its value unknown
}

func (r *yamlReader) refuse(t *token.Token, found, hint string) {
	r.refused = true
	p := at(t, found+" isn't supported")
	p.Hint = hint
	r.problems = append(r.problems, p)
}

// node turns one piece into a node, and what isn't supported into a problem.
func (r *yamlReader) node(n ast.Node) *node {
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n.Start, n.Values)
	case *ast.MappingValueNode:
		return r.mapping(n.Start, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		out := &node{kind: listNode, at: tokenPlace(n.Start)}
		for _, item := range n.Values {
			out.items = append(out.items, r.node(item))
		}
		return out
	case *ast.AnchorNode:
		r.refuse(n.Start, "an anchor (&name)", "write the value out")
		return r.node(n.Value)
	case *ast.AliasNode:
		r.refuse(n.Start, "an alias (*name)", "write the value out")
	case *ast.TagNode:
		r.refuse(n.Start, "a tag ("+printable(n.Start.Value)+")", "leave it out")
		return r.node(n.Value)
	case *ast.LiteralNode:
		return &node{at: tokenPlace(n.Start), text: n.Value.Value}
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		return &node{at: tokenPlace(n.Token), text: n.Value, plain: !quoted}
	case ast.ScalarNode:
		t := n.GetToken()
		out := &node{at: tokenPlace(t), text: t.Value, plain: true}
		if t.Type == token.ImplicitNullType {
			out.text = ""
		}
		return out
	case nil:
	default:
		r.refuse(n.GetToken(), "this kind of YAML", "")
	}
	return &node{plain: true, at: place{line: 1, column: 1}}
}

// mapping turns keys and values into a node; a key that stands twice is a problem.
func (r *yamlReader) mapping(start *token.Token, values []*ast.MappingValueNode) *node {
	out := &node{kind: mappingNode, at: tokenPlace(start)}
	for i, v := range values {
		t := v.Key.GetToken()
		if i == 0 && start.Type != token.MappingStartType {
			out.at = tokenPlace(t)
		}
		switch v.Key.(type) {
		case *ast.MergeKeyNode:
			r.refuse(t, "a merge key (<<)", "write the values out")
			continue
		case *ast.MappingKeyNode:
			r.refuse(t, "a complex key (?)", "write key: value")
			continue
		}
		key := r.node(v.Key)
		e := &entry{key: key.text, at: key.at, value: r.node(v.Value)}
		if e.value.null() {
			e.value.at = e.at
		}
		if first := out.lookup(e.key); first != nil {
			p := at(t, fmt.Sprintf("key %s stands here twice, first in line %d", quoted(e.key), first.at.line))
			p.Found = e.key
			r.problems = append(r.problems, p)
			continue
		}
		out.entries = append(out.entries, e)
	}
	return out
}

func tokenPlace(t *token.Token) place {
	p := at(t, "")
	return place{line: p.Line, column: p.Column}
}
