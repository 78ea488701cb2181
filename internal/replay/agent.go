package replay

import (
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// isForAgent reports whether only an agent hears a flow.
func (g *given) isForAgent() bool {
	return g.Type == flowlang.AgentWhisper || g.Type == flowlang.AgentHold
}

// hookOf are the event hooks that run flows which the caller hears, by the type of these.
var hookOf = map[flowlang.Type]string{
	flowlang.CustomerQueue: "CustomerQueue", flowlang.CustomerWhisper: "CustomerWhisper",
}

// hooks are the flows of the log that run by themselves, by their hook, and the one that each leads to where its id is
// that of none of them: in a queue, every caller hears one, whether or not the flow sets it.
func (p *playing) hooks() map[string]string {
	found := map[string]string{}
	for _, e := range p.entries {
		g := p.of[e.flow()]
		if g == nil || hookOf[g.Type] == "" || found[hookOf[g.Type]] != "" {
			continue
		}
		hook := hookOf[g.Type]
		found[hook] = g.called
		for _, other := range p.given {
			for _, a := range other.OfType(flowlang.UpdateContactEventHooks) {
				p.means(plainTarget(a.Param("EventHooks").Get(hook).Scalar()), g)
			}
		}
	}
	return found
}

// isAside reports whether an entry is of a flow that is not replayed beside the caller's, unless it is all there is.
func (p *playing) isAside(e Entry) bool {
	g := p.of[e.flow()]
	return g != nil && g != p.begins.at && (g.isForAgent() || g.Type == flowlang.CustomerHold)
}

// whyAside says why no entry of a flow was replayed.
func (g *given) whyAside() string {
	switch {
	case g == nil:
		return "none of the given flows has its name or its actions"
	case g.isForAgent():
		return "the agent hears it, and not the caller"
	case g.Type == flowlang.CustomerHold:
		return "the caller is on hold, when an agent has taken the call"
	}
	return "the call as it is played here does not come to it"
}

// Queued implements flow.Guide: an agent takes the call where the log has the first entry of a whisper flow, before it
// goes on anywhere else.
func (g *guide) Queued(at time.Time) (wait time.Duration, ok bool) {
	began := at.Add(g.shift)
	if !g.placed { // the log begins in the queue
		first := g.next(nil)
		if first < 0 {
			return 0, false
		}
		began = g.entries[first].Time
	}
	for i, e := range g.entries {
		of := g.logged[e.flow()]
		switch {
		case g.used[i] || of == nil || g.again[i] >= 0:
		case of.Type == flowlang.CustomerWhisper, of.Type == flowlang.AgentWhisper:
			return max(time.Millisecond, e.Time.Sub(began)), true
		case of.Type != flowlang.CustomerQueue, leavesQueue(of, e):
			return 0, false
		}
	}
	return 0, false
}

// leavesQueue reports whether an entry of a queue flow is of an action that moves the contact.
func leavesQueue(in *flow.Flow, e Entry) bool {
	a := in.Action(e.Identifier)
	return a != nil && a.Kind != nil && a.Kind.Leaves
}
