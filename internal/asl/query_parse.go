package asl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/jsonata"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of findings about expressions: the service's own (API reference of ValidateStateMachineDefinitionDiagnostic).
const (
	codeExpression  = "INVALID_JSONATA_EXPRESSION"
	codeUnsupported = "UNSUPPORTED_JSONATA_EXPRESSION"
	// Of our own findings.
	codeFunction  = "jsonata-unknown-function"
	codeReference = "jsonata-unknown-reference"
	codeResult    = "jsonata-result-kind"
	codeRegex     = "jsonata-regex-unsupported"
)

// wantedKinds are the kinds that the fields of states take, where an expression must give a certain one.
var wantedKinds = map[string]string{
	"Condition": "boolean", "Items": "array", "Timestamp": "string", "Error": "string", "Cause": "string",
	"Seconds": "number", "TimeoutSeconds": "number", "HeartbeatSeconds": "number", "MaxConcurrency": "number",
	"ToleratedFailureCount": "number", "ToleratedFailurePercentage": "number",
}

// Fields that belong to one query language.
var (
	jsonPathFields = []string{"InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result",
		"ItemsPath",
		"Variable"}
	jsonataFields = []string{"Arguments", "Output", "Items", "Condition"}
)

// foreign says what is wrong with a field that belongs to the other query language, "" when it does not.
func (o *object) foreign(key string) string {
	language, other := "JSONPath", "JSONata"
	belongs := slices.Contains(jsonataFields, key)
	if o.jsonata {
		language, other = other, language
		belongs = slices.Contains(jsonPathFields, key) || strings.HasSuffix(key, "Path") || isOperator(key)
	}
	if !belongs {
		return ""
	}
	const message = "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage"
	return fmt.Sprintf(message, language, key, other)
}

// queryFlow reads the fields that move data through a state with JSONata; keys are those of JSONPath that they stand
// for.
func (o *object) queryFlow(keys ...string) *queryFlow {
	flow := &queryFlow{}
	for _, key := range keys {
		switch key {
		case "Parameters":
			flow.arguments = o.payload("Arguments")
		case "OutputPath":
			flow.output = o.payload("Output")
		case "Assign":
			flow.assign = o.queryAssign()
		}
	}
	return flow
}

// queryAssign reads Assign of a state with JSONata.
func (o *object) queryAssign() payload {
	if !o.wantKind("Assign", source.Object) {
		return nil
	}
	for _, m := range o.node.Get("Assign").Members {
		o.variableName(m, m.Key)
	}
	return o.payload("Assign")
}

// payload reads a payload, nil when the field is absent.
func (o *object) payload(key string) payload {
	n := o.get(key)
	if n == nil {
		return nil
	}
	at := place{pos: n.Pos, location: o.location + "/" + key}
	p := o.payloadOf(n, o.prefix+key, at)
	if e, ok := p.(expressionPayload); ok {
		o.checkKind(e.expression, wantedKinds[key], at)
	}
	return p
}

func (o *object) payloadOf(n *source.Node, field string, at place) payload {
	inner := func(part *source.Node, step string) payload {
		return o.payloadOf(part, field+step, place{pos: part.Pos, location: at.location + step})
	}
	switch {
	case n.Is(source.String):
		return o.textPayload(n.Text, field, at)
	case n.Is(source.Object):
		object := make(objectPayload, len(n.Members))
		for i, m := range n.Members {
			object[i] = payloadMember{name: m.Key, payload: inner(m.Value, "/"+m.Key)}
		}
		if slices.ContainsFunc(object, func(m payloadMember) bool { return !isConstantPayload(m.payload) }) {
			return object
		}
	case n.Is(source.Array):
		list := make(arrayPayload, len(n.Items))
		for i, item := range n.Items {
			list[i] = inner(item, fmt.Sprintf("[%d]", i))
		}
		if slices.ContainsFunc(list, func(p payload) bool { return !isConstantPayload(p) }) {
			return list
		}
	}
	return constantPayload{value: nodeValue(n)}
}

func isConstantPayload(p payload) bool { _, ok := p.(constantPayload); return ok }

// textPayload reads a text, which is an expression when it is between {% and %} without blanks outside.
func (o *object) textPayload(text, field string, at place) payload {
	inside, begins := strings.CutPrefix(text, "{%")
	inside, ends := strings.CutSuffix(inside, "%}")
	if !begins && !strings.Contains(text, "{%") && ends || begins && !strings.Contains(text, "%}") {
		o.p.report(at, codeExpression, "The JSONata expression must begin with '{%' and end with '%}'",
			"Write both, without blanks outside of them.")
	}
	if !begins || !ends {
		return constantPayload{value: text}
	}
	inside = strings.TrimSpace(inside)
	expression, err := jsonata.Parse(inside, jsonata.StepFunctions)
	if err != nil {
		o.badExpression(at, err.(*jsonata.Error))
		return constantPayload{value: text}
	}
	o.checkReferences(expression, at)
	o.checkNames(expression, at)
	return expressionPayload{field: field, text: inside, expression: expression}
}

// badExpression reports an expression that cannot be parsed. A regular expression that is not supported is our own
// limit.
func (o *object) badExpression(at place, err *jsonata.Error) {
	if err.Code == jsonata.CodeRegex {
		o.p.report(at, codeRegex, err.Message(),
			"Write the regular expression without look-around and back-references.")
		return
	}
	o.p.report(at, codeExpression, err.Message(), "Correct the expression.")
}

