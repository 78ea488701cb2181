package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleActionType = Rule{
	ID: "action-type", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action's type does not exist, or is not known here.",
	Why:      "Connect refuses types that it does not know. Types that are new may not be known here, so that one without a near name is a warning.",
	Remedy:   "Check the spelling; types are case-sensitive.",
	Evidence: "Developer guide, list of actions; UntagContact and UpdateContactRoutingCriteria: observed at the service, which refuses the documented names.",
	Check:    checkActionTypes,
}

// wrongNames are names in circulation that Connect does not have, with the right one: from documentation pages, generators, texts
// written by machines, block names of the console and the export format from before 2022.
var wrongNames = map[string]string{
	"StoreUserInput": "GetParticipantInput (with StoreInput True)", "StoreCustomerInput": "GetParticipantInput (with StoreInput True)", "GetUserInput": "GetParticipantInput",
	"GetCustomerInput": "GetParticipantInput", "LoopPrompts": "MessageParticipantIteratively", "SendMessage": "StartOutboundChatContact or MessageParticipant",
	"PlayPrompt": "MessageParticipant", "TransferToPhoneNumber": "TransferParticipantToThirdParty", "UpdateParticipantState": "UpdatePreviousContactParticipantState",
	"StartMediaStreaming": "UpdateContactMediaStreamingBehavior (Enabled)", "StopMediaStreaming": "UpdateContactMediaStreamingBehavior (Disabled)",
	"EvaluateDataTable": "EvaluateDataTableValues", "ListDataTable": "ListDataTableValues", "WriteDataTable": "UpsertDataTableValues",
	"UnTagContact": "UntagContact", "UpdateRoutingCriteria": "UpdateContactRoutingCriteria", "TransferToQueue": "TransferContactToQueue",
	"TransferContactToFlow": "TransferToFlow", "SetVoice": "UpdateContactTextToSpeechVoice", "CheckAttribute": "Compare", "CheckContactAttributes": "Compare",
	"SetAttributes": "UpdateContactAttributes", "SetContactAttributes": "UpdateContactAttributes", "SetQueue": "UpdateContactTargetQueue", "SetWorkingQueue": "UpdateContactTargetQueue",
	"SetLoggingBehavior": "UpdateFlowLoggingBehavior", "SetRecordingBehavior": "UpdateContactRecordingBehavior", "SetEventHook": "UpdateContactEventHooks",
	"SetContactFlow": "UpdateContactEventHooks", "InvokeExternalResource": "InvokeLambdaFunction", "InvokeLambda": "InvokeLambdaFunction", "Disconnect": "DisconnectParticipant",
	"Resume": "EndFlowExecution", "EndFlow": "EndFlowExecution", "CheckStaffing": "CheckMetricData", "CheckQueueStatus": "CheckMetricData",
	"UpdateRoutingPriority": "UpdateContactRoutingBehavior", "Start": "the flow's StartAction",
}

func checkActionTypes(p *Pass) {
	for _, a := range p.Flow.Actions {
		if a.Type == "" || specs[a.Type] != nil {
			continue
		}
		f := p.on(a, a.node.Get("Type"), "Connect has no action type %s", a.Type)
		if right := rightName(a.Type); right != "" {
			f.Remedy = "Write " + right + "."
			continue
		}
		f.Message = strings.Replace(f.Message, "Connect has no action type "+a.Type, "the action type "+a.Type+" is not known here", 1)
		f.Severity = weaker(f.Severity, source.Warning)
		f.Remedy = "Check the spelling. If Connect has this type, set this rule to off or info in connect-async.yaml, with the reason."
	}
}

// rightName returns what is meant by a wrong name, "" when that cannot be said: a name in circulation, another case, or at most two
// letters that differ.
func rightName(name string) string {
	if right, ok := wrongNames[name]; ok {
		return right
	}
	return nearName(name, slices.Sorted(maps.Keys(specs)))
}

// nearName returns the name that is meant by a misspelled one: the same in another case, or, for names that are long enough to tell,
// one with at most two other letters.
func nearName(name string, known []string) string {
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return k
		}
	}
	if near := source.Nearest(name, known); len(near) >= 6 {
		return near
	}
	return ""
}
