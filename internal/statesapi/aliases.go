package statesapi

import (
	"cmp"
	"context"

	"github.com/connect-async/connect-async/internal/local"
)

// alias is an alias in an answer.
type alias struct {
	ARN     string `json:"stateMachineAliasArn"`
	Created epoch  `json:"creationDate"`
}

func (a *api) createStateMachineAlias(_ context.Context, r struct {
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Routes      []local.Route `json:"routingConfiguration"`
}) (any, error) {
	if err := required("name", r.Name); err != nil {
		return nil, err
	}
	made, err := a.account.CreateAlias(local.Alias{Name: r.Name, Description: r.Description, Routes: r.Routes})
	if err != nil {
		return nil, err
	}
	return alias{made.ARN, epoch(made.Created)}, nil
}

func (a *api) describeStateMachineAlias(_ context.Context, r struct {
	ARN string `json:"stateMachineAliasArn"`
}) (any, error) {
	if err := required("stateMachineAliasArn", r.ARN); err != nil {
		return nil, err
	}
	found, err := a.account.Alias(r.ARN)
	if err != nil {
		return nil, err
	}
	return struct {
		alias
		Name        string        `json:"name"`
		Description string        `json:"description,omitempty"`
		Routes      []local.Route `json:"routingConfiguration"`
		Updated     epoch         `json:"updateDate"`
	}{alias{found.ARN, epoch(found.Created)}, found.Name, found.Description, found.Routes, epoch(found.Updated)}, nil
}

func (a *api) updateStateMachineAlias(_ context.Context, r struct {
	ARN         string        `json:"stateMachineAliasArn"`
	Description string        `json:"description"`
	Routes      []local.Route `json:"routingConfiguration"`
}) (any, error) {
	if err := required("stateMachineAliasArn", r.ARN); err != nil {
		return nil, err
	}
	changed, err := a.account.UpdateAlias(r.ARN, r.Description, r.Routes)
	if err != nil {
		return nil, err
	}
	return struct {
		Updated epoch `json:"updateDate"`
	}{epoch(changed.Updated)}, nil
}

func (a *api) listStateMachineAliases(_ context.Context, r struct {
	paging
	ARN string `json:"stateMachineArn"`
}) (any, error) {
	if err := cmp.Or(required("stateMachineArn", r.ARN), r.check(1024)); err != nil {
		return nil, err
	}
	all, err := a.account.Aliases(r.ARN)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(all, r.paging, func(a local.Alias) string { return a.ARN })
	if err != nil {
		return nil, err
	}
	list := []alias{}
	for _, one := range page {
		list = append(list, alias{one.ARN, epoch(one.Created)})
	}
	return struct {
		Aliases   []alias `json:"stateMachineAliases"`
		NextToken string  `json:"nextToken,omitempty"`
	}{list, next}, nil
}

func (a *api) deleteStateMachineAlias(_ context.Context, r struct {
	ARN string `json:"stateMachineAliasArn"`
}) (any, error) {
	if err := required("stateMachineAliasArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.DeleteAlias(r.ARN)
}
