package flow

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// typeSet is a set of flow types; the empty set stands for types that are not documented.
type typeSet uint16

const (
	inbound typeSet = 1 << iota
	transfers
	queues
	holds
	customerWhispers
	outboundWhispers
	modules
	campaigns

	whispers             = customerWhispers | outboundWhispers
	everyFlow            = inbound | transfers | queues | holds | whispers | modules | campaigns
	callerFlows          = inbound | transfers | queues | modules | campaigns
	inboundFlows         = inbound | transfers | modules | campaigns
	undocumented typeSet = 0
)

// setOf is the set that a flow type belongs to. What an inbound flow may hold, a campaign's may too.
var setOf = map[Type]typeSet{
	ContactFlow: inbound, AgentTransfer: transfers, QueueTransfer: transfers, CustomerQueue: queues, CustomerHold: holds, AgentHold: holds,
	CustomerWhisper: customerWhispers, AgentWhisper: customerWhispers, OutboundWhisper: outboundWhispers, Module: modules, Campaign: campaigns,
}

// String names the set in the words of the docs.
func (s typeSet) String() string {
	switch s {
	case undocumented:
		return "not documented"
	case everyFlow:
		return "all"
	}
	var names []string
	for _, one := range []struct {
		set  typeSet
		name string
	}{{inbound, "inbound"}, {transfers, "transfer"}, {queues, "queue"}, {holds, "hold"}, {customerWhispers, "whisper"},
		{outboundWhispers, "outbound whisper"}, {modules, "module"}} {
		if s&one.set != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}

// Misplaced reports the actions that Connect does not allow in a flow of this type. The flow language does not say a flow's
// type: Parse asks only when the document does.
func (f *Flow) Misplaced() source.Findings {
	var found source.Findings
	for _, a := range f.Actions {
		if a.kind == nil || a.kind.flows == undocumented || a.kind.flows&setOf[f.Type] != 0 {
			continue
		}
		found = append(found, source.Finding{Code: CodeFlowType, Severity: source.Warning, File: f.File, Pos: a.Pos,
			Message: fmt.Sprintf("action %q: %s is not allowed in a flow of type %s", a.Identifier, a.Type, f.Type),
			Remedy:  "It is for these flow types: " + a.kind.flows.String() + ". Check the flow's type."})
	}
	return found
}
