package deploy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// asyncFunction is the function that Connect invokes, one for all jobs.
type asyncFunction struct{ stack *Stack }

// asyncTimeout is in seconds: as long as Connect waits for an asynchronous function.
const asyncTimeout = int(awsfacts.AsynchronousLimit / time.Second)

// environment are the variables of docs/contract.md.
func (f asyncFunction) environment() verbatim {
	var jobs []string
	for _, m := range f.stack.machines {
		jobs = append(jobs, fmt.Sprintf(`%q:{"arn":"${machine.%s.arn}","timeout_seconds":%d}`, m.job.Name, m.id, int(m.job.Timeout.Seconds())))
	}
	env := properties(
		"STATE_MACHINES", textOf("{"+strings.Join(jobs, ",")+"}"),
		"EXPECTED_CALLERS", numeral{variable: "expected_callers"},
		"INPUT", f.stack.settings.Input,
		"OWN_CONTACT_ONLY", strconv.FormatBool(f.stack.settings.OwnContactOnly),
	)
	if f.stack.hasTable() {
		env = env.with("RESULTS_TABLE", textOf("${table.results.name}"))
	}
	return verbatim(env)
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
	if f.stack.settings.Encryption {
		p = p.with("kms_key_arn", textOf("${var.kms_key_arn}"))
	}
	return resource{key: "function.async", kind: "aws_lambda_function", properties: p, after: f.after()}
}
