package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Begins says where in a call its log begins.
type Begins string

// Where a log begins.
const (
	BeginsSwitched Begins = ""       // where logs are switched on: what comes before has no entries
	BeginsFlow     Begins = "flow"   // with a flow, logs being on: it may not be the first one
	BeginsInside   Begins = "inside" // within a flow: the entries before are missing
	BeginsModule   Begins = "module" // within a module
)

// isMissing reports whether entries are missing before the first one.
func (b Begins) isMissing() bool { return b == BeginsInside || b == BeginsModule }

// beginning is where a log begins in the flows.
type beginning struct {
	Begins
	at      *given           // the flow or module of the first entry
	action  *flowlang.Action // and the action
	over    int              // the entry of an action that began before the log and was over then, -1 for none
	wait    *flowlang.Action // in whose Continue branch the log begins, nil for none
	ends    int              // its entry
	callers []caller         // that have invoked the module, the innermost first; none where that is not known
}

// caller is an action that has invoked a module.
type caller struct {
	in     *given
	action *flowlang.Action
}

// first is the flow that is played first.
func (b beginning) first() *given {
	if n := len(b.callers); n > 0 {
		return b.callers[n-1].in
	}
	return b.at
}

// places are where the contact is when the log begins, none where it comes to the first flow.
func (b beginning) places(entries []Entry) []flow.Place {
	if !b.isMissing() {
		return nil
	}
	list := []flow.Place{{Flow: b.at.file, Action: b.action.Identifier}}
	if b.wait != nil {
		list = append(list, flow.Place{Flow: b.at.file, Action: b.wait.Identifier,
			Ends: entries[b.ends].Time.Sub(entries[0].Time)})
	}
	for _, c := range b.callers {
		list = append(list, flow.Place{Flow: c.in.file, Action: c.action.Identifier})
	}
	slices.Reverse(list)
	list[0].Flow = ""
	list[0].Prompt = interrupts(b.first(), b.action)
	return list
}

// Words say what is not known of a call, nothing where its log has all that it can have.
func (b beginning) Words() []string {
	if words := b.words(); words != "" {
		return []string{words}
	}
	return nil
}

func (b beginning) words() string {
	const lost = "What came before is not in it, nor what the flow knew by then."
	if b.at != nil && b.at.isForAgent() {
		return fmt.Sprintf("The log has the flow %q only, which the agent hears, and not the caller.", b.at.called)
	}
	if b.at == nil || b.Begins == BeginsSwitched {
		return ""
	}
	where := fmt.Sprintf("the flow %q", b.at.called)
	switch {
	case b.Begins == BeginsFlow:
		return fmt.Sprintf("The log begins with %s and was switched on before: the call may have come from another "+
			"flow.", where)
	case b.Begins == BeginsInside:
		return fmt.Sprintf("The log begins inside %s, with %q. %s", where, b.action.Identifier, lost)
	case len(b.callers) == 0:
		return fmt.Sprintf("The log begins inside the module %q, with %q, and does not say which flow invoked it. %s",
			b.at.called, b.action.Identifier, lost)
	}
	return fmt.Sprintf("The log begins inside the module %q, with %q; the flow %q had invoked it. %s", b.at.called,
		b.action.Identifier, b.first().called, lost)
}

// beginning finds where in the flows the log begins.
func (p *playing) beginning() beginning {
	first := slices.IndexFunc(p.entries, func(e Entry) bool {
		g := p.flowOf(e)
		return g != nil && !g.isForAgent()
	})
	if first < 0 {
		first = slices.IndexFunc(p.entries, func(e Entry) bool { return p.flowOf(e) != nil })
	}
	if first < 0 {
		return beginning{over: -1}
	}
	e := p.entries[first]
	b := beginning{at: p.flowOf(e)}
	b.action, b.over = b.at.action(e), -1
	if p.isModule(b.at) {
		b.callers = p.callers(b.at, first)
	}
	switch {
	case p.tied(first, func(_ *given, a *flowlang.Action) bool { return a.Has(flowlang.SwitchesLogs) }):
	case p.isModule(b.at):
		b.Begins = BeginsModule
	case e.Identifier == "" || p.tied(first, func(g *given, a *flowlang.Action) bool { return a == g.Start }):
		b.Begins = BeginsFlow
	default:
		b.Begins = BeginsInside
	}
	if after := overBefore(b.action, e); after != nil && b.isMissing() {
		b.action, b.over = after, first
	}
	if b.isMissing() {
		b.wait, b.ends = p.waitAround(b, first)
	}
	return b
}

// waitAround is the Wait in whose Continue branch the log begins, and its entry, nil for none: it has one before it has
// begun again.
func (p *playing) waitAround(b beginning, first int) (*flowlang.Action, int) {
	for i, e := range p.entries[first:] {
		if i == b.over-first || p.flowOf(e) != b.at {
			continue
		}
		a := b.at.action(e)
		if a.Type != flowlang.Wait {
			continue
		}
		if branch := a.Result(flowlang.Continue); branch != nil && leads(branch, b.action, b.at) {
			return a, first + i
		}
		return nil, 0
	}
	return nil, 0
}

