package lint

import (
	"cmp"
	"regexp"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// lambdaARN is the ARN of a Lambda function, with or without a version or alias.
var lambdaARN = regexp.MustCompile(
	`^arn:[a-z0-9-]+:lambda:[a-z0-9-]+:(\d{12}):function:([A-Za-z0-9_-]+)(:[A-Za-z0-9_$-]+)?$`)

// functionName returns the name of a function in an ARN or a placeholder, or the text itself when it is neither. The
// async function's placeholder has the name by which a project means it.
func functionName(text string) string {
	if p, ok := flowlang.ReadPlaceholder(text); ok {
		return cmp.Or(p.Name, p.Kind)
	}
	if m := lambdaARN.FindStringSubmatch(text); m != nil {
		return m[2]
	}
	return text
}

func placeholderAccount(arn string) (account string, ok bool) {
	m := lambdaARN.FindStringSubmatch(arn)
	if m == nil {
		return "", false
	}
	return m[1], awsfacts.IsExampleAccount(m[1])
}
