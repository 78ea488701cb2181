package flowlang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The action types that change or move the contact.
const (
	UpdateContactAttributes                    = "UpdateContactAttributes"
	UpdateContactData                          = "UpdateContactData"
	UpdateContactEventHooks                    = "UpdateContactEventHooks"
	UpdateContactTextToSpeechVoice             = "UpdateContactTextToSpeechVoice"
	UpdateContactRecordingBehavior             = "UpdateContactRecordingBehavior"
	UpdateContactRecordingAndAnalyticsBehavior = "UpdateContactRecordingAndAnalyticsBehavior"
	UpdateContactMediaStreamingBehavior        = "UpdateContactMediaStreamingBehavior"
	UpdateContactMediaProcessing               = "UpdateContactMediaProcessing"
	UpdateContactTargetQueue                   = "UpdateContactTargetQueue"
	TransferContactToQueue                     = "TransferContactToQueue"
	DequeueContactAndTransferToQueue           = "DequeueContactAndTransferToQueue"
	TransferContactToAgent                     = "TransferContactToAgent"
	RouteContactToAgent                        = "RouteContactToAgent"
	TransferParticipantToThirdParty            = "TransferParticipantToThirdParty"
	CompleteOutboundCall                       = "CompleteOutboundCall"
	CreateCallbackContact                      = "CreateCallbackContact"
	UpdateContactCallbackNumber                = "UpdateContactCallbackNumber"
	UpdateContactRoutingBehavior               = "UpdateContactRoutingBehavior"
	UpdatePreviousContactParticipantState      = "UpdatePreviousContactParticipantState"
	ResumeContact                              = "ResumeContact"
	TagContact                                 = "TagContact"
	UntagContact                               = "UntagContact"
)

var queueErrors = []string{QueueAtCapacity, NoMatchingError}

