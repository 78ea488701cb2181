package deploy

import (
	"slices"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/project"
)

// asyncFunction is the async function's name in AWS.
const asyncFunction = base + project.AsyncSuffix

// envFIPS makes the SDK use endpoints that are validated under FIPS 140.
const envFIPS = "AWS_USE_FIPS_ENDPOINT"

// asyncFunction is the function that Connect invokes, one for all jobs.
func (s *Stack) asyncFunction() lambdaFunction {
	return lambdaFunction{
		name: project.AsyncFunction, functionName: asyncFunction, stack: s,
		description: "Starts, checks and cancels slow work for Amazon Connect",
		timeout:     async.FunctionTimeout, concurrency: "reserved_concurrency",
		role: roleGiven(asyncRole, s.settings.RoleARN), environment: s.asyncEnvironment(),
		published: s.publishes(),
	}
}

// asyncEnvironment are the variables of docs/contract.md.
func (s *Stack) asyncEnvironment() verbatim {
	env := properties(
		async.EnvDeployment, textOf(base),
		async.EnvStateMachines, s.stateMachines(project.AsyncFunction),
		async.EnvExpectedCallers, numeral{variable: "expected_callers"},
		async.EnvRetainSeconds, s.retainSeconds(),
		async.EnvInput, s.settings.Input,
		async.EnvOwnContactOnly, strconv.FormatBool(s.settings.OwnContactOnly),
	)
	if s.settings.PrefixedNames() {
		env = env.with(async.EnvParameters, plain(async.NamesPrefixed))
	}
	if name := s.settings.ExecutionName; name == async.ExecutionNameUUID {
		env = env.with(async.EnvExecutionName, plain(name))
	}
	if s.settings.FIPS {
		env = env.with(envFIPS, plain("true"))
	}
	if s.hasTable() {
		env = env.with(async.EnvResultsTable, textOf("${table.results.name}"))
	}
	return verbatim(s.withTexts(env))
}

// retainSeconds is how long a result is told after its end.
func (s *Stack) retainSeconds() string { return strconv.Itoa(int(s.project.Retain / time.Second)) }

// withTexts adds what replies say: the texts themselves, or that they are in the deployment package.
func (s *Stack) withTexts(env object) object {
	texts := s.project.Texts
	if len(texts) == 0 {
		return env
	}
	with := env.with(async.EnvTexts, plain(async.MarshalTexts(texts)))
	if atMost(with) <= awsfacts.EnvironmentBytes {
		return with
	}
	return env.with(async.EnvTextsFile, plain(async.PackagedTexts))
}

// PackagesTexts reports whether the texts of the project must be in the deployment package: Lambda's environment has no
// room for them.
func (s *Stack) PackagesTexts() bool {
	return slices.ContainsFunc(s.asyncEnvironment(), func(f field) bool {
		return f.key == async.EnvTextsFile
	})
}

// longest is the most bytes that a reference in a variable becomes: the ARN of a state machine, in the longest
// partition and Region.
const longest = len("arn:aws-us-gov:states:ap-southeast-1:111122223333:stateMachine:") + awsfacts.NameCharacters

// atMost is the most bytes that environment variables take.
func atMost(env object) int {
	size := 0
	for _, f := range env {
		size += len(f.key)
		switch v := f.value.(type) {
		case plain:
			size += len(v)
		case text:
			for _, p := range v {
				size += len(p.literal)
				if p.name != "" {
					size += longest
				}
			}
		default:
			size += longest
		}
	}
	return size
}
