package legacy

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// blockType is a row of the table of block types.
type blockType struct {
	action   string                           // its type today
	only     string                           // the only type of flow that it is known for; "" for all
	convert  func(b *block, a *action) string // writes the parameters; returns why it cannot
	branches []branchType
	copied   []string // the conditions of which the first that is there is also NextAction, as the console writes it
}

// branchType is how a branch is written today.
type branchType struct {
	condition string // in the older format
	isNext    bool
	operator  string // of a condition; "" for an error
	name      string // the operand of a condition, or the error
}

var (
	success   = branchType{condition: "Success", isNext: true}
	onError   = branchType{condition: "Error", name: flowlang.NoMatchingError}
	onNoMatch = branchType{condition: "NoMatch", name: flowlang.NoMatchingCondition}
	goesOn    = []branchType{success, onError}
)

func result(condition, operand string) branchType {
	return branchType{condition: condition, operator: flowlang.Equals, name: operand}
}

// blockTypes are the blocks whose parameters and branches are known from exports, in both formats. Some have the same
// name in both.
var blockTypes = map[string]blockType{
	"PlayPrompt":         {action: flowlang.MessageParticipant, convert: prompt, branches: goesOn},
	"Disconnect":         {action: flowlang.DisconnectParticipant, convert: nothing},
	"Resume":             {action: flowlang.EndFlowExecution, convert: nothing},
	"SetAttributes":      {action: flowlang.UpdateContactAttributes, convert: attributes, branches: goesOn},
	"SetVoice":           {action: flowlang.UpdateContactTextToSpeechVoice, convert: voice, branches: goesOn},
	"SetLoggingBehavior": {action: flowlang.UpdateFlowLoggingBehavior, convert: logging, branches: goesOn},
	"SetRecordingBehavior": {action: flowlang.UpdateContactRecordingBehavior, convert: recording,
		branches: goesOn},
	"StartMediaStreaming": {
		action: flowlang.UpdateContactMediaStreamingBehavior, convert: streaming("Enabled"), branches: goesOn,
	},
	"StopMediaStreaming": {
		action: flowlang.UpdateContactMediaStreamingBehavior, convert: streaming("Disabled"), branches: goesOn,
	},
	"SetQueue":              {action: flowlang.UpdateContactTargetQueue, convert: target, branches: goesOn},
	"SetEventHook":          {action: flowlang.UpdateContactEventHooks, convert: hook, branches: goesOn},
	"SetContactFlow":        {action: flowlang.UpdateContactEventHooks, convert: hook, branches: goesOn},
	flowlang.GetMetricData:  {action: flowlang.GetMetricData, convert: target, branches: goesOn},
	"UpdateRoutingPriority": {action: flowlang.UpdateContactRoutingBehavior, convert: priority, branches: goesOn},
	"InvokeExternalResource/Lambda": {
		action: flowlang.InvokeLambdaFunction, convert: function, branches: goesOn,
	},
	"StoreUserInput": {action: flowlang.GetParticipantInput, convert: storedInput, branches: goesOn},
	"GetUserInput/Digits": {
		action: flowlang.GetParticipantInput, convert: menu, copied: []string{"NoMatch"},
		branches: []branchType{
			{condition: "Timeout", name: flowlang.InputTimeLimitExceeded}, onNoMatch, onError,
		},
	},
	"GetUserInput/Lex": {
		action: flowlang.ConnectParticipantWithLexBot, convert: bot, copied: []string{"NoMatch"},
		branches: []branchType{onNoMatch, onError},
	},
	"SetContactData": {action: flowlang.UpdateContactData, convert: contactData, branches: goesOn},
	"CheckAttribute": {action: flowlang.Compare, convert: comparison, copied: []string{"NoMatch"},
		branches: []branchType{onNoMatch}},
	flowlang.Loop: {
		action: flowlang.Loop, convert: loop, copied: []string{"Complete"},
		branches: []branchType{
			result("Looping", flowlang.ContinueLooping), result("Complete", flowlang.DoneLooping), onError,
		},
	},
	flowlang.Wait: {
		action: flowlang.Wait, convert: wait, copied: []string{"Timeout"},
		branches: []branchType{result("Timeout", flowlang.WaitCompleted), onError},
	},
	"LoopPrompts": {
		action: flowlang.MessageParticipantIteratively, convert: prompts,
		branches: []branchType{result("Timeout", flowlang.MessagesInterrupted), onError},
	},
	flowlang.CheckHoursOfOperation: {
		action: flowlang.CheckHoursOfOperation, convert: nothing, copied: []string{"False"},
		branches: []branchType{result("True", "True"), result("False", "False"), onError},
	},
	"CheckStaffing": {
		action: flowlang.CheckMetricData, convert: staffing, copied: []string{"False"},
		branches: []branchType{
			{condition: "True", operator: flowlang.NumberGreaterThan, name: "0"},
			{condition: "False", name: flowlang.NoMatchingCondition}, onError,
		},
	},
	"CheckQueueStatus": {action: flowlang.CheckMetricData, convert: queueStatus, copied: []string{"NoMatch"},
		branches: []branchType{onNoMatch, onError}},
	"Transfer/Queue": {
		action: flowlang.TransferContactToQueue, only: "contactFlow", convert: nothing, copied: []string{"Error"},
		branches: []branchType{{condition: "AtCapacity", name: flowlang.QueueAtCapacity}, onError},
	},
	"Transfer/Flow": {action: flowlang.TransferToFlow, convert: transfer, copied: []string{"Error"},
		branches: []branchType{onError}},
	"Transfer/PhoneNumber": {action: flowlang.TransferParticipantToThirdParty, convert: phoneNumber,
		copied: []string{"Success", "Error"}, branches: []branchType{onError}},
}

