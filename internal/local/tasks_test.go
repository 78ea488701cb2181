package local_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// task is a state machine of one Task state.
func task(resource, parameters string) string {
	return fmt.Sprintf(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":%q,"Parameters":%s,"End":true}}}`,
		resource, parameters)
}

// finish starts an execution and waits until it has ended.
func finish(t *testing.T, a *local.Account, v *clock.Virtual, arn, input string) local.Description {
	t.Helper()
	e, err := a.StartExecution(arn, "", json.RawMessage(input))
	if err != nil {
		t.Fatal(err)
	}
	var ended clock.Signal
	e.WhenEnded(ended.Set)
	_ = v.Wait(bg, &ended)
	return e.Describe()
}

func TestTableTasks(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddTable("t", "id")
		put := create(t, a, "put", asl.Standard,
			task("arn:aws:states:::dynamodb:putItem", `{"TableName":"t","Item":{"id":{"S":"a"},"v":{"S.$":"$.v"}}}`))
		if d := finish(t, a, v, put, `{"v":"hello"}`); d.Status != asl.Succeeded {
			t.Fatalf("%+v", d)
		}
		get := create(t, a, "get", asl.Standard,
			task("arn:aws:states:::dynamodb:getItem", `{"TableName":"t","Key":{"id":{"S":"a"}}}`))
		if d := finish(t, a, v, get, `{}`); !strings.Contains(string(d.Output), `"v":{"S":"hello"}`) {
			t.Errorf("%+v", d)
		}
		never := create(t, a, "never", asl.Standard, task("arn:aws:states:::dynamodb:putItem",
			`{"TableName":"t","Item":{"id":{"S":"a"}},"ConditionExpression":"attribute_not_exists(id)"}`))
		if d := finish(t, a, v, never, `{}`); d.Error != "DynamoDB.ConditionalCheckFailedException" {
			t.Errorf("%+v", d)
		}
		none := create(t, a, "none", asl.Standard,
			task("arn:aws:states:::dynamodb:getItem", `{"TableName":"none","Key":{"id":{"S":"a"}}}`))
		d := finish(t, a, v, none, `{}`)
		if d.Error != "DynamoDB.ResourceNotFoundException" ||
			!strings.HasPrefix(d.Cause, "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400;") {
			t.Errorf("%+v", d)
		}
	})
}

func TestUnknownFunctionFailsWhenItRuns(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, task("arn:aws:states:::lambda:invoke", `{"FunctionName":"later"}`))
		d := finish(t, a, v, arn, `{}`)
		if d.Error != "Lambda.ResourceNotFoundException" || !strings.Contains(d.Cause, "Status Code: 404") {
			t.Errorf("%+v", d)
		}
		a.AddFunction("later", &scripted{answers: []function.Result{returns(`"there"`)}})
		if d := finish(t, a, v, arn, `{}`); d.Status != asl.Succeeded {
			t.Errorf("%+v", d)
		}
	})
}

func TestEventInvocationDoesNotWait(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddFunction("slow", local.StandIn{Clock: v, Timeout: time.Hour, Next: lasts(time.Minute)})
		arn := create(t, a, "m", asl.Standard,
			task("arn:aws:states:::lambda:invoke", `{"FunctionName":"slow","InvocationType":"Event"}`))
		d := finish(t, a, v, arn, `{}`)
		if d.Status != asl.Succeeded || !d.Stopped.Equal(d.Started) {
			t.Errorf("%+v", d)
		}
	})
}

func TestStandInForAnIntegration(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		queue := &scripted{answers: []function.Result{returns(`{"MessageId":"1"}`)}}
		a.AddStandIn("sqs", "sendMessage", queue)
		arn := create(t, a, "m", asl.Standard,
			task("arn:aws:states:::sqs:sendMessage", `{"QueueUrl":"q","MessageBody.$":"$.text"}`))
		d := finish(t, a, v, arn, `{"text":"hello"}`)
		if d.Status != asl.Succeeded || len(queue.payloads) != 1 ||
			!sameJSON(queue.payloads[0], `{"QueueUrl":"q","MessageBody":"hello"}`) {
			t.Errorf("%+v %v", d, queue.payloads)
		}
	})
}

func TestChildren(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		child := create(t, a, "child", asl.Standard, waits)
		start := func(pattern string) string {
			return task("arn:aws:states:::states:startExecution"+pattern,
				`{"StateMachineArn":"`+child+`","Input":{"n":1}}`)
		}
		plain := finish(t, a, v, create(t, a, "plain", asl.Standard, start("")), `{}`)
		if plain.Status != asl.Succeeded || plain.Stopped.Sub(plain.Started) != 0 {
			t.Errorf("plain: %+v", plain)
		}
		sync := finish(t, a, v, create(t, a, "sync", asl.Standard, start(".sync:2")), `{}`)
		var described struct{ Output struct{ N int } }
		err := json.Unmarshal(sync.Output, &described)
		if err != nil || described.Output.N != 1 || sync.Stopped.Sub(sync.Started) < time.Minute {
			t.Errorf("sync: %+v %v", sync, err)
		}
		e, err := a.StartExecution(create(t, a, "stopped", asl.Standard, start(".sync")), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		sleep(v, time.Second)
		e.Stop("", "")
		sleep(v, time.Second)
		children, _ := a.Executions(child)
		if d := children[0].Describe(); len(children) != 3 || d.Status != asl.Aborted {
			t.Errorf("the child of a stopped parent: %d, %+v", len(children), d)
		}
		none := finish(t, a, v,
			create(t, a, "none", asl.Standard, strings.Replace(start(""), ":child", ":gone", 1)), `{}`)
		if none.Error != "StepFunctions.StateMachineDoesNotExistException" {
			t.Errorf("no child: %+v", none)
		}
	})
}

// TestEndlessChildren starts a state machine that starts itself for ever, and stops it.
func TestEndlessChildren(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := a.StateMachineARN("endless")
		definition := `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"T"},
			"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
			"Parameters":{"StateMachineArn":"` + arn + `"},"End":true}}}`
		create(t, a, "endless", asl.Standard, definition)
		first, err := a.StartExecution(arn, "first", nil)
		if err != nil {
			t.Fatal(err)
		}
		sleep(v, 500*time.Second)
		first.Stop("", "")
		sleep(v, time.Second)
		list, _ := a.Executions(arn)
		for _, e := range list {
			if e.Describe().Status != asl.Aborted {
				t.Fatalf("%s is %s", e.Name, e.Describe().Status)
			}
		}
		if len(list) < 500 {
			t.Errorf("%d executions", len(list))
		}
	})
}
