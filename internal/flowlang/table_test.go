package flowlang_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// documentedTypes are the action types of the developer guide, in the spelling that the service accepts, and those that
// exist without a page.
var documentedTypes = strings.Fields(`
	AssociateContactToCustomerProfile AuthenticateParticipant CheckHoursOfOperation CheckMetricData
	CheckOutboundCallStatus CheckSegmentMembership CheckSegmentMembershipForCustomerProfile CheckVoiceId Compare
	CompleteOutboundCall ConnectParticipantWithAgenticCX ConnectParticipantWithLexBot CreateCallbackContact CreateCase
	CreateContact CreateCustomerProfile CreatePersistentContactAssociation CreateTask CreateWisdomSession
	DequeueContactAndTransferToQueue DisconnectParticipant DistributeByPercentage EndFlowExecution
	EndFlowModuleExecution EvaluateDataTableValues GetCalculatedAttributesForCustomerProfile GetCase
	GetCustomerProfile GetCustomerProfileObject GetMetricData GetOutboundCommunicationStatus GetParticipantInput
	InvokeFlowModule InvokeLambdaFunction ListDataTableValues LoadContactContent LoadLambdaFunctionResult Loop
	MessageParticipant MessageParticipantIteratively PutDialRequest PutLambdaInvokeRequest RenderMessageTemplate
	ResumeContact RouteContactToAgent SendOutboundEmail SendSMS ShowView StartOutboundChatContact
	StartOutboundEmailContact StartVoiceIdStream TagContact TransferContactToAgent TransferContactToQueue
	TransferParticipantToThirdParty TransferToFlow UntagContact UpdateCase UpdateContactAttributes
	UpdateContactCallbackNumber UpdateContactData UpdateContactEventHooks UpdateContactMediaProcessing
	UpdateContactMediaStreamingBehavior UpdateContactRecordingAndAnalyticsBehavior UpdateContactRecordingBehavior
	UpdateContactRoutingBehavior UpdateContactRoutingCriteria UpdateContactTargetQueue UpdateContactTextToSpeechVoice
	UpdateCustomerProfile UpdateFlowAttributes UpdateFlowLoggingBehavior UpdatePreviousContactParticipantState
	UpsertDataTableValues Wait`)

// rows are all rows of the table.
func rows() []flowlang.ActionType { return slices.Concat(flowlang.ActionTypes()...) }