func nothing(*block, *action) string { return "" }

// spoken sets what is said: a text, SSML or a recording.
func spoken(b *block, a *action) {
	key := "Text"
	if strings.EqualFold(b.word("TextToSpeechType"), "ssml") {
		key = "SSML"
	}
	a.set(key, b.get("Text"))
	a.set("PromptId", b.thing("AudioPrompt", "prompt"))
}

func prompt(b *block, a *action) string {
	spoken(b, a)
	if len(a.parameters) != 1 {
		return "it has no text and no recording that can be played"
	}
	return ""
}

func attributes(b *block, a *action) string {
	values := keyed(b, "Attribute")
	if values == nil {
		return "none of its attributes can be written"
	}
	a.set("Attributes", values)
	a.set("TargetContact", text("Current"))
	return ""
}

func voice(b *block, a *action) string {
	a.set("TextToSpeechVoice", b.get("GlobalVoice"))
	a.set("TextToSpeechEngine", b.get("GlobalEngine"))
	a.set("TextToSpeechStyle", b.get("SpeakingStyle"))
	return ""
}

// switches are the words for on and off.
var switches = map[string]string{"Enable": "Enabled", "Disable": "Disabled"}

func logging(b *block, a *action) string {
	state, known := switches[b.word("LoggingBehavior")]
	if !known {
		return "it is neither switched on nor off"
	}
	a.set("FlowLoggingBehavior", text(state))
	return ""
}

func recording(b *block, a *action) string {
	participants := list()
	option, who := b.word("RecordingBehaviorOption"), b.word("RecordingParticipantOption")
	switch {
	case option == "Disable":
	case option == "Enable" && who == "Both":
		participants = list(text("Agent"), text("Customer"))
	default:
		return "it is known for both participants only"
	}
	a.set("RecordingBehavior", object(pair("RecordedParticipants", participants)))
	return ""
}

// directions are the tracks of a stream.
var directions = map[string]string{"FromCustomer": "From", "ToCustomer": "To"}

func streaming(state string) func(*block, *action) string {
	return func(b *block, a *action) string {
		tracks := list()
		for _, p := range b.all("Track") {
			direction, known := directions[p.value]
			if !known {
				return "the track " + p.value + " is not known"
			}
			tracks.Items = append(tracks.Items, text(direction))
		}
		a.set("MediaStreamingState", text(state))
		a.set("MediaStreamType", b.get("MediaStreamTypes"))
		a.set("Participants", list(object(pair("ParticipantType", text("Customer")), pair("MediaDirections", tracks))))
		return ""
	}
}