var contactTypes = []ActionType{
	{
		Name: UpdateContactAttributes, Block: "Set contact attributes", Logged: "SetAttributes",
		Parameters: []Parameter{object("Attributes").required(), choice("TargetContact", "Current", "Related")},
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: UpdateContactData, Block: "Set contact attributes (system), Set Voice ID", Logged: "SetContactData",
		Parameters: []Parameter{
			text("Name"), text("Description"), text("LanguageCode"), text("CustomerId"), text("WisdomSessionArn"),
			choice("TargetContact", "Current", "Related"),
			text("IsVoiceIdStreamingEnabled"), text("IsVoiceAuthenticationEnabled"), text("IsFraudDetectionEnabled"),
			text("VoiceAuthenticationThreshold"), text("VoiceAuthenticationResponseTime"),
			text("FraudDetectionThreshold"), text("WatchlistId"),
		},
		combine: atLeastOneField,
		Errors:  onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: UpdateContactEventHooks, Logged: "SetContactFlow",
		Block:      "Set customer queue flow, hold, whisper, disconnect, event flow",
		Parameters: []Parameter{object("EventHooks").required(), object("EventHooksConfiguration")},
		combine:    checkEventHooks,
		vary:       varyHooks,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; EventHooksConfiguration, also by itself: live",
	},
	{
		Name: UpdateContactTextToSpeechVoice, Block: "Set voice", Logged: "SetVoice",
		Parameters: []Parameter{
			text("TextToSpeechVoice").required(), text("TextToSpeechEngine"), text("TextToSpeechStyle"),
		},
		Errors:    onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; engine names: live",
	},
	{
		Name: UpdateContactRecordingBehavior, Block: "Set recording behavior", Logged: "SetRecordingBehavior",
		Parameters: []Parameter{object("RecordingBehavior"), object("AnalyticsBehavior")},
		Errors:     onlyNoMatchingError, MoreErrors: true,
		FlowTypes: withCaller | outboundWhispers,
		Evidence:  "AWS; exports have no error branch, newer blocks have one: third party",
	},
	{
		Name: UpdateContactRecordingAndAnalyticsBehavior, Block: "Set recording and analytics behavior",
		Logged:     "SetRecordingBehavior",
		Parameters: []Parameter{object("VoiceBehavior"), object("ChatBehavior"), object("ScreenRecordingBehavior")},
		combine:    exactlyOne("VoiceBehavior", "ChatBehavior", "ScreenRecordingBehavior"),
		vary:       varyRecording,
		Errors:     []string{NoMatchingError, ChannelMismatch}, ExpectedErrors: onlyNoMatchingError,
		FormErrors: []string{RedactionFailed},
		FlowTypes:  withCaller | outboundWhispers,
		Evidence:   "AWS; exactly one behavior: live",
	},
	{
		Name: UpdateContactMediaStreamingBehavior, Logged: "StartMediaStreaming",
		Block: "Start and stop media streaming",
		Parameters: []Parameter{
			choice("MediaStreamingState", "Enabled", "Disabled").required(), text("MediaStreamType"),
			array("Participants"),
		},
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere &^ holds,
		Evidence:  "AWS",
	},
	{
		Name: UpdateContactMediaProcessing, Block: "Set message processing", Logged: "UpdateContactMediaProcessing",
		Parameters: []Parameter{object("ChatProcessor").required()},
		Open:       true,
		Errors:     []string{NoMatchingError, ChannelMismatch}, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Traits:    ChatOnly,
		Evidence:  "AWS",
	},
	{
		Name: UpdateContactTargetQueue, Block: "Set working queue", Logged: "SetQueue",
		Parameters: []Parameter{id("QueueId"), id("AgentId")},
		combine:    exactlyOne("QueueId", "AgentId"),
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: inbound | transfers | modules,
		Evidence:  "AWS",
	},
	{
		Name: TransferContactToQueue, Block: "Transfer to queue", Logged: "Transfer",
		Errors: queueErrors, ExpectedErrors: queueErrors,
		Leaves:    true,
		FlowTypes: inbound | transfers | modules,
		Evidence:  "AWS",
	},
	{
		Name: DequeueContactAndTransferToQueue, Block: "Transfer to queue (in a queue flow)", Logged: "Transfer",
		Parameters: []Parameter{id("QueueId"), id("AgentId")},
		combine:    atMostOne("QueueId", "AgentId"),
		Errors:     queueErrors, ExpectedErrors: queueErrors,
		Leaves:    true,
		FlowTypes: queues | modules,
		Evidence:  "AWS",
	},
	{
		Name: TransferContactToAgent, Block: "Transfer to agent", Logged: "Transfer",
		Terminal:  true,
		FlowTypes: transfers | modules,
		Evidence:  "AWS",
	},
	{
		Name: RouteContactToAgent, Block: "Interrupt agent", Logged: "Transfer",
		Open:   true,
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		Leaves:    true,
		FlowTypes: queues,
		Evidence:  "AWS: queue flows only, to a user's ARN, id or name; the keys are not known",
	},
	{
		Name: TransferParticipantToThirdParty, Block: "Transfer to phone number", Logged: "Dial",
		Parameters: []Parameter{
			text("ThirdPartyPhoneNumber").required(),
			number("ThirdPartyConnectionTimeLimitSeconds", 1, week).required(),
			truth(ContinueFlowExecution).required(), object("CallerId"), text("ThirdPartyDTMFDigits"),
		},
		vary:   varyThirdParty,
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FormErrors: []string{CallFailed, ConnectionTimeLimitExceeded},
		Leaves:     true,
		FlowTypes:  withCaller,
		Evidence:   "live, exports; no page",
	},
	{
		Name: CompleteOutboundCall, Block: "Call phone number", Logged: "Dial",
		Parameters: []Parameter{
			object("CallerId"), object("VoiceConnector"), number("ConnectionTimeLimitSeconds", 1, 600),
		},
		FlowTypes: outboundWhispers, RefusedIn: inbound,
		Evidence: "AWS; outbound whisper only: live",
	},
	{
		Name: CreateCallbackContact, Block: "Transfer to callback queue", Logged: "Transfer",
		Parameters: []Parameter{
			number("InitialCallDelaySeconds", 0, 259200).required(), number("RetryDelaySeconds", 1, 259200).required(),
			atLeast("MaximumConnectionAttempts", 0).required(),
			id("QueueId"), id("AgentId"), id("ContactFlowId"), object("CallerId"), text("CallbackMode"),
		},
		combine: atMostOne("QueueId", "AgentId"),
		Errors:  onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: withCaller,
		Evidence:  "AWS; no attempt, and CallbackMode, which says whom to call first: exports",
	},
	{
		Name: UpdateContactCallbackNumber, Block: "Set callback number", Logged: "SetCallbackNumber",
		Parameters:     []Parameter{reference("CallbackNumber").required()},
		Errors:         []string{InvalidCallbackNumber, CallbackNumberNotDialable},
		RequiredErrors: []string{InvalidCallbackNumber, CallbackNumberNotDialable},
		FlowTypes:      withCaller,
		Evidence:       "AWS",
	},
	{
		Name: UpdateContactRoutingBehavior, Block: "Change routing priority / age", Logged: "UpdateRoutingPriority",
		Parameters: []Parameter{
			atLeast("QueuePriority", 1), atLeast("QueueTimeAdjustmentSeconds", -unlimited),
		},
		combine:   exactlyOne("QueuePriority", "QueueTimeAdjustmentSeconds"),
		FlowTypes: inbound | modules,
		Evidence:  "AWS",
	},
	{
		Name: UpdatePreviousContactParticipantState, Block: "Hold customer or agent",
		Logged: "UpdatePreviousContactParticipantState",
		Parameters: []Parameter{
			choice("PreviousContactParticipantState", "AgentOnHold", "CustomerOnHold", "OffHold").required(),
		},
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: inbound | transfers | modules,
		Evidence:  "AWS; names of the states: live",
	},
	{
		Name: ResumeContact, Block: "Resume contact", Logged: "ResumeContact",
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: TagContact, Block: "Contact tags", Logged: "TagContact",
		Parameters: []Parameter{object("Tags").required()},
		combine:    checkTags,
		Errors:     onlyNoMatchingError, RequiredErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; the error is required: live",
	},
	{
		Name: UntagContact, Block: "Contact tags (remove)", Logged: "UntagContact",
		Parameters: []Parameter{array("TagKeys").required()},
		combine:    checkTagKeys,
		Errors:     onlyNoMatchingError, RequiredErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "live: the service does not know UnTagContact, the documented name",
	},
}

