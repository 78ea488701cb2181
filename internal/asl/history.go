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

// EventDetails are the details of a history event; each type uses some of the fields.
type EventDetails struct {
	Name                     string           `json:"name,omitempty"`
	State                    string           `json:"state,omitempty"`
	Location                 string           `json:"location,omitempty"`
	Index                    *int             `json:"index,omitempty"`
	Length                   *int             `json:"length,omitempty"`
	Input                    *Text            `json:"input,omitempty"`
	InputDetails             *DataDetails     `json:"inputDetails,omitempty"`
	Output                   *Text            `json:"output,omitempty"`
	OutputDetails            *DataDetails     `json:"outputDetails,omitempty"`
	AssignedVariables        map[string]*Text `json:"assignedVariables,omitempty"`
	AssignedVariablesDetails *DataDetails     `json:"assignedVariablesDetails,omitempty"`
	RoleARN                  string           `json:"roleArn,omitempty"`
	Resource                 string           `json:"resource,omitempty"`
	ResourceType             string           `json:"resourceType,omitempty"`
	Region                   string           `json:"region,omitempty"`
	Parameters               *Text            `json:"parameters,omitempty"`
	TimeoutInSeconds         int64            `json:"timeoutInSeconds,omitempty"`
	HeartbeatInSeconds       int64            `json:"heartbeatInSeconds,omitempty"`
	Error                    string           `json:"error,omitempty"`
	Cause                    string           `json:"cause,omitempty"`
	*RareDetails
}

// RareDetails are details that few events have, so that the others are smaller.
type RareDetails struct {
	MapRunARN  string `json:"mapRunArn,omitempty"`
	WorkerName string `json:"workerName,omitempty"`
	// RedriveCount is how often the execution has been redriven.
	RedriveCount int `json:"redriveCount,omitempty"`
}

// DataDetails says whether data of a history event was cut off.
type DataDetails struct {
	Truncated bool `json:"truncated"`
}

// MarshalJSON writes the event as GetExecutionHistory does: the timestamp in seconds, the details under the key of
// the type.
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

// epochSeconds returns a time as the service's protocol writes it: seconds since 1970, with milliseconds as a
// fraction.
func epochSeconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

var whole = &DataDetails{}

// withInput adds an input; given is its text where it was given, and shows as it is.
func (d *EventDetails) withInput(input any, given string) *EventDetails {
	d.Input, d.InputDetails = &Text{value: input, given: given}, whole
	return d
}

func (d *EventDetails) withOutput(output any) *EventDetails {
	d.Output, d.OutputDetails = &Text{value: output}, whole
	return d
}

func (d *EventDetails) withAssigned(variables map[string]variable) *EventDetails {
	if len(variables) == 0 {
		return d
	}
	d.AssignedVariables, d.AssignedVariablesDetails = map[string]*Text{}, whole
	for name, v := range variables {
		d.AssignedVariables[name] = &Text{value: v.value}
	}
	return d
}
