package flowlang_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// TestReadRefuses: only documents that are nothing like a flow are refused, with a place and a remedy.
func TestReadRefuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{text: `5`, want: flowlang.CodeNotAFlow},
		{text: `[]`, want: flowlang.CodeNotAFlow},
		{text: `{}`, want: flowlang.CodeNotAFlow},
		{text: `{"Metadata": {}}`, want: flowlang.CodeNotAFlow},
		{text: `{"modules": [], "start": "x"}`, want: flowlang.CodeLegacy},
		{text: `{"modules": [], "start": "x", "Actions": []}`},
		{text: `{"Actions": 5}`},
		{text: `{"StartAction": null}`},
	} {
		doc, err := source.ParseJSON("flow.json", []byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		f, err := flowlang.Read("flow.json", doc)
		var finding source.Finding
		errors.As(err, &finding)
		if finding.Code != test.want || (f == nil) != (err != nil) {
			t.Errorf("%s: %v, want %q", test.text, err, test.want)
		}
		if err != nil && (finding.File != "flow.json" || finding.Line != 1 || finding.Remedy == "") {
			t.Errorf("%s: %+v is incomplete", test.text, finding)
		}
	}
	if _, err := flowlang.Read("flow.json", nil); err == nil {
		t.Error("no document is a flow")
	}
}

// TestRead: whatever can be read is there, and what cannot is left out.
func TestRead(t *testing.T) {
	f := read(t, `{"StartAction": "b", "Metadata": {"name": "bank"}, "Actions": [
		5, {"Identifier": "a", "Transitions": []}, {"Type": "Wait"},
		{"Identifier": "b", "Type": "Wait", "Parameters": null},
		{"Identifier": "b", "Type": 5, "Transitions": {"Errors": [5], "Conditions": [null], "NextAction": ""}}]}`)
	if f.Name != "bank" || len(f.Actions) != 4 || f.Start != f.Actions[2] || f.Action("b") != f.Actions[2] {
		t.Errorf("%+v", f)
	}
	if got := f.OfType(flowlang.Wait); len(got) != 2 || got[0].Identifier != "" || got[0].Index != 1 {
		t.Errorf("waits are %+v", got)
	}
	if f.Action("nobody") != nil || f.Action("") != nil || f.OfType("Nothing") != nil {
		t.Error("what does not exist was found")
	}
	if branches := f.Actions[3].Branches; len(branches) != 2 || branches[0].To != nil || branches[1].Name != "" {
		t.Errorf("branches are %+v", branches)
	}
}

// TestTypeOfFlow: what a document says about its type.
func TestTypeOfFlow(t *testing.T) {
	const module = `, "Actions": [{"Identifier": "a", "Type": "EndFlowModuleExecution"}]`
	for text, want := range map[string]flowlang.Type{
		`"Actions": []`: "",
		`"Metadata": {"type": "customerQueue"}, "Actions": []`:                     flowlang.CustomerQueue,
		`"Metadata": {"type": "guesswork"}, "Actions": []`:                         "",
		`"Settings": {}, "Actions": []`:                                            flowlang.Module,
		`"Settings": {}, "Metadata": {"type": "contactFlow"}, "Actions": []`:       flowlang.ContactFlow,
		`"Settings": {}, "Metadata": {"type": "contactFlow"}` + module:             flowlang.Module,
		`"Metadata": {"type": "contactFlow"}` + module:                             flowlang.ContactFlow,
		`"Settings": {}, "Metadata": {"type": "contactFlowModule"}, "Actions": []`: flowlang.Module,
	} {
		f := read(t, "{"+text+"}")
		if want == "" {
			if f.TypeGiven || f.Type != flowlang.ContactFlow {
				t.Errorf("%s: the type %s is given", text, f.Type)
			}
			continue
		}
		if !f.TypeGiven || f.Type != want {
			t.Errorf("%s is of type %s (given: %v), want %s", text, f.Type, f.TypeGiven, want)
		}
	}
	f := read(t, `{"Actions": []}`)
	if typed := f.WithType(flowlang.AgentHold); typed.Type != flowlang.AgentHold || !typed.TypeGiven || f.TypeGiven {
		t.Errorf("%s, of %s", typed.Type, f.Type)
	}
}

