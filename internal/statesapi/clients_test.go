package statesapi_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/backend"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/statesapi"
	"github.com/connect-async/connect-async/internal/testrun"
)

// served is an account behind a port.
type served struct {
	clock   *clock.Virtual
	account *local.Account
	url     string
}

// serve serves an account on virtual time, so that waits pass at once.
func serve(t *testing.T) served {
	t.Helper()
	v := clock.NewVirtual(start)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { v.Serve(ctx); close(over) }()
	a := local.New(local.Options{Clock: v, Seed: 1, HoldTokens: true})
	server := httptest.NewServer(statesapi.New(a))
	t.Cleanup(func() { server.Close(); stop(); <-over })
	return served{clock: v, account: a, url: server.URL}
}

// client is a client of the account that needs no port.
func (s served) client(t *testing.T) *client {
	return &client{T: t, account: s.account, handler: statesapi.New(s.account)}
}

// variables are made-up credentials and no configuration of the user's.
func (s served) variables() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_SFN":        s.url,
		"AWS_ENDPOINT_URL_DYNAMODB":   s.url,
		"AWS_ACCESS_KEY_ID":           "local",
		"AWS_SECRET_ACCESS_KEY":       "local",
		"AWS_REGION":                  "us-east-1",
		"AWS_DEFAULT_REGION":          "us-east-1",
		"AWS_CONFIG_FILE":             "none",
		"AWS_SHARED_CREDENTIALS_FILE": "none",
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_PAGER":                   "",
		"AWS_MAX_ATTEMPTS":            "1",
	}
}

// run runs a client of AWS against the server.
func (s served) run(t *testing.T, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	cmd := testrun.Command(t, args[0], args[1:]...)
	cmd.Dir, cmd.Env = t.TempDir(), os.Environ()
	for name, value := range s.variables() {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	return out.String(), errs.String(), err == nil
}

// TestCommandLine has the AWS CLI create, start, describe, list, stop and read histories.
func TestCommandLine(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "aws")
	s := serve(t)
	const (
		m    = machineARN + "m"
		wait = `{"StartAt":"T","States":{"T":{"Type":"Task",
			"Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"ask"},
			"End":true}}}`
		one = "arn:aws:states:us-east-1:000000000000:execution:m:one"
	)
	s.account.AddFunction("ask", local.StandIn{
		Clock:   clock.Real{},
		Timeout: time.Minute,
		Next:    func() local.Outcome { return local.Outcome{Payload: []byte(`{}`)} },
	})
	for _, test := range []struct {
		arguments string
		want      []string
	}{
		{
			"create-state-machine --name m --role-arn " + role +
				" --definition " + strings.Join(strings.Fields(wait), ""),
			[]string{`"stateMachineArn": "` + m + `"`, `"creationDate": 1767323045.25`},
		},
		{
			"start-execution --name one --state-machine-arn " + m + ` --input {"a":1}`,
			[]string{`"executionArn": "` + one + `"`, `"startDate": `},
		},
		{"describe-execution --execution-arn " + one, []string{`"status": "RUNNING"`, `"input": "{\"a\":1}"`}},
		{"list-executions --state-machine-arn " + m + " --status-filter RUNNING", []string{`"name": "one"`}},
		{"stop-execution --execution-arn " + one + " --error Mine", []string{`"stopDate": `}},
		{"describe-execution --execution-arn " + one, []string{`"status": "ABORTED"`, `"error": "Mine"`}},
		{
			"get-execution-history --reverse-order --max-results 1 --execution-arn " + one,
			[]string{`"type": "ExecutionAborted"`, `"error": "Mine"`},
		},
		{"list-state-machines", []string{`"name": "m"`}},
		{"delete-state-machine --state-machine-arn " + m, nil},
	} {
		stdout, stderr, ok := s.run(t,
			append([]string{"aws", "--endpoint-url", s.url, "stepfunctions"}, strings.Fields(test.arguments)...)...)
		for _, want := range test.want {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s\nlacks %s in\n%s", test.arguments, want, stdout)
			}
		}
		if !ok {
			t.Errorf("%s\n%s", test.arguments, stderr)
		}
	}
	_, stderr, ok := s.run(t, "aws", "--endpoint-url", s.url, "stepfunctions", "describe-execution",
		"--execution-arn", one+"x")
	want := "An error occurred (ExecutionDoesNotExist) when calling the DescribeExecution operation: " +
		"Execution Does Not Exist: '" + one + "x'"
	if ok || !strings.Contains(stderr, want) {
		t.Errorf("got %s, want %s", stderr, want)
	}
}

