package statesapi

import (
	"cmp"
	"context"
	"encoding/json"
)

func (a *api) sendTaskSuccess(_ context.Context, r struct {
	Token  string `json:"taskToken"`
	Output string `json:"output"`
}) (any, error) {
	if err := cmp.Or(required("taskToken", r.Token), required("output", r.Output)); err != nil {
		return nil, err
	}
	return nil, a.account.SendTaskSuccess(r.Token, json.RawMessage(r.Output))
}

func (a *api) sendTaskFailure(_ context.Context, r struct {
	Token string `json:"taskToken"`
	Error string `json:"error"`
	Cause string `json:"cause"`
}) (any, error) {
	if err := required("taskToken", r.Token); err != nil {
		return nil, err
	}
	return nil, a.account.SendTaskFailure(r.Token, r.Error, r.Cause)
}

func (a *api) sendTaskHeartbeat(_ context.Context, r struct {
	Token string `json:"taskToken"`
}) (any, error) {
	if err := required("taskToken", r.Token); err != nil {
		return nil, err
	}
	return nil, a.account.SendTaskHeartbeat(r.Token)
}
