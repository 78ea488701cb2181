package deploy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/backend"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// onOurBehalf are the actions that no code of ours performs, and why a role needs them all the same.
var onOurBehalf = map[string]string{
	"logs:CreateLogStream":          "Lambda writes the async function's log with its role",
	"logs:PutLogEvents":             "Lambda writes the async function's log with its role",
	"logs:CreateLogDelivery":        "Step Functions sets up its log with the state machine's role",
	"logs:GetLogDelivery":           "Step Functions sets up its log with the state machine's role",
	"logs:UpdateLogDelivery":        "Step Functions sets up its log with the state machine's role",
	"logs:DeleteLogDelivery":        "Step Functions sets up its log with the state machine's role",
	"logs:ListLogDeliveries":        "Step Functions sets up its log with the state machine's role",
	"logs:PutResourcePolicy":        "Step Functions sets up its log with the state machine's role",
	"logs:DescribeResourcePolicies": "Step Functions sets up its log with the state machine's role",
	"logs:DescribeLogGroups":        "Step Functions sets up its log with the state machine's role",
	"xray:PutTraceSegments":         "Lambda and Step Functions write traces with the role",
	"xray:PutTelemetryRecords":      "Lambda and Step Functions write traces with the role",
	"xray:GetSamplingRules":         "Step Functions asks which executions to trace with the state machine's role",
	"xray:GetSamplingTargets":       "Step Functions asks which executions to trace with the state machine's role",
	"sqs:SendMessage":               "Lambda keeps events for which the function for ends failed, with its role",
	"sqs:ReceiveMessage":            "Lambda takes the contacts to look at from their queue, with the role",
	"sqs:DeleteMessage":             "Lambda takes the contacts to look at from their queue, with the role",
	"sqs:GetQueueAttributes":        "Lambda takes the contacts to look at from their queue, with the role",
	"kms:Decrypt":                   "Step Functions and DynamoDB use the customer's key in the caller's name",
	"kms:GenerateDataKey":           "Step Functions and DynamoDB use the customer's key in the caller's name",
}

// TestPoliciesAreWhatTheCodeUses runs what is deployed against endpoints that write down every action and resource, and
// compares that with the policies: nothing may be missing, and nothing may be allowed that is not used.
func TestPoliciesAreWhatTheCodeUses(t *testing.T) {
	for name, stack := range stacks(t) {
		t.Run(name, func(t *testing.T) {
			resources := readTerraformExport(t, stack, environments[name])
			used := map[string]bool{}
			for _, r := range resources {
				switch r.kind {
				case "aws_lambda_function":
					if r.text("function_name") == "bank-ends" {
						useEndsFunction(t, r, used)
					} else {
						useAsyncFunction(t, r, used)
					}
				case "aws_sfn_state_machine":
					useStateMachine(t, r, used)
				}
			}
			allowed := allowedBy(t, resources)
			if diff := cmp.Diff(slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(allowed))); diff != "" {
				t.Errorf("used (-), allowed (+):\n%s", diff)
			}
		})
	}
}

// allowedBy are the statements of the policies without what AWS does on our behalf.
func allowedBy(t *testing.T, resources []readResource) map[string]bool {
	t.Helper()
	allowed := map[string]bool{}
	may := regexp.MustCompile(`^(?:team-)?(\S+) may (\S+) on (\S+)$`)
	for _, fact := range factsOf(t, resources).sentences {
		m := may.FindStringSubmatch(fact)
		if m == nil || onOurBehalf[m[2]] != "" {
			continue
		}
		if m[3] == "*" {
			t.Errorf("%s: no resource may be *", fact)
		}
		allowed[fmt.Sprintf("%s %s %s", m[1], m[2], m[3])] = true
	}
	return allowed
}

