package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var eventHooks = strings.Fields("AgentHold AgentWhisper CustomerHold CustomerQueue CustomerRemaining CustomerWhisper DefaultAgentUI DisconnectAgentUI PauseContact ResumeContact")

// contactSpecs are the actions that change or move the contact. Sources: developer guide, pages of the actions; names, required
// parameters and refusals that differ from the pages: observed at the service.
var contactSpecs = map[string]*spec{
	"UpdateContactAttributes": {
		params: []param{object("!Attributes"), oneOf("TargetContact", "Current", "Related")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"UpdateContactData": {
		params: []param{text("Name"), text("Description"), text("LanguageCode"), text("CustomerId"), text("WisdomSessionArn"), oneOf("TargetContact", "Current", "Related"),
			text("IsVoiceIdStreamingEnabled"), text("IsVoiceAuthenticationEnabled"), text("IsFraudDetectionEnabled"), text("VoiceAuthenticationThreshold"),
			text("VoiceAuthenticationResponseTime"), text("FraudDetectionThreshold"), text("WatchlistId")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere, combine: atLeastOneField,
	},
	"UpdateContactEventHooks": {
		params: []param{object("!EventHooks")}, combine: checkEventHooks,
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"UpdateContactTextToSpeechVoice": {
		params: []param{text("!TextToSpeechVoice"), text("TextToSpeechEngine"), text("TextToSpeechStyle")},
		errors: onlyNoMatchingError, types: everywhere,
	},
	"UpdateContactRecordingBehavior": {
		params: []param{object("RecordingBehavior"), object("AnalyticsBehavior")}, types: withCaller | outboundWhisper,
	},
	"UpdateContactRecordingAndAnalyticsBehavior": {form: recordingForm},
	"UpdateContactMediaStreamingBehavior": {
		params: []param{oneOf("!MediaStreamingState", "Enabled", "Disabled"), text("MediaStreamType"), array("Participants")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere &^ hold,
	},
	"UpdateContactMediaProcessing": {
		params: []param{object("!ChatProcessor")}, open: true,
		errors: []string{flow.NoMatchingError, flow.ChannelMismatch}, wantErrors: onlyNoMatchingError, types: everywhere,
	},
	"UpdateContactTargetQueue": {
		params: []param{id("QueueId"), id("AgentId")}, combine: exactlyOne("QueueId", "AgentId"),
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: inbound | transfer | module,
	},
	"TransferContactToQueue": {
		errors: []string{flow.QueueAtCapacity, flow.NoMatchingError}, wantErrors: []string{flow.QueueAtCapacity, flow.NoMatchingError},
		leaves: true, types: inbound | transfer | module,
	},
	"DequeueContactAndTransferToQueue": {
		params: []param{id("QueueId"), id("AgentId")}, combine: atMostOne("QueueId", "AgentId"),
		errors: []string{flow.QueueAtCapacity, flow.NoMatchingError}, wantErrors: []string{flow.QueueAtCapacity, flow.NoMatchingError},
		leaves: true, types: queue | module,
	},
	"TransferContactToAgent":          {terminal: true, types: transfer | module},
	"RouteContactToAgent":             {open: true, leaves: true, errors: nil},
	"TransferParticipantToThirdParty": {form: thirdPartyForm},
	"CompleteOutboundCall": {
		params: []param{object("CallerId"), object("VoiceConnector"), number("ConnectionTimeLimitSeconds", 1, 600)}, types: outboundWhisper, refused: inbound,
	},
	"CreateCallbackContact": {
		params: []param{number("!InitialCallDelaySeconds", 0, 259200), number("!RetryDelaySeconds", 1, 259200), number("!MaximumConnectionAttempts", 1, 1_000_000),
			id("QueueId"), id("AgentId"), id("ContactFlowId"), object("CallerId")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: withCaller, combine: atMostOne("QueueId", "AgentId"),
	},
	"UpdateContactCallbackNumber": {
		params: []param{reference("!CallbackNumber")},
		errors: []string{flow.InvalidCallbackNumber, flow.CallbackNumberNotDialable}, needErrors: []string{flow.InvalidCallbackNumber, flow.CallbackNumberNotDialable},
		types: withCaller,
	},
	"UpdateContactRoutingBehavior": {
		params: []param{number("QueuePriority", 1, 1_000_000_000), number("QueueTimeAdjustmentSeconds", -1_000_000_000, 1_000_000_000)},
		types:  inbound | module, combine: exactlyOne("QueuePriority", "QueueTimeAdjustmentSeconds"),
	},
	"UpdatePreviousContactParticipantState": {
		params: []param{oneOf("!PreviousContactParticipantState", "AgentOnHold", "CustomerOnHold", "OffHold")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: inbound | transfer | module,
	},
	"ResumeContact": {errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere},
	"TagContact":    {params: []param{object("!Tags")}, errors: onlyNoMatchingError, needErrors: onlyNoMatchingError, types: everywhere, combine: checkTags},
	"UntagContact":  {params: []param{array("!TagKeys")}, errors: onlyNoMatchingError, needErrors: onlyNoMatchingError, types: everywhere, combine: checkTagKeys},
}

func atLeastOneField(a *Action, say complain) {
	fields := slices.DeleteFunc(slices.Clone(members(a.params)), func(m source.Member) bool { return m.Key == "TargetContact" })
	if len(fields) == 0 {
		say(a.parameters(), "sets no field", "Set at least one of Name, Description, LanguageCode, CustomerId, WisdomSessionArn.")
	}
}

// checkEventHooks: console exports may hold more than the API takes.
func checkEventHooks(a *Action, say complain) {
	for _, m := range members(a.param("EventHooks")) {
		if !slices.Contains(eventHooks, m.Key) {
			f := say(m.Value, fmt.Sprintf("the event hook %q is not known here", m.Key), "Hooks are: "+strings.Join(eventHooks, ", ")+".")
			f.Severity = weaker(f.Severity, source.Warning)
		}
	}
}

func checkTags(a *Action, say complain) {
	tags := a.param("Tags")
	if len(members(tags)) > 6 {
		say(tags, fmt.Sprintf("Tags has %d tags; a contact takes 6", len(members(tags))), "Keep at most 6.")
	}
	if tags.Is(source.Object) && len(tags.Members) == 0 {
		say(tags, "Tags is empty", "Add a tag, or remove the action.")
	}
}

func checkTagKeys(a *Action, say complain) {
	if n := a.param("TagKeys"); n.Is(source.Array) && len(n.Items) == 0 {
		say(n, "TagKeys is empty", "Name at least one key.")
	}
}

// thirdPartyForm: the branches of a failed transfer exist only when the flow goes on.
func thirdPartyForm(a *Action) *spec {
	s := &spec{
		params: []param{text("!ThirdPartyPhoneNumber"), number("!ThirdPartyConnectionTimeLimitSeconds", 1, maxWait), truth("!ContinueFlowExecution"),
			object("CallerId"), text("ThirdPartyDTMFDigits")},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, leaves: true,
		types: withCaller,
	}
	if a.is("ContinueFlowExecution") {
		s.errors = []string{flow.NoMatchingError, flow.CallFailed, flow.ConnectionTimeLimitExceeded}
		s.wantErrors = s.errors
		s.leaves = false
	}
	return s
}

const redactionFailed = "InFlightRedactionConfigurationFailed"

func recordingForm(a *Action) *spec {
	s := &spec{
		params: []param{object("VoiceBehavior"), object("ChatBehavior"), object("ScreenRecordingBehavior")},
		errors: []string{flow.NoMatchingError, flow.ChannelMismatch}, wantErrors: onlyNoMatchingError,
		types:   withCaller | outboundWhisper,
		combine: exactlyOne("VoiceBehavior", "ChatBehavior", "ScreenRecordingBehavior"),
	}
	if a.param("ChatBehavior") != nil {
		s.errors = append(s.errors, redactionFailed)
		s.needErrors = []string{redactionFailed}
	}
	return s
}
