package asl

import (
	"encoding/json"
	"strings"
	"time"
)

// HistoryEvent is one event of an execution's history.
type HistoryEvent struct {
	ID              int64
	PreviousEventID int64
	Timestamp       time.Time
	Type            string
	Details         *EventDetails // nil for types without details
}

// EventDetails are the details of a history event; each type uses some of the fields. Input, Output and Parameters hold JSON
// as text.
type EventDetails struct {
	Name                     string            `json:"name,omitempty"`
	Index                    *int              `json:"index,omitempty"`
	Length                   *int              `json:"length,omitempty"`
	Input                    *string           `json:"input,omitempty"`
	InputDetails             *DataDetails      `json:"inputDetails,omitempty"`
	Output                   *string           `json:"output,omitempty"`
	OutputDetails            *DataDetails      `json:"outputDetails,omitempty"`
	AssignedVariables        map[string]string `json:"assignedVariables,omitempty"`
	AssignedVariablesDetails *DataDetails      `json:"assignedVariablesDetails,omitempty"`
	RoleARN                  string            `json:"roleArn,omitempty"`
	Resource                 string            `json:"resource,omitempty"`
	ResourceType             string            `json:"resourceType,omitempty"`
	Region                   string            `json:"region,omitempty"`
	Parameters               *string           `json:"parameters,omitempty"`
	TimeoutInSeconds         int64             `json:"timeoutInSeconds,omitempty"`
	HeartbeatInSeconds       int64             `json:"heartbeatInSeconds,omitempty"`
	Error                    string            `json:"error,omitempty"`
	Cause                    string            `json:"cause,omitempty"`
}

// DataDetails says whether data of a history event was cut off.
type DataDetails struct {
	Truncated bool `json:"truncated"`
}

// MarshalJSON writes the event as GetExecutionHistory does: the timestamp in seconds, the details under the key of the type.
func (ev HistoryEvent) MarshalJSON() ([]byte, error) {
	members := map[string]any{
		"id":              ev.ID,
		"previousEventId": ev.PreviousEventID,
		"timestamp":       epochSeconds(ev.Timestamp),
		"type":            ev.Type,
	}
	if ev.Details != nil {
		members[detailsKey(ev.Type)] = ev.Details
	}
	return json.Marshal(members)
}

// detailsKey returns the key under which the details of a type stand.
func detailsKey(kind string) string {
	switch {
	case strings.HasSuffix(kind, "StateEntered"):
		return "stateEnteredEventDetails"
	case strings.HasSuffix(kind, "StateExited"):
		return "stateExitedEventDetails"
	}
	return strings.ToLower(kind[:1]) + kind[1:] + "EventDetails"
}

// epochSeconds returns a time as the service's protocol writes it: seconds since 1970, with milliseconds as a fraction.
func epochSeconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

// text returns JSON as the text that a history event holds.
func text(data []byte) *string {
	s := string(data)
	return &s
}

var whole = &DataDetails{}

func (d *EventDetails) withInput(data []byte) *EventDetails {
	d.Input, d.InputDetails = text(data), whole
	return d
}

func (d *EventDetails) withOutput(data []byte) *EventDetails {
	d.Output, d.OutputDetails = text(data), whole
	return d
}

func (d *EventDetails) withAssigned(variables map[string]json.RawMessage) *EventDetails {
	if len(variables) == 0 {
		return d
	}
	d.AssignedVariables, d.AssignedVariablesDetails = map[string]string{}, whole
	for name, value := range variables {
		d.AssignedVariables[name] = string(value)
	}
	return d
}
