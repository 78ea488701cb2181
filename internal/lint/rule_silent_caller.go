package lint

import (
	"cmp"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleSilentCaller = Rule{
	ID: "silent-caller", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A caller who gives no answer goes round for ever.",
	Why: "A telephone that was put down, or a caller who cannot press keys, stays in the flow until Connect ends the " +
		"contact, and every minute is paid for. In a chat the question may fail and be asked again at once.",
	Remedy: "Count the attempts with a Loop, and lead DoneLooping to a message and then to an agent or to " +
		"DisconnectParticipant.",
	Evidence: "Admin guide, best practices: no endless loops; Connect's own sample disconnect flow; a question of a " +
		"developer whose chats came round without end.",
	Check: func(p *Pass) {
		told := map[*flowlang.Action]bool{}
		for _, world := range []struct {
			out  func(*flowlang.Action) []*flowlang.Branch
			what string
		}{
			{out: silentBranches, what: "a caller who gives no answer comes back here for ever"},
			{out: failingBranches, what: "a contact for which this fails, such as a chat, comes back here for ever"},
		} {
			for _, loop := range p.Flow.Loops(world.out, nil) {
				i := slices.IndexFunc(loop, asks)
				if i < 0 || told[loop[i]] || !p.Flow.Reaches(loop[0]) || p.Flow.endless(loop) {
					continue
				}
				if !p.Flow.leavesBy(loop, world.out) {
					told[loop[i]] = true
					p.on(loop[i], loop[i].Node.Get("Type"), "%s", world.what)
				}
			}
		}
	},
}

// asks reports whether an action asks the caller something.
func asks(a *flowlang.Action) bool {
	return a.Type == flowlang.GetParticipantInput && listens(a) || a.Type == flowlang.ConnectParticipantWithLexBot
}

// endless reports whether no branch leads out of a loop, which another rule reports.
func (f *Flow) endless(loop []*flowlang.Action) bool {
	i := slices.IndexFunc(f.cycles, func(cycle []*flowlang.Action) bool { return slices.Contains(cycle, loop[0]) })
	leaves := func(a *flowlang.Action) bool { return leavesLoop(a, f.cycles[i]) }
	return i >= 0 && !slices.ContainsFunc(f.cycles[i], leaves)
}

// leavesBy reports whether a contact can leave a loop over some branches, or be taken out of it by an agent.
func (f *Flow) leavesBy(loop []*flowlang.Action, out func(*flowlang.Action) []*flowlang.Branch) bool {
	return slices.ContainsFunc(loop, func(a *flowlang.Action) bool {
		ways := out(a)
		leaves := func(b *flowlang.Branch) bool { return !slices.Contains(loop, b.To) }
		isTakenOut := a.Kind == nil || f.isOpen(a) || a.Has(flowlang.AwaitsAgent)
		return isTakenOut || len(ways) == 0 || slices.ContainsFunc(ways, leaves)
	})
}

// silentBranches are the branches that an action can take with a caller who never answers, while nothing fails.
func silentBranches(a *flowlang.Action) []*flowlang.Branch {
	switch {
	case a.Has(flowlang.StoresInput): // which succeeds with the value Timeout
		return only(a.Success())
	case a.Has(flowlang.FillsLex):
		fallback := cmp.Or(a.Result("FallbackIntent"), a.Error(flowlang.NoMatchingCondition))
		return only(fallback, a.Error(flowlang.InputTimeLimitExceeded))
	case asks(a):
		return only(a.Failed(flowlang.InputTimeLimitExceeded))
	case a.Type == flowlang.Compare && a.Text("ComparisonValue") == "$.StoredCustomerInput":
		return only(cmp.Or(a.Result("Timeout"), a.Error(flowlang.NoMatchingCondition)))
	}
	return a.Usual()
}

// failingBranches are the branches that an action can take when every question fails, and nothing else.
func failingBranches(a *flowlang.Action) []*flowlang.Branch {
	if asks(a) {
		return only(a.Error(flowlang.NoMatchingError))
	}
	return a.Usual()
}

// only returns those of some branches that lead to an action.
func only(branches ...*flowlang.Branch) []*flowlang.Branch {
	return slices.DeleteFunc(branches, func(b *flowlang.Branch) bool { return b == nil || b.To == nil })
}
