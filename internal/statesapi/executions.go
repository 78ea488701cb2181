package statesapi

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/local"
)

// metadataOnly is the value of includedData that leaves data out.
const metadataOnly = "METADATA_ONLY"

// start is what StartExecution and StartSyncExecution are asked.
type start struct {
	ARN      string  `json:"stateMachineArn"`
	Name     string  `json:"name"`
	Input    *string `json:"input"`
	Trace    string  `json:"traceHeader"`
	Included string  `json:"includedData"`
}

func (a *api) start(r start) (*local.Execution, error) {
	if err := required("stateMachineArn", r.ARN); err != nil {
		return nil, err
	}
	if r.Input == nil {
		return a.account.StartTraced(r.ARN, r.Name, nil, r.Trace)
	}
	if *r.Input == "" { // recorded
		return nil, &local.Error{
			Code:    "InvalidExecutionInput",
			Message: "Invalid State Machine Execution Input: 'Invalid execution input.'",
		}
	}
	return a.account.StartTraced(r.ARN, r.Name, json.RawMessage(*r.Input), r.Trace)
}

func (a *api) startExecution(_ context.Context, r start) (any, error) {
	e, err := a.start(r)
	if err != nil {
		return nil, err
	}
	return struct {
		ARN     string `json:"executionArn"`
		Started epoch  `json:"startDate"`
	}{ARN: e.ARN, Started: epoch(e.Describe().Started)}, nil
}

func (a *api) stopExecution(_ context.Context, r struct {
	ARN   string `json:"executionArn"`
	Error string `json:"error"`
	Cause string `json:"cause"`
}) (any, error) {
	e, err := find("executionArn", r.ARN, a.account.Execution)
	if err != nil {
		return nil, err
	}
	e.Stop(r.Error, r.Cause)
	return struct {
		Stopped epoch `json:"stopDate"`
	}{Stopped: epoch(e.Describe().Stopped)}, nil
}

// summary is what the service shows of an execution everywhere.
type summary struct {
	ARN        string     `json:"executionArn"`
	MachineARN string     `json:"stateMachineArn"`
	VersionARN string     `json:"stateMachineVersionArn,omitempty"`
	AliasARN   string     `json:"stateMachineAliasArn,omitempty"`
	Name       string     `json:"name"`
	Status     asl.Status `json:"status"`
	Started    epoch      `json:"startDate"`
	Stopped    *epoch     `json:"stopDate,omitempty"`
}

func summaryOf(e *local.Execution, d local.Description) summary {
	return summary{
		ARN:        d.ARN,
		MachineARN: e.StateMachine().ARN,
		VersionARN: d.VersionARN,
		AliasARN:   d.AliasARN,
		Name:       d.Name,
		Status:     d.Status,
		Started:    epoch(d.Started),
		Stopped:    epochOf(d.Stopped),
	}
}

// execution is what the service shows of one execution.
type execution struct {
	summary
	Input         *string   `json:"input,omitempty"`
	InputDetails  included  `json:"inputDetails"`
	Output        *string   `json:"output,omitempty"`
	OutputDetails *included `json:"outputDetails,omitempty"`
	Error         string    `json:"error,omitempty"`
	Cause         string    `json:"cause,omitempty"`
	Trace         string    `json:"traceHeader,omitempty"`
}

// show shows an execution as it was described, with or without its data.
func show(e *local.Execution, d local.Description, data string) execution {
	whole := data != metadataOnly
	x := execution{
		summary:      summaryOf(e, d),
		InputDetails: included{Included: whole},
		Error:        d.Error,
		Cause:        d.Cause,
		Trace:        d.Trace,
	}
	if d.Status == asl.Succeeded {
		x.OutputDetails = &included{Included: whole}
	}
	if !whole {
		return x
	}
	input := string(d.Input)
	x.Input = &input
	if d.Status == asl.Succeeded {
		output := string(d.Output)
		x.Output = &output
	}
	return x
}

