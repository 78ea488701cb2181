package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flow"
)

// out returns the branches that a contact can take and that lead somewhere.
func (a *Action) out() []*branch {
	var list []*branch
	for _, b := range a.branches {
		if b.taken && b.to != nil {
			list = append(list, b)
		}
	}
	return list
}

// walk visits the actions that can be reached over branches from some actions, these included, in breadth first order. enter says
// for each action whether the walk goes on behind it; nil goes on always.
func (f *Flow) walk(from []*Action, enter func(*Action) bool) []*Action {
	seen := make([]bool, len(f.Actions))
	var order []*Action
	add := func(a *Action) {
		if a != nil && !seen[a.index] {
			seen[a.index] = true
			order = append(order, a)
		}
	}
	for _, a := range from {
		add(a)
	}
	for i := 0; i < len(order); i++ {
		if enter != nil && !enter(order[i]) {
			continue
		}
		for _, b := range order[i].branches {
			if b.taken {
				add(b.to)
			}
		}
	}
	return order
}

// after returns the actions to which the taken branches of an action lead.
func after(a *Action) []*Action {
	var list []*Action
	for _, b := range a.out() {
		list = append(list, b.to)
	}
	return list
}

// usual returns the branches that an action takes when nothing fails.
func (a *Action) usual() []*branch {
	return slices.DeleteFunc(a.out(), func(b *branch) bool { return b.kind == failure && b.name != flow.NoMatchingCondition })
}

// reachable returns, by index, which actions a contact can reach from the start.
func (f *Flow) reachable() []bool {
	reached := make([]bool, len(f.Actions))
	for _, a := range f.walk([]*Action{f.start}, nil) {
		reached[a.index] = true
	}
	return reached
}

// loops returns the groups of actions that can be reached from each other (strongly connected components with a cycle), each in the
// document's order, by Tarjan's algorithm without recursion. skip leaves actions out; nil leaves out none.
func (f *Flow) loops(skip func(*Action) bool) [][]*Action {
	return f.loopsOver((*Action).out, skip)
}

// loopsOver is loops over some of the branches.
func (f *Flow) loopsOver(out func(*Action) []*branch, skip func(*Action) bool) [][]*Action {
	t := &tarjan{flow: f, out: out, skip: skip, number: make([]int, len(f.Actions)), low: make([]int, len(f.Actions)), onStack: make([]bool, len(f.Actions))}
	for _, a := range f.Actions {
		if t.number[a.index] == 0 && !t.skipped(a) {
			t.visit(a)
		}
	}
	slices.SortFunc(t.groups, func(a, b []*Action) int { return a[0].index - b[0].index })
	return t.groups
}

type tarjan struct {
	flow    *Flow
	out     func(*Action) []*branch
	skip    func(*Action) bool
	number  []int // 0: not seen
	low     []int
	onStack []bool
	count   int
	stack   []*Action
	groups  [][]*Action
}

type visiting struct {
	action *Action
	left   []*branch // branches to follow
}

func (t *tarjan) skipped(a *Action) bool { return t.skip != nil && t.skip(a) }

func (t *tarjan) visit(root *Action) {
	calls := []visiting{t.open(root)}
	for len(calls) > 0 {
		top := &calls[len(calls)-1]
		if len(top.left) > 0 {
			to := top.left[0].to
			top.left = top.left[1:]
			if t.follow(top.action, to) {
				calls = append(calls, t.open(to))
			}
			continue
		}
		a := top.action
		calls = calls[:len(calls)-1]
		if len(calls) > 0 {
			parent := calls[len(calls)-1].action
			t.low[parent.index] = min(t.low[parent.index], t.low[a.index])
		}
		t.close(a)
	}
}

// follow looks along a branch. It reports whether the action there must be visited.
func (t *tarjan) follow(from, to *Action) bool {
	switch {
	case t.skipped(to):
		return false
	case t.number[to.index] == 0:
		return true
	case t.onStack[to.index]:
		t.low[from.index] = min(t.low[from.index], t.number[to.index])
	}
	return false
}

func (t *tarjan) open(a *Action) visiting {
	t.count++
	t.number[a.index], t.low[a.index] = t.count, t.count
	t.onStack[a.index] = true
	t.stack = append(t.stack, a)
	return visiting{a, t.out(a)}
}

// close takes a finished group off the stack, and keeps it when it is a loop.
func (t *tarjan) close(a *Action) {
	if t.low[a.index] != t.number[a.index] {
		return
	}
	at := slices.Index(t.stack, a)
	group := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, member := range group {
		t.onStack[member.index] = false
	}
	if len(group) == 1 && !slices.ContainsFunc(t.out(a), func(b *branch) bool { return b.to == a }) {
		return
	}
	slices.SortFunc(group, func(a, b *Action) int { return a.index - b.index })
	t.groups = append(t.groups, group)
}

// ends reports whether the contact's way through the flow can end at an action.
func (a *Action) ends() bool {
	if a.spec != nil && (a.spec.terminal || a.spec.leaves || a.spec.mayStop) {
		return true
	}
	return len(a.out()) == 0
}

// isSynchronous and isAsynchronous tell the two ways of InvokeLambdaFunction apart. Without InvocationType it is synchronous (admin
// guide: asynchronous since July 2025).
func (a *Action) isSynchronous() bool {
	return a.Type == "InvokeLambdaFunction" && !a.isAsynchronous()
}

func (a *Action) isAsynchronous() bool {
	return a.Type == "InvokeLambdaFunction" && a.text("InvocationType") == "ASYNCHRONOUS"
}

// invocations returns the actions that invoke functions and that a contact can reach.
func (f *Flow) invocations() []*Action {
	return slices.DeleteFunc(slices.Clone(f.labels["InvokeLambdaFunction"]), func(a *Action) bool { return !f.reached[a.index] })
}

// speaks reports whether the caller hears something, whatever else the action does.
func (a *Action) speaks() bool {
	switch a.Type {
	case "MessageParticipant":
		return !a.isPause
	case "MessageParticipantIteratively":
		return true
	case "GetParticipantInput", "ConnectParticipantWithLexBot":
		return a.param("Text") != nil || a.param("SSML") != nil || a.param("PromptId") != nil || a.param("Media") != nil
	}
	return false
}

// listens reports whether the action waits for the caller, or lets time pass.
func (a *Action) listens() bool {
	switch a.Type {
	case "GetParticipantInput":
		return a.param("EnableDTMFBuffer") == nil
	case "ConnectParticipantWithLexBot", "ShowView", "Wait", "MessageParticipantIteratively", "AuthenticateParticipant":
		return true
	}
	return false
}

// failed returns the branch that an action takes when it fails.
func (a *Action) failed() *branch { return a.error(flow.NoMatchingError) }
