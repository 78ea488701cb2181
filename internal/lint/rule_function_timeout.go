package lint

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleFunctionTimeout = Rule{
	ID: "function-timeout", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The block's time limit does not match the function's own timeout.",
	Why: "A function that is stopped before the block's limit fails although there was time left; one that may " +
		"run longer continues unseen after the caller was told that it failed.",
	Remedy: "Set the function's timeout just below the block's limit. Lambda's default is 3 s, and a cold start " +
		"counts towards the block's limit.",
	Evidence: "Admin guide, Invoke Lambda function; with 3 s for both, a call failed after 2.69 s of run time and " +
		"0.30 s of start; the original system's flow waits " + synchronousLimit +
		" for a function with the default of 3 s.",
	Check: checkFunctionTimeouts,
}

// defaultTimeout is how long a Lambda function may run unless it is configured (Lambda developer guide).
const defaultTimeout = 3 * time.Second

func checkFunctionTimeouts(p *Pass) {
	told, long := p.Flow.later, map[string]*Finding{}
	for _, a := range p.Flow.invocations() {
		n, limit := a.Param("InvocationTimeLimitSeconds"), time.Duration(limit(a))*time.Second
		if limit == 0 {
			continue
		}
		switch f, known := p.function(a.Text("LambdaFunctionARN")); {
		case known && f.Timeout > limit && long[f.Name] != nil:
			first := long[f.Name] // one timeout is the cause of all of them
			first.Message = strings.TrimSuffix(first.Message, alsoLater) + alsoLater
		case known && f.Timeout > limit:
			long[f.Name] = p.on(a, n, "the block waits %s, but the function %s may run %s",
				source.FormatDuration(limit), f.Name, source.FormatDuration(f.Timeout))
		case known && f.Timeout < limit-time.Second:
			p.on(a, n, "the block waits %s, but the function %s is stopped after %s", source.FormatDuration(limit),
				f.Name, source.FormatDuration(f.Timeout))
		case p.Project == nil && !p.Lost && limit > defaultTimeout && !told:
			told = true
			f := p.on(a, n, "the block waits %s; by default Lambda stops a function after %s",
				source.FormatDuration(limit), source.FormatDuration(defaultTimeout))
			f.Severity = weaker(f.Severity, source.Info)
		}
	}
}

// function finds a function of the project by its ARN, or by the name in another ARN.
func (p *Pass) function(arn string) (project.Function, bool) {
	if p.Project == nil || arn == "" {
		return project.Function{}, false
	}
	for _, f := range p.Project.Functions {
		if name := functionName(arn); f.Name == name || f.ARN != "" && functionName(f.ARN) == name {
			return f, true
		}
	}
	return project.Function{}, false
}
