package asl

import (
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
)

// ActivityService is the service of a resource that is an activity: workers ask for its tasks.
const ActivityService = "activity"

// resource is a Task state's Resource, taken apart.
type resource struct {
	text    string
	service string // lambda, dynamodb, states, aws-sdk:s3, activity, …
	action  string // invoke, getItem, startExecution, …; of an activity its name
	pattern string // "" for request-response, or one of the patterns
	direct  bool   // a Lambda function or activity by its ARN
}

// parseResource takes apart the ARN of a function, an activity or a service integration:
// arn:aws:lambda:REGION:ACCOUNT:function:NAME, arn:aws:states:::SERVICE:ACTION.PATTERN. Of an integration Region and
// account may be filled in, as in samples that AWS has published.
func parseResource(text string) (resource, bool) {
	a, ok := arn.Parse(text)
	if !ok || !strings.HasPrefix(a.Partition, "aws") {
		return resource{}, false
	}
	r, rest := resource{text: text}, a.Resource
	switch {
	case a.Service == "lambda" && strings.HasPrefix(rest, "function:"):
		r.service, r.action, r.direct = "lambda", "invoke", true
	case a.Service == "states" && strings.HasPrefix(rest, "activity:"):
		r.service, r.action, r.direct = ActivityService, strings.TrimPrefix(rest, "activity:"), true
	case a.Service == "states":
		return r, r.integration(rest)
	default:
		return resource{}, false
	}
	return r, r.action != "" && len(rest) > len("function:")
}

// integration reads SERVICE:ACTION or aws-sdk:SERVICE:ACTION, with .sync, .sync:2 or .waitForTaskToken at the end.
func (r *resource) integration(rest string) bool {
	rest, r.pattern = arn.CutPattern(rest)
	colon := strings.LastIndexByte(rest, ':')
	if colon < 1 || colon == len(rest)-1 {
		return false
	}
	r.service, r.action = rest[:colon], rest[colon+1:]
	return true
}

// name is the resource as history events name it: action and pattern.
func (r resource) name() string {
	if r.pattern == "" {
		return r.action
	}
	return r.action + "." + r.pattern
}

func (r resource) waitsForToken() bool { return r.pattern == patternToken }

func (r resource) waitsForChild() bool { return strings.HasPrefix(r.pattern, "sync") }
