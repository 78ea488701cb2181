package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Flow is a contact flow or module with what several rules ask about it. It is never written to after Read.
type Flow struct {
	*flowlang.Flow

	cycles   [][]*flowlang.Action      // the loops over all branches
	pauses   map[*flowlang.Action]bool // messages that play nothing but silence
	protocol protocol
	set      map[string][]assignment // where attributes are set, by reference
	setsAny  bool                    // whether only the deployment knows which attributes are set, too
	later    bool                    // another flow before it in the file invokes functions
}

func newFlow(read *flowlang.Flow) *Flow {
	f := &Flow{Flow: read, cycles: read.Loops((*flowlang.Action).Out, nil), pauses: map[*flowlang.Action]bool{}}
	for _, a := range f.OfType(flowlang.MessageParticipant) {
		f.pauses[a] = onlyPauses(a)
	}
	f.protocol = f.readProtocol()
	f.readAssignments()
	return f
}

// WithType returns the same flow as one of another type.
func (f *Flow) WithType(t flowlang.Type) *Flow {
	copied := *f
	copied.Flow = f.Flow.WithType(t)
	return &copied
}

// speaks reports whether the caller hears something, whatever else the action does.
func (f *Flow) speaks(a *flowlang.Action) bool { return a.Speaks() && !f.pauses[a] }

// invocations returns the actions that invoke functions and that a contact can reach.
func (f *Flow) invocations() []*flowlang.Action {
	return f.Reached(f.OfType(flowlang.InvokeLambdaFunction))
}

// isOpen reports whether only the deployment knows what an action does, or where it leads. A rule that misses something
// must not miss it behind such an action.
func (f *Flow) isOpen(a *flowlang.Action) bool {
	return flowlang.FilledIn(a.Type) || f.LeadsAnywhere(a)
}

// mayBe reports whether an action is so, or may be so when a template has filled in its type.
func mayBe(what func(*flowlang.Action) bool) func(*flowlang.Action) bool {
	return func(a *flowlang.Action) bool { return what(a) || flowlang.FilledIn(a.Type) }
}

// isModeFilledIn reports whether only the deployment knows if a function is invoked asynchronously.
func isModeFilledIn(a *flowlang.Action) bool { return flowlang.FilledIn(a.Text("InvocationType")) }

// blockWaits returns how many seconds Connect waits for a function, and false when only the deployment knows it.
func blockWaits(a *flowlang.Action) (seconds int, known bool) {
	seconds, given := a.InvocationLimit()
	return seconds, given || !isModeFilledIn(a) && !flowlang.FilledIn(a.Text("InvocationTimeLimitSeconds"))
}

// isSynchronous and isAsynchronous tell the two ways of invoking a function apart.
func isSynchronous(a *flowlang.Action) bool {
	return a.Has(flowlang.Invokes) && !a.Has(flowlang.Asynchronous)
}

func isAsynchronous(a *flowlang.Action) bool { return a.Has(flowlang.Asynchronous) }

// fillsReply reports whether an action replaces the latest reply when it succeeds.
func fillsReply(a *flowlang.Action) bool { return a.Has(flowlang.FillsReply) }

// untilReply returns the actions that can be reached from some actions while the latest reply is still the same: up to
// and including the actions that replace it.
func (f *Flow) untilReply(from ...*flowlang.Action) []*flowlang.Action {
	return f.Walk(from, func(a *flowlang.Action) bool { return !fillsReply(a) })
}

// listens reports whether the action waits for the caller, or lets time pass.
func listens(a *flowlang.Action) bool { return a.Has(flowlang.Listens) }
