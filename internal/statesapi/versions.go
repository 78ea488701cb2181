package statesapi

import (
	"cmp"
	"context"

	"github.com/connect-async/connect-async/internal/local"
)

func (a *api) publishStateMachineVersion(_ context.Context, r struct {
	ARN         string `json:"stateMachineArn"`
	Revision    string `json:"revisionId"`
	Description string `json:"description"`
}) (any, error) {
	if err := required("stateMachineArn", r.ARN); err != nil {
		return nil, err
	}
	v, err := a.account.Publish(r.ARN, r.Revision, r.Description)
	if err != nil {
		return nil, err
	}
	return versionOf(v), nil
}

// version is a version in an answer.
type version struct {
	ARN     string `json:"stateMachineVersionArn"`
	Created epoch  `json:"creationDate"`
}

func versionOf(m local.StateMachine) version { return version{ARN: m.ARN, Created: epoch(m.Created)} }

func (a *api) listStateMachineVersions(_ context.Context, r struct {
	paging
	ARN string `json:"stateMachineArn"`
}) (any, error) {
	if err := cmp.Or(required("stateMachineArn", r.ARN), r.check(1024)); err != nil {
		return nil, err
	}
	all, err := a.account.Versions(r.ARN)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(all, r.paging, func(v local.StateMachine) string { return v.ARN })
	if err != nil {
		return nil, err
	}
	list := []version{}
	for _, v := range page {
		list = append(list, versionOf(v))
	}
	return struct {
		Versions  []version `json:"stateMachineVersions"`
		NextToken string    `json:"nextToken,omitempty"`
	}{Versions: list, NextToken: next}, nil
}

func (a *api) deleteStateMachineVersion(_ context.Context, r struct {
	ARN string `json:"stateMachineVersionArn"`
}) (any, error) {
	if err := required("stateMachineVersionArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.DeleteVersion(r.ARN)
}
