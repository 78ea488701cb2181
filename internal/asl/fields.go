package asl

import (
	"fmt"
	"regexp"
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
		o.report(key, codeSchema, "Value must be a valid JSONPath.", "Correct the path: "+err.Error()+".")
		return nil
	}
	return path
}

// referencePath returns the path in a field that must name one place, which only some fields may seek in the context
// object (AWS developer guide, context object; floci-io/floci#3733).
func (o *object) referencePath(key string, inContext bool) *jsonpath.Path {
	path := o.path(key)
	if path != nil && (!path.IsReference() || path.Root() == jsonpath.Context && !inContext) {
		o.notReference(key, "")
		return nil
	}
	return path
}

// choicePath is referencePath for a rule of a Choice state, of which the service says more.
func (o *object) choicePath(key string) *jsonpath.Path {
	if !o.wantKind(key, source.String) {
		return nil
	}
	text := o.node.Get(key).Text
	path, err := jsonpath.Parse(text)
	switch {
	case !strings.HasPrefix(text, "$"):
		o.notReference(key, ": Reference path didn't start with '$'")
	case err != nil && badBracket.MatchString(text):
		o.notReference(key, ": '[' must be followed by ' or '['")
	case err != nil, !path.IsReference():
		o.notReference(key, "")
	default:
		return path
	}
	return nil
}

// badBracket is an opening bracket that neither a name nor an index follows.
var badBracket = regexp.MustCompile(`\[[^'"0-9-]`)

func (o *object) notReference(key, detail string) {
	remedy := "Use names and indexes only, beginning with $ or a variable."
	if key == "ResultPath" {
		remedy = "Use names and indexes only, beginning with $."
	}
	o.report(key, codeSchema, "Value is not a Reference Path"+detail, remedy)
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
	const key = "ResultPath"
	if o.get(key).Is(source.Null) {
		return pathField{none: true}
	}
	path := o.referencePath(key, false)
	if path != nil && path.Root() != jsonpath.Input {
		o.notReference(key, "")
	}
	return pathField{path: path}
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
		o.p.report(at, codeSchema, notExpression(fault.Field()), "Correct the expression: "+fault.Err.Error()+".")
	}
	o.adviseTemplate(n, o.location+"/"+key)
	return template
}

func notExpression(field string) string {
	const message = "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call"
	return fmt.Sprintf(message, field)
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
	switch {
	case name == "states":
		o.report("Assign", codeReserved, "Cannot assign to reserved variable '$states'.", "Use another name.")
	case !isVariableName(name):
		o.report("Assign", codeVariable, fmt.Sprintf("Invalid variable name '%s': the variable name contains "+
			"invalid characters.", name), "Use letters, digits and _, at most 80.")
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
	return err == nil && path.VariableName() == name && len([]rune(name)) <= maxNameCharacters
}

func (o *object) stringField(plain, withPath string) stringField {
	if field := (stringField{query: o.expressionIn(plain)}); field.query != nil {
		return field
	}
	if o.jsonata {
		return stringField{text: o.text(plain)}
	}
	o.atMostOne(plain, withPath)
	o.adviseText(plain)
	field := stringField{name: withPath, text: o.text(plain)}
	if o.wantKind(withPath, source.String) {
		expression, err := jsonpath.ParseExpression(o.node.Get(withPath).Text)
		if err != nil {
			o.report(withPath, codeSchema, notExpression(withPath), "Correct the expression: "+err.Error()+".")
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
		o.p.targets = append(o.p.targets, target{from: o.state, name: name, place: o.place(key)})
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
		message := "There should only be one of the following fields: [Next, End]"
		if !end {
			message = "This object should have only one of the following fields: [Next, End]"
		}
		o.report("", codeSchema, message, "Write either Next or \"End\": true.")
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
