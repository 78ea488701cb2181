package messaging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The services, as a Message names them.
const (
	SQS         = "sqs"
	SNS         = "sns"
	EventBridge = "events"
)

// Message is something that a state machine has sent.
type Message struct {
	Number  uint64 `json:"number"` // counts up, with gaps
	ID      string `json:"id"`     // MessageId or EventId
	Service string `json:"service"`
	// To is the URL of a queue, the ARN of a topic or an endpoint, a phone number, or the name or ARN of an event bus.
	To string `json:"to"`
	// Body is the text of a message; of EventBridge the event as the targets of rules get it.
	Body       string               `json:"body"`
	Subject    string               `json:"subject,omitempty"`
	Structure  string               `json:"structure,omitempty"` // MessageStructure
	Attributes map[string]Attribute `json:"attributes,omitempty"`
	Group      string               `json:"groupId,omitempty"`
	Duplicate  string               `json:"deduplicationId,omitempty"`
	Delay      int                  `json:"delaySeconds,omitempty"`
	Sent       time.Time            `json:"sent"`
	Execution  string               `json:"execution"` // ARN
	State      string               `json:"state"`
}

// Attribute is an attribute of a message.
type Attribute struct {
	Type   string `json:"type"`
	Value  string `json:"value,omitempty"`
	Binary []byte `json:"binary,omitempty"`
}

// Sender is who sends, and when.
type Sender struct {
	Region, Account         string
	StateMachine, Execution string // ARNs
	State                   string
	At                      time.Time
	NewID                   func() string // a random id
	Next                    func() uint64 // the number of the next message
}

// Sent is what a request sends, and the service's response.
type Sent struct {
	Messages []Message
	Response json.RawMessage
}

// Error is a refusal by the service, with its own code.
type Error struct{ Code, Message string }

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Failure is an error whose name and cause are those of the task.
type Failure struct{ Name, Cause string }

// Error implements error.
func (f *Failure) Error() string { return f.Name + ": " + f.Cause }

// operations read requests, by service and action of a task.
var operations = map[string]func(request json.RawMessage, from Sender) (Sent, error){
	"sqs:sendMessage":               reading(optimizedSQS, sendMessage),
	"aws-sdk:sqs:sendMessage":       reading(sdkSQS, sendMessage),
	"aws-sdk:sqs:sendMessageBatch":  reading(sdkSQS, sendMessageBatch),
	"sns:publish":                   reading(struct{}{}, publish),
	"aws-sdk:sns:publish":           reading(struct{}{}, publish),
	"aws-sdk:sns:publishBatch":      reading(struct{}{}, publishBatch),
	"events:putEvents":              reading(true, putEvents),
	"aws-sdk:eventbridge:putEvents": reading(false, putEvents),
}

// reading makes an operation of a function that takes its request decoded, and how the integration differs.
func reading[Variant, Request any](v Variant, do func(Variant, Request, Sender) (Sent, error),
) func(json.RawMessage, Sender) (Sent, error) {
	return func(text json.RawMessage, from Sender) (Sent, error) {
		var request Request
		if err := json.Unmarshal(text, &request); err != nil {
			return Sent{}, unfit(err)
		}
		return do(v, request, from)
	}
}

// unfit refuses parameters that json.Unmarshal refused, without the names of Go types.
func unfit(err error) *Error {
	why := err.Error() // of a BinaryValue that is not Base64
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		what := "they"
		if wrong.Field != "" {
			what = wrong.Field[strings.LastIndex(wrong.Field, ".")+1:] // before it are the names of embedded types, too
		}
		why = what + " cannot be a JSON " + wrong.Value
	}
	return &Error{Code: "ValidationException", Message: "The parameters are not valid: " + why}
}

// Has reports whether tasks of an integration send messages.
func Has(service, action string) bool { return operations[service+":"+action] != nil }

// Send reads the request of a task that sends messages. The error is *Error or *Failure; with a *Failure some messages
// may have been sent.
func Send(service, action string, request json.RawMessage, from Sender) (Sent, error) {
	return operations[service+":"+action](request, from)
}

// message begins a message.
func (s Sender) message(service, to, body string) Message {
	return Message{
		Number: s.Next(), ID: s.NewID(), Service: service, To: to, Body: body, Sent: s.At, Execution: s.Execution,
		State: s.State,
	}
}

// sequence is the SequenceNumber of a message in a FIFO queue or topic, "" in any other.
func (m Message) sequence(fifo bool) string {
	if !fifo {
		return ""
	}
	return fmt.Sprintf("%020d", m.Number)
}

// respond makes the response that goes with the messages.
func respond(messages []Message, response any) (Sent, error) {
	text, err := written(response)
	return Sent{Messages: messages, Response: text}, err
}

// written is a value as JSON, with every character as it is.
func written(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