func atLeastOneField(a *Action, say complain) {
	if !slices.ContainsFunc(a.Parameters.Entries(), func(m source.Member) bool { return m.Key != "TargetContact" }) {
		say(a.ParametersOrSelf(), source.Error, "sets no field",
			"Set at least one of Name, Description, LanguageCode, CustomerId, WisdomSessionArn.")
	}
}

// eventHooks are the keys of EventHooks (Developer guide; CustomerRemaining is the disconnect flow).
var eventHooks = strings.Fields(`AgentHold AgentWhisper CustomerHold CustomerQueue CustomerRemaining CustomerWhisper
	DefaultAgentUI DisconnectAgentUI PauseContact ResumeContact`)

// varyHooks: a hook is switched off without naming a flow (live: a template with which AWS deploys a module).
func varyHooks(a *Action, form *ActionType) {
	if a.Param("EventHooksConfiguration") != nil {
		form.Parameters = []Parameter{object("EventHooks"), object("EventHooksConfiguration")}
	}
}

// checkEventHooks: console exports may hold more than the API takes.
func checkEventHooks(a *Action, say complain) {
	for _, m := range a.Param("EventHooks").Entries() {
		if !slices.Contains(eventHooks, m.Key) {
			say(m.Value, source.Warning, fmt.Sprintf("unknown event hook %q", m.Key),
				"Hooks are: "+strings.Join(eventHooks, ", ")+".")
		}
	}
}

func checkTags(a *Action, say complain) {
	tags := a.Param("Tags")
	if n := len(tags.Entries()); n > 6 {
		say(tags, source.Error, fmt.Sprintf("Tags has %d tags; a contact can have 6", n), "Keep at most 6.")
	}
	if tags.Is(source.Object) && len(tags.Members) == 0 {
		say(tags, source.Error, "Tags is empty", "Add a tag, or remove the action.")
	}
}

func checkTagKeys(a *Action, say complain) {
	if n := a.Param("TagKeys"); n.Is(source.Array) && len(n.Items) == 0 {
		say(n, source.Error, "TagKeys is empty", "Name at least one key.")
	}
}

// varyThirdParty: the branches of a failed transfer exist only when the flow continues afterwards (live).
func varyThirdParty(a *Action, form *ActionType) {
	if a.Is(ContinueFlowExecution) {
		form.Errors = form.AllErrors()
		form.ExpectedErrors = form.Errors
		form.Leaves = false
	}
}

// varyRecording: redaction is part of recording a chat (live).
func varyRecording(a *Action, form *ActionType) {
	if a.Param("ChatBehavior") != nil {
		form.Errors = form.AllErrors()
		form.RequiredErrors = form.FormErrors
	}
}
