package statesapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// sdkTask is a state machine of one task of aws-sdk:sfn.
func sdkTask(operation, parameters string) string {
	return fmt.Sprintf(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:%s",`+
		`"Parameters":%s,"End":true}}}`, operation, parameters)
}

// played plays state machines on virtual time.
type played struct {
	*testing.T
	account *local.Account
	clock   *clock.Virtual
	made    int
}

func play(t *testing.T, run func(p *played)) {
	t.Helper()
	v := clock.NewVirtual(time.Date(2026, 1, 2, 3, 4, 5, 120e6, time.UTC))
	err := v.Run(func() {
		p := &played{T: t, account: local.New(local.Options{Clock: v, Seed: 1}), clock: v}
		statesapi.Perform(p.account)
		p.create("child", asl.Standard, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`)
		p.create("quick", asl.Express, `{"StartAt":"P","States":{"P":{"Type":"Wait","Seconds":2,"End":true}}}`)
		run(p)
	})
	if err != nil {
		t.Error(err)
	}
}

func (p *played) create(name string, kind asl.Kind, definition string) string {
	p.Helper()
	m, err := p.account.Create(local.StateMachine{
		Name: name, Kind: kind, Definition: definition, RoleARN: "arn:aws:iam::000000000000:role/r",
	})
	if err != nil {
		p.Fatal(err)
	}
	return m.ARN
}

// run runs a new state machine to its end, and returns its status, output, error and cause.
func (p *played) run(definition, input string) string {
	p.Helper()
	p.made++
	e, err := p.account.StartExecution(p.create(fmt.Sprint("m", p.made), asl.Standard, definition), "run",
		json.RawMessage(input))
	if err != nil {
		p.Fatal(err)
	}
	if err := p.account.Wait(context.Background(), e.WhenEnded); err != nil {
		p.Fatal(err)
	}
	d := e.Describe()
	return strings.TrimSpace(fmt.Sprintf("%s %s%s %s", d.Status, d.Output, d.Error, d.Cause))
}

// TestTasksOfStepFunctions calls operations from tasks. … is any text.
func TestTasksOfStepFunctions(t *testing.T) {
	const started = `{"StateMachineArn":"` + machineARN + `child","Name":"c"`
	child := "arn:aws:states:us-east-1:000000000000:execution:child:c"
	for _, c := range []struct{ name, operation, parameters, want string }{
		{"an object is the input", "startExecution", started + `,"Input":{"k":"v"}}`,
			`SUCCEEDED {"ExecutionArn":"` + child + `","StartDate":"2026-01-02T03:04:05.120Z"}`},
		{"null is no input", "startExecution", started + `,"Input":null}`,
			`SUCCEEDED {"ExecutionArn":"` + child + `"…`},
		{"a description", "describeExecution", `{"ExecutionArn":"` + child + `"}`,
			`SUCCEEDED {"ExecutionArn":"` + child + `","Input":"{\"k\":\"v\"}","InputDetails":{"Included":true},` +
				`"Name":"c","RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE",` +
				`"RedriveStatusReason":"Execution is RUNNING and cannot be redriven",` +
				`"StartDate":"2026-01-02T03:04:05.120Z","StateMachineArn":"` + machineARN +
				`child","Status":"RUNNING"}`},
		{"a list", "listExecutions", `{"StateMachineArn":"` + machineARN + `child","MaxResults":5}`,
			`SUCCEEDED {"Executions":[{"ExecutionArn":"` + child + `","Name":"c","RedriveCount":0,…`},
		{"a history", "getExecutionHistory", `{"ExecutionArn":"` + child + `","ReverseOrder":true,"MaxResults":1}`,
			`SUCCEEDED {"Events":[{"Id":2,"PreviousEventId":0,"StateEnteredEventDetails":{"Input":"{\"k\":\"v\"}",` +
				`"InputDetails":{"Truncated":false},"Name":"W"},"Timestamp":"2026-01-02T03:04:05.120Z",` +
				`"Type":"WaitStateEntered"}],"NextToken":"…`},
		{"a state machine", "describeStateMachine", `{"StateMachineArn":"` + machineARN + `quick"}`,
			`SUCCEEDED {"CreationDate":"2026-01-02T03:04:05.120Z","Definition":"{…"Type":"EXPRESS"}`},
		{"a stop", "stopExecution", `{"ExecutionArn":"` + child + `","Error":"E","Cause":{"why":1}}`,
			`SUCCEEDED {"StopDate":"2026-01-02T03:04:05.120Z"}`},
		{"what was stopped", "describeExecution", `{"ExecutionArn":"` + child + `"}`,
			`SUCCEEDED {"Cause":"{\"why\":1}","Error":"E",…"Status":"ABORTED",…`},
		{"waiting", "startSyncExecution", `{"StateMachineArn":"` + machineARN + `quick","Input":"{}"}`,
			`SUCCEEDED {"BillingDetails":{"BilledDurationInMilliseconds":2000,"BilledMemoryUsedInMB":64},` +
				`"ExecutionArn":"arn:aws:states:us-east-1:000000000000:express:quick:…"Output":"{}",` +
				`"OutputDetails":{"Included":true},"StartDate":"2026-01-02T03:04:05.120Z",…` +
				`"Status":"SUCCEEDED","StopDate":"2026-01-02T03:04:07.120Z"}`},
		{"tags", "tagResource", `{"ResourceArn":"` + machineARN + `child","Tags":[{"Key":"K","Value":"V"}]}`,
			`SUCCEEDED {}`},
		{"the tags", "listTagsForResource", `{"ResourceArn":"` + machineARN + `child"}`,
			`SUCCEEDED {"Tags":[{"Key":"K","Value":"V"}]}`},
		{"no execution", "describeExecution", `{"ExecutionArn":"` + child + `x"}`,
			`FAILED Sfn.ExecutionDoesNotExistException Execution Does Not Exist: '` + child + `x' ` +
				`(Service: Sfn, Status Code: 400, Request ID: …) (SDK Attempt Count: 1)`},
		{"no state machine", "startExecution", `{"StateMachineArn":"` + machineARN + `none"}`,
			`FAILED Sfn.StateMachineDoesNotExistException …`},
		{"a name again", "startExecution", started + `}`, `FAILED Sfn.ExecutionAlreadyExistsException …`},
		{"a wrong ARN", "stopExecution", `{"ExecutionArn":"x"}`, `FAILED Sfn.InvalidArnException …`},
		{"no ARN", "stopExecution", `{}`, `FAILED Sfn.SfnException 1 validation error detected: …`},
		{"a wrong token", "sendTaskSuccess", `{"TaskToken":"x","Output":1}`,
			`FAILED Sfn.InvalidTokenException Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, …`},
		{"a STANDARD machine", "startSyncExecution", `{"StateMachineArn":"` + machineARN + `child"}`,
			`FAILED Sfn.StateMachineTypeNotSupportedException …`},
		{"what is not served", "describeMapRun", `{"MapRunArn":"x"}`, `FAILED States.Runtime The state "T" calls …`},
	} {
		play(t, func(p *played) {
			if !strings.Contains(c.name, "input") { // else the execution is there already
				_, err := p.account.StartExecution(machineARN+"child", "c", json.RawMessage(`{"k":"v"}`))
				if err != nil {
					t.Fatal(err)
				}
			}
			before(p, c.name)
			want := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(c.want), "…", ".*") + "$")
			if got := p.run(sdkTask(c.operation, c.parameters), `{}`); !want.MatchString(got) {
				t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
			}
		})
	}
}

