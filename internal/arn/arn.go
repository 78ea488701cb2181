// Package arn takes Amazon Resource Names apart: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. What a service
// allows in its own names is up to those who use them.
//
// It imports nothing of this module and keeps no state.
package arn

import "strings"

// ARN is a resource name in its parts. Region and Account are empty where the service has none.
type ARN struct {
	Partition, Service, Region, Account string
	Resource                            string // all that follows, with its own colons and slashes
}

// Parse takes a text apart. ok is false when it does not have the six parts of an ARN; no part is judged.
// Source: IAM User Guide, "Identify AWS resources with Amazon Resource Names".
func Parse(text string) (a ARN, ok bool) {
	p := strings.SplitN(text, ":", 6)
	if len(p) < 6 || p[0] != "arn" {
		return ARN{}, false
	}
	return ARN{Partition: p[1], Service: p[2], Region: p[3], Account: p[4], Resource: p[5]}, true
}

// String puts the parts together again.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// Path is the resource in the parts that colons separate: function, NAME, ALIAS; execution, STATE_MACHINE, NAME.
func (a ARN) Path() []string { return strings.Split(a.Resource, ":") }

// Instance is the ID of the instance of Amazon Connect that an ARN is in, "" for none.
func (a ARN) Instance() string {
	if rest, ok := strings.CutPrefix(a.Resource, "instance/"); ok && a.Service == "connect" {
		id, _, _ := strings.Cut(rest, "/")
		return id
	}
	return ""
}

// IsAccount reports whether a part of an ARN is the number of an account.
func IsAccount(part string) bool { return len(part) == 12 && strings.Trim(part, "0123456789") == "" }

// Region is the Region in a text that is an ARN, else "".
func Region(text string) string {
	a, _ := Parse(text)
	return a.Region
}

// The partitions that people have accounts in.
const (
	Commercial = "aws"
	GovCloud   = "aws-us-gov"
	China      = "aws-cn"
)

// Partition is the partition that a Region belongs to. Source: AWS General Reference, "ARN format".
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return China
	case strings.HasPrefix(region, "us-gov-"):
		return GovCloud
	}
	return Commercial
}

// DNSSuffix is what the names of AWS's endpoints in a Region end in.
func DNSSuffix(region string) string {
	if Partition(region) == China {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// FunctionName is the name of the Lambda function whose ARN a text is, with or without a version or alias.
func FunctionName(text string) (name string, ok bool) {
	a, ok := Parse(text)
	if !ok || a.Service != "lambda" {
		return "", false
	}
	path := a.Path()
	if len(path) < 2 || path[0] != "function" || path[1] == "" {
		return "", false
	}
	return path[1], true
}

// Qualifier is the version or alias in the ARN of a Lambda function, "" for none.
func Qualifier(text string) string {
	a, _ := Parse(text)
	if path := a.Path(); a.Service == "lambda" && len(path) == 3 && path[0] == "function" {
		return path[2]
	}
	return ""
}
