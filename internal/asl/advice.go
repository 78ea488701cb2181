package asl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the warnings that ValidateStateMachineDefinition gives. A machine with them can be created (API reference of
// ValidateStateMachineDefinitionDiagnostic).
const (
	codeNoDollar   = "NO_DOLLAR"
	codeNoPath     = "NO_PATH"
	codeStaticPass = "PASS_RESULT_IS_STATIC"
)

// expressionLike is a text that somebody meant as a path or a call of an intrinsic function.
var expressionLike = regexp.MustCompile(`^(\$|\$\$?[.\[].*|States\.[A-Z][A-Za-z0-9]*\(.*\))$`)

// advise reports what the service warns of.
func (o *object) advise(at place, code, message, remedy string) {
	o.p.found = append(o.p.found, Diagnostic{Location: at.location, Finding: source.Finding{
		Code: code, Severity: source.Warning, File: o.p.file, Pos: at.pos, Message: message, Remedy: remedy,
	}})
}

// adviseTemplate warns of members of a payload template that look like expressions and are taken as they are.
func (o *object) adviseTemplate(n *source.Node, location string) {
	for _, m := range n.Entries() {
		at := place{pos: m.Pos, location: location + "/" + m.Key}
		if !strings.HasSuffix(m.Key, ".$") && expressionLike.MatchString(m.Value.Str()) {
			o.advise(at, codeNoDollar, fmt.Sprintf("The value of the field '%s' looks like a path or a function, "+
				"but its name does not end with '.$'", m.Key), "Name the field '"+m.Key+".$' if it is an expression.")
		}
		o.adviseTemplate(m.Value, at.location)
	}
	for i, item := range n.Elements() {
		o.adviseTemplate(item, fmt.Sprintf("%s[%d]", location, i))
	}
}

// adviseText warns of a text in a field that takes no path and looks like one.
func (o *object) adviseText(key string) {
	if n := o.node.Get(key); n.Is(source.String) && !o.jsonata && expressionLike.MatchString(n.Text) {
		o.advise(o.place(key), codeNoPath, fmt.Sprintf("The value of the field '%s' looks like a path, but its name "+
			"does not end with 'Path'", key), "Name the field '"+key+"Path' if the value is a path.")
	}
}

// adviseResult warns of a Result of a Pass state in which somebody meant expressions.
func (o *object) adviseResult(n *source.Node) {
	if expressionLike.MatchString(n.Str()) || hasExpressionKey(n) {
		o.advise(o.place("Result"), codeStaticPass, "The field 'Result' holds a path, which is not evaluated",
			"Use Parameters for values that are expressions.")
	}
}

// hasExpressionKey reports whether the name of a member, at any depth, ends with ".$".
func hasExpressionKey(n *source.Node) bool {
	return slices.ContainsFunc(n.Entries(), func(m source.Member) bool {
		return strings.HasSuffix(m.Key, ".$") || hasExpressionKey(m.Value)
	}) || slices.ContainsFunc(n.Elements(), hasExpressionKey)
}
