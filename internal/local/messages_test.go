package local_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/messaging"
)

// all chooses every message.
func all(messaging.Message) bool { return true }

// sends is a state machine that sends to a queue, a topic and an event bus.
const sends = `{"StartAt":"Q","States":{
	"Q":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","ResultPath":"$.q","Next":"T",
		"Parameters":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/000000000000/q","MessageBody.$":"$.text"}},
	"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","ResultPath":"$.t","Next":"E",
		"Parameters":{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t.fifo","MessageGroupId":"g","Message":{"n":1}}},
	"E":{"Type":"Task","Resource":"arn:aws:states:::events:putEvents","ResultPath":"$.e","End":true,
		"Parameters":{"Entries":[{"Source":"s","DetailType":"d","Detail":{}}]}}}}`

// TestTasksThatSend checks the results of tasks that send, and what was sent.
func TestTasksThatSend(t *testing.T) {
	var told []string
	options := local.Options{Sent: func(m messaging.Message) { told = append(told, m.Service+" "+m.State) }}
	onVirtualTime(t, options, func(a *local.Account, v *clock.Virtual) {
		d := finish(t, a, v, create(t, a, "m", asl.Standard, sends), `{"text":"hello"}`)
		var result struct {
			Q struct {
				MD5OfMessageBody, MessageId string
				SdkHttpMetadata             struct {
					HttpHeaders    map[string]string
					HttpStatusCode int
				}
			}
			T struct {
				MessageId, SequenceNumber string
				SdkHttpMetadata           struct{ HttpHeaders map[string]string }
			}
			E struct {
				Entries          []struct{ EventId string }
				FailedEntryCount int
			}
		}
		if err := json.Unmarshal(d.Output, &result); err != nil {
			t.Fatalf("%+v: %v", d, err)
		}
		sent := a.Messages(all)
		if len(sent) != 3 || strings.Join(told, ",") != "sqs Q,sns T,events E" {
			t.Fatalf("sent: %+v, told: %v", sent, told)
		}
		if result.Q.MessageId != sent[0].ID || result.Q.MD5OfMessageBody != "5d41402abc4b2a76b9719d911017c592" ||
			result.Q.SdkHttpMetadata.HttpStatusCode != 200 ||
			result.Q.SdkHttpMetadata.HttpHeaders["Content-Length"] != "106" || // recorded
			result.Q.SdkHttpMetadata.HttpHeaders["connection"] != "keep-alive" {
			t.Errorf("SQS: %+v", result.Q)
		}
		if result.T.MessageId != sent[1].ID || result.T.SequenceNumber != fmt.Sprintf("%020d", sent[1].Number) ||
			result.T.SdkHttpMetadata.HttpHeaders["Content-Length"] != "352" {
			t.Errorf("SNS: %+v", result.T)
		}
		if result.E.FailedEntryCount != 0 || result.E.Entries[0].EventId != sent[2].ID {
			t.Errorf("EventBridge: %+v", result.E)
		}
		if m := sent[0]; m.Body != "hello" || m.Execution != d.ARN || !m.Sent.Equal(d.Started) {
			t.Errorf("%+v", m)
		}
		if !strings.Contains(sent[2].Body, `"resources":["`+a.StateMachineARN("m")+`","`+d.ARN+`"]`) {
			t.Errorf("%+v", sent[2])
		}
		toQueue := func(m messaging.Message) bool { return m.Service == messaging.SQS }
		if taken := a.TakeMessages(toQueue); len(taken) != 1 || taken[0].ID != sent[0].ID || len(a.Messages(all)) != 2 {
			t.Errorf("taken: %+v, left: %+v", taken, a.Messages(all))
		}
	})
}

