package flowlang_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// TestNewerBlocks: blocks and parameters of newer consoles are known, and what is not known may be right.
func TestNewerBlocks(t *testing.T) {
	const failed = `"Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}`
	const to = `"Transitions": {"NextAction": "end", ` + failed
	const callback = `"Type": "CreateCallbackContact", "Parameters": {"InitialCallDelaySeconds": "5",
		"RetryDelaySeconds": "60", "MaximumConnectionAttempts": `
	const voice = `"Type": "UpdateContactTextToSpeechVoice", "Parameters": {"TextToSpeechVoice": "Amy", `
	const stored = `"Type": "GetParticipantInput", "Parameters": {"StoreInput": "True", "InputValidation": {
		"CustomValidation": {"MaximumLength": "4"}}, "InputTimeLimitSeconds": `
	is := func(result string) string {
		return `{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["` + result + `"]}}`
	}
	for name, test := range map[string]struct {
		flowType, action, code string
		severity               source.Severity
		says                   string // part of the message or the remedy
	}{
		"the mode of a callback": {action: callback + `"1", "CallbackMode": "AgentFirst"}, ` + to + `]}`},
		"no attempt": {
			action: callback + `"0"}, ` + to + `]}`,
		},
		"fewer than no attempt": {
			action: callback + `"-1"}, ` + to + `]}`,
			code:   "parameter-value", severity: source.Error, says: "not a whole number of at least 0",
		},
		"a parameter that nobody knows": {
			action: `"Type": "MessageParticipant", "Parameters": {"Text": "Hi", "Brightness": "5"}, ` + to + `]}`,
			code:   "unknown-parameter", severity: source.Warning, says: "newer",
		},
		"a parameter of another action": {
			action: voice + `"LanguageCode": "en-US"}, ` + to + `]}`,
			code:   "unknown-parameter", severity: source.Error, says: "Remove",
		},
		"a parameter that is known to be refused": {
			action: `"Type": "UpdateContactData", "Parameters": {"Name": "x", "SegmentAttribute": {}}, ` + to + `]}`,
			code:   "unknown-parameter", severity: source.Error, says: "Remove",
		},
		"the engine of a voice": {
			action: voice + `"Engine": "Neural"}, ` + to + `]}`,
			code:   "unknown-parameter", severity: source.Error, says: "Write TextToSpeechEngine.",
		},
		"keys that are not known at all": {
			flowType: "customerQueue",
			action:   `"Type": "RouteContactToAgent", "Parameters": {"Anything": "x"}, ` + to + `]}`,
		},
		"input that is awaited for long": {action: stored + `"300"}, ` + to + `]}`},
		"input that is awaited for too long": {
			action: stored + `"301"}, ` + to + `]}`,
			code:   "parameter-value", severity: source.Warning, says: "300",
		},
		"a hook that is switched off": {
			action: `"Type": "UpdateContactEventHooks", "Parameters": {"EventHooksConfiguration": {
				"CustomerWhisper": {"DisableExecution": "true"}}}, ` + to + `]}`,
		},
		"a hook for nothing": {
			action: `"Type": "UpdateContactEventHooks", "Parameters": {}, ` + to + `]}`,
			code:   "missing-parameter", severity: source.Error,
		},
		"the contact that belongs to a case": {
			action: `"Type": "CreateCase", "Parameters": {"LinkContactToCase": "true", "ContactToLink": "Current",
				"CaseTemplateId": "$.Attributes.t", "CaseRequestFields": {"title": "x"}}, ` + to +
				`, {"NextAction": "end", "ErrorType": "ContactNotLinked"}]}`,
		},
		"input that is not awaited": {
			action: stored + `"0"}, ` + to + `]}`,
			code:   "parameter-value", severity: source.Error, says: "at least 1",
		},
		"an e-mail": {
			action: `"Type": "CreateContact", "Parameters": {"Channel": "EMAIL", "RelatedContact": "CURRENT"}, ` +
				to + `]}`,
		},
		"an e-mail that is sent": {
			action: `"Type": "StartOutboundEmailContact", "Parameters": {
				"FromEmailAddress": {"EmailAddress": "a@b.c"}, "DestinationEmailAddress": {"EmailAddress": "d@e.f"},
				"EmailMessage": {"MessageSourceType": "RAW"}}, ` +
				to + `, {"NextAction": "end", "ErrorType": "TemplateRenderingError"}]}`,
		},
		"an SMS from a template": {
			action: `"Type": "StartOutboundChatContact", "Parameters": {"SourceEndpoint": {"Address": "a"},
				"DestinationEndpoint": {"Address": "b"}, "ContactFlowArn": "$.Attributes.f"}, ` +
				to + `, {"NextAction": "end", "ErrorType": "TemplateRenderingError"}]}`,
		},
		"a customer's segment": {
			action: `"Type": "CheckSegmentMembershipForCustomerProfile", "Parameters": {"ProfileRequestData": {
				"ProfileId": "$.Customer.ProfileId", "SegmentName": "gold"}}, ` + to +
				`], "Conditions": [` + is("True") + `, ` + is("False") + `]}`,
		},
		"call progress in a flow that calls nobody": {
			flowType: "agentHold",
			action: `"Type": "CheckOutboundCallStatus", "Parameters": {}, ` + to + `], "Conditions": [` +
				is("CallAnswered") + `]}`,
		},
		"an empty ARN": {
			action: `"Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "",
				"InvocationTimeLimitSeconds": "8"}, ` + to + `]}`,
			code: "empty-value", severity: source.Error, says: "Write the ID or ARN",
		},
		"an empty text": {
			action: `"Type": "UpdateContactAttributes", "Parameters": {"Attributes": {"a": ""}}, ` + to + `]}`,
			code:   "empty-value", severity: source.Error, says: `write " "`,
		},
		"a branch that is not connected": {
			action: `"Type": "MessageParticipant", "Parameters": {"Text": "Hi"}, "Transitions": {
				"NextAction": "end", "Errors": [{"NextAction": "", "ErrorType": "NoMatchingError"}]}`,
			code: "malformed", severity: source.Error, says: "not connectedWrite the Identifier of the action",
		},
		"a condition that is not connected": {
			action: `"Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"}, "Transitions": {
				"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingCondition"}],
				"Conditions": [{"NextAction": "", "Condition": {"Operator": "Equals", "Operands": ["VOICE"]}}]}`,
			code: "malformed", severity: source.Error, says: "not connectedWrite the Identifier of the action",
		},
		"a block that is not connected": {
			action: `"Type": "MessageParticipant", "Parameters": {"Text": "Hi"}, "Transitions": {
				"NextAction": "", ` + failed + `]}`,
			code: "next-action", severity: source.Error, says: "NextAction is empty: nothing is connected to it",
		},
		"a condition without an operator": {
			action: `"Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"}, "Transitions": {
				"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingCondition"}],
				"Conditions": [{"NextAction": "end", "Condition": {"Operands": ["VOICE"]}}]}`,
			code: "malformed", severity: source.Error, says: `{"Operator": "Equals", "Operands": ["…"]}`,
		},
	} {
		flowType := test.flowType
		end := `"EndFlowExecution"`
		if flowType == "" {
			flowType, end = "contactFlow", `"DisconnectParticipant"`
		}
		f := read(t, `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "`+flowType+`"}, "Actions": [
			{"Identifier": "a", `+test.action+`}, {"Identifier": "end", "Type": `+end+`}]}`)
		found := only(t, name, f.Check(), test.code, test.severity)
		if !strings.Contains(found.Message+found.Remedy, test.says) {
			t.Errorf("%s: it says %q, %q", name, found.Message, found.Remedy)
		}
	}
}

