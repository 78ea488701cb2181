package statesapi

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/local"
)

// definition is the part of a request that says what a state machine does.
type definition struct {
	Definition string          `json:"definition"`
	RoleARN    string          `json:"roleArn"`
	Logging    json.RawMessage `json:"loggingConfiguration"`
	Tracing    json.RawMessage `json:"tracingConfiguration"`
	Publish    bool            `json:"publish"`
	About      string          `json:"versionDescription"`
}

// check refuses what the service refuses (recorded).
func (d definition) check() error {
	if d.About != "" && !d.Publish {
		return &local.Error{
			Code:    "ValidationException",
			Message: "Version description can only be set when publish is true",
		}
	}
	return nil
}

// publish makes a version when that was asked for, and returns its ARN.
func (a *api) publish(arn string, d definition) (string, error) {
	if !d.Publish {
		return "", nil
	}
	v, err := a.account.Publish(arn, "", d.About)
	return v.ARN, err
}

func (a *api) createStateMachine(_ context.Context, r struct {
	definition
	Name string      `json:"name"`
	Type string      `json:"type"`
	Tags []local.Tag `json:"tags"`
}) (any, error) {
	err := cmp.Or(required("name", r.Name), required("definition", r.Definition), required("roleArn", r.RoleARN),
		checkType(r.Type), checkTags(r.Tags), r.check())
	if err != nil {
		return nil, err
	}
	m, err := a.account.Create(local.StateMachine{
		Name:       r.Name,
		Kind:       asl.Kind(r.Type),
		Definition: r.Definition,
		RoleARN:    r.RoleARN,
		Logging:    r.Logging,
		Tracing:    r.Tracing,
		Tags:       r.Tags,
	})
	if err != nil {
		return nil, err
	}
	version, err := a.publish(m.ARN, r.definition)
	if err != nil {
		return nil, err
	}
	return struct {
		ARN     string `json:"stateMachineArn"`
		Created epoch  `json:"creationDate"`
		Version string `json:"stateMachineVersionArn,omitempty"`
	}{ARN: m.ARN, Created: epoch(m.Created), Version: version}, nil
}

func checkType(kind string) error {
	return oneOf("type", kind, []string{string(asl.Standard), string(asl.Express)})
}

func (a *api) updateStateMachine(_ context.Context, r struct {
	definition
	ARN string `json:"stateMachineArn"`
}) (any, error) {
	if err := cmp.Or(required("stateMachineArn", r.ARN), r.check()); err != nil {
		return nil, err
	}
	if r.Definition == "" && r.RoleARN == "" && r.Logging == nil && r.Tracing == nil { // recorded
		return nil, &local.Error{Code: "MissingRequiredParameter",
			Message: "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration " +
				"must be specified"}
	}
	m, err := a.account.Update(local.StateMachine{
		ARN:        r.ARN,
		Definition: r.Definition,
		RoleARN:    r.RoleARN,
		Logging:    r.Logging,
		Tracing:    r.Tracing,
	})
	if err != nil {
		return nil, err
	}
	version, err := a.publish(m.ARN, r.definition)
	if err != nil {
		return nil, err
	}
	return struct {
		Updated  epoch  `json:"updateDate"`
		Revision string `json:"revisionId,omitempty"`
		Version  string `json:"stateMachineVersionArn,omitempty"`
	}{Updated: epoch(m.Updated), Revision: m.RevisionID, Version: version}, nil
}

func (a *api) deleteStateMachine(_ context.Context, r struct {
	ARN string `json:"stateMachineArn"`
}) (any, error) {
	if err := required("stateMachineArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.Delete(r.ARN)
}

// described is what the service shows of a state machine.
type described struct {
	ARN        string          `json:"stateMachineArn"`
	Name       string          `json:"name"`
	Status     string          `json:"status,omitempty"`
	Definition string          `json:"definition,omitempty"`
	RoleARN    string          `json:"roleArn"`
	Type       asl.Kind        `json:"type,omitempty"`
	Created    *epoch          `json:"creationDate,omitempty"`
	Updated    *epoch          `json:"updateDate,omitempty"`
	Logging    json.RawMessage `json:"loggingConfiguration"`
	Tracing    json.RawMessage `json:"tracingConfiguration"`
	Revision   string          `json:"revisionId,omitempty"`
	About      string          `json:"description,omitempty"`
}

// What the service shows for configurations that nobody gave (recorded).
var (
	noLogging = json.RawMessage(`{"level":"OFF","includeExecutionData":false}`)
	noTracing = json.RawMessage(`{"enabled":false}`)
)

// describe returns what both operations that describe a state machine answer, with or without its definition.
func describe(m local.StateMachine, data string) described {
	d := described{
		ARN:        m.ARN,
		Name:       m.Name,
		Definition: m.Definition,
		RoleARN:    m.RoleARN,
		Logging:    m.Logging,
		Tracing:    m.Tracing,
		Revision:   m.RevisionID,
		About:      m.Description,
	}
	if data == metadataOnly {
		d.Definition = ""
	}
	if d.Logging == nil {
		d.Logging = noLogging
	}
	if d.Tracing == nil {
		d.Tracing = noTracing
	}
	return d
}

func (a *api) describeStateMachine(_ context.Context, r struct {
	ARN      string `json:"stateMachineArn"`
	Included string `json:"includedData"`
}) (any, error) {
	m, err := find("stateMachineArn", r.ARN, a.account.StateMachine)
	if err != nil {
		return nil, err
	}
	d := describe(m, r.Included)
	d.Status, d.Type, d.Created = m.Status, m.Kind, epochOf(m.Created)
	return d, nil
}

func (a *api) describeStateMachineForExecution(_ context.Context, r struct {
	ARN      string `json:"executionArn"`
	Included string `json:"includedData"`
}) (any, error) {
	e, err := find("executionArn", r.ARN, a.account.Execution)
	if err != nil {
		return nil, err
	}
	d := describe(e.StateMachine(), r.Included)
	d.Updated = epochOf(e.StateMachine().Updated)
	return d, nil
}

func (a *api) listStateMachines(_ context.Context, r paging) (any, error) {
	if err := r.check(1024); err != nil {
		return nil, err
	}
	page, next, err := cut(a.account.StateMachines(), r, func(m local.StateMachine) string { return m.Name })
	if err != nil {
		return nil, err
	}
	type listed struct {
		ARN     string   `json:"stateMachineArn"`
		Name    string   `json:"name"`
		Type    asl.Kind `json:"type"`
		Created epoch    `json:"creationDate"`
	}
	list := []listed{}
	for _, m := range page {
		list = append(list, listed{ARN: m.ARN, Name: m.Name, Type: m.Kind, Created: epoch(m.Created)})
	}
	return struct {
		StateMachines []listed `json:"stateMachines"`
		NextToken     string   `json:"nextToken,omitempty"`
	}{StateMachines: list, NextToken: next}, nil
}