// TestTasksThatCannotSend checks errors, and a stand-in instead of a queue.
func TestTasksThatCannotSend(t *testing.T) {
	for _, c := range []struct{ name, resource, parameters, want string }{
		{"no body", "sqs:sendMessage", `{"QueueUrl":"https://h/a/q"}`,
			`SQS.AmazonSQSException The request must contain ` +
				`the parameter MessageBody. (Service: AmazonSQS; Status Code: 400; Error Code: ` +
				`MissingParameter; Request ID: `},
		{"no host", "sqs:sendMessage", `{"QueueUrl":"http://no-such-queue","MessageBody":"m"}`, // recorded
			`SQS.SdkClientException Unable to execute HTTP request: no-such-queue: Name or service not known`},
		{"by the SDK", "aws-sdk:sqs:sendMessage", `{"QueueUrl":"https://h/a/q"}`,
			`Sqs.SqsException The request must contain the parameter MessageBody. (Service: Sqs, Status Code: 400, `},
		{"no topic", "sns:publish.waitForTaskToken", `{"Message":"m"}`,
			`SNS.InvalidParameterException Invalid parameter: `},
		{"an entry", "events:putEvents", `{"Entries":[{"Source":"s","DetailType":"d","Detail":"1"}]}`,
			`EventBridge.FailedEntry {"Entries":[{"ErrorCode":"MalformedDetail",`},
		{"too many", "aws-sdk:eventbridge:putEvents", `{"Entries":[]}`,
			`EventBridge.EventBridgeException 1 validation `},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			d := finish(t, a, v, create(t, a, "m", asl.Standard, task("arn:aws:states:::"+c.resource, c.parameters)),
				`{}`)
			if got := d.Error + " " + d.Cause; !strings.HasPrefix(got, c.want) || len(a.Messages(all)) > 0 {
				t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
			}
		})
	}
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.SetTaskStandIns(map[string]local.TaskStandIn{
			"*:sqs:*": comesTo(local.TaskOutcome{Result: json.RawMessage(`"stood in"`)}),
		})
		d := finish(t, a, v, create(t, a, "m", asl.Standard, sends), `{"text":"hello"}`)
		if !strings.Contains(string(d.Output), `"q":"stood in"`) || len(a.Messages(all)) != 2 {
			t.Errorf("%+v, sent: %+v", d, a.Messages(all))
		}
	})
}

// TestTokenInAMessage answers a task with the token that it has sent.
func TestTokenInAMessage(t *testing.T) {
	for _, c := range []struct{ resource, parameters string }{
		{"sqs:sendMessage", `{"QueueUrl":"https://h/a/q","MessageBody":{"token.$":"$$.Task.Token"}}`},
		{"aws-sdk:sqs:sendMessage", `{"QueueUrl":"https://h/a/q","MessageBody":{"token.$":"$$.Task.Token"}}`},
		{"sns:publish", `{"PhoneNumber":"+15550100","Message":{"token.$":"$$.Task.Token"}}`},
		{"events:putEvents", `{"Entries":[{"Source":"s","DetailType":"d","Detail":{"token.$":"$$.Task.Token"}}]}`},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			arn := create(t, a,
				"m", asl.Standard, task("arn:aws:states:::"+c.resource+".waitForTaskToken", c.parameters))
			e, err := a.StartExecution(arn, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			sleep(v, time.Minute)
			message := a.TakeMessages(all)[0]
			_, rest, _ := strings.Cut(message.Body, `"token":"`)
			token, _, _ := strings.Cut(rest, `"`)
			if err := a.SendTaskSuccess(token, json.RawMessage(`"thanks"`)); err != nil {
				t.Error(err)
			}
			if d := e.Describe(); string(d.Output) != `"thanks"` ||
				kinds(a, t, d.ARN) != "TaskScheduled TaskStarted TaskSubmitted TaskSucceeded" {
				t.Errorf("%s: %+v, %s", c.resource, d, kinds(a, t, d.ARN))
			}
		})
	}
}

// TestMessagesAreKept checks that messages are there again after a restart, without those that were taken.
func TestMessagesAreKept(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	var before []messaging.Message
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		finish(t, a, v, create(t, a, "m", asl.Standard, sends), `{"text":"hello"}`)
		a.TakeMessages(func(m messaging.Message) bool { return m.Service == messaging.SNS })
		must(t, a.Committed())
		before = a.Messages(all)
	})
	restart(t, journal, start.Add(-time.Hour), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		if diff := cmp.Diff(before, a.Messages(all)); diff != "" || len(before) != 2 {
			t.Error(diff)
		}
		finish(t, a, v, a.StateMachineARN("m"), `{"text":"hello"}`)
		for i, m := range a.Messages(all) {
			if i > 0 && m.Number <= a.Messages(all)[i-1].Number {
				t.Errorf("message %d has number %d", i, m.Number)
			}
		}
	})
}
