package local_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// comesTo is a stand-in whose outcome is always the same.
func comesTo(o local.TaskOutcome) local.TaskStandIn {
	return func(json.RawMessage) (local.TaskOutcome, bool) { return o, true }
}

// kinds are the types of the events of an execution, without those of states.
func kinds(a *local.Account, t *testing.T, arn string) string {
	t.Helper()
	e, err := a.Execution(arn)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, event := range e.History() {
		if !strings.Contains(event.Type, "State") && !strings.HasPrefix(event.Type, "Execution") {
			list = append(list, event.Type)
		}
	}
	return strings.Join(list, " ")
}

// TestTasksWithStandIns plays tasks of every pattern by their stand-ins.
func TestTasksWithStandIns(t *testing.T) {
	const job, token = "arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::sns:publish.waitForTaskToken"
	done := local.TaskOutcome{
		Takes: 2 * time.Hour, Submits: json.RawMessage(`{"id":1}`), Result: json.RawMessage(`"ok"`),
	}
	for _, c := range []struct {
		name, resource, pattern string
		outcome                 local.TaskOutcome
		want                    string
	}{
		{"any service", "arn:aws:states:::aws-sdk:s3:getObject", "arn:aws:states:::aws-sdk:*", done,
			`SUCCEEDED "ok" 2h0m0s TaskScheduled TaskStarted TaskSucceeded`},
		{"a job", job, "*:ecs:runTask", done,
			`SUCCEEDED "ok" 2h0m0s TaskScheduled TaskStarted TaskSubmitted TaskSucceeded`},
		{"a token", token, "T", done,
			`SUCCEEDED "ok" 2h0m0s TaskScheduled TaskStarted TaskSubmitted TaskSucceeded`},
		{"an error", job, "T", local.TaskOutcome{Error: "ECS.AmazonECSException", Cause: "full"},
			`FAILED ECS.AmazonECSException full 0s TaskScheduled TaskStarted TaskSubmitted TaskFailed`},
		{"a function", "arn:aws:states:::lambda:invoke", "T", done,
			`SUCCEEDED "ok" 2h0m0s TaskScheduled TaskStarted TaskSucceeded`},
		{"a nested execution", "arn:aws:states:::states:startExecution.sync:2", "*:states:*", done,
			`SUCCEEDED "ok" 2h0m0s TaskScheduled TaskStarted TaskSubmitted TaskSucceeded`},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			a.SetTaskStandIns(map[string]local.TaskStandIn{c.pattern: comesTo(c.outcome)})
			parameters := `{"FunctionName":"none","StateMachineArn":"none"}`
			d := finish(t, a, v, create(t, a, "m", asl.Standard, task(c.resource, parameters)), `{}`)
			got := string(d.Status) + " " + string(d.Output)
			if d.Error != "" {
				got += d.Error + " " + d.Cause
			}
			got += " " + d.Stopped.Sub(d.Started).String() + " " + kinds(a, t, d.ARN)
			if got != c.want {
				t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
			}
		})
	}
}

// TestTaskThatNobodyPerforms creates what AWS creates, says once what is lacking, and fails where it is reached.
func TestTaskThatNobodyPerforms(t *testing.T) {
	var lacking []string
	options := local.Options{Lacking: func(m local.StateMachine, tasks []asl.Task) {
		for _, task := range tasks {
			lacking = append(lacking, m.Name+" "+task.State)
		}
	}}
	onVirtualTime(t, options, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, `{"StartAt":"C","States":{
			"C":{"Type":"Choice","Choices":[{"Variable":"$.go","IsPresent":true,"Next":"T"}],"Default":"E"},
			"E":{"Type":"Succeed"},
			"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:getObject","End":true,
				"Catch":[{"ErrorEquals":["States.ALL"],"Next":"E"}]}}}`)
		if d := finish(t, a, v, arn, `{}`); d.Status != asl.Succeeded {
			t.Errorf("the task was not reached: %+v", d)
		}
		d := finish(t, a, v, arn, `{"go":1}`)
		if d.Error != "States.Runtime" ||
			!strings.Contains(d.Cause, `The state "T" calls arn:aws:states:::aws-sdk:s3`) ||
			!strings.Contains(d.Cause, `tasks: {"T": {returns: {…}}}`) {
			t.Errorf("%+v", d)
		}
		a.SetTaskStandIns(map[string]local.TaskStandIn{"T": func(json.RawMessage) (o local.TaskOutcome, ok bool) {
			return o, false
		}})
		if d := finish(t, a, v, arn, `{"go":1}`); d.Error != "States.Runtime" {
			t.Errorf("with a stand-in that has nothing for the request: %+v", d)
		}
	})
	if strings.Join(lacking, ",") != "m T" {
		t.Errorf("lacking: %v", lacking)
	}
}

func TestMapRunWithStandIn(t *testing.T) {
	const definition = `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemReader":{
		"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"}},"ItemProcessor":{
		"StartAt":"P","ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"States":{"P":{"Type":"Pass","End":true}}}}}}`
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, definition)
		if d := finish(t, a, v, arn, `{}`); !strings.Contains(d.Cause, `The state "M" is a Distributed Map`) {
			t.Errorf("%+v", d)
		}
		list := comesTo(local.TaskOutcome{Result: json.RawMessage(`[1]`)})
		a.SetTaskStandIns(map[string]local.TaskStandIn{"M": list})
		d := finish(t, a, v, arn, `{}`)
		if string(d.Output) != `[1]` || kinds(a, t, d.ARN) != "MapRunStarted MapRunSucceeded" {
			t.Errorf("%s %+v", kinds(a, t, d.ARN), d)
		}
	})
}

// TestTokenThatSomebodyReturns leaves the token of a task with a stand-in to whoever has it.
func TestTokenThatSomebodyReturns(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		var token string
		queue := func(request json.RawMessage) (local.TaskOutcome, bool) {
			var sent struct{ MessageBody string }
			if err := json.Unmarshal(request, &sent); err != nil {
				t.Error(err)
			}
			token = sent.MessageBody
			v.AfterFunc(time.Minute, func() { _ = a.SendTaskSuccess(token, json.RawMessage(`"back"`)) })
			return local.TaskOutcome{Waits: true}, true
		}
		a.SetTaskStandIns(map[string]local.TaskStandIn{"*:sqs:*": queue})
		d := finish(t, a, v, create(t, a, "m", asl.Standard, task("arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			`{"MessageBody.$":"$$.Task.Token"}`)), `{}`)
		if string(d.Output) != `"back"` || d.Stopped.Sub(d.Started) != time.Minute {
			t.Errorf("%+v", d)
		}
	})
}
