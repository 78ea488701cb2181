package messaging_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/messaging"
)

// sender numbers messages and ids.
func sender() messaging.Sender {
	n := 0
	next := func() uint64 { n++; return uint64(n) }
	return messaging.Sender{
		Region: "us-east-1", Account: "000000000000", StateMachine: "machine", Execution: "execution", State: "S",
		At:    time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC),
		NewID: func() string { return fmt.Sprint("id", n) },
		Next:  next,
	}
}

const (
	queue = `"QueueUrl":"https://sqs.us-east-1.amazonaws.com/000000000000/q"`
	fifo  = `"QueueUrl":"http://localhost:4566/000000000000/q.fifo"`
	topic = `"TopicArn":"arn:aws:sns:us-east-1:000000000000:t"`
	hello = `"MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592","MessageId":"id1"`
	event = `"Source":"shop","DetailType":"Paid","Detail":`
)

// TestSend sends what the services accept, and what they refuse.
func TestSend(t *testing.T) {
	long := strings.Repeat("x", 101)
	for _, c := range []struct{ name, integration, request, want string }{
		{"a message", "sqs:sendMessage", `{` + queue + `,"MessageBody":"hello"}`, `{` + hello + `}`},
		{"a placeholder", "sqs:sendMessage", `{"QueueUrl":"${Queue}","MessageBody":"hello"}`, `{` + hello + `}`},
		{"an object", "aws-sdk:sqs:sendMessage", `{` + queue + `,"MessageBody":{"a": 1, "b": "<"}}`,
			`{"MD5OfMessageBody":"2e96cdb6f427ca5d3ef6b92dc07c383c","MessageId":"id1"}`},
		{"attributes", "sqs:sendMessage", `{` +
			queue + `,"MessageBody":"hello","DelaySeconds":"7","MessageAttributes":{` +
			`"b":{"DataType":"Binary","BinaryValue":"AQI="},"a":{"DataType":"Number.int","StringValue":7}}}`,
			`{"MD5OfMessageAttributes":"8fe280ddd9617be74b76c9a92a7ddb69",`},
		{"the digest of AWS", "sqs:sendMessage", `{` +
			queue + `,"MessageBody":"hello","MessageAttributes":{"timestamp":{` +
			`"DataType":"Number","StringValue":"1493147359900"}}}`,
			`{"MD5OfMessageAttributes":"235c5c510d26fb653d073faed50ae77c",`},
		{"FIFO", "sqs:sendMessage", `{` +
			fifo + `,"MessageBody":"hello","MessageGroupId":"g","MessageDeduplicationId":"d"}`,
			`{` + hello + `,"SequenceNumber":"00000000000000000001"}`},
		{"no host", "sqs:sendMessage", `{"QueueUrl":"http://no-such-queue","MessageBody":"m"}`,
			`SQS.SdkClientException: Unable to execute HTTP request: no-such-queue: Name or service not known`},
		{"no host, by the SDK", "aws-sdk:sqs:sendMessage", `{"QueueUrl":"http://no-such-queue/","MessageBody":"m"}`,
			`Sqs.SdkClientException: `},
		{"a name", "sqs:sendMessage", `{"QueueUrl":"q","MessageBody":"m"}`,
			`InvalidAddress: The address q is not valid`},
		{"no queue", "sqs:sendMessage", `{"MessageBody":"m"}`,
			`MissingParameter: The request must contain the parameter Que`},
		{"no body", "sqs:sendMessage", `{` + queue + `,"MessageBody":""}`,
			`MissingParameter: The request must contain the par`},
		{"a null body", "sqs:sendMessage", `{` + queue + `,"MessageBody":null}`, `MissingParameter: `},
		{"control characters", "sqs:sendMessage", `{` + queue + `,"MessageBody":"\u0001"}`, `InvalidMessageContents: `},
		{"delayed for long", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","DelaySeconds":901}`,
			`InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid.`},
		{"FIFO without group", "sqs:sendMessage", `{` + fifo + `,"MessageBody":"m"}`, `MissingParameter: `},
		{"FIFO with delay", "sqs:sendMessage", `{` + fifo + `,"MessageBody":"m","MessageGroupId":"g","DelaySeconds":1}`,
			`InvalidParameterValue: `},
		{"deduplicated", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","MessageDeduplicationId":"d"}`,
			`InvalidParameterValue: `},
		{"an attribute's type", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","MessageAttributes":{"a":` +
			`{"DataType":"Text","StringValue":"1"}}}`,
			`InvalidParameterValue: The message attribute 'a' has an invalid`},
		{"no type", "sqs:sendMessage", `{` +
			queue + `,"MessageBody":"m","MessageAttributes":{"a":{"StringValue":"1"}}}`,
			`InvalidParameterValue: The message attribute 'a' must contain a non-empty message attribute type`},
		{"no value", "sqs:sendMessage", `{` +
			queue + `,"MessageBody":"m","MessageAttributes":{"a":{"DataType":"String"}}}`,
			`InvalidParameterValue: The message attribute 'a' must contain a non-empty message attribute value`},
		{"not a number", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","MessageAttributes":{"a":` +
			`{"DataType":"Number.int","StringValue":"five"}}}`,
			`InvalidParameterValue: Can't cast the value of message (user) attribute 'a' to a number.`},
		{"numbers", "sqs:sendMessage", `{` + queue + `,"MessageBody":"hello","MessageAttributes":{` +
			`"a":{"DataType":"Number","StringValue":"-1.5e+10"},"b":{"DataType":"Number","StringValue":".5"},` +
			`"c":{"DataType":"Number","StringValue":"${Count}"},"d":{"DataType":"String","StringValue":"five"}}}`,
			`{"MD5OfMessageAttributes":"`},
		{"not a number, in a notification", "sns:publish", `{` + topic + `,"Message":"m","MessageAttributes":{"a":` +
			`{"DataType":"Number","StringValue":"1e"}}}`,
			`InvalidParameterValue: Could not cast message attribute 'a' value to number.`},
		{"an attribute's name", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","MessageAttributes":{"AWS.a":` +
			`{"DataType":"String","StringValue":"1"}}}`, `InvalidParameterValue: The message attribute name 'AWS.a'`},
		{"not an object", "sqs:sendMessage", `[]`,
			`ValidationException: The parameters are not valid: they cannot be a JSON array`},
		{"not a list", "events:putEvents", `{"Entries":"all"}`,
			`ValidationException: The parameters are not valid: Entries cannot be a JSON string`},
		{"not an object, in a batch", "aws-sdk:sns:publishBatch", `{` + topic +
			`,"PublishBatchRequestEntries":[{"MessageAttributes":7}]}`,
			`ValidationException: The parameters are not valid: MessageAttributes cannot be a JSON number`},
		{"not Base64", "sqs:sendMessage", `{` + queue + `,"MessageBody":"m","MessageAttributes":{"a":` +
			`{"DataType":"Binary","BinaryValue":"%"}}}`,
			`ValidationException: The parameters are not valid: illegal base64`},
		{"a batch", "aws-sdk:sqs:sendMessageBatch", `{` +
			queue + `,"Entries":[{"Id":"1","MessageBody":"hello"},{"Id":"2"}]}`,
			`{"Failed":[{"Code":"MissingParameter","Id":"2","Message":"The request must contain the parameter ` +
				`MessageBody.","SenderFault":true}],"Successful":[{"Id":"1",` + hello + `}]}`},
		{"an empty batch", "aws-sdk:sqs:sendMessageBatch", `{` + queue + `,"Entries":[]}`, `EmptyBatchRequest: `},
		{"ids twice", "aws-sdk:sqs:sendMessageBatch", `{` + queue + `,"Entries":[{"Id":"1"},{"Id":"1"}]}`,
			`BatchEntryIdsNotDistinct: Id 1 repeated.`},
		{"a large batch", "aws-sdk:sns:publishBatch", `{` + topic + `,"PublishBatchRequestEntries":[` +
			entries(11) + `]}`,
			`TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.`},

		{"a notification", "sns:publish", `{` + topic + `,"Message":{"a":1},"Subject":"Hello"}`, `{"MessageId":"id1"}`},
		{"a number", "aws-sdk:sns:publish", `{"PhoneNumber":"+15550100","Message":1}`, `{"MessageId":"id1"}`},
		{"an endpoint", "sns:publish",
			`{"TargetArn":"arn:aws:sns:us-east-1:000000000000:endpoint/APNS/a/b","Message":"m"}`,
			`{"MessageId":"id1"}`},
		{"a FIFO topic", "sns:publish", `{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t.fifo","Message":"m",` +
			`"MessageGroupId":"g"}`, `{"MessageId":"id1","SequenceNumber":"00000000000000000001"}`},
		{"by protocol", "sns:publish", `{` + topic + `,"MessageStructure":"json","Message":{"default":"m"}}`,
			`{"MessageId":"id1"}`},
		{"no default", "sns:publish", `{` + topic + `,"MessageStructure":"json","Message":{"sms":"m"}}`,
			`InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body`},
		{"no topic", "sns:publish", `{"Message":"m"}`,
			`InvalidParameter: Invalid parameter: TopicArn or TargetArn Reason: `},
		{"two targets", "sns:publish", `{` + topic + `,"PhoneNumber":"+15550100","Message":"m"}`, `InvalidParameter: `},
		{"no ARN", "sns:publish", `{"TopicArn":"t","Message":"m"}`,
			`InvalidParameter: Invalid parameter: TopicArn Reason: t is`},
		{"no number", "sns:publish", `{"PhoneNumber":"me","Message":"m"}`,
			`InvalidParameter: Invalid parameter: PhoneNumber`},
		{"empty", "sns:publish", `{` + topic + `,"Message":""}`, `InvalidParameter: Invalid parameter: Empty message`},
		{"a long subject", "sns:publish", `{` + topic + `,"Message":"m","Subject":"` + long + `"}`,
			`InvalidParameter: Invalid parameter: Subject`},
		{"no group", "sns:publish", `{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t.fifo","Message":"m"}`,
			`InvalidParameter: Invalid parameter: The MessageGroupId parameter is required for FIFO topics`},
		{"a batch of SNS", "aws-sdk:sns:publishBatch", `{` +
			topic + `,"PublishBatchRequestEntries":[{"Id":"1","Message":"m"}]}`,
			`{"Failed":[],"Successful":[{"Id":"1","MessageId":"id1"}]}`},

		{"an event", "events:putEvents", `{"Entries":[{` + event + `{"a":1}}]}`,
			`{"Entries":[{"EventId":"id1"}],"FailedEntryCount":0}`},
		{"malformed", "events:putEvents", `{"Entries":[{` + event + `"\"text\""}]}`,
			`EventBridge.FailedEntry: {"Entries":[{"ErrorCode":"MalformedDetail",` +
				`"ErrorMessage":"Detail is malformed."}],` +
				`"FailedEntryCount":1}`},
		{"no source", "events:putEvents", `{"Entries":[{` + event + `{}},{"DetailType":"d","Detail":{}}]}`,
			`EventBridge.FailedEntry: {"Entries":[{"EventId":"id1"},{"ErrorCode":"InvalidArgument","ErrorMessage":"` +
				`Parameter ` +
				`Source is not valid. Reason: Source is a required argument."}],"FailedEntryCount":1}`},
		{"by the SDK", "aws-sdk:eventbridge:putEvents",
			`{"Entries":[{"Source":"aws.s3","DetailType":"d","Detail":"{}"}]}`,
			`{"Entries":[{"ErrorCode":"NotAuthorizedForSourceException",` +
				`"ErrorMessage":"Not authorized for the source."}],` +
				`"FailedEntryCount":1}`},
		{"no entries", "events:putEvents", `{}`, `ValidationException: 1 validation error detected: `},
	} {
		at := strings.LastIndex(c.integration, ":")
		service, action := c.integration[:at], c.integration[at+1:]
		if !messaging.Has(service, action) {
			t.Fatal(c.integration)
		}
		sent, err := messaging.Send(service, action, json.RawMessage(c.request), sender())
		got := string(sent.Response)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func entries(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"Id":"%d","Message":"m"}`, i))
	}
	return strings.Join(list, ",")
}

// sentBy returns the messages of a request as JSON.
func sentBy(t *testing.T, service, action, request string) string {
	t.Helper()
	sent, err := messaging.Send(service, action, json.RawMessage(request), sender())
	if _, failed := errors.AsType[*messaging.Failure](err); err != nil && !failed {
		t.Fatal(err)
	}
	text, err := json.Marshal(sent.Messages)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMessages checks what of a request is in the message.
func TestMessages(t *testing.T) {
	const rest = `"sent":"2026-01-02T03:04:05.006Z","execution":"execution","state":"S"}]`
	for _, c := range []struct{ service, action, request, want string }{
		{"sqs", "sendMessage", `{` + queue + `,"MessageBody":{"n": 1},"DelaySeconds":5,"MessageAttributes":{` +
			`"a":{"DataType":"String","StringValue":"x"},"b":{"DataType":"Binary","BinaryValue":"AQI="}}}`,
			`[{"number":1,"id":"id1","service":"sqs","to":"https://sqs.us-east-1.amazonaws.com/000000000000/q",` +
				`"body":"{\"n\":1}","attributes":{"a":{"type":"String","value":"x"},"b":{"type":"Binary",` +
				`"binary":"AQI="}},"delaySeconds":5,` + rest},
		{"sns", "publish", `{` + topic + `,"Message":"m","Subject":"s","MessageStructure":"","MessageGroupId":"g"}`,
			`[{"number":1,"id":"id1","service":"sns","to":"arn:aws:sns:us-east-1:000000000000:t","body":"m",` +
				`"subject":"s","groupId":"g",` + rest},
		{"events", "putEvents", `{"Entries":[{` +
			event + `{"a":"<1>"},"Resources":["r"],"Time":"2026-02-03T00:00:00Z"},{}]}`,
			`[{"number":1,"id":"id1","service":"events","to":"default","body":"{\"version\":\"0\",\"id\":\"id1\",` +
				`\"detail-type\":\"Paid\",\"source\":\"shop\",\"account\":\"000000000000\",` +
				`\"time\":\"2026-02-03T00:00:00Z\",\"region\":\"us-east-1\",\"resources\":[\"r\",\"machine\",` +
				`\"execution\"],\"detail\":{\"a\":\"\u003c1\u003e\"}}",` + rest},
		{"aws-sdk:eventbridge", "putEvents", `{"Entries":[{` + event + `"{}","EventBusName":"mine"}]}`,
			`[{"number":1,"id":"id1","service":"events","to":"mine","body":"{\"version\":\"0\",\"id\":\"id1\",` +
				`\"detail-type\":\"Paid\",\"source\":\"shop\",\"account\":\"000000000000\",` +
				`\"time\":\"2026-01-02T03:04:05Z\",\"region\":\"us-east-1\",\"resources\":[],\"detail\":{}}",` + rest},
	} {
		if got := sentBy(t, c.service, c.action, c.request); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.service, got, c.want)
		}
	}
}

// FuzzSend sends any request to every service: it is refused or answered, with as many messages as are accepted.
func FuzzSend(f *testing.F) {
	f.Add(`{` + queue + `,"MessageBody":"m","MessageAttributes":{"a":{"DataType":"String"}}}`)
	f.Add(`{` + topic + `,"Message":{},"PublishBatchRequestEntries":[{"Id":"1"}]}`)
	f.Add(`{"Entries":[{` + event + `"null","Resources":[1]},null]}`)
	f.Fuzz(func(t *testing.T, request string) {
		for _, integration := range [][2]string{
			{"sqs", "sendMessage"}, {"aws-sdk:sqs", "sendMessageBatch"}, {"sns", "publish"},
			{"aws-sdk:sns", "publishBatch"}, {"events", "putEvents"}, {"aws-sdk:eventbridge", "putEvents"},
		} {
			sent, err := messaging.Send(integration[0], integration[1], json.RawMessage(request), sender())
			if err == nil && !json.Valid(sent.Response) {
				t.Errorf("%v answered %q", integration, sent.Response)
			}
		}
	})
}
