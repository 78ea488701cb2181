package deploy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// stateMachine runs a job. It is a Standard one: Express workflows have no once-only start, no stop and no describe.
type stateMachine struct {
	id         string
	job        project.Job
	functions  []string // the variables with the ARNs of the functions that it invokes, each once
	definition document
	steps      []string // of a job with progress that its history tells
	stepsVary  bool
	stack      *Stack
}

// stateMachine makes the state machine of a job.
func (d *describer) stateMachine(j project.Job) {
	m := stateMachine{id: identifier(j.NameInAWS()), job: j, stack: d.stack}
	var text []byte
	var err error
	if j.Definition == "" {
		text, err = d.steps(&m)
	} else {
		text, err = d.ownDefinition(&m)
	}
	if err != nil {
		d.note(source.CodeBadValue, j.Definition, err, "Correct the job "+j.Name+".")
		return
	}
	if j.Progress && !m.writesEnd() {
		m.steps, m.stepsVary, err = machine.HistorySteps(j.Steps, text)
	}
	if err != nil {
		d.note(source.CodeBadValue, j.Definition, project.NoSteps(j, err), project.NoStepsRemedy)
		return
	}
	references := []string{"table.results.name", "partition"}
	for _, name := range m.functions {
		references = append(references, "var."+name)
	}
	m.definition = newDocument("state-machines/"+j.NameInAWS()+".asl.json", text, references...)
	slices.Sort(m.functions) // as its role lists them; the document has them in the order of its steps
	d.stack.machines = append(d.stack.machines, m)
}

// steps writes the definition of a job with steps.
func (d *describer) steps(m *stateMachine) ([]byte, error) {
	job := machine.Job{Name: m.job.Name, Timeout: m.job.Timeout}
	if m.writesEnd() {
		job.ResultsTable, job.Progress = "${table.results.name}", m.job.Progress
	}
	for _, step := range m.job.Steps {
		f, _ := d.project.Function(step)
		job.Steps = append(job.Steps, machine.Step{Name: step, FunctionARN: m.invokes(functionVariable(step)),
			Timeout: f.Timeout, Repeatable: f.Repeatable, Reports: d.project.Reports(m.job, step)})
	}
	text, err := machine.Definition(job)
	return bytes.ReplaceAll(text, []byte(integration), []byte(integrationAnywhere)), err
}

// invokes notes that the state machine invokes the function whose ARN a variable has, and returns the reference to it.
func (m *stateMachine) invokes(variable string) string {
	if !slices.Contains(m.functions, variable) {
		m.functions = append(m.functions, variable)
	}
	return "${var." + variable + "}"
}

// What the ARN of a service integration begins with: as our definitions and most others are written, in every
// partition, and in an export.
const (
	integration         = "arn:aws:states:::"
	integrationAnywhere = "arn:${partition}:states:::"
)

// writesEnd reports whether the state machine writes its end into the results table.
func (m stateMachine) writesEnd() bool { return m.stack.project.WritesEnd(m.job) }

// ownDefinition reads the user's state machine, and makes variables of the functions that it invokes.
func (d *describer) ownDefinition(m *stateMachine) ([]byte, error) {
	node, err := template.ReadStateMachine(m.job.Definition)
	if err != nil {
		return nil, err
	}
	replace := map[string]string{}
	d.findFunctions(m, node, replace)
	if m.stack.hasTable() && m.job.Results != project.ResultsByEvent {
		d.found = append(d.found, source.Finding{Code: CodeEndByEvent, Severity: source.Info, File: m.job.Definition,
			Message: "the end of the job " + m.job.Name + " is written into the results table by its event",
			Remedy: "Nothing has to be done: it is noticed somewhat later than one that its state machine writes. " +
				"Write results: event for the job, and this is not said."})
	}
	return indent(node.ReplaceStrings(replace))
}

const lambdaInvoke = "lambda:invoke" // after the partition

// findFunctions walks a definition, and notes by what its ARNs are replaced. What a Task does beyond invoking functions
// that it names, no role of ours allows.
func (d *describer) findFunctions(m *stateMachine, node *source.Node, replace map[string]string) {
	if node.Is(source.Object) && node.Get("Type").Str() == "Task" {
		d.taskFunction(m, node, replace)
	}
	for _, member := range childrenOf(node) {
		d.findFunctions(m, member, replace)
	}
}

func childrenOf(node *source.Node) []*source.Node {
	if node == nil {
		return nil
	}
	children := slices.Clone(node.Items)
	for _, m := range node.Members {
		children = append(children, m.Value)
	}
	return children
}

