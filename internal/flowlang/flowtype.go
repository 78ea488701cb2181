package flowlang

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Type is the type of a flow, as in the API's enumeration, or Module.
type Type string

// The types of a flow (API reference, CreateContactFlow) and the module, which is a separate resource.
const (
	ContactFlow     Type = "CONTACT_FLOW" // inbound
	CustomerQueue   Type = "CUSTOMER_QUEUE"
	CustomerHold    Type = "CUSTOMER_HOLD"
	CustomerWhisper Type = "CUSTOMER_WHISPER"
	AgentHold       Type = "AGENT_HOLD"
	AgentWhisper    Type = "AGENT_WHISPER"
	OutboundWhisper Type = "OUTBOUND_WHISPER"
	AgentTransfer   Type = "AGENT_TRANSFER"
	QueueTransfer   Type = "QUEUE_TRANSFER"
	Campaign        Type = "CAMPAIGN"
	Module          Type = "MODULE"
)

// IsHold reports whether a flow plays while a contact is on hold, for either side.
func (t Type) IsHold() bool { return t == CustomerHold || t == AgentHold }

// Types is a set of flow types; the empty set means that it is not documented.
type Types uint16

// The sets that the table of action types is made of.
const (
	inbound Types = 1 << iota
	agentTransfers
	queueTransfers
	queues
	customerHolds
	agentHolds
	customerWhispers
	agentWhispers
	outboundWhispers
	campaigns
	modules

	transfers  = agentTransfers | queueTransfers
	holds      = customerHolds | agentHolds
	whispers   = customerWhispers | agentWhispers | outboundWhispers
	everywhere = inbound | transfers | queues | holds | whispers | campaigns | modules
	withCaller = inbound | transfers | queues | modules
)

// metadataNames are the values of Metadata.type, in the order of the sets above.
var metadataNames = []struct {
	flowType Type
	name     string
	set      Types
}{
	{flowType: ContactFlow, name: "contactFlow", set: inbound},
	{flowType: AgentTransfer, name: "agentTransfer", set: agentTransfers},
	{flowType: QueueTransfer, name: "queueTransfer", set: queueTransfers},
	{flowType: CustomerQueue, name: "customerQueue", set: queues},
	{flowType: CustomerHold, name: "customerHold", set: customerHolds},
	{flowType: AgentHold, name: "agentHold", set: agentHolds},
	{flowType: CustomerWhisper, name: "customerWhisper", set: customerWhispers},
	{flowType: AgentWhisper, name: "agentWhisper", set: agentWhispers},
	{flowType: OutboundWhisper, name: "outboundWhisper", set: outboundWhispers},
	{flowType: Campaign, name: "campaign", set: campaigns},
	{flowType: Module, name: "contactFlowModule", set: modules},
}

// TypeOf returns the type that a name means, as in the API (CONTACT_FLOW), the console's metadata (contactFlow) or a
// project file (inbound, customer_queue), and whether it means one. Case and underscores do not matter.
func TypeOf(name string) (Type, bool) {
	plain := plainName(name)
	switch plain {
	case "inbound":
		return ContactFlow, true
	case "module":
		return Module, true
	}
	for _, row := range metadataNames {
		if plainName(row.name) == plain {
			return row.flowType, true
		}
	}
	return "", false
}

// typeNames are the types that a template or CreateContactFlow accepts.
func typeNames() []string {
	var names []string
	for _, row := range metadataNames {
		if row.flowType != Module { // which is a resource of its own
			names = append(names, string(row.flowType))
		}
	}
	return names
}

func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// MetadataName returns the value of Metadata.type that the console writes for a type.
func (t Type) MetadataName() string {
	for _, row := range metadataNames {
		if row.flowType == t {
			return row.name
		}
	}
	return ""
}

// Has reports whether a flow type is in the set.
func (s Types) Has(t Type) bool {
	for _, row := range metadataNames {
		if row.flowType == t {
			return s&row.set != 0
		}
	}
	return false
}

// likelyType is the type of a flow of which nothing says it. Some actions are in flows of campaigns only, and some,
// such as Loop prompts, in queue and hold flows only; a flow that has one of these is a queue flow, unless its other
// actions, or else its name or its prompts, speak for hold.
func (f *Flow) likelyType() Type {
	ofCampaigns := func(a *Action) bool { return a.Kind != nil && a.Kind.FlowTypes == campaigns }
	if slices.ContainsFunc(f.Actions, ofCampaigns) {
		return Campaign
	}
	possible, tells := f.queueOrHold()
	if !tells {
		return ContactFlow
	}
	name := f.Name + " " + filepath.Base(f.File)
	isHold := namesHold.MatchString(name) && !strings.Contains(strings.ToLower(name), "queue") || f.saysOnHold()
	switch {
	case possible&holds == 0 || possible&queues != 0 && !isHold:
		return CustomerQueue
	case strings.Contains(strings.ToLower(name), "agent"):
		return AgentHold
	}
	return CustomerHold
}

// queueOrHold returns which of queue and hold flows may have all actions of a flow, and whether one of its actions is
// in no other type of flow.
func (f *Flow) queueOrHold() (possible Types, tells bool) {
	possible = queues | holds
	for _, a := range f.Actions {
		if a.Kind == nil || a.Kind.FlowTypes == 0 {
			continue
		}
		allowed := a.Kind.FlowTypes &^ a.Kind.RefusedIn
		tells = tells || allowed&(queues|holds) != 0 && allowed&^(queues|holds|modules) == 0
		possible &= allowed
	}
	return possible, tells
}

// MayHold reports whether a flow that does not say its type may be a hold flow, and no inbound one.
func (f *Flow) MayHold() bool {
	possible, tells := f.queueOrHold()
	return !f.TypeGiven && tells && possible&holds != 0
}

// namesHold finds the word hold in the name of a flow: Default customer hold, AgentHold, but not threshold.
var namesHold = regexp.MustCompile(`Hold|HOLD|(^|[^A-Za-z])hold([^A-Za-z]|$)`)

// saysOnHold reports whether a prompt says that somebody is on hold, as those of Connect's own hold flows do.
func (f *Flow) saysOnHold() bool {
	return slices.ContainsFunc(f.OfType(MessageParticipantIteratively), func(a *Action) bool {
		return a.Param("Messages").AnyText(func(n *source.Node) bool {
			return strings.Contains(strings.ToLower(n.Text), "on hold")
		})
	})
}

// typeGroups are the sets by which the documentation names flow types.
var typeGroups = []struct {
	name string
	set  Types
}{
	{name: "inbound", set: inbound},
	{name: "transfer", set: transfers},
	{name: "queue", set: queues},
	{name: "hold", set: holds},
	{name: "whisper", set: customerWhispers | agentWhispers},
	{name: "outbound whisper", set: outboundWhispers},
	{name: "campaign", set: campaigns},
	{name: "module", set: modules},
}

// String names the set in the words of the documentation.
func (s Types) String() string {
	switch s {
	case 0:
		return "not documented"
	case everywhere:
		return "all"
	}
	var names []string
	for _, group := range typeGroups {
		if s&group.set != 0 {
			names = append(names, group.name)
		}
	}
	return strings.Join(names, ", ")
}

// TypeWords are the words for the types of flows that a project file uses, such as inbound and customer_queue.
func TypeWords() []string {
	var words []string
	for _, row := range metadataNames {
		switch row.flowType {
		case ContactFlow:
			words = append(words, "inbound")
		default:
			words = append(words, strings.ToLower(string(row.flowType)))
		}
	}
	return words
}
