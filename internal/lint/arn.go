package lint

import (
	"regexp"
	"slices"
	"strings"
)

// lambdaARN is the ARN of a Lambda function, with or without a version or alias.
var lambdaARN = regexp.MustCompile(
	`^arn:[a-z0-9-]+:lambda:[a-z0-9-]+:(\d{12}):function:([A-Za-z0-9_-]+)(:[A-Za-z0-9_$-]+)?$`)

// placeholderAccounts are the account numbers that documentation uses.
var placeholderAccounts = strings.Fields(`000000000000 012345678901 012345678910 111111111111 111122223333 123456789012
	222222222222 444455556666 999999999999`)

// isAccount reports whether a part of an ARN is the number of an account.
func isAccount(part string) bool { return len(part) == 12 && strings.Trim(part, "0123456789") == "" }

// functionName returns the name of a function in an ARN, or the text itself when it is not an ARN.
func functionName(text string) string {
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
	return m[1], slices.Contains(placeholderAccounts, m[1])
}
