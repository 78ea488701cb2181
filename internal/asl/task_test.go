package asl

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// scheduledAt returns the virtual times at which tasks were scheduled.
func (d *driver) scheduledAt() []time.Duration {
	var list []time.Duration
	for _, e := range d.history {
		if strings.HasSuffix(e.Type, "Scheduled") {
			list = append(list, e.Timestamp.Sub(epoch))
		}
	}
	return list
}

func seconds64(values ...float64) []time.Duration {
	var list []time.Duration
	for _, v := range values {
		list = append(list, time.Duration(v*float64(time.Second)))
	}
	return list
}

func TestRetryDelays(t *testing.T) {
	tests := []struct {
		name, retry string
		errors      []string
		want        []time.Duration
	}{
		{name: "defaults", retry: `{"ErrorEquals":["E"]}`, errors: []string{"E"}, want: seconds64(0, 1, 3, 7)},
		{
			name:   "interval and rate",
			retry:  `{"ErrorEquals":["E"],"IntervalSeconds":3,"BackoffRate":1.5,"MaxAttempts":2}`,
			errors: []string{"E"},
			want:   seconds64(0, 3, 7.5),
		},
		{
			name:   "cap",
			retry:  `{"ErrorEquals":["E"],"IntervalSeconds":5,"BackoffRate":10,"MaxDelaySeconds":20,"MaxAttempts":4}`,
			errors: []string{"E"},
			want:   seconds64(0, 5, 25, 45, 65),
		},
		{name: "never", retry: `{"ErrorEquals":["E"],"MaxAttempts":0}`, errors: []string{"E"}, want: seconds64(0)},
		{name: "other error", retry: `{"ErrorEquals":["X"]}`, errors: []string{"E"}, want: seconds64(0)},
		{
			name:   "each retrier counts for itself",
			retry:  `{"ErrorEquals":["E"],"MaxAttempts":1},{"ErrorEquals":["F"],"IntervalSeconds":10,"MaxAttempts":1}`,
			errors: []string{"E", "F", "E"},
			want:   seconds64(0, 1, 11),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := start(t, machineOf(taskA("f", `"Retry":[`+test.retry+`]`)), `{}`)
			var outcomes []outcome
			for _, e := range test.errors {
				outcomes = append(outcomes, outcome{err: e})
			}
			d.invoke = functions(map[string][]outcome{function("f"): outcomes})
			d.between = restored(t, d.execution.machine)
			d.run(day)
			if got := d.scheduledAt(); !slices.Equal(got, test.want) {
				t.Errorf("scheduled at %v, want %v", got, test.want)
			}
		})
	}
}

func TestJitterIsSeeded(t *testing.T) {
	definition := machineOf(taskA("f", `"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"FULL",
		"IntervalSeconds":8,"BackoffRate":1,"MaxAttempts":50}]`))
	play := func(seed uint64) []time.Duration {
		options := testOptions
		options.Seed = seed
		e, _ := mustParse(t, definition).NewExecution(options, nil)
		d := &driver{t: t, execution: e, invoke: functions(map[string][]outcome{function("f"): {{err: "E"}}})}
		d.run(day)
		return d.scheduledAt()
	}
	first := play(1)
	if !slices.Equal(first, play(1)) || slices.Equal(first, play(2)) {
		t.Error("the seed does not decide the delays")
	}
	total := first[len(first)-1]
	if total < 50*2*time.Second || total > 50*6*time.Second {
		t.Errorf("50 delays of 0 to 8 s took %s", total)
	}
	for i := range first[1:] {
		if delay := first[i+1] - first[i]; delay < 0 || delay > 8*time.Second {
			t.Errorf("delay %d is %s", i, delay)
		}
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		fail  failure
		names []string
		want  bool
	}{
		{failure{Error: "E"}, []string{"E"}, true},
		{failure{Error: "E"}, []string{"e", "F"}, false},
		{failure{Error: "E"}, []string{"States.ALL"}, true},
		{failure{Error: "E"}, []string{"States.TaskFailed"}, true},
		{failure{Error: errTimeout}, []string{"States.TaskFailed"}, false},
		{failure{Error: errTimeout}, []string{"States.Timeout"}, true},
		{failure{Error: errTimeout}, []string{"States.HeartbeatTimeout"}, false},
		{failure{Error: errTimeout, Heartbeat: true}, []string{"States.HeartbeatTimeout"}, true},
		{failure{Error: errRuntime}, []string{"States.ALL"}, false},
		{failure{Error: errRuntime}, []string{"States.Runtime"}, false},
		{failure{Error: errDataLimitExceeded}, []string{"States.ALL"}, true},
	}
	for _, test := range tests {
		if got := test.fail.matches(test.names); got != test.want {
			t.Errorf("%+v and %v: %v", test.fail, test.names, got)
		}
	}
}

