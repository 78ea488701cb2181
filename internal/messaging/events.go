package messaging

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// entry is an event in a request of PutEvents.
type entry struct {
	Detail       text
	DetailType   text
	EventBusName text
	Resources    []string
	Source       text
	Time         text
}

// outcome is what EventBridge answers for an event.
type outcome struct {
	Code    string `json:"ErrorCode,omitempty"`
	Message string `json:"ErrorMessage,omitempty"`
	EventID string `json:"EventId,omitempty"`
}

// event is what the target of a rule gets (EventBridge user guide, "Events").
type event struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType text            `json:"detail-type"`
	Source     text            `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// failedEntry is the error of the optimized integration when an entry failed; its cause is the response (recorded).
const failedEntry = "EventBridge.FailedEntry"

// putEvents sends the entries that can be sent. The optimized integration adds the state machine and the execution to
// the resources of each event, and fails when an entry did (recorded).
func putEvents(optimized bool, r struct{ Entries []entry }, from Sender) (Sent, error) {
	if len(r.Entries) < 1 || len(r.Entries) > maxBatch {
		return Sent{}, &Error{Code: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value "+
			"at 'entries' failed to satisfy constraint: Member must have length between 1 and %d", maxBatch)}
	}
	var messages []Message
	var answer struct {
		Entries          []outcome
		FailedEntryCount int
	}
	for _, e := range r.Entries {
		if refused := e.check(); refused != nil {
			answer.Entries = append(answer.Entries, outcome{Code: refused.Code, Message: refused.Message})
			answer.FailedEntryCount++
			continue
		}
		if optimized {
			e.Resources = append(e.Resources, from.StateMachine, from.Execution)
		}
		m, err := e.send(from)
		if err != nil {
			return Sent{}, err
		}
		messages = append(messages, m)
		answer.Entries = append(answer.Entries, outcome{EventID: m.ID})
	}
	sent, err := respond(messages, answer)
	if err == nil && optimized && answer.FailedEntryCount > 0 {
		err = &Failure{Name: failedEntry, Cause: string(sent.Response)}
	}
	return sent, err
}

// check refuses what EventBridge refuses of an entry (recorded but for the source).
func (e entry) check() *Error {
	var detail map[string]json.RawMessage
	switch {
	case e.Source == "":
		return absent("Source")
	case e.DetailType == "":
		return absent("DetailType")
	case e.Detail == "":
		return absent("Detail")
	case json.Unmarshal([]byte(e.Detail), &detail) != nil || detail == nil:
		return &Error{Code: "MalformedDetail", Message: "Detail is malformed."}
	case strings.HasPrefix(string(e.Source), "aws."):
		return &Error{Code: "NotAuthorizedForSourceException", Message: "Not authorized for the source."}
	}
	return nil
}

func absent(argument string) *Error {
	return &Error{Code: "InvalidArgument", Message: fmt.Sprintf(
		"Parameter %s is not valid. Reason: %[1]s is a required argument.", argument)}
}

// send makes the message of an entry.
func (e entry) send(from Sender) (Message, error) {
	bus := string(e.EventBusName)
	if bus == "" {
		bus = "default"
	}
	m := from.message(EventBridge, bus, "")
	at := from.At
	if given, err := time.Parse(time.RFC3339, string(e.Time)); err == nil {
		at = given
	}
	resources := e.Resources
	if resources == nil {
		resources = []string{}
	}
	body, err := written(event{
		Version: "0", ID: m.ID, DetailType: e.DetailType, Source: e.Source, Account: from.Account,
		Time: at.UTC().Format(time.RFC3339), Region: from.Region, Resources: resources,
		Detail: json.RawMessage(e.Detail),
	})
	m.Body = string(body)
	return m, err
}
