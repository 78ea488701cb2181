package statesapi

import (
	"cmp"
	"context"

	"github.com/connect-async/connect-async/internal/local"
)

// activityItem is an activity in an answer.
type activityItem struct {
	ARN     string `json:"activityArn"`
	Name    string `json:"name,omitempty"`
	Created epoch  `json:"creationDate"`
}

func activityOf(a local.Activity) activityItem {
	return activityItem{ARN: a.ARN, Name: a.Name, Created: epoch(a.Created)}
}

func (a *api) createActivity(_ context.Context, r struct {
	Name string      `json:"name"`
	Tags []local.Tag `json:"tags"`
}) (any, error) {
	if err := cmp.Or(required("name", r.Name), checkTags(r.Tags)); err != nil {
		return nil, err
	}
	made, err := a.account.CreateActivity(r.Name, r.Tags)
	if err != nil {
		return nil, err
	}
	item := activityOf(made)
	item.Name = "" // only the others say it
	return item, nil
}

func (a *api) describeActivity(_ context.Context, r struct {
	ARN string `json:"activityArn"`
}) (any, error) {
	found, err := find("activityArn", r.ARN, a.account.Activity)
	if err != nil {
		return nil, err
	}
	return activityOf(found), nil
}

func (a *api) listActivities(_ context.Context, r paging) (any, error) {
	if err := r.check(1024); err != nil {
		return nil, err
	}
	page, next, err := cut(a.account.Activities(), r, func(a local.Activity) string { return a.Name })
	if err != nil {
		return nil, err
	}
	list := []activityItem{}
	for _, found := range page {
		list = append(list, activityOf(found))
	}
	return struct {
		Activities []activityItem `json:"activities"`
		NextToken  string         `json:"nextToken,omitempty"`
	}{Activities: list, NextToken: next}, nil
}

func (a *api) deleteActivity(_ context.Context, r struct {
	ARN string `json:"activityArn"`
}) (any, error) {
	if err := required("activityArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.DeleteActivity(r.ARN)
}

// getActivityTask answers when there is a task, or after a minute without one: {} then.
func (a *api) getActivityTask(ctx context.Context, r struct {
	ARN    string `json:"activityArn"`
	Worker string `json:"workerName"`
}) (any, error) {
	if err := required("activityArn", r.ARN); err != nil {
		return nil, err
	}
	poll, err := a.account.PollActivity(r.ARN, r.Worker)
	if err != nil {
		return nil, err
	}
	if err := a.await(ctx, poll.WhenDone); err != nil {
		poll.Cancel()
		return nil, err
	}
	token, input := poll.Task()
	return struct {
		Token string `json:"taskToken,omitempty"`
		Input string `json:"input,omitempty"`
	}{Token: token, Input: string(input)}, nil
}