// warn reports what Step Functions takes when a machine is created, and what fails when it runs.
func (p *parser) warn(at place, code, message, remedy string) {
	p.warned = append(p.warned, source.Finding{Code: code, Severity: source.Warning, File: p.file, Pos: at.pos,
		Message: message, Remedy: remedy})
}

// checkNames warns of functions and members of $states that do not exist, and notes variables for checkUsed.
func (o *object) checkNames(expression *jsonata.Expression, at place) {
	for _, called := range expression.UnknownFunctions() {
		remedy := "Correct the name; docs/jsonata.md lists the functions."
		if called.Name == "eval" {
			remedy = "Use $parse: Step Functions has no $eval."
		}
		o.p.warn(at, codeFunction, fmt.Sprintf("The expression calls $%s, which does not exist", called.Name), remedy)
	}
	for _, reference := range expression.StatesFields() {
		if !slices.Contains([]string{"input", "context", "result", "errorOutput"}, reference.Name) {
			o.p.warn(at, codeReference, fmt.Sprintf("$states has no member %s", reference.Name),
				"Use $states.input, $states.context, $states.result or $states.errorOutput.")
		}
	}
	for _, variable := range expression.Variables() {
		o.p.used = append(o.p.used, usedVariable{name: variable.Name, place: at})
	}
}

// usedVariable is a variable that an expression refers to.
type usedVariable struct {
	name  string
	place place
}

// checkUsed warns of variables that no state assigns.
func (p *parser) checkUsed() {
	for _, used := range p.used {
		if !p.variables[used.name] {
			p.warn(used.place, codeReference, fmt.Sprintf("No state assigns the variable $%s", used.name),
				"Assign it in an earlier state, or write $states.input for the state's input.")
		}
	}
}

// checkKind warns of an expression that gives what its field refuses, whatever the data are. want is the kind that the
// field takes, "" for any.
func (o *object) checkKind(expression *jsonata.Expression, want string, at place) {
	kind := expression.Kind()
	switch {
	case kind == "" || kind == want:
	case want != "":
		o.p.warn(at, codeResult, fmt.Sprintf("The field takes a value of type %s, but the expression gives one of "+
			"type %s", want, kind), "Write an expression that gives the type the field takes.")
	case kind == "function":
		o.p.warn(at, codeResult, "The expression gives a function, which no field takes", "Call the function.")
	}
}

// checkReferences reports what an expression cannot refer to where it is.
func (o *object) checkReferences(expression *jsonata.Expression, at place) {
	for _, reference := range expression.TopLevel() {
		message := fmt.Sprintf("Reference to '%s' at the top level is not supported.", reference.Name)
		if reference.Name == "$$" {
			message = "Reference to '$$' is not supported."
		}
		o.p.report(at, codeUnsupported, message, "Begin with $states.input or with a variable.")
	}
	for _, reference := range expression.StatesFields() {
		name := reference.Name
		if name == "result" && !o.hasResult(at) || name == "errorOutput" && !o.inCatch {
			o.p.report(at, codeUnsupported, fmt.Sprintf("Reference to '$states.%s' is not supported.", name),
				"Use $states.result in Output and Assign of Task, Parallel and Map, $states.errorOutput in Catch.")
		}
	}
}

// hasResult reports whether $states.result exists at a place: in Output and Assign of states that have a result.
func (o *object) hasResult(at place) bool {
	rest := strings.TrimPrefix(at.location, o.location+"/")
	kind := o.node.Get("Type").Str()
	return (strings.HasPrefix(rest, "Output") || strings.HasPrefix(rest, "Assign")) &&
		(kind == "Task" || kind == "Parallel" || kind == "Map")
}

// expressionIn returns the expression in a field that is one, and nil for every other field, which the caller reads.
func (o *object) expressionIn(key string) payload {
	n := o.node.Get(key)
	if !o.jsonata || !n.Is(source.String) || !strings.HasPrefix(n.Text, "{%") {
		return nil
	}
	return o.payload(key)
}

// queryCondition reads the Condition of a rule.
func (o *object) queryCondition() queryCondition {
	o.required("Condition")
	p := o.payload("Condition")
	if constant, ok := p.(constantPayload); ok && kindOf(constant.value) != "boolean" {
		o.report("Condition", codeSchema, "The field 'Condition' must be a boolean or a JSONata expression",
			"Write an expression between {% and %}.")
	}
	return queryCondition{payload: p}
}

// queryItems reads Items of a Map state: an array, or an expression that gives one.
func (o *object) queryItems() payload {
	p := o.payload("Items")
	if constant, ok := p.(constantPayload); ok && kindOf(constant.value) != "array" {
		o.report("Items", codeSchema, "The field 'Items' must be an array or a JSONata expression",
			"Write an array, or an expression between {% and %}.")
		return constantPayload{value: []any{}}
	}
	return p
}

// textIn returns the text that a payload names by itself, "" when only the data do.
func textIn(n *source.Node, key string) string {
	text := n.Get(key).Str()
	if strings.HasPrefix(text, "{%") {
		return ""
	}
	return text
}