// TestTypes: the table has each documented type once, and no other.
func TestTypes(t *testing.T) {
	var names []string
	for _, row := range rows() {
		names = append(names, row.Name)
		if found := flowlang.Lookup(row.Name); found == nil || found.Name != row.Name {
			t.Errorf("%s is not found by its name", row.Name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(documentedTypes, names); diff != "" {
		t.Errorf("types (-documented +table):\n%s", diff)
	}
	if flowlang.Lookup("PlayPrompt") != nil {
		t.Error("a type that does not exist was found")
	}
}

// subset reports members of a list that are not in another.
func subset(t *testing.T, row, what string, list, of []string) {
	t.Helper()
	for i, name := range list {
		if !slices.Contains(of, name) {
			t.Errorf("%s: %s contains %q, which is not one of %v", row, what, name, of)
		}
		if slices.Contains(list[:i], name) {
			t.Errorf("%s: %s contains %q twice", row, what, name)
		}
	}
}

// TestRows: every row is complete and does not contradict itself.
func TestRows(t *testing.T) {
	for _, row := range rows() {
		if row.Block == "" || row.Logged == "" || row.Evidence == "" {
			t.Errorf("%s has no block, logged name or evidence", row.Name)
		}
		if row.Terminal && (len(row.AllErrors()) > 0 || row.HasResult || row.Leaves || row.TakesNext ||
			row.OptionalNext) {
			t.Errorf("%s ends the flow, and has branches", row.Name)
		}
		if !row.HasResult && (row.Results != nil || row.RequiredResults != nil || row.Operators != nil ||
			row.TakesNext) {
			t.Errorf("%s has no result, but something to compare with it", row.Name)
		}
		errors := row.AllErrors()
		subset(t, row.Name, "Errors", row.Errors, errors)
		subset(t, row.Name, "FormErrors", row.FormErrors, errors)
		subset(t, row.Name, "RequiredErrors", row.RequiredErrors, errors)
		subset(t, row.Name, "ExpectedErrors", row.ExpectedErrors, errors)
		if row.Results != nil {
			subset(t, row.Name, "RequiredResults", row.RequiredResults, row.Results)
		}
		for _, name := range row.ExpectedErrors {
			if slices.Contains(row.RequiredErrors, name) {
				t.Errorf("%s: %s is required, so it need not be expected", row.Name, name)
			}
		}
		if row.FlowTypes&row.RefusedIn != 0 {
			t.Errorf("%s is documented for %v, of which the service refuses some", row.Name, row.FlowTypes)
		}
	}
}

// TestParameters: every parameter of every row says what it accepts, and nothing that its form has no use for.
func TestParameters(t *testing.T) {
	for _, row := range rows() {
		var names []string
		for _, p := range row.Parameters {
			at := row.Name + "." + p.Name
			if p.Name == "" || slices.Contains(names, p.Name) {
				t.Errorf("%s is there twice, or has no name", at)
			}
			names = append(names, p.Name)
			if (p.Form == flowlang.Number) != (p.Low < p.High) || p.Form != flowlang.Number && p.Low != p.High {
				t.Errorf("%s is a number from %d to %d", at, p.Low, p.High)
			}
			if (p.Form == flowlang.Choice) != (len(p.Choices) > 1) {
				t.Errorf("%s is one of %v", at, p.Choices)
			}
			if p.Identity && p.Form != flowlang.Text {
				t.Errorf("%s is an id, but not a text", at)
			}
			if found := row.Parameter(p.Name); found == nil || found.Name != p.Name {
				t.Errorf("%s is not found by its name", at)
			}
		}
		if row.Parameter("Nothing") != nil {
			t.Errorf("%s has a parameter Nothing", row.Name)
		}
	}
}

// parameters reads an action of a type with parameters.
func parameters(t *testing.T, actionType, parameters string) *flowlang.Action {
	t.Helper()
	return readActions(t, `[{"Identifier": "a", "Type": "`+actionType+`", "Parameters": `+parameters+`}]`).Action("a")
}

// TestForms: what an action accepts depends on the form that its parameters give it.
func TestForms(t *testing.T) {
	const noMatch = flowlang.NoMatchingError
	for _, test := range []struct {
		name, actionType, parameters string
		hasResult                    bool
		errors, required, results    []string
		traits                       flowlang.Trait
		logged                       string
	}{
		{
			name: "menu", actionType: flowlang.GetParticipantInput, parameters: `{"Text": "x"}`,
			hasResult: true, results: strings.Split("0123456789*#", ""),
			errors:   []string{flowlang.InputTimeLimitExceeded, flowlang.NoMatchingCondition, noMatch},
			required: []string{flowlang.InputTimeLimitExceeded, flowlang.NoMatchingCondition, noMatch},
			traits:   flowlang.Speaks | flowlang.Listens, logged: "GetUserInput",
		},
		{
			name: "stored input", actionType: flowlang.GetParticipantInput, parameters: `{"StoreInput": "True"}`,
			errors: []string{noMatch}, required: []string{noMatch},
			traits: flowlang.Speaks | flowlang.Listens | flowlang.StoresInput, logged: "StoreUserInput",
		},
		{
			name: "stored phone number", actionType: flowlang.GetParticipantInput,
			parameters: `{"StoreInput": "True", "InputValidation": {"PhoneNumberValidation": {}}}`,
			errors:     []string{noMatch, flowlang.InvalidPhoneNumber},
			required:   []string{noMatch, flowlang.InvalidPhoneNumber},
			traits:     flowlang.Speaks | flowlang.Listens | flowlang.StoresInput, logged: "StoreUserInput",
		},
		{
			name: "touch-tone buffer", actionType: flowlang.GetParticipantInput,
			parameters: `{"EnableDTMFBuffer": "True"}`,
			errors:     []string{noMatch}, logged: "GetUserInput",
		},
		{
			name: "Lex in a menu", actionType: flowlang.GetParticipantInput, parameters: `{"LexV2Bot": {}}`,
			hasResult: true,
			errors:    []string{flowlang.InputTimeLimitExceeded, flowlang.NoMatchingCondition, noMatch},
			traits:    flowlang.Speaks | flowlang.Listens | flowlang.FillsLex, logged: "GetUserInput",
		},
		{
			name: "wait", actionType: flowlang.Wait, parameters: `{"TimeLimitSeconds": "5"}`,
			hasResult: true, results: []string{flowlang.WaitCompleted}, errors: []string{noMatch},
			traits: flowlang.Listens, logged: "Wait",
		},
		{
			name: "wait that continues, with events", actionType: flowlang.Wait,
			parameters: `{"ContinueExecution": "True", "Events": ["CustomerReturned", "BotParticipantDisconnected"],
				"InterruptibleEvents": {"LambdaReturned": {}}}`,
			hasResult: true,
			results: []string{
				flowlang.WaitCompleted, flowlang.Continue, flowlang.CustomerReturned,
				flowlang.BotParticipantDisconnected,
				"LambdaReturned",
			},
			errors: []string{noMatch, flowlang.ParticipantNotFound}, traits: flowlang.Listens, logged: "Wait",
		},
		{
			name: "third party, and away", actionType: flowlang.TransferParticipantToThirdParty,
			parameters: `{"ContinueFlowExecution": "False"}`, errors: []string{noMatch}, logged: "Dial",
		},
		{
			name: "third party, and back", actionType: flowlang.TransferParticipantToThirdParty,
			parameters: `{"ContinueFlowExecution": "True"}`, logged: "Dial",
			errors: []string{noMatch, flowlang.CallFailed, flowlang.ConnectionTimeLimitExceeded},
		},
		{
			name: "recording of a call", actionType: flowlang.UpdateContactRecordingAndAnalyticsBehavior,
			parameters: `{"VoiceBehavior": {}}`, errors: []string{noMatch, flowlang.ChannelMismatch},
			logged: "SetRecordingBehavior",
		},
		{
			name: "recording of a chat", actionType: flowlang.UpdateContactRecordingAndAnalyticsBehavior,
			parameters: `{"ChatBehavior": {}}`, logged: "SetRecordingBehavior",
			errors:   []string{noMatch, flowlang.ChannelMismatch, flowlang.RedactionFailed},
			required: []string{flowlang.RedactionFailed},
		},
		{
			name: "case that is linked", actionType: flowlang.CreateCase, parameters: `{"LinkContactToCase": "True"}`,
			errors: []string{noMatch, flowlang.ContactNotLinked}, required: []string{flowlang.ContactNotLinked},
			logged: "CreateCase",
		},
		{
			name: "case that is not linked", actionType: flowlang.CreateCase,
			parameters: `{"LinkContactToCase": "False"}`,
			errors:     []string{noMatch}, logged: "CreateCase",
		},
		{
			name: "case that may be linked", actionType: flowlang.CreateCase, parameters: `{}`,
			errors: []string{noMatch, flowlang.ContactNotLinked}, logged: "CreateCase",
		},
		{
			name: "agents", actionType: flowlang.CheckMetricData,
			parameters: `{"MetricType": "NumberOfAgentsAvailable"}`,
			hasResult:  true, results: []string{"0"}, logged: "CheckStaffing",
			errors:   []string{noMatch, flowlang.NoMatchingCondition},
			required: []string{noMatch, flowlang.NoMatchingCondition},
		},
		{
			name: "contacts in a queue", actionType: flowlang.CheckMetricData,
			parameters: `{"MetricType": "NumberOfContactsInQueue"}`, hasResult: true, logged: "CheckStaffing",
			errors:   []string{noMatch, flowlang.NoMatchingCondition},
			required: []string{noMatch, flowlang.NoMatchingCondition},
		},
		{
			name: "Voice ID", actionType: flowlang.CheckVoiceID,
			parameters: `{"CheckVoiceIdOption": "enrollmentStatus"}`,
			hasResult:  true, results: []string{"Enrolled", "NotEnrolled", "OptedOut"}, logged: "CheckVoiceId",
			errors: []string{noMatch, flowlang.NoMatchingCondition},
		},
		{
			name: "synchronous function", actionType: flowlang.InvokeLambdaFunction, parameters: `{}`,
			errors: []string{noMatch}, traits: flowlang.Invokes | flowlang.FillsReply, logged: "InvokeExternalResource",
		},
		{
			name: "asynchronous function", actionType: flowlang.InvokeLambdaFunction,
			parameters: `{"InvocationType": "ASYNCHRONOUS"}`, errors: []string{noMatch},
			traits: flowlang.Invokes | flowlang.Asynchronous, logged: "InvokeExternalResource",
		},
	} {
		kind := parameters(t, test.actionType, test.parameters).Kind
		if kind.HasResult != test.hasResult || kind.Traits != test.traits || kind.Logged != test.logged {
			t.Errorf("%s: result %v, traits %b, logged as %s", test.name, kind.HasResult, kind.Traits, kind.Logged)
		}
		for what, lists := range map[string][2][]string{
			"errors":          {test.errors, kind.Errors},
			"required errors": {test.required, kind.RequiredErrors},
			"results":         {test.results, kind.Results},
		} {
			if !slices.Equal(lists[0], lists[1]) {
				t.Errorf("%s: %s are %q, want %q", test.name, what, lists[1], lists[0])
			}
		}
	}
}

// TestFormsLeaveTheTableAlone: the form of one action changes nothing for the next.
func TestFormsLeaveTheTableAlone(t *testing.T) {
	for _, text := range []string{`{"StoreInput": "True"}`, `{"EnableDTMFBuffer": "True"}`, `{"LexV2Bot": {}}`} {
		parameters(t, flowlang.GetParticipantInput, text)
		row := flowlang.Lookup(flowlang.GetParticipantInput)
		if !row.HasResult || row.Parameter("InputValidation").Need != flowlang.Optional || len(row.Errors) != 3 {
			t.Fatalf("after %s the row is %+v", text, row)
		}
	}
}

// TestLoopOverLists: the keys of a Loop without LoopCount are not documented, so LoopCount is not required there.
func TestLoopOverLists(t *testing.T) {
	for text, want := range map[string]flowlang.Need{`{"Items": "$.External.list"}`: flowlang.Optional,
		`{}`: flowlang.Required} {
		if got := parameters(t, flowlang.Loop, text).Kind.Parameter("LoopCount").Need; got != want {
			t.Errorf("%s: LoopCount is needed %d, want %d", text, got, want)
		}
	}
}

// TestInvocationLimit: how long Connect waits for a function, whatever the block says.
func TestInvocationLimit(t *testing.T) {
	const asynchronous = `"InvocationType": "ASYNCHRONOUS", `
	for _, test := range []struct {
		parameters string
		want       int
		given      bool
	}{
		{parameters: `{"InvocationTimeLimitSeconds": " 3 "}`, want: 3, given: true},
		{parameters: `{"InvocationTimeLimitSeconds": 8}`, want: 8, given: true},
		{parameters: `{"InvocationTimeLimitSeconds": "9"}`, want: 8},
		{parameters: `{"InvocationTimeLimitSeconds": "0"}`, want: 8},
		{parameters: `{"InvocationTimeLimitSeconds": "$.Attributes.x"}`, want: 8},
		{parameters: `{}`, want: 8},
		{parameters: `{` + asynchronous + `"InvocationTimeLimitSeconds": "60"}`, want: 60, given: true},
		{parameters: `{` + asynchronous + `"InvocationTimeLimitSeconds": "61"}`, want: 60},
	} {
		got, given := parameters(t, flowlang.InvokeLambdaFunction, test.parameters).InvocationLimit()
		if got != test.want || given != test.given {
			t.Errorf("%s: %d s (given: %v), want %d s", test.parameters, got, given, test.want)
		}
	}
}

// TestAction asks an action for its parameters.
func TestAction(t *testing.T) {
	a := parameters(t, flowlang.InvokeLambdaFunction,
		`{"LambdaInvocationAttributes": {"action": "start"}, "N": 5, "B": true}`)
	if a.Input("action").Str() != "start" || a.Input("other") != nil {
		t.Error("the inputs are wrong")
	}
	if a.Text("N") != "5" || !a.Is("B") || a.Is("N") || a.Text("LambdaInvocationAttributes") != "" ||
		a.Param("X") != nil {
		t.Error("the parameters are wrong")
	}
	if !a.Has(flowlang.Invokes) || a.Has(flowlang.Speaks) || a.Speaks() {
		t.Error("the traits are wrong")
	}
	if a.TransitionsOrSelf() != a.Node || a.ParametersOrSelf() != a.Parameters || a.BranchList("Errors") != a.Node {
		t.Error("what is missing must be reported at the action")
	}
	for text, want := range map[string]bool{`{"Text": "x"}`: true, `{}`: false} {
		if parameters(t, flowlang.MessageParticipant, text).Speaks() != want {
			t.Errorf("%s: a message speaks: %v", text, !want)
		}
	}
	if unknown := parameters(t, "AskOracle", `{"Text": "x"}`); unknown.Speaks() || unknown.Has(flowlang.Speaks) {
		t.Error("an unknown type is not known to speak")
	}
}
