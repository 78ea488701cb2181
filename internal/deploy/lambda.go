package deploy

import (
	"fmt"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

// lambdaFunction is a Lambda function made of the async function's package. What it is for, its environment says.
type lambdaFunction struct {
	name         string // in this model
	functionName string // in AWS
	description  string
	timeout      time.Duration
	concurrency  string // the variable of its reserved concurrency
	role         string // the variable of a role that was given, "" for the one that is created
	published    bool   // its versions are
	environment  verbatim
	stack        *Stack
}

// stateMachines are the jobs and their state machines, as the environment of a function has them. Where results are
// delivered to, the function for ends alone knows.
func (s *Stack) stateMachines(function string) text {
	var jobs []async.Job
	for _, m := range s.machines {
		j := m.asyncJob()
		if function == endsName && j.Leave == async.LeaveDeliver {
			j.DeliverTo = "${var." + deliverVariable(m.job.Name) + "}"
		}
		if function == endsName {
			j.Steps, j.StepsVary = nil, false // which it has no use for
		}
		jobs = append(jobs, j)
	}
	for i, v := range s.readOnlyVariables() {
		jobs = append(jobs, async.Job{Name: fmt.Sprintf("read-only-%d", i+1), StateMachineARN: "${var." + v.name + "}",
			ReadOnly: true})
	}
	return textOf(async.MarshalJobs(jobs))
}

// asyncJob is the job as the async function knows it. What is left out is the default: the environment of a Lambda
// function is small.
func (m stateMachine) asyncJob() async.Job {
	j := async.Job{Name: m.job.Name, StateMachineARN: "${machine." + m.id + ".arn}", Timeout: m.job.Timeout}
	j.Was = m.job.Was
	if m.job.Reuse == async.ReuseRunning {
		j.Reuse = m.job.Reuse
	}
	if m.job.ReuseFor > async.DefaultReuse {
		j.ReuseFor = m.job.ReuseFor
	}
	if m.job.MindsLeavers() {
		j.Leave = m.job.Leave
	}
	j.Progress, j.Steps, j.StepsVary = m.job.Progress, m.steps, m.stepsVary
	j.Reports = m.stack.project.ReportingSteps(m.job)
	return j
}

func (f lambdaFunction) roleARN() text {
	if f.role != "" {
		return textOf("${var." + f.role + "}")
	}
	return textOf("${role." + f.name + ".arn}")
}

func (f lambdaFunction) after() []string {
	keys := []string{"log." + f.name}
	if f.role == "" {
		keys = append(keys, "policy."+f.name)
	}
	return keys
}

func (f lambdaFunction) cloudFormation() resource {
	var described value = plain(f.description)
	if f.published {
		described = f.release()
	}
	p := slices.Insert(f.configuration(), 1, field{key: "Description", value: described})
	return resource{key: "function." + f.name, kind: "AWS::Lambda::Function", properties: p, after: f.after()}
}

// configuration are the properties for CloudFormation without the description.
func (f lambdaFunction) configuration() object {
	p := properties(
		"FunctionName", textOf(f.functionName),
		"Runtime", "provided.al2023",
		"Handler", "bootstrap",
		"Architectures", list{plain(f.stack.settings.Architecture)},
		"MemorySize", textOf("${var.memory_mb}"),
		"Timeout", int(f.timeout/time.Second),
		"Role", f.roleARN(),
		"ReservedConcurrentExecutions", fromNumber(f.concurrency),
		"Code", packageFile{},
		"Environment", properties("Variables", f.environment),
	)
	if f.stack.settings.Tracing {
		p = p.with("TracingConfig", properties("Mode", "Active"))
	}
	if f.stack.settings.Encryption {
		p = p.with("KmsKeyArn", textOf("${var.kms_key_arn}"))
	}
	return p
}

func (f lambdaFunction) terraform() resource {
	p := properties(
		"function_name", textOf(f.functionName),
		"description", f.description,
		"runtime", "provided.al2023",
		"handler", "bootstrap",
		"architectures", list{plain(f.stack.settings.Architecture)},
		"memory_size", textOf("${var.memory_mb}"),
		"timeout", int(f.timeout/time.Second),
		"role", f.roleARN(),
		"reserved_concurrent_executions", fromNumber(f.concurrency),
		"filename", packageFile{},
		"source_code_hash", packageHash{},
		"environment", block(properties("variables", f.environment)),
	)
	if f.published {
		p = p.with("publish", truth(true))
	}
	if f.stack.settings.Tracing {
		p = p.with("tracing_config", block(properties("mode", "Active")))
	}
	if f.stack.settings.Encryption {
		p = p.with("kms_key_arn", textOf("${var.kms_key_arn}"))
	}
	return resource{key: "function." + f.name, kind: "aws_lambda_function", properties: p, after: f.after()}
}

// permission lets a service of AWS invoke a function for one source, and for nothing else.
type permission struct {
	name     string
	function string // in this model
	alias    bool   // of the function, instead of the function itself
	service  string
	source   text // the ARN of what the service invokes it for
	account  text // of the source, nil when only its ARN is asked for
}

func (p permission) cloudFormation() resource {
	target := "${function." + p.function + ".name}"
	if p.alias {
		target = "${alias." + p.function + ".arn}" // there is no property for it by itself
	}
	o := properties("FunctionName", textOf(target), "Action", "lambda:InvokeFunction", "Principal", p.service)
	if p.account != nil {
		o = o.with("SourceAccount", p.account)
	}
	return resource{key: "permission." + p.name, kind: "AWS::Lambda::Permission",
		properties: o.with("SourceArn", p.source)}
}

func (p permission) terraform() resource {
	o := properties("function_name", textOf("${function."+p.function+".name}"), "statement_id", p.name,
		"action", "lambda:InvokeFunction", "principal", p.service)
	if p.account != nil {
		o = o.with("source_account", p.account)
	}
	if p.alias {
		o = o.with("qualifier", textOf("${alias."+p.function+".name}"))
	}
	return resource{key: "permission." + p.name, kind: "aws_lambda_permission",
		properties: o.with("source_arn", p.source)}
}
