package standin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/standin"
)

const history = `{"events":[
	{"id":12,"previousEventId":11,"timestamp":9.5,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"Wait"}},
	{"id":1,"previousEventId":0,"timestamp":1,"type":"ExecutionStarted"},
	{"id":2,"previousEventId":0,"timestamp":1,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"Tell"}},
	{"id":3,"previousEventId":2,"timestamp":1.5,"type":"TaskScheduled","taskScheduledEventDetails":
		{"resourceType":"sns","resource":"publish","parameters":"{}"}},
	{"id":4,"previousEventId":3,"timestamp":1.5,"type":"TaskStarted"},
	{"id":5,"previousEventId":4,"timestamp":"2026-01-02T03:04:05+00:00","type":"TaskFailed","taskFailedEventDetails":
		{"error":"SNS.NotFoundException","cause":"no topic"}},
	{"id":6,"previousEventId":5,"timestamp":"2026-01-02T03:04:05.5+00:00","type":"TaskScheduled",
		"taskScheduledEventDetails":{"resourceType":"sns","resource":"publish"}},
	{"id":7,"previousEventId":6,"timestamp":"2026-01-02T03:04:05.5+00:00","type":"TaskStarted"},
	{"id":8,"previousEventId":7,"timestamp":"2026-01-02T03:04:07.75+00:00","type":"TaskSucceeded",
		"taskSucceededEventDetails":{"output":"{\"MessageId\":\"m\"}","outputDetails":{"truncated":false}}},
	{"id":9,"previousEventId":8,"timestamp":8,"type":"TaskStateExited","stateExitedEventDetails":{"name":"Tell"}},
	{"id":13,"previousEventId":12,"timestamp":10,"type":"TaskScheduled","taskScheduledEventDetails":
		{"resourceType":"ecs","resource":"runTask.sync"}},
	{"id":14,"previousEventId":13,"timestamp":10,"type":"TaskSubmitted","taskSubmittedEventDetails":
		{"output":"[1]","outputDetails":{"truncated":false}}},
	{"id":15,"previousEventId":14,"timestamp":3610,"type":"TaskTimedOut","taskTimedOutEventDetails":{}},
	{"id":16,"previousEventId":15,"timestamp":3610,"type":"MapIterationFailed"},
	{"id":20,"previousEventId":0,"timestamp":1,"type":"MapStateEntered","stateEnteredEventDetails":{"name":"Each"}},
	{"id":21,"previousEventId":20,"timestamp":1,"type":"MapStateStarted"},
	{"id":22,"previousEventId":21,"timestamp":1,"type":"MapRunStarted"},
	{"id":23,"previousEventId":22,"timestamp":4,"type":"MapRunSucceeded"},
	{"id":24,"previousEventId":23,"timestamp":4,"type":"MapStateExited","stateExitedEventDetails":{"output":"[7]"}},
	{"id":30,"previousEventId":0,"timestamp":1,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"Fn"}},
	{"id":31,"previousEventId":30,"timestamp":1,"type":"LambdaFunctionScheduled","lambdaFunctionScheduledEventDetails":
		{"resource":"arn:aws:lambda:us-east-1:1:function:f"}},
	{"id":32,"previousEventId":31,"timestamp":2,"type":"LambdaFunctionSucceeded"},
	{"id":40,"previousEventId":30,"timestamp":1,"type":"TaskScheduled","taskScheduledEventDetails":
		{"resourceType":"states","resource":"startExecution.sync:2"}}
]}`

func TestHistory(t *testing.T) {
	list, err := standin.History([]byte(strings.ReplaceAll(history, `"timestamp":1.5`,
		`"timestamp":"2026-01-02T03:04:04+00:00"`)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		got = append(got, fmt.Sprintf("%s %s %v %s%s%s %s served=%v lost=%v", r.State, r.Resource, r.Takes, r.Submits,
			r.Returns, r.Error, r.Cause, r.Served, r.Lost))
	}
	want := []string{
		`Tell arn:aws:states:::sns:publish 1s SNS.NotFoundException no topic served=true lost=false`,
		`Tell arn:aws:states:::sns:publish 2.25s {"MessageId":"m"}  served=true lost=false`,
		`Wait arn:aws:states:::ecs:runTask.sync 1h0m0s [1]States.Timeout  served=false lost=false`,
		`Each  3s [7]  served=false lost=false`,
		`Fn arn:aws:lambda:us-east-1:1:function:f 1s {}  served=true lost=true`,
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"events":[{"id":1,"previousEventId":1}]}`,
		`{"events":[{"id":2,"previousEventId":1,"timestamp":"today"}]}`, `{"events":[{"id":1,"timestamp":{}}]}`,
		`{"events":[{"id":1,"timestamp":1,"taskFailedEventDetails":1}]}`} {
		if list, err := standin.History([]byte(bad)); err == nil {
			t.Errorf("%s gives %v", bad, list)
		}
	}
}
