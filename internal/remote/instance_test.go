package remote_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/instancetest"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
)

const instanceARN = "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555"

const (
	plainFlow = `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": [{"Identifier": "a",` +
		` "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`
	faultyFlow = `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": [{"Identifier": "a",` +
		` "Type": "DisconnectParticipants", "Parameters": {}, "Transitions": {}}]}`
	plainModule = `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Settings": {"InputParameters": []},` +
		` "Actions": [{"Identifier": "a", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}]}`
)

// instanceOf connects to an instance on a clock on which nothing takes time.
func instanceOf(t *testing.T) (*instancetest.Server, *remote.Instance) {
	t.Helper()
	s := instancetest.New(t, instanceARN)
	s.Use(t)
	c := &instancetest.Clock{}
	s.Now = c.Now
	i, err := remote.NewInstance(t.Context(), instanceARN, os.Getenv, c)
	if err != nil {
		t.Fatal(err)
	}
	return s, i
}

// TestInstanceLists: every kind is listed, page by page.
func TestInstanceLists(t *testing.T) {
	s, i := instanceOf(t)
	s.PageSize = 2
	for resource, kind := range map[string]string{"prompt": "prompt", "queue": "queue", "operating-hours": "hours",
		"agent": "agent", "task-template": "template"} {
		s.Things[resource] = []instancetest.Thing{{ID: "1", Name: "one"}, {ID: "2", Name: "two"},
			{ID: "3", Name: "three"}}
		got, err := i.List(t.Context(), kind)
		want := []remote.Listed{}
		for _, thing := range s.Things[resource] {
			want = append(want, remote.Listed{ID: thing.ID, Name: thing.Name,
				ARN: instanceARN + "/" + resource + "/" + thing.ID})
		}
		isKind := slices.Contains(flowlang.PlaceholderKinds(), kind)
		if diff := cmp.Diff(want, got); err != nil || diff != "" || !isKind {
			t.Errorf("%s: %v\n%s", kind, err, diff)
		}
	}
	s.Add("published", "CONTACT_FLOW", plainFlow)
	s.Add("gone", "CONTACT_FLOW", plainFlow).Archived = true
	s.Add("module", "MODULE", plainModule)
	never := s.Add("never published", "CUSTOMER_QUEUE", "")
	never.Saved = plainFlow
	flows, err := i.List(t.Context(), "flow")
	if err != nil || len(flows) != 2 || !flows[0].Published || flows[1].Published || flows[1].Type != "CUSTOMER_QUEUE" {
		t.Errorf("%v, %+v", err, flows)
	}
	modules, err := i.List(t.Context(), "module")
	if err != nil || len(modules) != 1 || modules[0].Name != "module" || modules[0].Type != "MODULE" {
		t.Errorf("%v, %+v", err, modules)
	}
	if _, err := i.List(t.Context(), "bot"); err == nil || i.CanList("bot") || !i.CanList("queue") {
		t.Errorf("bots: %v", err)
	}
}

// TestInstanceReadsAndWrites: flows and modules are created, described, updated and saved, and what the service refuses
// to publish is told with its problems. All that is asked for is in the list of IAM actions.
func TestInstanceReadsAndWrites(t *testing.T) {
	s, i := instanceOf(t)
	for _, d := range []remote.FlowDocument{
		{Name: "flow", Type: "CONTACT_FLOW", Content: plainFlow},
		{Name: "module", Type: "MODULE", Content: plainModule, Settings: `{"input":{}}`},
	} {
		id, err := i.Create(t.Context(), d, false)
		if err != nil {
			t.Fatal(err)
		}
		l := remote.Listed{ID: id, Name: d.Name, Type: d.Type, Published: true}
		d.ID = id
		if got, err := i.Describe(t.Context(), l); err != nil || got != d {
			t.Errorf("%v, %+v", err, got)
		}
		published := d.Content
		d.Content = strings.Replace(published, "2019-10-30", "2019-10-31", 1)
		var refused remote.Refused
		if err := i.Update(t.Context(), d, false); !errors.As(err, &refused) || len(refused.Problems()) != 1 {
			t.Errorf("a wrong version: %v", err)
		}
		if err := i.Update(t.Context(), d, true); err != nil || s.Flow(d.Name).Saved != d.Content {
			t.Errorf("a wrong version that is only saved: %v", err)
		}
		if got, err := i.Describe(t.Context(), l); err != nil || got.Content != published {
			t.Errorf("%v, %+v", err, got)
		}
		l.Published = false
		if got, err := i.Describe(t.Context(), l); err != nil || got.Content != d.Content {
			t.Errorf("%v, %+v", err, got)
		}
	}
	if _, err := i.Create(t.Context(), remote.FlowDocument{Name: "draft", Type: "CONTACT_FLOW", Content: faultyFlow},
		true); err != nil || s.Flow("draft").Saved != faultyFlow {
		t.Error(err)
	}
	for _, kind := range []string{"flow", "module", "prompt", "queue", "hours", "agent", "template"} {
		if _, err := i.List(t.Context(), kind); err != nil {
			t.Error(err)
		}
	}
	asked := slices.Clone(s.Asked)
	for n, operation := range asked {
		asked[n] = "connect:" + operation
	}
	slices.Sort(asked)
	named := slices.Sorted(slices.Values(slices.Concat(remote.InstanceActions.Read, remote.InstanceActions.Write)))
	if diff := cmp.Diff(named, slices.Compact(asked)); diff != "" {
		t.Errorf("the IAM actions are not those of the requests\n%s", diff)
	}
}

