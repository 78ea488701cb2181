package deploy

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// cdkThing is what the CDK has for a thing that a variable names by its ARN.
type cdkThing struct{ kind, attribute string }

// cdkThings are those of variables that no flow names. There is none for what Amazon Connect has.
var cdkThings = map[string]cdkThing{
	"kms_key_arn":              {"kms.IKey", "keyArn"},
	"alarm_topic_arn":          {"sns.ITopic", "topicArn"},
	"permissions_boundary_arn": {"iam.IManagedPolicy", "managedPolicyArn"},
	asyncRole:                  {"iam.IRole", "roleArn"},
	endsRole:                   {"iam.IRole", "roleArn"},
	machineRole:                {"iam.IRole", "roleArn"},
}

// cdkThing is what the CDK has for the variable, if anything.
func (v variable) cdkThing() (cdkThing, bool) {
	switch {
	case v.thing.Kind == flowlang.FunctionKind:
		return cdkThing{"lambda.IFunction", "functionArn"}, true
	case v.accepts.pattern == machineRule.pattern:
		return cdkThing{"stepfunctions.IStateMachine", "stateMachineArn"}, true
	}
	thing, ok := cdkThings[v.name]
	return thing, ok
}

// cdkProp is the property of the construct for the variable: what the CDK has a construct for is not called an ARN.
func (v variable) cdkProp() string {
	if _, ok := v.cdkThing(); ok {
		return camel(strings.TrimSuffix(v.name, "_arn"))
	}
	return camel(v.name)
}

// cdkType is the type of that property.
func (v variable) cdkType() string {
	thing, ok := v.cdkThing()
	switch {
	case ok:
		return thing.kind + " | string"
	case v.number:
		return "number"
	}
	return "string"
}

// cdkConstant makes a constant of a property: of something that may be a construct, its ARN.
func cdkConstant(v variable) string {
	value := "props." + v.cdkProp()
	if !v.required {
		value += " ?? " + v.literal()
	}
	if thing, ok := v.cdkThing(); ok {
		value = fmt.Sprintf("arnOf(%s, (given) => given.%s)", value, thing.attribute)
	}
	return fmt.Sprintf("    const %s = %s;\n", camel(v.name), value)
}

// cdkProps are the properties of the construct.
func cdkProps(s *Stack) string {
	var b strings.Builder
	b.WriteString("\n/** What differs between environments. What is known by its ARN alone may be given so. */\n" +
		"export interface ConnectAsyncProps {\n")
	for _, v := range append([]variable{programPackage}, s.variables()...) {
		description, mark := v.description+".", ""
		if _, ok := v.cdkThing(); ok {
			description = strings.TrimPrefix(description, "ARN of ")
			description = strings.ToUpper(description[:1]) + description[1:]
		}
		if !v.required {
			mark = "?"
			description += " Default: " + v.literal() + "."
		}
		fmt.Fprintf(&b, "  /** %s */\n  readonly %s%s: %s;\n", description, v.cdkProp(), mark, v.cdkType())
	}
	return b.String() + "}\n"
}
