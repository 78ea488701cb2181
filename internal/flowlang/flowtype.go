package flowlang

import "strings"

// Type is the type of a flow, as in the API's enumeration, or Module.
type Type string

// The types of a flow (API reference, CreateContactFlow) and the module, which is a resource of its own.
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

// Types is a set of flow types; the empty set stands for what is not documented.
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

// metadataNames are the types in the words of Metadata.type, in the order of the sets above.
var metadataNames = []struct {
	flowType Type
	name     string
	set      Types
}{
	{ContactFlow, "contactFlow", inbound},
	{AgentTransfer, "agentTransfer", agentTransfers},
	{QueueTransfer, "queueTransfer", queueTransfers},
	{CustomerQueue, "customerQueue", queues},
	{CustomerHold, "customerHold", customerHolds},
	{AgentHold, "agentHold", agentHolds},
	{CustomerWhisper, "customerWhisper", customerWhispers},
	{AgentWhisper, "agentWhisper", agentWhispers},
	{OutboundWhisper, "outboundWhisper", outboundWhispers},
	{Campaign, "campaign", campaigns},
	{Module, "contactFlowModule", modules},
}

// TypeOf returns the type that a name means, as in the API (CONTACT_FLOW), the console's metadata (contactFlow) or a project
// file (inbound, customer_queue), and whether it means one. Case and underscores do not matter.
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

func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// MetadataName returns a type in the words of Metadata.type, which the console writes.
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

// String names the set in the words of the docs.
func (s Types) String() string {
	switch s {
	case 0:
		return "not documented"
	case everywhere:
		return "all"
	}
	var names []string
	for _, group := range []struct {
		set  Types
		name string
	}{
		{inbound, "inbound"}, {transfers, "transfer"}, {queues, "queue"}, {holds, "hold"}, {customerWhispers | agentWhispers, "whisper"},
		{outboundWhispers, "outbound whisper"}, {campaigns, "campaign"}, {modules, "module"},
	} {
		if s&group.set != 0 {
			names = append(names, group.name)
		}
	}
	return strings.Join(names, ", ")
}
