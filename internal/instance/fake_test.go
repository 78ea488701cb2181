package instance_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/project"
)

const arn = "arn:aws:connect:eu-west-2:888866667777:instance/aaaaaaaa-2222-4333-8444-555555555555"

// fake is an instance in memory.
type fake struct {
	lists     map[string][]instance.Listed
	documents map[string]instance.Document // by ID
	drafts    map[string]instance.Document
	asked     []string // kinds that were listed
	refuses   []string // problems of whatever is published
}

func (f *fake) CanList(kind string) bool { return f.lists[kind] != nil }

func (f *fake) List(_ context.Context, kind string) ([]instance.Listed, error) {
	f.asked = append(f.asked, kind)
	return slices.Clone(f.lists[kind]), nil
}

func (f *fake) Describe(_ context.Context, l instance.Listed) (instance.Document, error) {
	if d, ok := f.drafts[l.ID]; ok && !l.Published {
		return d, nil
	}
	return f.documents[l.ID], nil
}

func (f *fake) Update(_ context.Context, d instance.Document, onlySave bool) error {
	if len(f.refuses) > 0 && !onlySave {
		return problems(f.refuses)
	}
	f.documents[d.ID] = d
	return nil
}

func (f *fake) Create(ctx context.Context, d instance.Document, onlySave bool) (string, error) {
	d.ID = "new"
	return d.ID, f.Update(ctx, d, onlySave)
}

// problems is the error of a service that refuses to publish.
type problems []string

func (p problems) Error() string { return strings.Join(p, ", ") }

func (p problems) Problems() []string { return p }

// id is an ID that ends with some digits.
func id(digits string) string {
	return "00000000-0000-4000-8000-000000000000"[:36-len(digits)] + digits
}

func listed(resource, digits, name string) instance.Listed {
	return instance.Listed{ID: id(digits), ARN: arn + "/" + resource + "/" + id(digits), Name: name}
}

// newFake is an instance with things of several kinds, and a flow that names values.
func newFake(values map[string]string) *fake {
	f := &fake{lists: map[string][]instance.Listed{
		"queue":  {listed("queue", "1", "Billing team"), listed("queue", "2", "Übersee")},
		"prompt": {listed("prompt", "3", "hold"), listed("prompt", "4", "hold")},
		"flow":   {listed("contact-flow", "5", "Main")},
		"module": {listed("flow-module", "6", "Look up")},
	}}
	f.lists["flow"][0].Type, f.lists["flow"][0].Published = string(flowlang.ContactFlow), true
	f.lists["module"][0].Type, f.lists["module"][0].Published = string(flowlang.Module), true
	f.documents = map[string]instance.Document{id("5"): {ID: id("5"), Name: "Main",
		Type: string(flowlang.ContactFlow), Content: flowWith(values)}}
	return f
}

// flowWith is a flow with an action for each parameter that names something.
func flowWith(values map[string]string) string {
	types := map[string]string{"QueueId": flowlang.UpdateContactTargetQueue, "PromptId": flowlang.MessageParticipant,
		"FlowModuleId": flowlang.InvokeFlowModule, "ContactFlowId": flowlang.TransferToFlow}
	var actions []string
	for name, value := range values {
		actions = append(actions, `{"Identifier": "`+name+`", "Type": "`+types[name]+`", "Parameters": {"`+name+`": "`+
			value+`"}, "Transitions": {}}`)
	}
	slices.Sort(actions)
	return `{"Version": "2019-10-30", "StartAction": "QueueId", "Actions": [` + strings.Join(actions, ", ") + `]}`
}

// read reads the flow of the fake with names.
func read(t *testing.T, in *instance.Instance) instance.Version {
	t.Helper()
	flows, err := in.Find(t.Context(), "Main")
	if err != nil || len(flows) != 1 {
		t.Fatalf("%v %v", flows, err)
	}
	v, err := in.Read(t.Context(), flows[0])
	if err == nil {
		v, err = in.WithNames(t.Context(), v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// stage is a stage of a project with some queues.
func stage(t *testing.T, queues string) *project.Stage {
	t.Helper()
	p, found := project.Parse("connect-async.yaml", []byte("name: bank\njobs: {work: {steps: [work]}}\n"+
		"functions: {work: {arn: \"arn:aws:lambda:eu-west-2:888866667777:function:work\"}}\n"+
		"stages: {dev: {instance: \""+arn+"\", queues: "+queues+"}}\n"), func(string) bool { return true })
	if found.HasErrors() {
		t.Fatal(found)
	}
	return &p.Stages[0]
}

// local is a flow in a file.
func local(t *testing.T, file, content string) instance.Local {
	t.Helper()
	f, err := flowlang.Parse(file, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	l, err := instance.NewLocal(f, "")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