// leads reports whether a branch leads to an action.
func leads(branch *flowlang.Branch, to *flowlang.Action, in *given) bool {
	return slices.Contains(in.Walk([]*flowlang.Action{branch.To}, nil), to)
}

// overBefore is the action after one that has its entry when it is over, and began some time before the log: a Wait, or
// an input in which the caller did nothing. It is nil for any other entry.
func overBefore(a *flowlang.Action, e Entry) *flowlang.Action {
	var branch *flowlang.Branch
	switch {
	case a.Type == flowlang.Wait:
		branch = cmp.Or(a.Result(e.Results), a.Success())
	case a.Has(flowlang.Listens) && e.Results == noInput:
		branch = cmp.Or(a.Failed(flowlang.InputTimeLimitExceeded), a.Success())
	}
	if branch == nil {
		return nil
	}
	return branch.To
}

// interrupts is the identifier of the messages of a queue that an action interrupts, "" for none.
func interrupts(in *given, action *flowlang.Action) string {
	for _, a := range in.OfType(flowlang.MessageParticipantIteratively) {
		if branch := a.Result(flowlang.MessagesInterrupted); branch != nil && leads(branch, action, in) {
			return a.Identifier
		}
	}
	return ""
}

// readsLoop reports whether an action goes by how often a loop has run.
func readsLoop(a *flowlang.Action) bool {
	reads := a.Type == flowlang.Loop
	a.Parameters.EachText(func(n *source.Node) { reads = reads || strings.Contains(n.Text, "$."+flowlang.Loop+".") })
	return reads
}

// flowOf is the flow that has the action of an entry, nil for none.
func (p *playing) flowOf(e Entry) *given {
	g, named := p.of[e.flow()]
	if named && g != nil && g.action(e) != nil {
		return g
	}
	if i := slices.IndexFunc(p.given, func(g *given) bool { return g.action(e) != nil }); i >= 0 && !named {
		return p.given[i]
	}
	return nil
}

// tied reports whether one of the entries with the time of the first, in whose flow they are, is of an action that
// fits: they may be in any order.
func (p *playing) tied(first int, fits func(*given, *flowlang.Action) bool) bool {
	in := p.flowOf(p.entries[first])
	for _, e := range p.entries[first:] {
		if !e.Time.Equal(p.entries[first].Time) {
			break
		}
		if g := p.flowOf(e); g == in && fits(g, g.action(e)) {
			return true
		}
	}
	return false
}

// isModule reports whether a flow is a module, which another one invokes.
func (p *playing) isModule(g *given) bool {
	if g.Type == flowlang.Module || len(g.OfType(flowlang.EndFlowModuleExecution)) > 0 {
		return true
	}
	for in, of := range p.of {
		if of == g && strings.Contains(in.id, "/flow-module/") {
			return true
		}
	}
	return slices.ContainsFunc(p.given, func(other *given) bool { return other.invokes(g) })
}

// callers finds what has invoked the module in which the log begins: the flow that it goes on in, and so on where that
// is a module, too. Modules that these invoke themselves are passed over.
func (p *playing) callers(module *given, first int) []caller {
	var found []caller
	inner := []*given{module} // what runs, the module first
	for _, e := range p.entries[first:] {
		g := p.flowOf(e)
		if g == nil {
			continue
		}
		if at := slices.Index(inner, g); at >= 0 {
			inner = inner[:at+1]
			continue
		}
		if inner[len(inner)-1].invokes(g) {
			inner = append(inner, g)
			continue
		}
		c := g.callerOf(inner[0], e)
		if c == nil {
			break
		}
		found = append(found, *c)
		if !p.isModule(g) {
			return found
		}
		inner = []*given{g}
	}
	return found
}

// callerOf is the action of a flow that has invoked a module, and goes on with an entry: of several the nearest. It is
// nil where none does.
func (g *given) callerOf(module *given, e Entry) *caller {
	var nearest *caller
	least := 0
	for _, a := range g.OfType(flowlang.InvokeFlowModule) {
		if target := leadsAway(a); !module.isCalled(target) && !strings.HasPrefix(target, "$.") {
			continue
		}
		if n := distance(a, g.action(e), len(g.Actions)); nearest == nil || n < least {
			nearest, least = &caller{in: g, action: a}, n
		}
	}
	return nearest
}

// distance is how many actions further on another comes, most+1 where none of so many does.
func distance(from, to *flowlang.Action, most int) int {
	level, seen := []*flowlang.Action{from}, map[*flowlang.Action]bool{}
	for n := range most {
		var next []*flowlang.Action
		for _, a := range level {
			for _, after := range a.After() {
				if !seen[after] {
					seen[after] = true
					next = append(next, after)
				}
			}
		}
		if seen[to] {
			return n + 1
		}
		level = next
	}
	return most + 1
}

// invokes reports whether a flow invokes another one as a module.
func (g *given) invokes(module *given) bool {
	return slices.ContainsFunc(g.OfType(flowlang.InvokeFlowModule), func(a *flowlang.Action) bool {
		return module.isCalled(leadsAway(a))
	})
}
