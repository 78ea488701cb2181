package statesapi

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/asl"
)

func (a *api) getExecutionHistory(_ context.Context, r struct {
	paging
	ARN         string `json:"executionArn"`
	Reverse     bool   `json:"reverseOrder"`
	IncludeData *bool  `json:"includeExecutionData"`
}) (any, error) {
	if err := cmp.Or(required("executionArn", r.ARN), r.check(1024)); err != nil {
		return nil, err
	}
	e, err := a.account.Execution(r.ARN)
	if err != nil {
		return nil, err
	}
	events := e.History()
	if r.Reverse {
		events = slices.Clone(events)
		slices.Reverse(events)
	}
	page, next, err := cut(events, r.paging, func(ev asl.HistoryEvent) string { return strconv.FormatInt(ev.ID, 10) })
	if err != nil {
		return nil, err
	}
	if r.IncludeData != nil && !*r.IncludeData {
		page = withoutData(page)
	}
	return struct {
		Events    []asl.HistoryEvent `json:"events"`
		NextToken string             `json:"nextToken,omitempty"`
	}{Events: page, NextToken: next}, nil
}

// withoutData returns events without inputs and outputs.
func withoutData(events []asl.HistoryEvent) []asl.HistoryEvent {
	bare := slices.Clone(events)
	for i := range bare {
		if bare[i].Details == nil {
			continue
		}
		details := *bare[i].Details
		details.Input, details.InputDetails, details.Output, details.OutputDetails = nil, nil, nil, nil
		details.Parameters, details.AssignedVariables, details.AssignedVariablesDetails = nil, nil, nil
		bare[i].Details = &details
	}
	return bare
}
