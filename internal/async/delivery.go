package async

import (
	"encoding/json"
	"strings"
)

// Delivery is a result that goes to a place of the customer's, since the caller had hung up. Its JSON is the message
// that a queue or an event bus gets.
type Delivery struct {
	// Key is the same whenever the same result is delivered again, and different for every other one.
	Key       string          `json:"key"`
	Job       string          `json:"job"`
	Status    string          `json:"status"` // how the execution ended, as sfn_status
	ContactID string          `json:"contact_id"`
	Customer  string          `json:"customer"` // the caller's address, "" where the execution's input does not have it
	Execution string          `json:"execution_id"`
	Started   string          `json:"started"`
	Ended     string          `json:"ended"`
	Output    json.RawMessage `json:"output"` // null when there is none, or it is too large
	Included  bool            `json:"output_included"`
	Error     string          `json:"error"`
	Cause     string          `json:"cause"`
}

// MaxDelivered is how many bytes of output a delivery carries: queues and event buses take 256 KB, of which the other
// members need a part.
const MaxDelivered = 192 << 10

// newDelivery is the delivery of an execution that has ended, as it was seen.
func newDelivery(in *invocation, contact string) Delivery {
	d := Delivery{
		Key:       hash(dataLength, "late", in.executionID),
		Job:       in.job.Name,
		Status:    in.seen.Status,
		ContactID: contact,
		Customer:  customerOf(in.seen.Input),
		Execution: in.executionID,
		Started:   itemTime(in.seen.Started),
		Ended:     itemTime(in.seen.Stopped),
		Included:  true,
		Error:     in.seen.Error,
		Cause:     in.seen.Cause,
	}
	switch output := json.RawMessage(in.seen.Output); {
	case len(output) > MaxDelivered || !json.Valid(output) && len(output) > 0:
		d.Included = false
	case len(output) > 0:
		d.Output = output
	}
	return d
}

// customerOf is the address of the caller in the input of an execution, "" where INPUT=minimal left it out.
func customerOf(input string) string {
	var event struct {
		Details struct {
			ContactData struct {
				CustomerEndpoint struct{ Address string }
			}
		}
	}
	_ = json.Unmarshal([]byte(input), &event) // an input of another form has none
	return event.Details.ContactData.CustomerEndpoint.Address
}

// Message is the delivery as JSON text. Characters that only matter in HTML stay as they are: escaped, the output would
// be up to six times as long.
func (d Delivery) Message() string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		panic("async: a delivery cannot be written: " + err.Error()) // output is valid JSON
	}
	return escaped.Replace(strings.TrimSuffix(b.String(), "\n"))
}

// escaped writes the characters of JSON that SQS refuses in a message. Source: API reference of SendMessage.
var escaped = strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`)

// deliverOperations are the operations that deliver to each kind of place, as an IAM policy names them.
var deliverOperations = map[string]string{
	DeliverTask: "connect:StartTaskContact", DeliverQueue: "sqs:SendMessage", DeliverBus: "events:PutEvents",
}

// Task is a delivery as a task of Amazon Connect: its name and description are for an agent to read, its attributes for
// the flow that it begins in.
type Task struct {
	Name, Description string
	Attributes        map[string]string
}

// Limits of a task. Source: API reference of StartTaskContact, which takes 4,096 characters of description, and 32 KB
// of attributes with their names.
const (
	maxDescription = 4096
	maxAttribute   = 24 << 10
)

// Task is the delivery as a task.
func (d Delivery) Task() Task {
	output, said := None, "The result is too large to be shown."
	if len(d.Output) > 0 && len(d.Output) <= maxAttribute {
		output, said = string(d.Output), "Result: "+string(d.Output)
	}
	if d.Status != ExecutionSucceeded {
		said = "Error: " + orNone(d.Error) + ". " + d.Cause
	}
	caller := d.Customer
	if caller != "" {
		caller += " "
	}
	t := Task{
		Name: "Late result: " + d.Job,
		Description: "The caller " + caller + "hung up before the result of " + d.Job + " was there. " +
			"The work ended with " + d.Status + ". " + said,
		Attributes: map[string]string{"late_key": d.Key, "late_job": d.Job, "late_status": d.Status,
			"late_contact_id": d.ContactID, "late_customer": orNone(d.Customer), "late_execution_id": d.Execution,
			"late_output": output, "late_error": orNone(d.Error)},
	}
	t.Description = strings.ToValidUTF8(t.Description[:min(len(t.Description), maxDescription)], "")
	return t
}