// TestLikelyType: queue and hold flows that do not say their type are known by what only they may hold.
func TestLikelyType(t *testing.T) {
	const (
		prompts = `{"Identifier": "a", "Type": "MessageParticipantIteratively"}`
		onHold  = `{"Identifier": "a", "Type": "MessageParticipantIteratively",
			"Parameters": {"Messages": [{"SSML": "<speak>You are on hold <break time=\"10s\"/></speak>"}]}}`
		speak   = `, {"Identifier": "b", "Type": "MessageParticipant"}`
		end     = `, {"Identifier": "b", "Type": "EndFlowExecution"}`
		unknown = `, {"Identifier": "b", "Type": "BrandNew"}`
	)
	for _, test := range []struct {
		file, name, actions string
		want                flowlang.Type
	}{
		{actions: prompts, want: flowlang.CustomerQueue},
		{actions: prompts + speak, want: flowlang.CustomerQueue},
		{actions: prompts + speak, name: "Default customer hold", want: flowlang.CustomerQueue},
		{actions: prompts + end, name: "Default customer hold", want: flowlang.CustomerHold},
		{actions: prompts + unknown, file: "flows/AgentHold.json", want: flowlang.AgentHold},
		{actions: prompts, file: "threshold.json", want: flowlang.CustomerQueue},
		{actions: onHold, want: flowlang.CustomerHold},
		{actions: onHold + end, name: "agents", want: flowlang.AgentHold},
		{actions: onHold + speak, want: flowlang.CustomerQueue},
		{actions: prompts, name: "Hold queue", want: flowlang.CustomerQueue},
		{
			actions: `{"Identifier": "a", "Type": "DequeueContactAndTransferToQueue"}`, name: "hold",
			want: flowlang.CustomerQueue,
		},
		{actions: `{"Identifier": "a", "Type": "RouteContactToAgent"}`, want: flowlang.CustomerQueue},
		{
			actions: `{"Identifier": "a", "Type": "UpdateContactMediaStreamingBehavior"}` + end, name: "hold",
			want: flowlang.ContactFlow,
		},
		{actions: `{"Identifier": "a", "Type": "TransferToFlow"}` + unknown, want: flowlang.ContactFlow},
	} {
		doc, err := source.ParseJSON("flow.json",
			[]byte(`{"Metadata": {"name": "`+test.name+`"}, "Actions": [`+test.actions+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		f, err := flowlang.Read(test.file, doc)
		if err != nil || f.Type != test.want || f.TypeGiven {
			t.Errorf("%+v: %s, given: %v, %v", test, f.Type, f.TypeGiven, err)
		}
		declared := f.Declared(flowlang.Declaration{Type: "${Type}"})
		if declared.Type != test.want || declared.TypeGiven {
			t.Errorf("%+v: declared as %s", test, declared.Type)
		}
	}
}

// TestDeclared: the type that a flow is deployed with counts more than what the document says, its name less.
func TestDeclared(t *testing.T) {
	const own = `"Metadata": {"name": "own", "type": "agentHold"}, `
	for _, test := range []struct {
		metadata, name, flowType string
		wantName                 string
		wantType                 flowlang.Type
		wantGiven                bool
	}{
		{wantType: flowlang.ContactFlow},
		{
			name: "n", flowType: "QUEUE_TRANSFER",
			wantName: "n", wantType: flowlang.QueueTransfer, wantGiven: true,
		},
		{name: "n", flowType: "${Type}", wantName: "n", wantType: flowlang.ContactFlow},
		{flowType: "MODULE", wantType: flowlang.Module, wantGiven: true},
		{metadata: own, name: "n", wantName: "own", wantType: flowlang.AgentHold, wantGiven: true},
		{
			metadata: own, name: "n", flowType: "CAMPAIGN",
			wantName: "own", wantType: flowlang.Campaign, wantGiven: true,
		},
	} {
		f := read(t, `{`+test.metadata+`"StartAction": "a", "Actions": []}`).
			Declared(flowlang.Declaration{Name: test.name, Type: test.flowType})
		if f.Name != test.wantName || f.Type != test.wantType || f.TypeGiven != test.wantGiven {
			t.Errorf("%+v: %q of type %s, given: %v", test, f.Name, f.Type, f.TypeGiven)
		}
	}
}

// TestTypeNames: every type is found by its name in the API and in Metadata.type.
func TestTypeNames(t *testing.T) {
	all := []flowlang.Type{
		flowlang.ContactFlow, flowlang.CustomerQueue, flowlang.CustomerHold, flowlang.CustomerWhisper,
		flowlang.AgentHold,
		flowlang.AgentWhisper, flowlang.OutboundWhisper, flowlang.AgentTransfer, flowlang.QueueTransfer,
		flowlang.Campaign,
		flowlang.Module,
	}
	names := map[string]flowlang.Type{"inbound": flowlang.ContactFlow, "Customer_Queue": flowlang.CustomerQueue}
	for _, flowType := range all {
		names[string(flowType)] = flowType
		names[flowType.MetadataName()] = flowType
	}
	if len(names) != 2*len(all)+2 {
		t.Errorf("%d names: two types have one name, or none", len(names))
	}
	for name, want := range names {
		if got, ok := flowlang.TypeOf(name); !ok || got != want {
			t.Errorf("%q is %q, want %s", name, got, want)
		}
	}
	for _, name := range []string{"", "unknown"} {
		if got, ok := flowlang.TypeOf(name); ok {
			t.Errorf("%q is the type %s", name, got)
		}
	}
	if name := flowlang.Type("UNKNOWN").MetadataName(); name != "" {
		t.Errorf("an unknown type is called %q", name)
	}
}

// TestTypesOfActions: sets of types, in the words of the documentation.
func TestTypesOfActions(t *testing.T) {
	for name, want := range map[string]string{
		flowlang.Compare:                        "all",
		flowlang.CheckSegmentMembership:         "not documented",
		flowlang.UpdateContactTargetQueue:       "inbound, transfer, module",
		flowlang.MessageParticipant:             "inbound, transfer, queue, whisper, outbound whisper, module",
		flowlang.MessageParticipantIteratively:  "queue, hold, module",
		flowlang.CompleteOutboundCall:           "outbound whisper",
		flowlang.CheckOutboundCallStatus:        "all",
		flowlang.GetOutboundCommunicationStatus: "campaign",
	} {
		if got := flowlang.Lookup(name).FlowTypes.String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	types := flowlang.Lookup(flowlang.UpdateContactTargetQueue).FlowTypes
	if !types.Has(flowlang.AgentTransfer) || types.Has(flowlang.CustomerQueue) || types.Has("UNKNOWN") {
		t.Errorf("%s has the wrong types", types)
	}
}

// TestFunctionARNs: functions that are named statically, in the document's order.
func TestFunctionARNs(t *testing.T) {
	f := readActions(t, `[
{"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "one"}},
{"Identifier": "b", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.f"}},
{"Identifier": "c", "Type": "InvokeLambdaFunction", "Parameters": {}},
{"Identifier": "d", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "two"}}]`)
	var got []string
	for _, ref := range f.FunctionARNs() {
		if ref.Pos.Line == 0 {
			t.Errorf("%s has no place", ref.ARN)
		}
		got = append(got, ref.Action+" "+ref.ARN)
	}
	if diff := cmp.Diff([]string{"a one", "d two"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaultySSML(t *testing.T) {
	for text, want := range map[string]string{
		"<speak>Hello</speak>":               "",
		`<speak>a<break time="1s"/></speak>`: "",
		"Hello":                              "no <speak> element",
		"<speak>Hello":                       "invalid SSML",
		"<speak>a < b</speak>":               "invalid SSML",
		"<speak>\x00</speak>":                "invalid SSML",
	} {
		if got := flowlang.FaultySSML(text); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzRead reads any document. Nothing panics, and every finding is about a place in the document.
func FuzzRead(f *testing.F) {
	f.Add(`{"Version": "2019-10-30", "StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Wait",
		"Parameters": {"Events": [null], "InterruptibleEvents": 5},
		"Transitions": {"Conditions": [{"Condition": {}}]}}]}`)
	f.Add(`{"StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Compare",
		"Parameters": {"ComparisonValue": "$."},
		"Transitions": {"NextAction": "a", "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "a"}]}}]}`)
	f.Add(`{"Settings": 1, "Metadata": {"type": "contactFlow"}, "Actions": [{"Type": "EndFlowModuleExecution"}]}`)
	f.Add(`{"Actions": [{"Identifier": "ü", "Type": "MessageParticipant", "Parameters": {"SSML": "<speak>$.["}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := flowlang.Parse("flow.json", []byte(text))
		if err != nil {
			return
		}
		lines := strings.Split(text, "\n")
		for _, found := range read.Check() {
			if found.Line < 1 || found.Line > len(lines) || found.Column < 1 ||
				found.Column > len(lines[found.Line-1]) {
				t.Errorf("%v is outside the document", found)
			}
		}
		for _, a := range read.Actions {
			if read.Reaches(a) && read.Start == nil && !read.Unknown(read.Doc.Get("StartAction")) {
				t.Errorf("%q is reached from nowhere", a.Identifier)
			}
			a.Ends()
		}
		if _, err := read.ModuleSettings(); err != nil {
			t.Error(err)
		}
		read.FunctionARNs()
		read.Loops((*flowlang.Action).Out, nil)
	})
}

// TestTypeIsCorrectedWhereItIsDeclared: the remedy names the place that counts.
func TestTypeIsCorrectedWhereItIsDeclared(t *testing.T) {
	f := read(t, `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "contactFlow"},
"Actions": [{"Identifier": "a", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`)
	hold := flowlang.Declaration{Type: "CUSTOMER_HOLD", File: "t.yaml", Pos: source.Pos{Line: 5, Column: 13}}
	whole := flowlang.Declaration{Type: "CUSTOMER_HOLD", File: "t.yaml"}
	for place, f := range map[string]*flowlang.Flow{
		"declared: t.yaml:5:13.": f.Declared(hold),
		"declared: t.yaml.":      f.Declared(whole),
		"or in Metadata.type.":   f.Declared(hold).WithType(flowlang.CustomerWhisper),
	} {
		found := f.Check()
		if len(found) != 1 || !strings.HasSuffix(found[0].Remedy, place) {
			t.Errorf("%s: %v %v", place, found, found[0].Remedy)
		}
	}
}

// TestUnknownType: a declared type that is not one is reported where it is declared, until something else says the
// type.
func TestUnknownType(t *testing.T) {
	f := read(t, `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "customerHold"},
"Actions": [{"Identifier": "a", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}]}`)
	at := source.Pos{Line: 7, Column: 9}
	declared := f.Declared(flowlang.Declaration{Type: "CUSTOMR_HOLD", File: "main.tf", Pos: at})
	found := declared.Check()
	if len(found) != 1 || found[0].File != "main.tf" || found[0].Pos != at ||
		!strings.Contains(found[0].Remedy, "CUSTOMER_HOLD") {
		t.Errorf("found %v", found)
	}
	if again := declared.WithType(declared.Type).Check(); len(again) != 1 {
		t.Errorf("with the type of the metadata: %v", again)
	}
	for name, known := range map[string]*flowlang.Flow{
		"the project file": declared.WithType(flowlang.AgentHold),
		"the template":     declared.Declared(flowlang.Declaration{Type: "AGENT_HOLD"}),
	} {
		if found := known.Check(); len(found) != 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}
