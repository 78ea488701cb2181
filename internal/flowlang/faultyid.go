package flowlang

import (
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

var (
	emptyID  = regexp.MustCompile(`0{8}-0{4}-0{4}-0{4}-0{12}`)
	markedID = regexp.MustCompile(`\{\{|%[A-Za-z]|<[A-Za-z]|\[\[|__|@@|#\{|\$\(|` +
		`(?i:placeholder|replace.?me|change.?me|to.?do\b|your[ _-]|enter |insert |x{4})`)
)

// FaultyID says why a text is not an ID or ARN, "" when it is one, or when a template fills it in.
func FaultyID(text string) string {
	switch {
	case FilledIn(text):
		if isVariable(text) {
			return ""
		}
		return "is a placeholder"
	case strings.Contains(text, "{{resolve:"): // a dynamic reference of CloudFormation
		return ""
	case emptyID.MatchString(text), markedID.MatchString(text):
		return "is a placeholder"
	case IsID(text):
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
	if !arn.IsAccount(name.Account) && name.Account != "" && name.Account != "aws" {
		return "has a placeholder for the account"
	}
	if instance := name.Instance(); instance != "" && !IsID(instance) {
		return "has a placeholder for the instance"
	}
	return ""
}

// RealID reports whether a text is an ID or ARN that can be right in some deployment: a template does not have to fill
// it in, and its account is not one of AWS's examples.
func RealID(text string) bool {
	name, _ := arn.Parse(text)
	return FaultyID(text) == "" && !FilledIn(text) && !awsfacts.IsExampleAccount(name.Account)
}