// TestInstancePace: requests leave half of the account's to others, and throttled ones are repeated after a pause that
// grows, a few times.
func TestInstancePace(t *testing.T) {
	s, i := instanceOf(t)
	s.Throttle = 2
	for range 3 {
		if _, err := i.List(t.Context(), "flow"); err != nil {
			t.Fatal(err)
		}
	}
	var gaps []time.Duration
	for n, at := range s.Times[1:] {
		gaps = append(gaps, at.Sub(s.Times[n]))
	}
	want := []time.Duration{2 * time.Second, 4 * time.Second, time.Second, time.Second}
	if !slices.Equal(gaps, want) || remote.RequestEvery() != time.Second {
		t.Errorf("the gaps are %v, want %v", gaps, want)
	}
	s.Throttle = 100
	_, err := i.List(t.Context(), "flow")
	if found, _ := errors.AsType[source.Finding](err); found.Code != remote.InstanceThrottled || s.Throttle != 95 {
		t.Errorf("%v, %d requests are still throttled", err, s.Throttle)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := len(s.Asked)
	if _, err := i.List(ctx, "flow"); !errors.Is(err, context.Canceled) || len(s.Asked) != asked {
		t.Errorf("cancelled: %v", err)
	}
}

// TestInstanceErrors: what the user can do something about has a code and a remedy.
func TestInstanceErrors(t *testing.T) {
	s, i := instanceOf(t)
	s.Deny = "ListPrompts"
	_, err := i.List(t.Context(), "prompt")
	if found, _ := errors.AsType[source.Finding](err); found.Code != remote.InstanceDenied ||
		!strings.Contains(found.Remedy, "Allow connect:ListPrompts") {
		t.Errorf("%v", err)
	}
	_, err = i.Describe(t.Context(), remote.Listed{ID: "other", Published: true})
	if found, _ := errors.AsType[source.Finding](err); found.Code != remote.InstanceMissing || found.Remedy == "" {
		t.Errorf("%v", err)
	}
	s.Add("flow", "CONTACT_FLOW", plainFlow)
	_, err = i.Create(t.Context(), remote.FlowDocument{Name: "flow", Type: "CONTACT_FLOW", Content: plainFlow}, false)
	if err == nil || !strings.Contains(err.Error(), "CreateContactFlow: ") || !strings.Contains(err.Error(), "taken") {
		t.Errorf("a name that is taken: %v", err)
	}
	t.Setenv("AWS_ENDPOINT_URL_CONNECT", "http://127.0.0.1:9") // where nothing listens
	nowhere, err := remote.NewInstance(t.Context(), instanceARN, os.Getenv, &instancetest.Clock{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = nowhere.List(t.Context(), "flow")
	if found, _ := errors.AsType[source.Finding](err); found.Code != remote.InstanceUnreachable || found.Remedy == "" {
		t.Errorf("an instance out of reach: %v", err)
	}
	if _, err := remote.NewInstance(t.Context(), "my-instance", os.Getenv, &instancetest.Clock{}); err == nil {
		t.Error("an instance without an ARN has no error")
	}
	isolate(t)
	_, err = remote.NewInstance(t.Context(), instanceARN, os.Getenv, &instancetest.Clock{})
	if found, _ := errors.AsType[source.Finding](err); found.Code != remote.CredentialsMissing {
		t.Errorf("without credentials: %v", err)
	}
}
