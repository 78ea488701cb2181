package deploy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// asyncFunction is the function that Connect invokes, one for all jobs.
type asyncFunction struct{ stack *Stack }

const asyncTimeout = int(async.FunctionTimeout / time.Second)

// environment are the variables of docs/contract.md.
func (f asyncFunction) environment() verbatim {
	var jobs []string
	for _, m := range f.stack.machines {
		jobs = append(jobs, fmt.Sprintf(`%q:{%q:"${machine.%s.arn}",%q:%d}`,
			m.job.Name, async.MachineARN, m.id, async.MachineTimeout, int(m.job.Timeout.Seconds())))
	}
	env := properties(
		async.EnvDeployment, textOf("${var.name}"),
		async.EnvStateMachines, textOf("{"+strings.Join(jobs, ",")+"}"),
		async.EnvExpectedCallers, numeral{variable: "expected_callers"},
		async.EnvInput, f.stack.settings.Input,
		async.EnvOwnContactOnly, strconv.FormatBool(f.stack.settings.OwnContactOnly),
	)
	if name := f.stack.settings.ExecutionName; name == async.ExecutionNameUUID {
		env = env.with(async.EnvExecutionName, plain(name))
	}
	if f.stack.settings.FIPS {
		env = env.with("AWS_USE_FIPS_ENDPOINT", plain("true"))
	}
	if f.stack.hasTable() {
		env = env.with(async.EnvResultsTable, textOf("${table.results.name}"))
	}
	return verbatim(f.withTexts(env))
}

// withTexts adds what replies say: the texts themselves, or that they are in the deployment package.
func (f asyncFunction) withTexts(env object) object {
	texts := f.stack.project.Texts
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
	return slices.ContainsFunc(asyncFunction{stack: s}.environment(), func(f field) bool {
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

func (f asyncFunction) roleARN() text {
	if arn := f.stack.settings.RoleARN; arn != "" {
		return textOf(arn)
	}
	return textOf("${role.async.arn}")
}

func (f asyncFunction) after() []string {
	keys := []string{"log.async"}
	if f.stack.settings.RoleARN == "" {
		keys = append(keys, "policy.async")
	}
	return keys
}

const asyncDescription = "Starts, checks and cancels slow work for Amazon Connect"

func (f asyncFunction) cloudFormation() resource {
	p := properties(
		"FunctionName", textOf("${var.name}-async"),
		"Description", asyncDescription,
		"Runtime", "provided.al2023",
		"Handler", "bootstrap",
		"Architectures", list{plain(f.stack.settings.Architecture)},
		"MemorySize", textOf("${var.memory_mb}"),
		"Timeout", asyncTimeout,
		"Role", f.roleARN(),
		"ReservedConcurrentExecutions", fromVariable("reserved_concurrency"),
		"Code", packageFile{},
		"Environment", properties("Variables", f.environment()),
	)
	if f.stack.settings.Tracing {
		p = p.with("TracingConfig", properties("Mode", "Active"))
	}
	if f.stack.settings.Encryption {
		p = p.with("KmsKeyArn", textOf("${var.kms_key_arn}"))
	}
	return resource{key: "function.async", kind: "AWS::Lambda::Function", properties: p, after: f.after()}
}

func (f asyncFunction) terraform() resource {
	p := properties(
		"function_name", textOf("${var.name}-async"),
		"description", asyncDescription,
		"runtime", "provided.al2023",
		"handler", "bootstrap",
		"architectures", list{plain(f.stack.settings.Architecture)},
		"memory_size", textOf("${var.memory_mb}"),
		"timeout", asyncTimeout,
		"role", f.roleARN(),
		"reserved_concurrent_executions", fromVariable("reserved_concurrency"),
		"filename", packageFile{},
		"source_code_hash", packageHash{},
		"environment", block(properties("variables", f.environment())),
	)
	if f.stack.settings.Tracing {
		p = p.with("tracing_config", block(properties("mode", "Active")))
	}
	if f.stack.settings.Encryption {
		p = p.with("kms_key_arn", textOf("${var.kms_key_arn}"))
	}
	return resource{key: "function.async", kind: "aws_lambda_function", properties: p, after: f.after()}
}