// target sets the queue, or the agent's queue.
func target(b *block, a *action) string {
	a.set("QueueId", b.thing("Queue", "queue"))
	a.set("AgentId", b.thing("Agent", "agent"))
	if a.Type == flowlang.UpdateContactTargetQueue && len(a.parameters) == 0 {
		return "the export has neither queue nor agent"
	}
	return ""
}

// hooks are the event hooks that have one name in both formats.
var hooks = []string{"AgentHold", "AgentWhisper", "CustomerHold", "CustomerQueue", "CustomerWhisper"}

func hook(b *block, a *action) string {
	flow, event := b.thing("ContactFlowId", "flow"), b.word("Type")
	if flow == nil || !slices.Contains(hooks, event) {
		return "the export has no flow for it, or an event that is not known"
	}
	a.set("EventHooks", object(pair(event, flow)))
	return ""
}

func priority(b *block, a *action) string {
	a.set("QueuePriority", b.get("AbsolutePosition"))
	if len(a.parameters) == 0 {
		return "it is known for a priority only"
	}
	return ""
}

func function(b *block, a *action) string {
	arn := b.get("FunctionArn")
	if arn == nil {
		return "the export has no function for it"
	}
	a.set("LambdaFunctionARN", arn)
	a.set("InvocationTimeLimitSeconds", b.get("TimeLimit"))
	a.set("LambdaInvocationAttributes", keyed(b, "Parameter"))
	return ""
}

func menu(b *block, a *action) string {
	if b.word("MaxDigits") != "1" {
		return "it takes more than one digit"
	}
	spoken(b, a)
	a.set("InputTimeLimitSeconds", b.get("Timeout"))
	return compared(b, a)
}

// bot is known for bots of the second version of Amazon Lex.
func bot(b *block, a *action) string {
	alias := b.get("BotAliasArn")
	if alias == nil || b.word("LexVersion") != "V2" {
		return "it is known for a bot of Amazon Lex V2 only"
	}
	spoken(b, a)
	a.set("LexV2Bot", object(pair("AliasArn", alias)))
	a.set("LexSessionAttributes", keyed(b, "Parameter"))
	return compared(b, a)
}

// keyed are the values of the parameters of one name, by their keys; nil when there are none.
func keyed(b *block, name string) *source.Node {
	values := object()
	for _, p := range b.all(name) {
		if value := p.today(); value != nil && p.key != "" {
			values.Members = append(values.Members, pair(p.key, value))
		}
	}
	if len(values.Members) == 0 {
		return nil
	}
	return values
}

// contactData is known for the language of the contact.
func contactData(b *block, a *action) string {
	p := b.one("ContactData")
	if p == nil || p.node.Get("languageCode").Str() == "" {
		return "it is known for the language only"
	}
	for _, m := range p.node.Entries() {
		if !slices.Contains([]string{"name", "namespace", "languageCode"}, m.Key) {
			return "it is not known what " + m.Key + " is today"
		}
	}
	a.set("LanguageCode", text(p.node.Get("languageCode").Str()))
	return ""
}

func storedInput(b *block, a *action) string {
	if b.word("CustomerInputType") != "Custom" || b.word("EncryptEntry") != "false" {
		return "it is known for input that is neither a phone number nor encrypted"
	}
	spoken(b, a)
	a.set("StoreInput", text("True"))
	a.set("InputTimeLimitSeconds", b.get("Timeout"))
	longest := object(pair("MaximumLength", b.get("MaxDigits")))
	a.set("InputValidation", object(pair("CustomValidation", longest)))
	keys := object(pair("InputTerminationSequence", b.get("TerminatorDigits")))
	if b.word("DisableCancel") == "true" {
		keys.Members = append(keys.Members, pair("DisableCancelKey", text("True")))
	}
	if len(keys.Members) > 0 {
		a.set("DTMFConfiguration", keys)
	}
	return ""
}