// botoScript polls as the original did, and asks for everything else once.
const botoScript = `
import boto3, json, os, time
from botocore.config import Config
url = os.environ["AWS_ENDPOINT_URL_SFN"] # newer boto3 takes it from there by itself
sfn = boto3.client("stepfunctions", endpoint_url=url)
role = "arn:aws:iam::000000000000:role/test"
def create(name, states, **more):
    d = json.dumps({"StartAt": next(iter(states)), "States": states})
    return sfn.create_state_machine(name=name, definition=d, roleArn=role, **more)["stateMachineArn"]
def poll(arn):
    while True:
        r = sfn.describe_execution(executionArn=arn)
        if r["status"] != "RUNNING":
            return r
        time.sleep(0.02)

slow = create("slow", {"W": {"Type": "Wait", "Seconds": 3600, "Next": "T"},
                       "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                             "Parameters": {"FunctionName": "slow"}, "OutputPath": "$.Payload", "End": True}},
              tags=[{"key": "a", "value": "b"}])
started = sfn.start_execution(stateMachineArn=slow, name="one", input=json.dumps({"n": 1}))
again = sfn.start_execution(stateMachineArn=slow, name="two", input="{}")
r = poll(started["executionArn"])
assert r["status"] == "SUCCEEDED" and json.loads(r["output"]) == {"balance": "42.10"}, r
assert r["startDate"] == started["startDate"] and (r["stopDate"] - r["startDate"]).total_seconds() >= 3600, r
assert r["inputDetails"]["included"] and r["redriveStatus"] == "NOT_REDRIVABLE", r
pages = sfn.get_paginator("get_execution_history").paginate(
    executionArn=started["executionArn"], PaginationConfig={"PageSize": 2})
events = [e for p in pages for e in p["events"]]
assert [e["id"] for e in events] == list(range(1, len(events) + 1)), events
assert events[-1]["type"] == "ExecutionSucceeded", events
assert events[1]["stateEnteredEventDetails"]["inputDetails"] == {"truncated": False}, events[1]
poll(again["executionArn"])
pages = sfn.get_paginator("list_executions").paginate(stateMachineArn=slow, PaginationConfig={"PageSize": 1})
listed = [e["name"] for p in pages for e in p["executions"]]
assert listed == ["two", "one"], listed
try:
    sfn.start_execution(stateMachineArn=slow, name="one", input=json.dumps({"n": 1}))
    assert False
except sfn.exceptions.ExecutionAlreadyExists:
    pass
assert sfn.list_tags_for_resource(resourceArn=slow)["tags"] == [{"key": "a", "value": "b"}]
if hasattr(sfn, "validate_state_machine_definition"): # since 2024
    assert sfn.validate_state_machine_definition(definition="{}")["result"] == "FAIL"

token = create("token", {"T": {
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": True,
    "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}}}})
arn = sfn.start_execution(stateMachineArn=token)["executionArn"]
while True:
    task = boto3.client("dynamodb", endpoint_url=url).get_item(
        TableName="t", Key={"id": {"S": "token"}}, ConsistentRead=True).get("Item")
    if task:
        break
    time.sleep(0.02)
sfn.send_task_heartbeat(taskToken=task["value"]["S"])
sfn.send_task_success(taskToken=task["value"]["S"], output='{"said": "yes"}')
assert json.loads(poll(arn)["output"]) == {"said": "yes"}
try:
    sfn.send_task_success(taskToken=task["value"]["S"], output="{}")
    assert False
except sfn.exceptions.TaskTimedOut:
    pass

express = create("express", {"P": {"Type": "Pass", "End": True}}, type="EXPRESS")
local = boto3.client("stepfunctions", endpoint_url=url, config=Config(inject_host_prefix=False))
r = local.start_sync_execution(stateMachineArn=express, input='{"x": 1}')
assert r["status"] == "SUCCEEDED" and json.loads(r["output"]) == {"x": 1}, r
assert r["billingDetails"]["billedMemoryUsedInMB"] == 64, r
tested = local.test_state(
    definition=json.dumps({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f"}, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}], "End": True}),
    mock={"errorOutput": {"error": "E", "cause": "c"}}, inspectionLevel="DEBUG",
    stateConfiguration={"retrierRetryCount": 1})
assert tested["status"] == "RETRIABLE" and tested["inspectionData"]["errorDetails"] == {
    "retryIndex": 0, "retryBackoffIntervalSeconds": 2}, tested
r = sfn.update_state_machine(stateMachineArn=slow, roleArn=role + "2")
assert r["updateDate"] and sfn.describe_state_machine(stateMachineArn=slow)["revisionId"] == r["revisionId"]
sfn.delete_state_machine(stateMachineArn=slow)
broken = create("broken", {"F": {"Type": "Fail", "Error": "E"}})
arn = sfn.start_execution(stateMachineArn=broken, name="e")["executionArn"]
assert poll(arn)["redriveStatus"] == "REDRIVABLE"
redriven = sfn.redrive_execution(executionArn=arn)
assert redriven["redriveDate"] and poll(arn)["redriveCount"] == 1, redriven
try:
    sfn.list_map_runs(executionArn=express)
    assert False
except sfn.exceptions.ClientError as e:
    assert e.response["Error"]["Code"] == "UnknownOperationException", e
print("fine")
`