const tokenTask = `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
	"HeartbeatSeconds":10,"TimeoutSeconds":100,` +
	`"Parameters":{"FunctionName":"f","InvocationType":"Event","Payload":{"token.$":"$$.Task.Token"}},"End":true}`

// startTokenTask starts a task with a token and returns the driver and the command, after the call of the function
// returned.
func startTokenTask(t *testing.T) (*driver, InvokeTask) {
	t.Helper()
	d := start(t, machineOf(tokenTask), `{}`)
	var invoked InvokeTask
	d.invoke = func(c InvokeTask, _ time.Time) (answer, time.Duration) {
		invoked = c
		return func(at time.Time) Event { return TaskSubmitted{At: at, ID: c.ID} }, time.Second
	}
	d.run(2 * time.Second)
	return d, invoked
}

func TestTaskToken(t *testing.T) {
	d, invoked := startTokenTask(t)
	if !invoked.WaitForToken || invoked.Token == "" || invoked.InvocationType != "Event" ||
		invoked.FunctionName != "f" ||
		string(invoked.Payload) != `{"token":"`+invoked.Token+`"}` {
		t.Fatalf("got %+v", invoked)
	}
	d.tell(TaskSucceeded{At: epoch.Add(5 * time.Second), ID: invoked.ID, Output: json.RawMessage(`[1]`)})
	if d.finish == nil || string(d.finish.Output) != `[1]` {
		t.Fatalf("got %+v", d.finish)
	}
	want := []string{
		"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded",
		"TaskStateExited", "ExecutionSucceeded",
	}
	if got := d.types(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if details := d.history[2].Details; details.Resource != "invoke.waitForTaskToken" ||
		details.HeartbeatInSeconds != 10 || details.TimeoutInSeconds != 100 || details.Region != "us-east-1" {
		t.Errorf("scheduled with %+v", details)
	}
}

func TestHeartbeat(t *testing.T) {
	d, invoked := startTokenTask(t)
	for at := 3 * time.Second; at < 50*time.Second; at += 9 * time.Second {
		d.tell(TaskHeartbeat{At: epoch.Add(at), ID: invoked.ID})
	}
	if d.finish != nil {
		t.Fatalf("the task ended in spite of its heartbeats: %+v", d.finish)
	}
	d.resume(day)
	if d.finish == nil || d.finish.Error != errTimeout || d.took() != 58*time.Second {
		t.Errorf("got %+v after %s, want a timeout 10 s after the last heartbeat at 48 s", d.finish, d.took())
	}
}

func TestFailureByToken(t *testing.T) {
	d, invoked := startTokenTask(t)
	d.tell(TaskFailed{At: epoch.Add(3 * time.Second), ID: invoked.ID, Error: "No", Cause: "because"})
	if d.finish == nil || d.finish.Error != "No" || d.finish.Cause != "because" {
		t.Errorf("got %+v", d.finish)
	}
}

// child plays a task that starts an execution, which ends after a minute.
func child(t *testing.T, pattern string, ended ChildEnded) (*driver, StartChild) {
	t.Helper()
	d := start(t, machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution`+pattern+`",
		"Parameters":{"StateMachineArn":"arn:m","Input":{"a":1}},"End":true}`), `{}`)
	var started StartChild
	d.child = func(c StartChild, at time.Time) []scheduled {
		started = c
		ended.ID, ended.ExecutionARN, ended.Name, ended.Input, ended.StartedAt = c.ID, "arn:e", c.Name, c.Input, at
		return []scheduled{
			{
				func(at time.Time) Event {
					return ChildStarted{At: at, ID: c.ID, ExecutionARN: "arn:e", StartedAt: at}
				},
				time.Second,
			},
			{func(at time.Time) Event { ended.At, ended.EndedAt = at, at; return ended }, time.Minute},
		}
	}
	d.between = restored(t, d.execution.machine)
	d.run(day)
	return d, started
}

func TestChildExecutions(t *testing.T) {
	tests := []struct {
		pattern string
		ended   ChildEnded
		took    time.Duration
		status  Status
		output  string // of the task: the child's output
		events  []string
	}{
		{
			took:   time.Second,
			status: Succeeded,
			events: []string{"TaskScheduled", "TaskStarted", "TaskSucceeded"},
		},
		{
			pattern: ".sync",
			ended:   ChildEnded{Status: Succeeded, Output: json.RawMessage(`{"b":2}`)},
			took:    time.Minute,
			status:  Succeeded,
			output:  `"{\"b\":2}"`,
			events:  []string{"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"},
		},
		{
			pattern: ".sync:2",
			ended:   ChildEnded{Status: Succeeded, Output: json.RawMessage(`{"b":2}`)},
			took:    time.Minute,
			status:  Succeeded,
			output:  `{"b":2}`,
			events:  []string{"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"},
		},
		{
			pattern: ".sync",
			ended:   ChildEnded{Status: TimedOut, Error: "States.Timeout"},
			took:    time.Minute,
			status:  Failed,
			events:  []string{"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskFailed"},
		},
	}
	for _, test := range tests {
		d, started := child(t, test.pattern, test.ended)
		if started.Name == "" || string(started.Input) != `{"a":1}` || started.Wait != (test.pattern != "") {
			t.Errorf("%s: started %+v", test.pattern, started)
		}
		events := slices.DeleteFunc(d.types(), func(kind string) bool {
			return strings.Contains(kind, "State") || strings.HasPrefix(kind, "Exec")
		})
		if d.finish.Status != test.status || d.took() != test.took || !slices.Equal(events, test.events) {
			t.Errorf("%s: %s after %s with %v", test.pattern, d.finish.Status, d.took(), events)
		}
		var output struct{ Output json.RawMessage }
		_ = json.Unmarshal(d.finish.Output, &output)
		if string(output.Output) != test.output {
			t.Errorf("%s: output %s, want %s", test.pattern, output.Output, test.output)
		}
		if test.status == Failed &&
			(d.finish.Error != errTaskFailed || !strings.Contains(d.finish.Cause, `"Status":"TIMED_OUT"`)) {
			t.Errorf("%s: %+v", test.pattern, d.finish)
		}
	}
}

func TestRefusal(t *testing.T) {
	tests := []struct{ service, code, name, cause string }{
		{
			service: "lambda",
			code:    "TooManyRequestsException",
			name:    "Lambda.TooManyRequestsException",
			cause: "m (Service: AWSLambda; Status Code: 400; Error Code: TooManyRequestsException; " +
				"Request ID: id; Proxy: null)",
		},
		{
			service: "states",
			code:    "ExecutionAlreadyExists",
			name:    "StepFunctions.ExecutionAlreadyExistsException",
			cause: "m (Service: AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; " +
				"Request ID: id; Proxy: null)",
		},
		{
			service: "dynamodb",
			code:    "ValidationException",
			name:    "DynamoDB.AmazonDynamoDBException",
			cause: "m (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; " +
				"Request ID: id; Proxy: null)",
		},
		{
			service: "aws-sdk:dynamodb",
			code:    "ValidationException",
			name:    "DynamoDb.DynamoDbException",
			cause:   "m (Service: DynamoDb, Status Code: 400, Request ID: id)",
		},
		{
			service: "aws-sdk:s3",
			code:    "NoSuchBucket",
			name:    "S3.NoSuchBucketException",
			cause:   "m (Service: S3, Status Code: 400, Request ID: id)",
		},
	}
	for _, test := range tests {
		got := refusal(resource{service: test.service}, TaskRefused{Code: test.code, Message: "m", Status: 400}, "id")
		if got.Error != test.name || got.Cause != test.cause {
			t.Errorf("%s: got %+v", test.service, got)
		}
	}
}

func TestParseResource(t *testing.T) {
	tests := []struct {
		text string
		want resource
	}{
		{function("f"), resource{service: "lambda", action: "invoke", direct: true}},
		{function("f") + ":PROD", resource{service: "lambda", action: "invoke", direct: true}},
		{"arn:aws-cn:states:::dynamodb:getItem", resource{service: "dynamodb", action: "getItem"}},
		{
			"arn:aws:states:::states:startExecution.sync:2",
			resource{service: "states", action: "startExecution", pattern: "sync:2"},
		},
		{
			"arn:aws:states:::aws-sdk:s3:listBuckets.waitForTaskToken",
			resource{service: "aws-sdk:s3", action: "listBuckets", pattern: "waitForTaskToken"},
		},
		{
			"arn:aws:states:us-east-1:111111111111:activity:work",
			resource{service: "activity", action: "work", direct: true},
		},
	}
	for _, test := range tests {
		test.want.text = test.text
		if got, ok := parseResource(test.text); !ok || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v", test.text, got, ok)
		}
	}
	for _, text := range []string{
		"", "f", "${Arn}", "arn:aws:lambda:us-east-1:111111111111:function:", "arn:aws:states:::",
		"arn:aws:states:::lambda", "arn:aws:states:::lambda:", "arn:aws:s3:::bucket",
		"arn:aws:states:us-east-1:111111111111:activity:",
		"arn:x:states:::lambda:invoke",
	} {
		if got, ok := parseResource(text); ok {
			t.Errorf("%q was taken for %+v", text, got)
		}
	}
}

func TestTasks(t *testing.T) {
	m := mustParse(t, machineOf(`"A":{"Type":"Map","ItemProcessor":{"StartAt":"M","States":{
		"M":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"g"},"End":true}
		}},"Next":"B"},
		"B":{"Type":"Task","Resource":"`+function("f")+`","End":true}`))
	tasks := m.Tasks()
	if len(tasks) != 2 || tasks[0].State != "M" || tasks[0].FunctionName != "g" ||
		tasks[1].FunctionName != function("f") ||
		tasks[1].Service != "lambda" || tasks[1].Action != "invoke" || tasks[1].Pos.Line != 4 {
		t.Errorf("got %+v", tasks)
	}
}