// recorder answers Step Functions and DynamoDB as if every execution ran until it is stopped, and writes down what it
// is asked.
type recorder struct {
	role    string
	all     string // the status of every execution, "" for RUNNING
	listed  string // the execution that every contact has, "" for none
	mu      sync.Mutex
	used    map[string]bool
	stopped map[string]bool
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(request.Body)
	var in struct {
		StateMachineArn, ExecutionArn, TableName, IndexName, Name string

		Key map[string]struct{ S string }
	}
	_ = json.Unmarshal(body, &in)
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	if r.otherService(w, request, operation, body) {
		return
	}
	action, resource, answer := "states:"+operation, in.StateMachineArn, map[string]any{"startDate": 1.7e9}
	switch operation {
	case "StartExecution":
		answer["executionArn"] = strings.Replace(in.StateMachineArn, ":stateMachine:", ":execution:", 1) + ":" + in.Name
	case "DescribeExecution":
		answer["executionArn"], answer["status"] = in.ExecutionArn, "RUNNING"
		if r.all != "" && !strings.Contains(in.ExecutionArn, ":bank-search:") { // which is to be cancelled
			answer["status"], answer["stopDate"], answer["output"] = r.all, 1.700000001e9, "{}"
		}
		if r.stopped[in.ExecutionArn] {
			answer["status"], answer["stopDate"] = "ABORTED", 4e9 // not before the request
		}
		resource = everyExecution(in.ExecutionArn)
	case "GetExecutionHistory":
		answer, resource = map[string]any{"events": []any{}}, everyExecution(in.ExecutionArn)
	case "StopExecution":
		answer, resource = map[string]any{"stopDate": 1.7e9}, everyExecution(in.ExecutionArn)
		r.stopped[in.ExecutionArn] = true
	case "TransactWriteItems": // which IAM knows by its parts
		r.used[r.role+" dynamodb:PutItem "+resultsARN] = true
		action, resource, answer = "dynamodb:UpdateItem", resultsARN, map[string]any{}
	default:
		action, resource = "dynamodb:"+operation, "arn:aws:dynamodb:us-east-1:111122223333:table/"+in.TableName
		if answer = r.item(in.Key["execution"].S); in.IndexName != "" {
			resource += "/index/" + in.IndexName
		}
	}
	r.used[r.role+" "+action+" "+resource] = true
	text, _ := json.Marshal(answer)
	w.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE(text)))
	_, _ = w.Write(text)
}

const resultsARN = "arn:aws:dynamodb:us-east-1:111122223333:table/bank-results"

// item is what the table says for a key: of a contact the execution that is looked at, and of that that nobody decided.
func (r *recorder) item(key string) map[string]any {
	text := func(s string) any { return map[string]any{"S": s} }
	switch {
	case r.listed == "" || key == "":
		return map[string]any{}
	case strings.HasPrefix(key, "contact:"):
		return map[string]any{"Item": map[string]any{"executions": map[string]any{"SS": []string{r.listed}},
			"expires": map[string]any{"N": "4000000000"}}}
	}
	return map[string]any{"Item": map[string]any{"status": text("PENDING"),
		"started": text("2026-11-22T09:00:00.250Z")}}
}

// otherService answers Amazon Connect, SQS and EventBridge.
func (r *recorder) otherService(w http.ResponseWriter, request *http.Request, operation string, body []byte) bool {
	note := func(action string, resources ...string) {
		for _, resource := range resources {
			r.used[r.role+" "+action+" "+resource] = true
		}
	}
	switch {
	case strings.HasPrefix(request.URL.Path, "/contact/associated/"):
		note("connect:ListAssociatedContacts", instanceARN+"/contact/*")
	case strings.HasPrefix(request.URL.Path, "/contacts/"):
		note("connect:DescribeContact", instanceARN+"/contact/*")
		_, _ = io.WriteString(w, `{"Contact":{"DisconnectTimestamp":1700000000}}`)
		return true
	case request.URL.Path == "/contact/task":
		var task struct{ ContactFlowId string }
		_ = json.Unmarshal(body, &task)
		note("connect:StartTaskContact", instanceARN+"/contact-flow/"+task.ContactFlowId, instanceARN+"/contact/*")
	case operation == "PutEvents":
		var put struct {
			Entries []struct{ EventBusName string }
		}
		_ = json.Unmarshal(body, &put)
		note("events:PutEvents", put.Entries[0].EventBusName)
	case operation != "SendMessage": // which Lambda does, too
		return false
	}
	_, _ = io.WriteString(w, `{}`)
	return true
}

// everyExecution is the resource that covers the executions of a state machine.
func everyExecution(arn string) string { return arn[:strings.LastIndex(arn, ":")+1] + "*" }

