package flowlang

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// CodeFlowType is the code of the findings about actions that a type of flow does not have, or means otherwise.
const CodeFlowType = "flow-type"

// typeChecks are about the types of actions.
var typeChecks = []Check{
	{
		Code: "action-type", Severity: source.Error, Playable: true,
		Summary: "The action type does not exist, or is unknown to connect-async.",
		Why: "Connect refuses types that it does not know. A new type may be unknown to connect-async, so a " +
			"name that resembles no known type is a warning.",
		Remedy: "Check the spelling; types are case-sensitive.",
		Evidence: "Developer guide, list of actions; UntagContact and UpdateContactRoutingCriteria: observed at the " +
			"service, which refuses the documented names.",
		run: checkTypes,
	},
	{
		Code: CodeFlowType, Severity: source.Error, Playable: true,
		Summary: "The flow has an action that Connect does not allow in this type of flow.",
		Why: "Connect refuses the flow, or the action takes its error branch during the call. It is an error " +
			"where the service was seen to refuse the action, and a warning where only the documentation says " +
			"so.",
		Remedy: "Move the action to a flow of another type, or set the flow's type in connect-async.yaml or in " +
			"Metadata.type.",
		Evidence: "Developer guide, pages of the actions; DisconnectParticipant in hold and whisper flows, " +
			"CompleteOutboundCall in inbound flows: observed at the service.",
		run: known(checkFlowType),
	},
	{
		Code: "unknown-flow-type", Severity: source.Warning, Playable: true,
		Summary: "The type that is written for the flow does not exist, or only the deployment knows it.",
		Why: "A deployment with a type that does not exist fails. Which actions Connect allows depends on the type, " +
			"so the flow may be checked and played as one of another type.",
		Remedy:   "Write one of " + strings.Join(typeNames(), ", ") + ", or set the flow's type in connect-async.yaml.",
		Evidence: "API reference, CreateContactFlow.",
		run:      checkUnknownType,
	},
}

func checkUnknownType(c *checking) {
	said := c.unknownType
	if said == nil {
		return
	}
	problem := "is not a flow type"
	if FilledIn(said.Type) {
		problem = "is known to the deployment only"
	}
	f := c.report("", c.Doc, "the flow's type, %s, %s: it is taken as %s", said.Type, problem, c.Type)
	f.File, f.Pos = said.File, said.Pos
}

// wrongNames are names that people use but Connect does not have, with the right ones. They come from documentation
// pages, generators, the console's names of blocks and the export format from before 2022.
var wrongNames = map[string]string{
	"CheckAttribute":         Compare,
	"CheckContactAttributes": Compare,
	"CheckQueueStatus":       CheckMetricData,
	"CheckStaffing":          CheckMetricData,
	"Disconnect":             DisconnectParticipant,
	"EndFlow":                EndFlowExecution,
	"EntryPoint":             "the flow's StartAction",
	"EvaluateDataTable":      EvaluateDataTableValues,
	"GetCustomerInput":       GetParticipantInput,
	"GetUserInput":           GetParticipantInput,
	"InvokeExternalResource": InvokeLambdaFunction,
	"InvokeLambda":           InvokeLambdaFunction,
	"ListDataTable":          ListDataTableValues,
	"LoopPrompts":            MessageParticipantIteratively,
	"PlayPrompt":             MessageParticipant,
	"Resume":                 EndFlowExecution,
	"SendMessage":            StartOutboundChatContact + " or " + MessageParticipant,
	"SetAttributes":          UpdateContactAttributes,
	"SetContactAttributes":   UpdateContactAttributes,
	"SetContactFlow":         UpdateContactEventHooks,
	"SetEventHook":           UpdateContactEventHooks,
	"SetLoggingBehavior":     UpdateFlowLoggingBehavior,
	"SetQueue":               UpdateContactTargetQueue,
	"SetRecordingBehavior":   UpdateContactRecordingBehavior,
	"SetVoice":               UpdateContactTextToSpeechVoice,
	"SetWorkingQueue":        UpdateContactTargetQueue,
	"Start":                  "the flow's StartAction",
	"StartMediaStreaming":    UpdateContactMediaStreamingBehavior + " (Enabled)",
	"StopMediaStreaming":     UpdateContactMediaStreamingBehavior + " (Disabled)",
	"StoreCustomerInput":     GetParticipantInput + " (with StoreInput True)",
	"StoreUserInput":         GetParticipantInput + " (with StoreInput True)",
	"TransferContactToFlow":  TransferToFlow,
	"TransferToPhoneNumber":  TransferParticipantToThirdParty,
	"TransferToQueue":        TransferContactToQueue,
	"Trigger":                "the flow's StartAction",
	"UnTagContact":           UntagContact,
	"UpdateParticipantState": UpdatePreviousContactParticipantState,
	"UpdateRoutingCriteria":  UpdateContactRoutingCriteria,
	"UpdateRoutingPriority":  UpdateContactRoutingBehavior,
	"WriteDataTable":         UpsertDataTableValues,
}

