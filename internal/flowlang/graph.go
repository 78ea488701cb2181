package flowlang

import "slices"

// Walk visits the actions that can be reached over branches from some actions, these included, in breadth-first order.
// enter says for each action whether the walk continues after it; nil means always.
func (f *Flow) Walk(from []*Action, enter func(*Action) bool) []*Action {
	seen := make([]bool, len(f.Actions))
	var order []*Action
	add := func(a *Action) {
		if a != nil && !seen[a.Index] {
			seen[a.Index] = true
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
		for _, b := range order[i].Branches {
			if b.Taken {
				add(b.To)
			}
		}
	}
	return order
}

// reachable notes which actions a contact can reach from the start: any, when only the deployment knows where the flow
// starts or where a branch on the way leads.
func (f *Flow) reachable() []bool {
	reached := make([]bool, len(f.Actions))
	leadsAnywhere := f.Unknown(f.Doc.Get("StartAction"))
	for _, a := range f.Walk([]*Action{f.Start}, nil) {
		reached[a.Index] = true
		leadsAnywhere = leadsAnywhere || f.LeadsAnywhere(a)
	}
	for i := range reached {
		reached[i] = reached[i] || leadsAnywhere
	}
	return reached
}

// LeadsAnywhere reports whether only the deployment knows where a branch of an action leads.
func (f *Flow) LeadsAnywhere(a *Action) bool {
	return slices.ContainsFunc(a.Branches, func(b *Branch) bool { return b.Taken && f.Unknown(b.Target) })
}

// Reaches reports whether a contact can reach an action from the start.
func (f *Flow) Reaches(a *Action) bool { return f.reached[a.Index] }

// Reached returns those of some actions that a contact can reach from the start.
func (f *Flow) Reached(list []*Action) []*Action {
	return slices.DeleteFunc(slices.Clone(list), func(a *Action) bool { return !f.Reaches(a) })
}

// OnChat returns the actions that a chat is meant to reach: those after a comparison of the channel with CHAT, and
// after actions that only chats have.
func (f *Flow) OnChat() []*Action {
	var from []*Action
	for _, a := range f.Actions {
		if !f.Reaches(a) {
			continue
		}
		if b := a.Result("CHAT"); b != nil && b.To != nil && a.Text("ComparisonValue") == "$.Channel" {
			from = append(from, b.To)
		}
		if a.Has(ChatOnly) {
			from = append(from, a.After()...)
		}
	}
	return f.Walk(from, nil)
}

// Loops returns the groups of actions that can be reached from each other over some of their branches (strongly
// connected components with a cycle), each in the document's order, by Tarjan's algorithm without recursion. skip
// leaves actions out; nil leaves out none.
func (f *Flow) Loops(out func(*Action) []*Branch, skip func(*Action) bool) [][]*Action {
	n := len(f.Actions)
	t := &tarjan{out: out, skip: skip, number: make([]int, n), low: make([]int, n), onStack: make([]bool, n)}
	for _, a := range f.Actions {
		if t.number[a.Index] == 0 && !t.skipped(a) {
			t.visit(a)
		}
	}
	slices.SortFunc(t.groups, func(a, b []*Action) int { return a[0].Index - b[0].Index })
	return t.groups
}

type tarjan struct {
	out     func(*Action) []*Branch
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
	left   []*Branch // branches to follow
}

func (t *tarjan) skipped(a *Action) bool { return t.skip != nil && t.skip(a) }

func (t *tarjan) visit(root *Action) {
	calls := []visiting{t.open(root)}
	for len(calls) > 0 {
		top := &calls[len(calls)-1]
		if len(top.left) > 0 {
			to := top.left[0].To
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
			t.low[parent.Index] = min(t.low[parent.Index], t.low[a.Index])
		}
		t.close(a)
	}
}

// follow looks along a branch. It reports whether the action there must be visited.
func (t *tarjan) follow(from, to *Action) bool {
	switch {
	case t.skipped(to):
		return false
	case t.number[to.Index] == 0:
		return true
	case t.onStack[to.Index]:
		t.low[from.Index] = min(t.low[from.Index], t.number[to.Index])
	}
	return false
}

func (t *tarjan) open(a *Action) visiting {
	t.count++
	t.number[a.Index], t.low[a.Index] = t.count, t.count
	t.onStack[a.Index] = true
	t.stack = append(t.stack, a)
	return visiting{action: a, left: t.out(a)}
}

// close takes a finished group off the stack, and keeps it when it is a loop.
func (t *tarjan) close(a *Action) {
	if t.low[a.Index] != t.number[a.Index] {
		return
	}
	at := slices.Index(t.stack, a)
	group := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, member := range group {
		t.onStack[member.Index] = false
	}
	if len(group) == 1 && !slices.ContainsFunc(t.out(a), func(b *Branch) bool { return b.To == a }) {
		return
	}
	slices.SortFunc(group, func(a, b *Action) int { return a.Index - b.Index })
	t.groups = append(t.groups, group)
}
