package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePlaceholder = Rule{
	ID: "placeholder", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A name or a placeholder is written where an ID or ARN belongs.",
	Why: "Connect finds nothing under it: publishing is refused, or the action takes its error branch in every call. " +
		"Often a step of the deployment did not replace it.",
	Remedy: "Write the ID or ARN, or let the deployment fill it in.",
	Evidence: "Developer guide, Actions: IDs and ARNs; a public pipeline left its placeholder of a module in the " +
		"flow; flows published as samples.",
	Check: func(p *Pass) {
		var first *Finding
		more := 0
		for _, a := range p.Flow.Actions {
			for _, id := range identities(a) {
				problem := notAnID(id.node.Str())
				isFunction := id.name == "LambdaFunctionARN" && p.Project != nil // which another rule judges
				switch {
				case problem == "" || isFunction:
				case first == nil:
					first = p.on(a, id.node, "%s is %q, which %s", id.name, id.node.Text, problem)
				default:
					more++
				}
			}
		}
		if more > 0 {
			first.Message += fmt.Sprintf("; %d more such values follow in this flow", more)
		}
	},
}

// identity is a value that must be an ID or ARN.
type identity struct {
	name string
	node *source.Node
}

// identities returns the values of an action that must be an ID or ARN and are not references.
func identities(a *flowlang.Action) []identity {
	var list []identity
	add := func(name string, n *source.Node) {
		if n.Str() != "" && len(flowlang.References(n.Text)) == 0 {
			list = append(list, identity{name: name, node: n})
		}
	}
	if a.Kind != nil {
		for _, parameter := range a.Kind.Parameters {
			if parameter.Identity || parameter.Name == "PromptId" {
				add(parameter.Name, a.Param(parameter.Name))
			}
		}
	}
	for _, hook := range a.Param("EventHooks").Entries() {
		add(hook.Key, hook.Value)
	}
	for _, message := range a.Param("Messages").Elements() {
		add("PromptId", message.Get("PromptId"))
	}
	return list
}

var (
	plainID  = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(:[$A-Za-z0-9_-]+)?$`)
	emptyID  = regexp.MustCompile(`0{8}-0{4}-0{4}-0{4}-0{12}`)
	markedID = regexp.MustCompile(`\{\{|%[A-Za-z]|<[A-Za-z]|\[\[|__|@@|#\{|\$\(|` +
		`(?i:placeholder|replace.?me|change.?me|to.?do\b|your[ _-]|enter |insert |x{4})`)
	instanceID = regexp.MustCompile(`:instance/([^/]+)`)
)

// notAnID says why a text is no ID and no ARN, "" when it is one, or when a template fills it in.
func notAnID(text string) string {
	switch {
	case flowlang.FilledIn(text):
		if isVariable(text) {
			return ""
		}
		return "is a placeholder"
	case strings.Contains(text, "{{resolve:"): // a dynamic reference of CloudFormation
		return ""
	case emptyID.MatchString(text), markedID.MatchString(text):
		return "is a placeholder"
	case plainID.MatchString(text):
		return ""
	case strings.HasPrefix(text, "arn:"):
		return faultyARN(text)
	}
	return "is a name, not an ID or ARN"
}

// variables are the sources of variables of the Serverless Framework, whose syntax is ${source:name}.
var variables = strings.Fields("self env opt param ssm cf file s3 aws sls")

// isVariable reports whether every ${…} in a text is one that a template can fill in. CloudFormation writes ${Name},
// ${Name.Attribute} and ${AWS::Region}, Terraform ${an.expression}.
func isVariable(text string) bool {
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "${")
		if !found {
			return true
		}
		inside, left, closed := strings.Cut(after, "}")
		kind, _, colon := strings.Cut(strings.ReplaceAll(inside, "::", ""), ":")
		isPlain := colon && !strings.ContainsAny(kind, `?"({`) && !isSource(kind)
		if !closed || strings.TrimSpace(inside) == "" || isPlain {
			return false
		}
		rest = left
	}
}

func isSource(kind string) bool {
	for _, v := range variables {
		if kind == v || strings.HasPrefix(kind, v+"(") {
			return true
		}
	}
	return false
}

// faultyARN says what is wrong with the account or the instance in an ARN.
func faultyARN(text string) string {
	name, ok := arn.Parse(text)
	if !ok {
		return "is not a whole ARN"
	}
	if !isAccount(name.Account) && name.Account != "" && name.Account != "aws" {
		return "has a placeholder for the account"
	}
	if m := instanceID.FindStringSubmatch(text); name.Service == "connect" && m != nil && !plainID.MatchString(m[1]) {
		return "has a placeholder for the instance"
	}
	return ""
}
