package asl

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/source"
)

// path returns the path in a field, nil when it is absent or wrong.
func (o *object) path(key string) *jsonpath.Path {
	if !o.wantKind(key, source.String) {
		return nil
	}
	path, err := jsonpath.Parse(o.node.Get(key).Text)
	if err != nil {
		o.report(key, codeSchema, fmt.Sprintf("The value for the field '%s' must be a valid JSONPath (%v)", key, err),
			"Correct the path.")
		return nil
	}
	return path
}

func (o *object) requiredPath(key string) *jsonpath.Path {
	o.required(key)
	return o.path(key)
}

// pathField returns InputPath, OutputPath or ResultPath, which may be null.
func (o *object) pathField(key string) pathField {
	if o.get(key).Is(source.Null) {
		return pathField{none: true}
	}
	return pathField{path: o.path(key)}
}

// resultPath returns ResultPath, which must be a reference path into the input.
func (o *object) resultPath() pathField {
	field := o.pathField("ResultPath")
	if field.path != nil && (!field.path.IsReference() || field.path.Root() != jsonpath.Input) {
		o.report("ResultPath", codeSchema, "The value for the field 'ResultPath' must be a valid Reference Path",
			"Use names and indexes only, beginning with $.")
	}
	return field
}

// template returns the payload template in a field, nil when it is absent or wrong.
func (o *object) template(key string) *jsonpath.Template {
	n := o.get(key)
	if n == nil {
		return nil
	}
	template, faults := jsonpath.ParseTemplate(nodeValue(n))
	for _, fault := range faults {
		at := o.place(key)
		at.pos = inside(n, fault.Keys).Pos
		o.p.report(at, codeSchema,
			fmt.Sprintf("The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call (%v)",
				fault.Field(), fault.Err), "Correct the expression.")
	}
	return template
}

// inside returns the node that keys lead to.
func inside(n *source.Node, keys []any) *source.Node {
	for _, key := range keys {
		switch k := key.(type) {
		case string:
			n = n.Get(k)
		case int:
			n = n.Items[k]
		}
	}
	return n
}

// assignment returns the template in Assign.
func (o *object) assignment() *jsonpath.Template {
	if !o.wantKind("Assign", source.Object) {
		return nil
	}
	for _, m := range o.node.Get("Assign").Members {
		o.variableName(m, strings.TrimSuffix(m.Key, ".$"))
	}
	return o.template("Assign")
}

// variableName checks the name of a variable that Assign gives a value, and notes it for checkVariables.
func (o *object) variableName(m source.Member, name string) {
	if !isVariableName(name) {
		o.report("Assign", codeSchema, fmt.Sprintf("'%s' is not a valid variable name", name),
			"Use letters, digits and _, at most 80.")
	}
	o.p.variables[name] = true
	if !o.inCatch { // a catcher may use the name that a branch has (recorded)
		at := place{pos: m.Pos, location: o.place("Assign").location}
		o.p.assigned = append(o.p.assigned, assignment{scope: o.p.current, name: name, place: at})
	}
}

// isVariableName reports whether a path that begins with $name would mean the variable, and nothing else.
func isVariableName(name string) bool {
	path, err := jsonpath.Parse("$" + name)
	return err == nil && path.VariableName() == name && name != "states" && len([]rune(name)) <= maxNameCharacters
}

func (o *object) stringField(plain, withPath string) stringField {
	if field := (stringField{query: o.expressionIn(plain)}); field.query != nil {
		return field
	}
	if o.jsonata {
		return stringField{text: o.text(plain)}
	}
	o.atMostOne(plain, withPath)
	field := stringField{name: withPath, text: o.text(plain)}
	if o.wantKind(withPath, source.String) {
		expression, err := jsonpath.ParseExpression(o.node.Get(withPath).Text)
		if err != nil {
			o.report(withPath, codeSchema,
				fmt.Sprintf("The value for the field '%s' must be a valid JSONPath or a valid intrinsic function "+
					"call (%v)", withPath, err),
				"Correct the expression.")
		}
		field.expression = expression
	}
	return field
}

// flow reads the fields that move data through a state. Those that are not named stay unknown.
func (o *object) flow(d *dataFlow, keys ...string) {
	if o.jsonata {
		d.query = o.queryFlow(keys...)
		return
	}
	for _, key := range keys {
		switch key {
		case "InputPath":
			d.inputPath = o.pathField(key)
		case "OutputPath":
			d.outputPath = o.pathField(key)
		case "ResultPath":
			d.resultPath = o.resultPath()
		case "Parameters":
			d.parameters = o.template(key)
		case "ResultSelector":
			d.resultSelector = o.template(key)
		case "Assign":
			d.assign = o.assignment()
		}
	}
}

// target returns the name of the state in a field and notes it for checkTargets, "" when the field is absent.
func (o *object) target(key string) string {
	name := o.text(key)
	if o.node.Get(key) != nil {
		o.p.targets = append(o.p.targets, target{from: o.state, key: key, name: name, place: o.place(key)})
	}
	return name
}

func (o *object) requiredTarget(key string) string {
	o.required(key)
	return o.target(key)
}

// transition returns Next, "" for End.
func (o *object) transition() string {
	next, end := o.target("Next"), o.get("End").Value() == true
	o.wantKind("End", source.Bool)
	if end == (next != "") {
		o.report("", codeSchema, "A state must have either Next or \"End\": true", "Write one of the two.")
	}
	return next
}

// leadAnywhere notes the targets of a state that was refused, so that the states after it are not called unreachable.
func (o *object) leadAnywhere() {
	o.target("Next")
	o.target("Default")
	for _, key := range []string{"Choices", "Catch"} {
		if !o.node.Get(key).Is(source.Array) {
			continue
		}
		for _, inner := range o.objects(key, false) {
			inner.target("Next")
		}
	}
}