// deployed makes a function's configuration and its ports as main does, from what is exported.
func deployed(t *testing.T, r readResource, endpoint string) (async.Config, async.Executions, async.Results) {
	t.Helper()
	env := map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "key",
		"AWS_SECRET_ACCESS_KEY": "secret"}
	for name, value := range r.value("environment.variables").(map[string]any) {
		env[name] = value.(string)
	}
	delete(env, "AWS_USE_FIPS_ENDPOINT") // the recorder is none
	getenv := func(name string) string { return env[name] }
	config, problems := async.ConfigFromEnv(getenv)
	settings, more := backend.SettingsFromEnv(getenv)
	if len(problems)+len(more) > 0 {
		t.Fatal(problems, more)
	}
	if config.ResultsTable == "" {
		return config, backend.NewExecutions(settings), nil
	}
	return config, backend.NewExecutions(settings), backend.NewResults(settings, config.ResultsTable)
}

// progressOf lets a function say how far the work is, as main does.
func progressOf(executions async.Executions, results async.Results) async.Option {
	items, _ := results.(async.Items)
	return async.WithProgress(executions.(async.Histories), items)
}

// useAsyncFunction runs the async function as it is deployed: it starts, checks and cancels every job.
func useAsyncFunction(t *testing.T, r readResource, used map[string]bool) {
	t.Helper()
	server := httptest.NewServer(&recorder{role: "bank-async", used: used, stopped: map[string]bool{}})
	defer server.Close()
	config, executions, results := deployed(t, r, server.URL)
	function := async.New(config, executions, results, clock.Real{}, progressOf(executions, results))
	tell := func(parameters map[string]string) map[string]string {
		reply := ask(t, function, parameters)
		if reply["sfn_result"] == "FAILURE" {
			t.Fatalf("%v: %v", parameters, reply)
		}
		return reply
	}
	for _, job := range config.Jobs {
		id := tell(map[string]string{"job": job.Name})["execution_id"]
		tell(map[string]string{"job": job.Name, "execution_id": id})
		tell(map[string]string{"job": job.Name, "execution_id": id, "action": "cancel"})
	}
}

// useEndsFunction runs the function for ends as it is deployed, with an end of every job whose event has left out the
// output.
func useEndsFunction(t *testing.T, r readResource, used map[string]bool) {
	t.Helper()
	recorder := &recorder{role: "bank-ends", used: used, stopped: map[string]bool{}, all: "SUCCEEDED"}
	server := httptest.NewServer(recorder)
	defer server.Close()
	config, executions, results := deployed(t, r, server.URL)
	if !config.Ends {
		t.Fatalf("%s is not the function for ends", r.text("function_name"))
	}
	function := async.NewEnds(config, executions, results, clock.Real{}, progressOf(executions, results))
	useLooks(t, config, recorder, server.URL)
	for _, job := range config.Jobs {
		if job.Leave == async.LeaveCancel {
			continue // it runs until it is cancelled
		}
		arn := strings.Replace(job.StateMachineARN, ":stateMachine:", ":execution:", 1) +
			":" + job.Name + "-4a573372-1f28-4e26-b97b-000000000001-0123456789abcdef"
		event := `{"source":"aws.states","detail":{"executionArn":"` + arn +
			`","status":"SUCCEEDED","startDate":1700000000000,"stopDate":1700000001000}}`
		if err := function.Handle(t.Context(), "1", []byte(event)); err != nil {
			t.Error(err)
		}
	}
}

