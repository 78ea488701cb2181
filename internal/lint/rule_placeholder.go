package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePlaceholder = Rule{
	ID: "placeholder", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A name or a placeholder is written where an ID or ARN belongs.",
	Why: "Connect finds nothing under it: publishing is refused, or the action takes its error branch in every call. " +
		"Often a step of the deployment did not replace it.",
	Remedy: "Write the ID or ARN, or let the deployment fill it in: an export fills in ${async} and ${KIND:NAME}, " +
		"such as ${prompt:hold-music}.",
	Evidence: "Developer guide, Actions: IDs and ARNs; a public pipeline left its placeholder of a module in the " +
		"flow; flows published as samples.",
	Check: func(p *Pass) {
		var first *Finding
		more := 0
		for _, a := range p.Flow.Actions {
			for _, id := range a.Identities() {
				problem := p.problemOf(id)
				switch {
				case problem == "":
				case first == nil:
					first = p.on(a, id.Node, "%s is %q, which %s", id.Name, id.Node.Text, problem)
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

// problemOf says what is wrong with a value that must be an ID or ARN, "" when nothing is or other rules judge it. Only
// the export of a project fills in placeholders.
func (p *Pass) problemOf(id flowlang.Identity) string {
	placeholder, isPlaceholder := flowlang.ReadPlaceholder(id.Node.Str())
	switch {
	case p.undeployable(id) != "", p.mayBeFunction(id.Name, id.Node.Str()):
		return ""
	case !isPlaceholder:
		return notAnID(id.Node.Str())
	case !id.Takes(placeholder):
		return "is a placeholder for something else"
	case p.Project == nil:
		return "is a placeholder, and there is no project whose export fills it in"
	}
	return ""
}

// mayBeFunction reports whether a value means a function of the project, or would if the project had it: then
// unknown-function judges it.
func (p *Pass) mayBeFunction(name, text string) bool {
	if name != "LambdaFunctionARN" || p.Project == nil {
		return false
	}
	_, isKnown := p.function(text)
	_, isPlaceholder := flowlang.ReadPlaceholder(text)
	return isKnown || isPlaceholder || p.isAsync(functionName(text)) || project.ValidName(text) || notAnID(text) == ""
}

var (
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
	case flowlang.IsID(text):
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
	if m := instanceID.FindStringSubmatch(text); name.Service == "connect" && m != nil && !flowlang.IsID(m[1]) {
		return "has a placeholder for the instance"
	}
	return ""
}
