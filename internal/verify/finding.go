package verify

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/deploy"
)

// Codes of what is wrong or could not be looked at. Each kind of resource has two more, such as alarm-missing and
// alarm-differs.
const (
	CodeDenied         = "access-denied"
	CodeCredentials    = "credentials"
	CodeThrottled      = "throttled"
	CodeFault          = "aws-fault"
	CodeWrongAccount   = "wrong-account"
	CodeWrappedMissing = "wrapped-function-missing"
	CodeWrappedTimeout = "wrapped-function-timeout"
	CodeWrappedRole    = "wrapped-function-role"
	CodeInactive       = "not-active"
	CodeUnpublished    = "not-published"
	CodeHalfway        = "release-half-way"
	CodeRoleDenied     = "role-denied"
	CodeEndsLost       = "ends-lost"
	CodeReserved       = "quota-reserved-concurrency"
	CodeConcurrency    = "quota-concurrent-executions"
	CodeDescribe       = "quota-describe-execution"
	CodeRunStart       = "run-start"
	CodeRunSlow        = "run-slow"
	CodeRunResult      = "run-result"
	CodeRunForeign     = "run-foreign-execution"
	suffixMissing      = "-missing"
	suffixDiffers      = "-differs"
)

// Finding says what a code means.
type Finding struct{ Code, Says string }

// Findings are all codes with what they mean. A code never changes its meaning.
func Findings() []Finding {
	list := []Finding{
		{Code: CodeDenied, Says: "your credentials lack an action of IAM, which the remedy names"},
		{Code: CodeCredentials, Says: "there are no credentials, or they are no longer valid"},
		{Code: CodeThrottled, Says: "AWS refused the request because there were too many"},
		{Code: CodeFault, Says: "AWS did not answer, or not as it should"},
		{Code: CodeWrongAccount, Says: "the credentials are of another account than the stage"},
		{Code: CodeWrappedMissing, Says: "a wrapped function does not exist"},
		{Code: CodeWrappedTimeout, Says: "a wrapped function may run for longer than its step allows"},
		{Code: CodeWrappedRole, Says: "a wrapped function that reports has another role than the one that may"},
		{Code: CodeInactive, Says: "a resource is there but not in use: failed, being deleted, or switched off"},
		{Code: CodeUnpublished, Says: "a flow or module is saved but not published, or archived"},
		{Code: CodeHalfway, Says: "an alias divides the calls between two versions, and the project does not say so"},
		{Code: CodeRoleDenied, Says: "a role may not do what it must"},
		{Code: CodeEndsLost, Says: "a queue holds ends of executions that were not written"},
		{Code: CodeReserved, Says: "the async function's reserved concurrency is too small for the callers"},
		{Code: CodeConcurrency, Says: "the account's concurrent executions of Lambda are too few for the callers"},
		{Code: CodeDescribe, Says: "the account's rate of DescribeExecution is too low for the callers"},
		{Code: CodeRunStart, Says: "the async function did not start an execution"},
		{Code: CodeRunSlow, Says: "the start took too long, in silence"},
		{Code: CodeRunResult, Says: "the execution did not succeed, or its result was not found"},
		{Code: CodeRunForeign, Says: "the execution of another state machine was not refused"},
	}
	nouns := deploy.Nouns()
	for _, kind := range slices.SortedFunc(maps.Keys(nouns), func(a, b string) int {
		return strings.Compare(nouns[a], nouns[b])
	}) {
		noun := nouns[kind]
		a := "a "
		if strings.ContainsAny(noun[:1], "aeiou") {
			a = "an "
		}
		list = append(list, Finding{Code: codeOf(noun, suffixMissing), Says: a + noun + " does not exist"},
			Finding{Code: codeOf(noun, suffixDiffers), Says: a + noun + " is not as the project wants it"})
	}
	return list
}

func codeOf(noun, suffix string) string { return strings.ReplaceAll(noun, " ", "-") + suffix }

// apiError is how the SDK reports the error of a service.
type apiError interface {
	error
	ErrorCode() string
	ErrorMessage() string
}

// askedError says what was asked for.
type askedError interface {
	error
	Action() string
	Resource() string
}

// codeFrom is the code of the service's error, "" when it is none.
func codeFrom(err error) string {
	var api apiError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// reasonOf is an error as the service words it, without the SDK's own wrapping.
func reasonOf(err error) string {
	var api apiError
	switch {
	case errors.As(err, &api):
		return strings.TrimSuffix(api.ErrorCode()+": "+api.ErrorMessage(), ": ")
	case strings.Contains(err.Error(), "no EC2 IMDS role found"): // the last place where the SDK looks
		return "there are no AWS credentials"
	}
	return err.Error()
}

// isMissing reports whether a service says that something does not exist.
func isMissing(err error) bool {
	code := codeFrom(err)
	for _, part := range []string{"NotFound", "NoSuchEntity", "DoesNotExist", "NonExistentQueue"} {
		if strings.Contains(code, part) {
			return true
		}
	}
	return false
}

func isDenied(err error) bool {
	code := codeFrom(err)
	return strings.HasPrefix(code, "AccessDenied") || strings.HasPrefix(code, "NotAuthorized") ||
		code == "AuthorizationError" || code == "UnauthorizedOperation"
}

func isThrottled(err error) bool {
	code := codeFrom(err)
	return strings.Contains(code, "Throttl") || strings.HasPrefix(code, "TooManyRequests") ||
		code == "RequestLimitExceeded"
}

// lacksCredentials reports whether AWS does not know who is asking.
func lacksCredentials(err error) bool {
	code := codeFrom(err)
	for _, part := range []string{"ExpiredToken", "InvalidClientToken", "UnrecognizedClient", "InvalidSignature",
		"SignatureDoesNotMatch", "InvalidAccessKey"} {
		if strings.Contains(code, part) {
			return true
		}
	}
	return strings.Contains(err.Error(), "credentials")
}

const (
	logInRemedy = "Log in (aws sso login, aws configure), or set AWS_PROFILE and AWS_REGION."
	againRemedy = "Run verify again later."
)

// unknown adds what could not be looked at.
func (v *verifier) unknown(title string, err error) {
	c := Unanswered(err)
	c.Title = title
	v.add(c)
}

// Unanswered is the check for an error of AWS that says nothing about what was asked for. Deploying again would not
// help there: the remedy names the permission, or says what AWS says.
func Unanswered(err error) Check {
	c := Check{Code: CodeFault, State: Unknown, Detail: reasonOf(err), Remedy: againRemedy +
		" If it stays so, look at the AWS Health Dashboard, your network and AWS_ENDPOINT_URL."}
	var asked askedError
	switch {
	case isDenied(err) && errors.As(err, &asked):
		c.Code = CodeDenied
		c.Remedy = fmt.Sprintf("Allow %s on %s for your credentials.", asked.Action(), asked.Resource())
	case lacksCredentials(err):
		c.Code, c.Remedy = CodeCredentials, logInRemedy
	case isThrottled(err):
		c.Code, c.Remedy = CodeThrottled, againRemedy
	}
	return c
}