// useLooks has the function for ends look at a contact of every job that minds when its caller hangs up, and sweep. It
// rests after each effect, on virtual time.
func useLooks(t *testing.T, config async.Config, recorder *recorder, url string) {
	t.Helper()
	if !config.MindLeavers() {
		return
	}
	settings, _ := backend.SettingsFromEnv(func(name string) string {
		return map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "key",
			"AWS_SECRET_ACCESS_KEY": "secret"}[name]
	})
	c, table := clock.NewVirtual(time.Unix(1_700_000_060, 0)), backend.NewResults(settings, config.ResultsTable)
	function := async.NewEnds(config, backend.NewExecutions(settings), table, c).
		MindLeavers(table, backend.NewEffects(settings, config.InstanceARN, config.LooksQueueURL))
	look := func(execution, message string) {
		recorder.listed = execution
		event, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventSource": async.QueueSource,
			"body": message}}})
		if err := function.Handle(context.Background(), "1", event); err != nil {
			t.Errorf("%s: %v", execution, err)
		}
	}
	err := c.Run(func() {
		look("", `{"source":"aws.events"}`)
		for _, job := range config.Jobs {
			look(strings.Replace(job.StateMachineARN, ":stateMachine:", ":execution:", 1)+":"+job.Name+
				"-4a573372-1f28-4e26-b97b-000000000001-0123456789abcdef",
				async.LookMessage("4a573372-1f28-4e26-b97b-000000000001"))
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// useStateMachine has the service's rules look at the definition and runs it: once well, and once with every step
// failing.
func useStateMachine(t *testing.T, r readResource, used map[string]bool) {
	t.Helper()
	machine := parseMachine(t, r)
	role := r.text("name") + "-states"
	note := func(task asl.InvokeTask) {
		var in struct{ TableName string }
		_ = json.Unmarshal(task.Input.JSON(), &in)
		if task.FunctionName != "" {
			used[role+" lambda:InvokeFunction "+task.FunctionName] = true
		} else {
			used[role+" "+task.Service+":"+strings.ToUpper(task.Action[:1])+task.Action[1:]+
				" arn:aws:dynamodb:us-east-1:111122223333:table/"+in.TableName] = true
		}
	}
	if got := drive(t, machine, "e", note, false); got != asl.Succeeded {
		t.Errorf("%s: %s, want SUCCEEDED", role, got)
	}
	if got := drive(t, machine, "e", note, true); got != asl.Failed {
		t.Errorf("%s: %s, want FAILED", role, got)
	}
}

// parseMachine has the service's rules look at an exported definition.
func parseMachine(t *testing.T, r readResource) *asl.Machine {
	t.Helper()
	definition := r.properties["definition"].(string)
	if found := asl.Validate([]byte(definition), asl.Standard); len(found) > 0 {
		t.Fatal(found)
	}
	node, err := source.ParseJSON("definition", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	machine, found := asl.Parse("definition", node)
	if machine == nil {
		t.Fatal(found)
	}
	return machine
}

// drive runs an execution to its end and tells of every task. The functions succeed or fail.
func drive(t *testing.T, machine *asl.Machine, name string, note func(asl.InvokeTask), fail bool) asl.Status {
	t.Helper()
	e, err := machine.NewExecution(asl.Options{Name: name,
		ExecutionARN: "arn:aws:states:us-east-1:111122223333:execution:m:" + name}, json.RawMessage(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	at := clock.Real{}.Now()
	commands := e.Advance(asl.Started{At: at})
	for range 100 {
		var next asl.Event
		for _, c := range commands {
			switch c := c.(type) {
			case asl.InvokeTask:
				note(c)
				next = asl.TaskSucceeded{At: at, ID: c.ID, Output: json.RawMessage(`{}`)}
				if fail && c.FunctionName != "" {
					next = asl.TaskFailed{At: at, ID: c.ID, Error: "Broken", Cause: "planted"}
				}
			case asl.Finish:
				return c.Status
			}
		}
		if next == nil {
			t.Fatalf("the execution waits for nothing: %v", commands)
		}
		commands = e.Advance(next)
	}
	t.Fatal("the execution does not end")
	return ""
}

// TestReportsAreOfOneFunction: the role of a function that reports may write its own reports, and use the key through
// DynamoDB only.
func TestReportsAreOfOneFunction(t *testing.T) {
	stack := describe(t, lateProject, func(d *project.Deploy) { d.Encryption = true })
	for _, w := range stack.Wanted(deploy.Site{Region: "us-east-1"}) {
		if w.Key != "policy.balance-report" {
			continue
		}
		document := fmt.Sprint(w.Properties["PolicyDocument"])
		for _, part := range []string{"dynamodb:LeadingKeys:[progress:balance:*]", "dynamodb:ReturnValues:NONE",
			"kms:ViaService:dynamodb.us-east-1.amazonaws.com*"} {
			if !strings.Contains(document, part) {
				t.Errorf("%s is not in %s", part, document)
			}
		}
		return
	}
	t.Error("there is no policy")
}