// refusedNames are names that the service is known to refuse and that mean no other type (live, by others).
var refusedNames = []string{"CheckCondition", "InvokeAgentAction"}

func checkTypes(c *checking) {
	for _, a := range c.Actions {
		if a.Type == "" || a.Kind != nil {
			continue
		}
		n := a.Node.Get("Type")
		switch right := rightName(a.Type); {
		case right != "":
			f := c.on(a, n, "Connect has no action type %s", a.Type)
			f.Remedy = "Write " + right + "."
			if actionTypes[right] != nil {
				f.Right = right
			}
		case slices.Contains(refusedNames, a.Type):
			c.on(a, n, "Connect has no action type %s", a.Type).Remedy = "Use a type that the developer guide lists."
		default:
			f := c.on(a, n, "the action type %s is not known here", a.Type)
			f.Severity = source.Warning
			f.Remedy = "Check the spelling. If Connect has this type, a call plays it by its outcome in the " +
				"scenario, else it continues at NextAction; set this rule to off or info in connect-async.yaml, with " +
				"the reason."
		}
	}
}

// IsMisnamed reports whether the action's type does not exist, and it is known which one is meant.
func (a *Action) IsMisnamed() bool { return a.Kind == nil && rightName(a.Type) != "" }

// rightName returns what a wrong name means, "" when that cannot be said.
func rightName(name string) string {
	if right, ok := wrongNames[name]; ok {
		return right
	}
	return nearName(name, slices.Sorted(maps.Keys(actionTypes)))
}

// checkFlowType leaves out Wait, which has its own rule, since it is published and fails during the call.
func checkFlowType(c *checking, a *Action) {
	if !c.TypeGiven || a.Type == Wait {
		return
	}
	n := a.Node.Get("Type")
	switch {
	case a.Kind.RefusedIn.Has(c.Type):
		c.on(a, n, "Connect refuses this action in a flow of type %s", c.Type).Remedy = c.otherType()
	case a.Kind.FlowTypes != 0 && !a.Kind.FlowTypes.Has(c.Type):
		f := c.on(a, n, "AWS does not document this action for a flow of type %s", c.Type)
		f.Severity = source.Warning
		f.Remedy = "AWS documents it for these types: " + a.Kind.FlowTypes.String() + ". " + c.otherType()
	case a.Type == EndFlowExecution && c.Type == ContactFlow:
		f := c.on(a, n, "in an inbound flow this disconnects the caller")
		f.Severity = source.Info
		f.Remedy = "Write " + DisconnectParticipant + " if that is what you mean."
	}
}

// otherType is the remedy for an action that the flow's type does not allow. A type that is declared outside of the
// document counts more than the one in it.
func (c *checking) otherType() string {
	place := c.declared.File
	if place == "" {
		return c.check.Remedy
	}
	if at := c.declared.Pos; at.Line > 0 {
		place = fmt.Sprintf("%s:%d:%d", place, at.Line, at.Column)
	}
	return "Move the action to a flow of another type, or set the flow's type in connect-async.yaml or where it is " +
		"declared: " + place + "."
}