func (d *describer) taskFunction(m *stateMachine, task *source.Node, replace map[string]string) {
	resource := task.Get("Resource").Str()
	name := resource
	if a, ok := arn.Parse(resource); ok && a.Service == "states" && a.Region == "" {
		replace[resource] = integrationAnywhere + a.Resource
		if strings.HasPrefix(a.Resource, lambdaInvoke) {
			name = cmp.Or(task.Get("Parameters").Get("FunctionName").Str(),
				task.Get("Arguments").Get("FunctionName").Str())
		}
	}
	if _, ok := arn.FunctionName(name); ok {
		function := flowlang.Placeholder{Kind: flowlang.FunctionKind, Name: d.functionName(name)}
		replace[name] = m.invokes(d.named(m.job.Definition, function, name))
		return
	}
	if d.stack.settings.StateMachineRoleARN == "" {
		d.report(CodeNeedsRole, m.job.Definition,
			fmt.Sprintf("a Task uses %q, for which no role can be worked out", resource),
			"Name functions by their whole ARN, or give a role: deploy: {state_machine_role_arn: ARN}.")
	}
}

// indent writes a document with two spaces of indentation.
func indent(node *source.Node) ([]byte, error) {
	text, err := node.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, text, "", "  ")
	return b.Bytes(), err
}

// logGroup is the name of the log group. The prefix keeps the log delivery's resource policy short (Step Functions
// developer guide, "Using CloudWatch Logs to log execution history").
func (m stateMachine) logGroup() string {
	return "/aws/vendedlogs/states/" + project.MachineName(base, m.job.NameInAWS())
}

func (m stateMachine) roleARN() text {
	if m.stack.settings.StateMachineRoleARN != "" {
		return textOf("${var." + machineRole + "}")
	}
	return textOf("${role." + m.id + ".arn}")
}

// after is what must be there first: Step Functions tries the log when the state machine is created.
func (m stateMachine) after() []string {
	keys := []string{"log." + m.id}
	if m.stack.settings.StateMachineRoleARN == "" {
		keys = append(keys, "policy."+m.id)
	}
	return keys
}

// deleteTimeout is how long deleting may take. Step Functions deletes a state machine when its last execution has
// ended.
func (m stateMachine) deleteTimeout() string {
	return fmt.Sprintf("%ds", int((m.job.Timeout+deleteMargin)/time.Second))
}

const deleteMargin = 5 * time.Minute

const reuseKeySeconds = 300 // for how long one data key is used; Step Functions takes 60 to 900 s

func (m stateMachine) cloudFormation() resource {
	p := properties(
		"StateMachineName", textOf(project.MachineName(base, m.job.NameInAWS())),
		"StateMachineType", string(asl.Standard),
		"RoleArn", m.roleARN(),
		"DefinitionString", m.definition,
		"LoggingConfiguration", properties("Level", "ERROR", "IncludeExecutionData", false, "Destinations",
			list{properties("CloudWatchLogsLogGroup",
				properties("LogGroupArn", textOf(arnLogGroup+m.logGroup()+":*")))}),
	)
	if m.stack.settings.Tracing {
		p = p.with("TracingConfiguration", properties("Enabled", true))
	}
	if m.stack.settings.Encryption {
		p = p.with("EncryptionConfiguration",
			properties("Type", "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId", textOf("${var.kms_key_arn}"),
				"KmsDataKeyReusePeriodSeconds", reuseKeySeconds))
	}
	return resource{key: "machine." + m.id, kind: "AWS::StepFunctions::StateMachine", properties: p, after: m.after()}
}

func (m stateMachine) terraform() resource {
	p := properties(
		"name", textOf(project.MachineName(base, m.job.NameInAWS())),
		"type", string(asl.Standard),
		"role_arn", m.roleARN(),
		"definition", m.definition,
		"logging_configuration", block(properties("level", "ERROR", "include_execution_data", false,
			"log_destination", textOf(arnLogGroup+m.logGroup()+":*"))),
	)
	if m.stack.settings.Tracing {
		p = p.with("tracing_configuration", block(properties("enabled", true)))
	}
	if m.stack.settings.Encryption {
		p = p.with("encryption_configuration",
			block(properties("type", "CUSTOMER_MANAGED_KMS_KEY", "kms_key_id", textOf("${var.kms_key_arn}"),
				"kms_data_key_reuse_period_seconds", reuseKeySeconds)))
	}
	p = p.with("timeouts", block(properties("delete", m.deleteTimeout())))
	return resource{key: "machine." + m.id, kind: "aws_sfn_state_machine", properties: p, after: m.after()}
}
