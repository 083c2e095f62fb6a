package experiments

import (
	"encoding/json"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheCommittedSchemaIsTheGeneratedOne(t *testing.T) {
	golden(t, "schema.v1.json", Schema())
}

// beyondSchema are the bad files whose mistake a schema can't see: it takes two fields,
// or another package's table.
var beyondSchema = map[string]bool{
	"duplicate-key": true, "unknown-metric": true, "metric-of-another-task": true, "metrics-twice": true,
	"opposite-direction": true, "goal-out-of-bounds": true, "pruner-fields": true, "grid-of-a-float": true,
	"grid-of-a-branch": true, "patience-without-trials": true, "lookback-out-of-bounds": true,
	"unknown-dataset": true, "data-fields": true, "guessless-format": true, "low-above-high": true,
	"constraints": true, "require": true, "when-of-two": true, "initial": true, "initial-refused": true, "observations": true,
	"warm-start-from-itself": true, "rungs-after-the-end": true, "rungs-above-the-epochs": true, "fact-as-objective": true,
	"log-from-zero": true, "log-and-step": true, "on-both-levels": true, "on-branches-of-two": true,
}

// TestSchemaAndReaderAgree holds the schema to the corpus: what the reader takes it takes,
// and what the reader refuses it refuses, but for what no schema can see.
func TestSchemaAndReaderAgree(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(fixed().schema(), &root); err != nil {
		t.Fatal(err)
	}
	s := schemaChecker{root}
	for _, folder := range []string{"good", "bad"} {
		for _, file := range files(t, folder) {
			text, _, problem := prescan(read(t, file))
			n, problems, ok := readYAML(text)
			name := strings.TrimSuffix(filepath.Base(file), ".yaml")
			if problem != nil || !ok || len(problems) > 0 && !beyondSchema[name] {
				continue // not even YAML, or none of ours
			}
			if got, want := s.takes(root, n), folder == "good" || beyondSchema[name]; got != want {
				t.Errorf("%s: the schema takes it: %v, want %v", file, got, want)
			}
		}
	}
}

// schemaChecker checks nodes by the part of JSON schema that ours uses.
type schemaChecker struct{ root map[string]any }

func (c schemaChecker) takes(s map[string]any, n *node) bool {
	if ref, ok := s["$ref"].(string); ok {
		return c.takes(c.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), n)
	}
	if options, ok := s["anyOf"].([]any); ok {
		return slices.ContainsFunc(options, func(one any) bool { return c.takes(one.(map[string]any), n) })
	}
	if options, ok := s["oneOf"].([]any); ok {
		met := 0
		for _, one := range options {
			if c.members(one.(map[string]any), n) {
				met++
			}
		}
		if met != 1 {
			return false
		}
	}
	if enum, ok := s["enum"].([]any); ok {
		return n.kind == scalarNode && slices.Contains(enum, any(n.text))
	}
	switch want := s["const"].(type) {
	case string:
		return n.kind == scalarNode && n.text == want
	case float64:
		x, ok := number(n.text)
		return ok && n.plain && x == want
	}
	return c.typed(s, n) && c.members(s, n) && bounded(s, n)
}

// typed checks the type.
func (c schemaChecker) typed(s map[string]any, n *node) bool {
	types, ok := s["type"].([]any)
	if !ok {
		types = []any{s["type"]}
	}
	var is []any
	switch f := formOf(n.text); {
	case n.kind == mappingNode:
		is = []any{"object"}
	case n.kind == listNode:
		is = []any{"array"}
	case !n.plain || f == textForm:
		is = []any{"string"}
	case f == nullForm:
		is = []any{"null"}
	case f == boolForm:
		is = []any{"boolean"}
	default:
		is = []any{"number"}
		if _, ok := whole(n.text); ok || f == wholeForm {
			is = append(is, "integer")
		}
	}
	return slices.ContainsFunc(is, func(t any) bool { return slices.Contains(types, t) })
}

// members checks what is inside.
func (c schemaChecker) members(s map[string]any, n *node) bool {
	properties, _ := s["properties"].(map[string]any)
	for _, e := range n.entries {
		p, ok := properties[e.key].(map[string]any)
		if !ok && s["additionalProperties"] == false || ok && !c.takes(p, e.value) {
			return false
		}
	}
	required, _ := s["required"].([]any)
	for _, r := range required {
		if n.lookup(r.(string)) == nil {
			return false
		}
	}
	items, _ := s["items"].(map[string]any)
	for _, item := range n.items {
		if !c.takes(items, item) {
			return false
		}
	}
	return len(n.items) >= int(limit(s, "minItems", 0)) && len(n.entries) >= int(limit(s, "minProperties", 0))
}

// bounded checks numbers and texts.
func bounded(s map[string]any, n *node) bool {
	if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(n.text) {
		return false
	}
	x, ok := number(n.text)
	return !ok || x >= limit(s, "minimum", math.Inf(-1)) && x <= limit(s, "maximum", math.Inf(1)) && x > limit(s, "exclusiveMinimum", math.Inf(-1))
}

func limit(s map[string]any, key string, otherwise float64) float64 {
	if x, ok := s[key].(float64); ok {
		return x
	}
	return otherwise
}
