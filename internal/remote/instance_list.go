package remote

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// Listed is one thing of an instance.
type Listed struct {
	ID, ARN, Name string
	Type          string // of a flow, as CreateContactFlow has it, or MODULE
	Published     bool   // of a flow or module; it is only saved when it is false
}

// listing is how the things of a kind of placeholder are listed.
type listing struct {
	operation string
	path      string // %s is the instance
	key       string // of the list in the answer
	query     url.Values
	pageSize  int
}

const pageSize = 1000 // the most that a page of most lists can have

var listings = map[string]listing{
	flowlang.FlowKind: {operation: "ListContactFlows", path: "/contact-flows-summary/%s",
		key: "ContactFlowSummaryList", pageSize: pageSize},
	flowlang.ModuleKind: {operation: "ListContactFlowModules", path: "/contact-flow-modules-summary/%s",
		key: "ContactFlowModulesSummaryList", pageSize: pageSize, query: url.Values{"state": {"ACTIVE"}}},
	"prompt": {operation: "ListPrompts", path: "/prompts-summary/%s", key: "PromptSummaryList", pageSize: pageSize},
	"queue": {operation: "ListQueues", path: "/queues-summary/%s", key: "QueueSummaryList", pageSize: pageSize,
		query: url.Values{"queueTypes": {"STANDARD"}}},
	"hours": {operation: "ListHoursOfOperations", path: "/hours-of-operations-summary/%s",
		key: "HoursOfOperationSummaryList", pageSize: pageSize},
	"agent": {operation: "ListUsers", path: "/users-summary/%s", key: "UserSummaryList", pageSize: pageSize},
	"template": {operation: "ListTaskTemplates", path: "/instance/%s/task/template", key: "TaskTemplates",
		pageSize: 100},
}

// CanList reports whether the things of a kind of placeholder can be listed.
func (i *Instance) CanList(kind string) bool { return listings[kind].path != "" }

// summary is one thing in a list. Of an agent the name is called Username.
type summary struct {
	ID                string `json:"Id"`
	ARN               string `json:"Arn"`
	Name, Username    string
	ContactFlowType   string
	ContactFlowState  string
	ContactFlowStatus string
}

// List returns all things of a kind of placeholder that the instance has, without flows and modules that are archived
// and without the queues of agents.
func (i *Instance) List(ctx context.Context, kind string) ([]Listed, error) {
	if !i.CanList(kind) {
		return nil, fmt.Errorf("an instance does not list things of the kind %s", kind)
	}
	var all []Listed
	for token := ""; ; {
		page, next, err := i.page(ctx, listings[kind], token)
		if err != nil {
			return nil, err
		}
		for _, s := range page {
			if s.ContactFlowState != "ARCHIVED" {
				all = append(all, s.listed(kind))
			}
		}
		if token = next; token == "" {
			return all, nil
		}
	}
}

// page asks for the page of a list to which a token leads.
func (i *Instance) page(ctx context.Context, l listing, token string) (page []summary, next string, err error) {
	query := url.Values{"maxResults": {strconv.Itoa(l.pageSize)}}
	for key, values := range l.query {
		query[key] = values
	}
	if token != "" {
		query.Set("nextToken", token)
	}
	path := fmt.Sprintf(l.path, url.PathEscape(i.id)) + "?" + query.Encode()
	var answer map[string]json.RawMessage
	err = i.ask(ctx, request{operation: l.operation, method: http.MethodGet, path: path}, &answer)
	for key, part := range map[string]any{l.key: &page, "NextToken": &next} {
		if err == nil && answer[key] != nil {
			err = json.Unmarshal(answer[key], part)
		}
	}
	return page, next, err
}

// listed is what a list says of a thing of a kind.
func (s summary) listed(kind string) Listed {
	l := Listed{ID: s.ID, ARN: s.ARN, Name: cmp.Or(s.Name, s.Username), Type: s.ContactFlowType}
	if kind == flowlang.ModuleKind {
		l.Type = string(flowlang.Module)
	}
	l.Published = l.Type != "" && s.ContactFlowStatus != statusSaved
	return l
}