// operators are the comparisons (exports; those of texts: the console's names).
var operators = map[string]string{
	"Equals":               flowlang.Equals,
	"GreaterThan":          flowlang.NumberGreaterThan,
	"GreaterThanOrEqualTo": flowlang.NumberGreaterOrEqualTo,
	"LessThan":             flowlang.NumberLessThan,
	"LessThanOrEqualTo":    flowlang.NumberLessOrEqualTo,
	"StartsWith":           flowlang.TextStartsWith,
	"Contains":             flowlang.TextContains,
}

// compared adds the conditions that compare. Those with an operator that is not known stay unused.
func compared(b *block, a *action) string {
	for _, br := range b.branches {
		operator, known := operators[br.operator]
		if br.condition != "Evaluate" || !known || br.operand == "" {
			continue
		}
		br.used = true
		a.when(operator, br.operand, br.to)
	}
	return ""
}

func comparison(b *block, a *action) string {
	name, namespace := b.word("Attribute"), b.word("Namespace")
	value := reference(namespace, name)
	if value == "" {
		return "it is not known what " + namespace + " " + name + " is today"
	}
	a.set("ComparisonValue", text(value))
	return compared(b, a)
}

func loop(b *block, a *action) string {
	a.set("LoopCount", b.get("LoopCount"))
	return ""
}

func wait(b *block, a *action) string {
	a.set("TimeLimitSeconds", b.get("TimeoutSeconds"))
	return ""
}

// prompts are what is said in turn, in the order of the block.
func prompts(b *block, a *action) string {
	messages := list()
	for _, p := range b.parameters {
		key := map[string]string{"Text": "Text", "AudioPrompt": "PromptId"}[p.name]
		if strings.EqualFold(p.key, "ssml") {
			key = "SSML"
		}
		if key == "" {
			continue
		}
		p.used = true
		if value := p.today(); value != nil {
			messages.Items = append(messages.Items, object(pair(key, value)))
		}
	}
	if len(messages.Items) == 0 {
		return "it has nothing that can be played"
	}
	a.set("Messages", messages)
	a.set("InterruptFrequencySeconds", b.get("InterruptSeconds"))
	return ""
}

// staffingMetrics are what a check of staff counts.
var staffingMetrics = map[string]string{"Available": "NumberOfAgentsAvailable", "Staffed": "NumberOfAgentsStaffed",
	"Online": "NumberOfAgentsOnline"}

func staffing(b *block, a *action) string {
	metric, known := staffingMetrics[b.word("Status")]
	if !known {
		return "the status that it checks is not known"
	}
	a.set("MetricType", text(metric))
	return target(b, a)
}

// queueStatus compares how old the oldest contact is, in milliseconds in both formats.
func queueStatus(b *block, a *action) string {
	for _, br := range b.branches {
		operator, known := operators[br.operator]
		switch {
		case br.condition != "CheckQueueTime":
		case !known || br.operand == "":
			return "it has a comparison that is not known"
		default:
			br.used = true
			a.when(operator, br.operand, br.to)
		}
	}
	if len(a.conditions) == 0 {
		return "it is known for the time in the queue only"
	}
	a.set("MetricType", text("OldestContactInQueueAgeSeconds"))
	return target(b, a)
}

func transfer(b *block, a *action) string {
	flow := b.thing("ContactFlowId", "flow")
	if flow == nil {
		return "the export has no flow for it"
	}
	a.set("ContactFlowId", flow)
	return ""
}

// goesOnAfter says of a blind transfer, and of one that is not, whether the flow goes on afterwards (exports).
var goesOnAfter = map[string]string{"true": "False", "false": "True"}

func phoneNumber(b *block, a *action) string {
	number, goesOn := b.get("PhoneNumber"), goesOnAfter[b.word("BlindTransfer")]
	if number == nil || goesOn == "" {
		return "the export has no number for it, or does not say whether the flow goes on"
	}
	a.set("ThirdPartyPhoneNumber", number)
	a.set("ThirdPartyConnectionTimeLimitSeconds", b.get("TimeLimit"))
	a.set(flowlang.ContinueFlowExecution, text(goesOn))
	if goesOn == "True" {
		a.fail(flowlang.CallFailed, b.to("CallFailure"))
		a.fail(flowlang.ConnectionTimeLimitExceeded, b.to("Timeout"))
	}
	return ""
}