func (a *api) describeExecution(_ context.Context, r struct {
	ARN      string `json:"executionArn"`
	Included string `json:"includedData"`
}) (any, error) {
	e, err := find("executionArn", r.ARN, a.account.Execution)
	if err != nil {
		return nil, err
	}
	d := e.Describe()
	status := "REDRIVABLE"
	if d.NotRedrivable != "" {
		status = "NOT_REDRIVABLE"
	}
	return struct {
		execution
		redriven
		RedriveStatus       string `json:"redriveStatus"`
		RedriveStatusReason string `json:"redriveStatusReason,omitempty"`
	}{
		execution: show(e, d, r.Included), redriven: redrivesOf(d),
		RedriveStatus: status, RedriveStatusReason: d.NotRedrivable,
	}, nil
}

// redriven says how often an execution was redriven.
type redriven struct {
	Count int    `json:"redriveCount"`
	Date  *epoch `json:"redriveDate,omitempty"`
}

func redrivesOf(d local.Description) redriven {
	return redriven{Count: d.Redrives, Date: epochOf(d.Redriven)}
}

func (a *api) redriveExecution(_ context.Context, r struct {
	ARN   string `json:"executionArn"`
	Token string `json:"clientToken"`
}) (any, error) {
	if !clientToken.MatchString(r.Token) {
		return nil, validation("'"+r.Token+"'", "clientToken",
			"Member must have 1 to 64 characters and satisfy regular expression pattern: [!-~]+")
	}
	e, err := find("executionArn", r.ARN, a.account.Execution)
	if err != nil {
		return nil, err
	}
	at, err := e.Redrive(r.Token)
	if err != nil {
		return nil, err
	}
	return struct {
		Date epoch `json:"redriveDate"`
	}{Date: epoch(at)}, nil
}

// clientToken is what a client token may be; it may be absent.
var clientToken = regexp.MustCompile(`^[!-~]{0,64}$`)

// statuses are the values of statusFilter, in the order of the service's message (recorded).
var statuses = []string{string(asl.Succeeded), string(asl.TimedOut), "PENDING_REDRIVE", string(asl.Aborted),
	string(asl.Failed), string(asl.Running)}

// redriveFilters are the values of redriveFilter: for executions that were redriven, and for the others (API reference
// of ListExecutions).
var redriveFilters = []string{"REDRIVEN", "NOT_REDRIVEN"}

func (a *api) listExecutions(_ context.Context, r struct {
	paging
	ARN     string     `json:"stateMachineArn"`
	Status  asl.Status `json:"statusFilter"`
	Redrive string     `json:"redriveFilter"`
}) (any, error) {
	err := cmp.Or(required("stateMachineArn", r.ARN), r.check(3096),
		oneOf("statusFilter", string(r.Status), statuses), oneOf("redriveFilter", r.Redrive, redriveFilters))
	if err != nil {
		return nil, err
	}
	all, err := a.account.Executions(r.ARN)
	if err != nil {
		return nil, err
	}
	page, next, err := listed(all, r.paging, func(d local.Description) bool {
		redriven := d.Redrives > 0
		return (r.Status == "" || d.Status == r.Status) &&
			(r.Redrive == "" || redriven == (r.Redrive == redriveFilters[0]))
	})
	if err != nil {
		return nil, err
	}
	return struct {
		Executions []item `json:"executions"`
		NextToken  string `json:"nextToken,omitempty"`
	}{Executions: page, NextToken: next}, nil
}

// item is an execution in a list.
type item struct {
	summary
	redriven
}

// listed returns a page of the executions that a filter takes. The filter may refuse the last one of the page before by
// now.
func listed(all []*local.Execution, p paging, takes func(local.Description) bool) ([]item, string, error) {
	all, err := after(all, p.NextToken, func(e *local.Execution) string { return e.ARN })
	if err != nil {
		return nil, "", err
	}
	list := []item{}
	for _, e := range all {
		if d := e.Describe(); takes(d) {
			list = append(list, item{summary: summaryOf(e, d), redriven: redrivesOf(d)})
		}
	}
	page, next := begin(list, p.MaxResults, func(i item) string { return i.ARN })
	return page, next, nil
}
