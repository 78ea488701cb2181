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

func aliasOf(a local.Alias) alias { return alias{ARN: a.ARN, Created: epoch(a.Created)} }

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
	return aliasOf(made), nil
}

func (a *api) describeStateMachineAlias(_ context.Context, r struct {
	ARN string `json:"stateMachineAliasArn"`
}) (any, error) {
	found, err := find("stateMachineAliasArn", r.ARN, a.account.Alias)
	if err != nil {
		return nil, err
	}
	return struct {
		alias
		Name        string        `json:"name"`
		Description string        `json:"description,omitempty"`
		Routes      []local.Route `json:"routingConfiguration"`
		Updated     epoch         `json:"updateDate"`
	}{
		alias:       aliasOf(found),
		Name:        found.Name,
		Description: found.Description,
		Routes:      found.Routes,
		Updated:     epoch(found.Updated),
	}, nil
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
	}{Updated: epoch(changed.Updated)}, nil
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
		list = append(list, aliasOf(one))
	}
	return struct {
		Aliases   []alias `json:"stateMachineAliases"`
		NextToken string  `json:"nextToken,omitempty"`
	}{Aliases: list, NextToken: next}, nil
}

func (a *api) deleteStateMachineAlias(_ context.Context, r struct {
	ARN string `json:"stateMachineAliasArn"`
}) (any, error) {
	if err := required("stateMachineAliasArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.DeleteAlias(r.ARN)
}
