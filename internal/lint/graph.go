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

// reachable returns, by index, which actions a contact can reach from the start.
func (f *Flow) reachable() []bool {
	reached := make([]bool, len(f.Actions))
	for _, a := range f.walk([]*Action{f.start}, nil) {
		reached[a.index] = true
	}
	return reached
}

// loops returns the groups of actions that can be reached from each other (strongly connected components with a cycle), each in the
// document's order, by Tarjan's algorithm without recursion. skip leaves branches out.
func (f *Flow) loops(skip func(*Action) bool) [][]*Action {
	t := &tarjan{flow: f, skip: skip, number: make([]int, len(f.Actions)), low: make([]int, len(f.Actions)), onStack: make([]bool, len(f.Actions))}
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
	next   int // branch to follow next
}

func (t *tarjan) skipped(a *Action) bool { return t.skip != nil && t.skip(a) }

func (t *tarjan) visit(root *Action) {
	calls := []visiting{{action: t.open(root)}}
	for len(calls) > 0 {
		top := &calls[len(calls)-1]
		a := top.action
		if top.next < len(a.branches) {
			b := a.branches[top.next]
			top.next++
			if to := b.to; b.taken && to != nil && !t.skipped(to) {
				if t.number[to.index] == 0 {
					calls = append(calls, visiting{action: t.open(to)})
				} else if t.onStack[to.index] {
					t.low[a.index] = min(t.low[a.index], t.number[to.index])
				}
			}
			continue
		}
		calls = calls[:len(calls)-1]
		if len(calls) > 0 {
			parent := calls[len(calls)-1].action
			t.low[parent.index] = min(t.low[parent.index], t.low[a.index])
		}
		t.close(a)
	}
}

func (t *tarjan) open(a *Action) *Action {
	t.count++
	t.number[a.index], t.low[a.index] = t.count, t.count
	t.onStack[a.index] = true
	t.stack = append(t.stack, a)
	return a
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
	if len(group) == 1 && !slices.Contains(after(a), a) {
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
