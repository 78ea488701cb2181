package remote

import (
	"context"
	"net/http"
	"net/url"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// FlowDocument is a flow or module of an instance.
type FlowDocument struct {
	ID, Name, Type string // Type as CreateContactFlow has it, or MODULE
	Content        string
	Settings       string // of a module: its input, results and their data, as JSON
}

// savedAlias is appended to the ID of a flow or module to mean its saved content: with it an update saves and does not
// publish (API reference, UpdateContactFlowContent and DescribeContactFlow).
const savedAlias = ":$SAVED"

// Whether a flow is published (API reference, ContactFlow).
const (
	statusSaved     = "SAVED"
	statusPublished = "PUBLISHED"
)

// flowOperation is an operation on a flow, or the same on a module, below a path of the instance.
func (i *Instance) flowOperation(isModule bool, method, operation, operationOfModules, below string) request {
	r := request{operation: operation, method: method, path: "/contact-flows/"}
	if isModule {
		r.operation, r.path = operationOfModules, "/contact-flow-modules/"
	}
	r.path += url.PathEscape(i.id) + below
	return r
}

func (d FlowDocument) isModule() bool { return d.Type == string(flowlang.Module) }

// idOf is the ID of a flow in a path, with or without the alias of what is saved.
func idOf(id string, isSaved bool) string {
	if isSaved {
		id += savedAlias
	}
	return "/" + url.PathEscape(id)
}

// Describe returns a flow or module as it is published or, where only that is wanted, saved.
func (i *Instance) Describe(ctx context.Context, l Listed) (FlowDocument, error) {
	d := FlowDocument{ID: l.ID, Name: l.Name, Type: l.Type}
	r := i.flowOperation(d.isModule(), http.MethodGet, "DescribeContactFlow", "DescribeContactFlowModule",
		idOf(l.ID, !l.Published))
	var answer struct{ ContactFlow, ContactFlowModule described }
	err := i.ask(ctx, r, &answer)
	if d.Content = answer.ContactFlow.Content; d.isModule() {
		d.Content, d.Settings = answer.ContactFlowModule.Content, answer.ContactFlowModule.Settings
	}
	return d, err
}

// Update gives a flow or module new content, which is published unless it is only to be saved. The error is Refused
// when the content cannot be published.
func (i *Instance) Update(ctx context.Context, d FlowDocument, onlySave bool) error {
	r := i.flowOperation(d.isModule(), http.MethodPost, "UpdateContactFlowContent", "UpdateContactFlowModuleContent",
		idOf(d.ID, onlySave)+"/content")
	body := map[string]string{"Content": d.Content}
	if d.Settings != "" {
		body["Settings"] = d.Settings
	}
	r.body = body
	return i.ask(ctx, r, nil)
}

// Create creates a flow or module and returns its ID. A flow is published unless it is only to be saved.
func (i *Instance) Create(ctx context.Context, d FlowDocument, onlySave bool) (id string, err error) {
	r := i.flowOperation(d.isModule(), http.MethodPut, "CreateContactFlow", "CreateContactFlowModule", "")
	body := map[string]string{"Name": d.Name, "Content": d.Content}
	switch {
	case d.isModule():
		body["Settings"] = d.Settings
	case onlySave:
		body["Type"], body["Status"] = d.Type, statusSaved
	default:
		body["Type"], body["Status"] = d.Type, statusPublished
	}
	r.body = body
	var answer struct {
		ContactFlowID string `json:"ContactFlowId"`
		ID            string `json:"Id"`
	}
	err = i.ask(ctx, r, &answer)
	return answer.ContactFlowID + answer.ID, err
}