// before does what a case needs to be done before.
func before(p *played, name string) {
	switch name {
	case "what was stopped":
		p.run(sdkTask("stopExecution", `{"ExecutionArn":"arn:aws:states:us-east-1:000000000000:execution:child:c",`+
			`"Error":"E","Cause":"{\"why\":1}"}`), `{}`)
	case "the tags":
		p.run(sdkTask("tagResource",
			`{"ResourceArn":"`+machineARN+`child","Tags":[{"Key":"K","Value":"V"}]}`), `{}`)
	}
}

// TestJSONataTaskOfStepFunctions calls an operation with Arguments.
func TestJSONataTaskOfStepFunctions(t *testing.T) {
	play(t, func(p *played) {
		got := p.run(`{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task",
			"Resource":"arn:aws:states:::aws-sdk:sfn:startSyncExecution","End":true,
			"Arguments":{"StateMachineArn":"`+machineARN+`quick","Input":"{% $states.input %}"},
			"Output":"{% $parse($states.result.Output) %}"}}}`, `{"a":[1,2]}`)
		if got != `SUCCEEDED {"a":[1,2]}` {
			t.Error(got)
		}
		wrong := p.run(`{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task",
			"Resource":"arn:aws:states:::aws-sdk:sfn:startExecution","End":true,"Arguments":"{% 1 %}"}}}`, `{}`)
		if !strings.HasPrefix(wrong, "FAILED Sfn.SfnException The parameters must be an object.") {
			t.Error(wrong)
		}
	})
}

// TestTokenOfAChild lets an execution wait for the token that it has given to another, which returns it by a task.
func TestTokenOfAChild(t *testing.T) {
	play(t, func(p *played) {
		for _, integration := range []string{"states:startExecution", "aws-sdk:sfn:startExecution"} {
			for _, c := range []struct{ operation, more, want string }{
				{"sendTaskSuccess", `,"Output":{"n":1}`, `SUCCEEDED {"n":1}`},
				{"sendTaskFailure", `,"Error":"Mine","Cause":"c"`, `FAILED Mine c`},
			} {
				p.made++
				name := fmt.Sprint("answers", p.made)
				p.create(name, asl.Standard, sdkTask(c.operation, `{"TaskToken.$":"$.token"`+c.more+`}`))
				asks := strings.Replace(sdkTask("startExecution.waitForTaskToken",
					`{"StateMachineArn":"`+machineARN+name+`","Input":{"token.$":"$$.Task.Token"}}`),
					"aws-sdk:sfn:startExecution", integration, 1)
				if got := p.run(asks, `{}`); got != c.want {
					t.Errorf("%s, %s: %s", integration, c.operation, got)
				}
			}
		}
	})
}

// TestStartedForEver lets a state machine start itself by a task of aws-sdk:sfn.
func TestStartedForEver(t *testing.T) {
	play(t, func(p *played) {
		arn := p.create("endless", asl.Standard, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"T"},
			"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:startExecution",
			"Parameters":{"StateMachineArn":"`+machineARN+`endless"},"End":true}}}`)
		if _, err := p.account.StartExecution(arn, "", nil); err != nil {
			t.Fatal(err)
		}
		_ = p.clock.Sleep(context.Background(), 300*time.Second)
		list, _ := p.account.Executions(arn)
		if len(list) < 300 || p.account.Running() != 1 {
			t.Errorf("%d executions, of which %d go on", len(list), p.account.Running())
		}
		p.account.AddStandIn("aws-sdk:sfn", "startExecution", answering(func([]byte) function.Result {
			return function.Result{Payload: []byte(`{}`)}
		}))
		_ = p.clock.Sleep(context.Background(), 5*time.Second)
		if p.account.Running() != 0 {
			t.Error("a stand-in does not win over what is served")
		}
	})
}
