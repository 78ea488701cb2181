package asl

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

func isBool(v any) bool   { _, ok := v.(bool); return ok }
func isString(v any) bool { _, ok := v.(string); return ok }
func isNumber(v any) bool { _, ok := v.(json.Number); return ok }

// condition parses And, Or, Not or a comparison out of a rule.
func (o *object) condition(depth int) condition {
	if depth > maxDepth {
		o.report("", codeSchema, "The rules are nested more than 50 deep", "Nest fewer And, Or and Not.")
		return anyOf{}
	}
	switch {
	case o.get("And") != nil:
		return allOf(o.conditions("And", depth))
	case o.get("Or") != nil:
		return anyOf(o.conditions("Or", depth))
	case o.get("Not") != nil:
		inner := o.object("Not")
		negated := inner.condition(depth + 1)
		inner.done("Comment")
		return not{condition: negated}
	}
	return o.comparison()
}

func (o *object) conditions(key string, depth int) []condition {
	var list []condition
	for _, inner := range o.objects(key, true) {
		list = append(list, inner.condition(depth+1))
		inner.done("Comment")
	}
	return list
}

func (o *object) comparison() condition {
	if o.get("Variable") == nil {
		o.report("", codeSchema, "The object must have only one of the following fields, "+
			"[And, Or, Not, Variable, Condition]", "Add one of them.")
		return anyOf{}
	}
	variable := o.choicePath("Variable")
	name := o.operator()
	if name == "" || variable == nil {
		return anyOf{}
	}
	want, _ := o.get(name).Value().(bool)
	if name == "IsPresent" {
		o.wantKind(name, source.Bool)
		return presence{variable: variable, want: want}
	}
	if is, ok := typeTests[name]; ok {
		o.wantKind(name, source.Bool)
		return typeTest{variable: variable, is: is, want: want}
	}
	if operator, ok := comparisons[name]; ok {
		with := o.get(name).Value()
		if !operator.is(with) {
			o.report(name, codeSchema, "The value does not fit the operator '"+name+"'",
				"Write a value of the kind that the operator compares.")
		}
		o.adviseText(name)
		return comparison{variable: variable, compare: operator.compare, with: with}
	}
	return comparison{variable: variable, compare: comparisons[strings.TrimSuffix(name, "Path")].compare,
		withPath: o.choicePath(name)}
}

// operator returns the name of the rule's comparison operator.
func (o *object) operator() string {
	var names []string
	for _, m := range o.node.Members {
		if isOperator(m.Key) {
			names = append(names, m.Key)
		}
	}
	o.asked = append(o.asked, names...)
	slices.Sort(names)
	switch names = slices.Compact(names); len(names) {
	case 1:
		return names[0]
	case 0:
		o.report("", codeSchema, "A rule must have a comparison operator", "Write one operator, such as StringEquals.")
	default:
		o.atMostOne(names...)
	}
	return ""
}

func isOperator(key string) bool {
	plain, isPath := strings.CutSuffix(key, "Path")
	_, compares := comparisons[plain]
	_, tests := typeTests[key]
	return key == "IsPresent" || tests || compares && !(isPath && key == "StringMatchesPath")
}