// TestCampaign: a flow of an outbound campaign has actions of its own, and asks whether a receipt exists.
func TestCampaign(t *testing.T) {
	const message = `{"MessageSourceType": "TEMPLATE", "TemplatedMessage": {
		"WisdomKnowledgeBaseArn": "$.Attributes.base", "WisdomMessageTemplateArn": "$.Attributes.template"}}`
	const failed = `"Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]`
	campaign := func(flowType string) string {
		return `{"Version": "2019-10-30", "StartAction": "sms", "Metadata": {"type": "` + flowType + `"}, "Actions": [
	{"Identifier": "sms", "Type": "SendSMS", "Parameters": {"Message": ` + message + `,
	 "SourceEndpoint": {"Address": "$.Attributes.number", "Type": "CONNECT_PHONENUMBER_ARN"}},
	 "Transitions": {"NextAction": "wait", "Conditions": [], ` + failed + `}},
	{"Identifier": "wait", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "900"},
	 "Transitions": {"NextAction": "status", "Conditions": [{"NextAction": "status", "Condition": {
	  "Operator": "Equals", "Operands": ["WaitCompleted"]}}], ` + failed + `}},
	{"Identifier": "status", "Type": "GetOutboundCommunicationStatus",
	 "Parameters": {"OutboundCommunicationIds": ["$.OutboundCommunication.Latest.Id"]},
	 "Transitions": {"NextAction": "bounced", ` + failed + `}},
	{"Identifier": "bounced", "Type": "Compare",
	 "Parameters": {"ComparisonValue": "$.DeliveryReceipts['` + "`$.OutboundCommunication.Latest.Id`" + `'].Bounce"},
	 "Transitions": {"NextAction": "dial", "Conditions": [{"NextAction": "mail", "Condition": {
	  "Operator": "Exists", "Operands": []}}], "Errors": [{"NextAction": "dial", "ErrorType": "NoMatchingCondition"}]}},
	{"Identifier": "mail", "Type": "SendOutboundEmail", "Parameters": {"EmailMessage": ` + message + `,
	 "FromEmailAddress": {"EmailAddress": "a@b.c"}}, "Transitions": {"NextAction": "end", ` + failed + `}},
	{"Identifier": "dial", "Type": "PutDialRequest", "Parameters": {"dialCriteriaRules": []},
	 "Transitions": {"NextAction": "end", ` + failed + `}},
	{"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}}]}`
	}
	for _, flowType := range []string{"campaign", ""} { // which its actions tell
		f := read(t, campaign(flowType))
		if found := f.Check(); f.Type != flowlang.Campaign || len(found) > 0 {
			t.Errorf("type %q: it is read as %s: %v", flowType, f.Type, found)
		}
	}
	codes := map[string]bool{}
	for _, finding := range read(t, campaign("contactFlow")).Check() {
		codes[finding.Code] = true
	}
	for _, code := range []string{"flow-type", "condition-operator", "condition-operand"} {
		if !codes[code] {
			t.Errorf("in an inbound flow %s is not reported", code)
		}
	}
}
