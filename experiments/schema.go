package experiments

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"strconv"

	"medml"
	"medml/metric"
	"medml/search"
	"medml/trainer"
)

// Schema returns the JSON schema (draft 2020-12) of the experiment file, made from the
// types that read it and the hyperparameters that there are. Editors complete and check
// by it as one types. It knows shapes, names and bounds; what takes two fields to see
// (low above high, a metric of another task) only [Parse] finds.
func Schema() []byte { return trainable().schema() }

// object is a JSON object. encoding/json writes its members in the order of the alphabet.
type object = map[string]any

func (c catalog) schema() []byte {
	root := schemaOf(reflect.TypeFor[Spec](), "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "medml experiment, version " + strconv.Itoa(Version)
	root["required"] = []string{"version", "task", "data", "space"}
	root["oneOf"] = []object{{"required": []string{"objective"}}, {"required": []string{"objectives"}}}
	defs := object{"space": c.spaceSchema()}
	define(defs, "training", c.training)
	for _, a := range c.architectures {
		define(defs, a, c.own[a])
		branch := refer("training", c.training)
		maps.Copy(branch, refer(a, c.own[a]))
		defs[a] = object{"anyOf": []object{{"type": "null"}, closed(branch)}}
	}
	root["$defs"] = defs
	var out bytes.Buffer
	if err := json.Indent(&out, marshal(root), "", "  "); err != nil {
		panic("experiments: own schema isn't JSON: " + err.Error())
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// closed is the schema of a mapping that has these keys and no others.
func closed(properties object) object {
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// known are the schemas of fields whose values are known beforehand, by path.
var known = map[string]func() object{
	"version":                func() object { return object{"const": Version} },
	"name":                   func() object { return object{"type": "string", "pattern": nameForm.String()} },
	"task":                   func() object { return object{"enum": tasks} },
	"objective.direction":    directionSchema,
	"objectives[].direction": directionSchema,
	"objective.aggregate":    func() object { return object{"enum": aggregates} },
	"objectives[].aggregate": func() object { return object{"enum": aggregates} },
	"pruner.resource":        func() object { return object{"enum": resources} },
	"budget.drain":           func() object { return object{"enum": drains} },
	"retry.on[]":             func() object { return object{"enum": causes} },
	"warm_start.from":        func() object { return object{"type": "string", "pattern": nameForm.String()} },
	"sampler.name":           func() object { return object{"enum": search.Samplers()} },
	"pruner.name":            func() object { return object{"enum": search.Pruners()} },
	"evaluation.model":       func() object { return object{"enum": predictors} },
	"evaluation.calibrate":   func() object { return object{"enum": metric.Calibrators()} },
	"budget.epochs":          func() object { return object{"type": "integer", "minimum": 1} },
	"resources.threads_per_trial": func() object {
		return object{"type": "integer", "minimum": 1, "maximum": mostWorkers}
	},
}

func directionSchema() object {
	return object{"enum": []medml.Direction{medml.Maximize, medml.Minimize}}
}

// schemaOf describes a type of the Spec as decoder.value reads it.
func schemaOf(t reflect.Type, path string) object {
	if s, ok := known[path]; ok {
		return s()
	}
	switch t {
	case definitionsType:
		return object{"$ref": "#/$defs/space"}
	case reflect.TypeFor[Duration]():
		return object{"type": "string", "pattern": `^\+?([0-9.]+(ns|us|µs|μs|ms|s|m|h))+$`}
	case reflect.TypeFor[Memory]():
		return object{"anyOf": []object{
			{"type": "string", "pattern": `^[0-9.]+([eE]\+?[0-9]+)? *(%|B|[KMGT]iB|[kMGT]B)$`},
			{"type": "integer", "minimum": 1},
		}}
	case reflect.TypeFor[Promote]():
		return object{"type": "string", "pattern": `^top-[0-9]+$`}
	case configurationType:
		return object{"type": "object"}
	case reflect.TypeFor[Workers]():
		return object{"anyOf": []object{{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": mostWorkers}}}
	}
	switch t.Kind() {
	case reflect.Struct:
		properties := object{}
		fields := fieldNames(t)
		for _, name := range fields.list {
			properties[name] = schemaOf(t.Field(fields.index[name]).Type, join(path, name))
		}
		return closed(properties)
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(t.Elem(), path+"[]")}
	case reflect.Pointer:
		return schemaOf(t.Elem(), path)
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	case reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return object{"type": "number"}
	}
	return object{"type": []string{"string", "number", "boolean"}}
}

// spaceSchema describes the space: the architecture, the training's hyperparameters, and
// those of the architectures, for where it is a constant.
func (c catalog) spaceSchema() object {
	properties, branches := refer("training", c.training), object{}
	for _, a := range c.architectures {
		branches[a] = object{"$ref": "#/$defs/" + a}
		for name, s := range refer(a, c.own[a]) {
			if other, ok := properties[name]; ok {
				s = object{"anyOf": []any{other, s}} // two architectures have it
			}
			properties[name] = s
		}
	}
	properties[architectureName] = object{"anyOf": []object{
		{"enum": c.architectures},
		definitionSchema(categoricalType, object{"values": valuesSchema(object{"enum": c.architectures}), "ordered": object{"type": "boolean"}}, "values"),
		definitionSchema(choiceType, object{"of": closed(branches)}, "of"),
	}}
	s := closed(properties)
	s["required"] = []string{architectureName}
	return s
}

// define adds the hyperparameters of an owner to the definitions.
func define(defs object, owner string, hypers []trainer.Hyper) {
	for _, h := range hypers {
		defs[owner+"."+h.Name] = hyperSchema(h)
	}
}

// refer returns, by name, references to the hyperparameters of an owner.
func refer(owner string, hypers []trainer.Hyper) object {
	out := object{}
	for _, h := range hypers {
		out[h.Name] = object{"$ref": "#/$defs/" + owner + "." + h.Name}
	}
	return out
}

// hyperSchema describes a constant or a definition of a hyperparameter.
func hyperSchema(h trainer.Hyper) object {
	value := valueSchema(h)
	flag := object{"type": "boolean"}
	condition := object{"type": "string"}
	options := []object{
		value,
		definitionSchema(categoricalType, object{"values": valuesSchema(value), "ordered": flag, "when": condition}, "values"),
		definitionSchema(choiceType, object{"of": object{"type": "object", "minProperties": 1}, "when": condition}, "of"),
	}
	ends := object{"low": value, "high": value, "log": flag, "step": object{"type": "number", "exclusiveMinimum": 0}, "when": condition}
	switch {
	case h.Bool:
		options = append(options, definitionSchema(boolType, object{"when": condition}))
	case h.Kind == medml.Float:
		options = append(options, definitionSchema(floatType, ends, "low", "high"))
	case h.Kind == medml.Int:
		options = append(options, definitionSchema(intType, ends, "low", "high"))
	}
	return object{"description": h.Doc, "anyOf": options}
}

// definitionSchema describes a definition of one type.
func definitionSchema(t Type, properties object, required ...string) object {
	properties["type"] = object{"const": t}
	s := closed(properties)
	s["required"] = append([]string{"type"}, required...)
	return s
}

func valuesSchema(value object) object {
	return object{"type": "array", "items": value, "minItems": 1}
}

// valueSchema describes the legal values of a hyperparameter.
func valueSchema(h trainer.Hyper) object {
	switch {
	case h.Bool:
		return object{"type": "boolean"}
	case h.Kind == medml.Categorical:
		return object{"enum": h.Choices}
	}
	s := object{"type": "number"}
	if h.Kind == medml.Int {
		s["type"] = "integer"
	}
	if !math.IsInf(h.Low, -1) {
		s["minimum"] = h.Low
	}
	if !math.IsInf(h.High, 1) {
		s["maximum"] = h.High
	}
	return s
}