func TestBoto(t *testing.T) {
	testrun.Heavy(t)
	if testrun.Command(t, "python3", "-c", "import boto3").Run() != nil {
		testrun.Missing(t, "boto3 for python3")
	}
	s := serve(t)
	s.account.AddTable("t", "id")
	s.account.AddFunction("slow", local.StandIn{Clock: clock.Real{}, Timeout: time.Minute,
		Next: func() local.Outcome { return local.Outcome{Payload: []byte(`{"balance":"42.10"}`)} }})
	s.account.AddFunction("ask", invoked(func(payload []byte) {
		var event struct{ Token string }
		if err := json.Unmarshal(payload, &event); err != nil {
			t.Error(err)
		}
		item, _ := json.Marshal(object{
			"TableName": "t",
			"Item":      object{"id": object{"S": "token"}, "value": object{"S": event.Token}},
		})
		if _, err := s.account.TableRequest("PutItem", item); err != nil {
			t.Error(err)
		}
	}))
	if stdout, stderr, ok := s.run(t, "python3", "-c", botoScript); !ok || stdout != "fine\n" {
		t.Errorf("%s%s", stdout, stderr)
	}
}

// TestItemsAgree has the deployed function's clients and the account's own read each other's records, and that of a
// state machine.
func TestItemsAgree(t *testing.T) {
	s := serve(t)
	s.account.AddResultsTable("results")
	s.account.AddFunction("balance", local.StandIn{Clock: clock.Real{}, Timeout: time.Minute,
		Next: func() local.Outcome { return local.Outcome{Payload: []byte(`{"balance":"42.10"}`)} }})
	text, err := machine.Definition(machine.Job{Name: "job", Timeout: time.Minute, ResultsTable: "results",
		Steps: []machine.Step{{Name: "balance", FunctionARN: s.account.FunctionARN("balance"), Timeout: time.Second}}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.account.Create(local.StateMachine{Name: "job", Definition: string(text), RoleARN: role})
	if err != nil {
		t.Fatal(err)
	}
	settings, errs := backend.SettingsFromEnv(func(name string) string { return s.variables()[name] })
	if errs != nil {
		t.Fatal(errs)
	}
	deployed, states := backend.NewResults(settings, "results"), backend.NewExecutions(settings)
	pending := async.Record{
		Execution: "one",
		Status:    async.StatusPending,
		Started:   start,
		Timeout:   time.Minute,
		Expires:   start.Add(time.Hour).Truncate(time.Second),
	}
	aborted := async.Record{
		Execution: "two",
		Status:    "ABORTED",
		Error:     "E",
		Cause:     "C",
		Ended:     start,
		Expires:   start.Add(time.Hour).Truncate(time.Second),
	}
	ctx := t.Context()
	_, first := deployed.Pending(ctx, pending, start)
	old, second := deployed.Pending(ctx, pending, start)
	if diff := cmp.Diff(pending, old); diff != "" {
		t.Errorf("the record of the first start, as the second sees it: %s", diff)
	}
	for _, err := range []error{
		first,
		second,
		deployed.Finish(ctx, aborted, start),
		deployed.Finish(ctx, aborted, start),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	arn, err := states.Start(ctx, async.StartInput{StateMachineARN: m.ARN, Name: "one", Input: "{}"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.account.Execution(arn)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	e.WhenEnded(func() { close(ended) })
	<-ended
	want := pending
	want.Status, want.Output, want.Ended = "SUCCEEDED", `{"balance":"42.10"}`, start
	for name, want := range map[string]async.Record{"one": want, "two": aborted} {
		if diff := cmp.Diff(want, read(t, deployed, name)); diff != "" {
			t.Errorf("%s, read by the deployed function: %s", name, diff)
		}
		if diff := cmp.Diff(want, s.inside(t, name)); diff != "" {
			t.Errorf("%s, read by the local function: %s", name, diff)
		}
	}
	described, err := states.Describe(ctx, arn)
	if err != nil || described.Output != want.Output {
		t.Errorf("%+v %v", described, err)
	}
}

// inside reads a record as the async function does that runs in the account's time.
func (s served) inside(t *testing.T, name string) (r async.Record) {
	t.Helper()
	answered := make(chan struct{})
	s.clock.Go(func() {
		defer close(answered)
		r = read(t, local.Results{Account: s.account, Table: "results"}, name)
	})
	<-answered
	return r
}

// invoked is a function made of a Go function.
type invoked func(payload []byte)

func (f invoked) Invoke(_ context.Context, payload []byte) function.Result {
	f(payload)
	return function.Result{Payload: []byte(`{}`)}
}

func read(t *testing.T, results async.Results, name string) async.Record {
	t.Helper()
	r, found, err := results.Get(t.Context(), name)
	if err != nil || !found {
		t.Fatal(name, found, err)
	}
	return r
}
