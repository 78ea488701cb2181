package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// Flow is a contact flow or module as it was written, right or wrong. It is never written to after Read.
type Flow struct {
	File      string
	Type      flow.Type // ContactFlow when nothing says so
	TypeGiven bool      // whether something says so
	Actions   []*Action

	doc    *source.Node // the envelope
	size   int          // characters of the content as it is written, 0 when it is a part of something
	start  *Action      // nil when StartAction names none
	byID   map[string]*Action
	labels map[string][]*Action // actions by type

	reached  []bool      // by index: whether a contact can reach the action from the start
	cycles   [][]*Action // the loops over all branches
	protocol protocol
	set      map[string][]assignment // where attributes are set, by reference
}

// Action is one action of a flow.
type Action struct {
	ID, Type string

	index    int
	node     *source.Node
	params   *source.Node
	spec     *spec // nil for types that are not known
	isPause  bool  // whether it plays nothing but silence
	branches []*branch
}

// branch is one way out of an action.
type branch struct {
	kind     branchKind
	name     string // NextAction, the operand of a condition, or an error type
	operator string // of a condition
	operands []*source.Node
	node     *source.Node // the condition's or error's object; of a next, its value
	target   *source.Node // the value of NextAction, nil when it is absent
	to       *Action      // nil when the target does not exist
	taken    bool         // false for a NextAction that is a mere copy
}

type branchKind int

const (
	next branchKind = iota
	condition
	failure
)

// newFlow reads a document that has been recognised as a flow.
func newFlow(file string, doc *source.Node, size int) *Flow {
	f := &Flow{File: file, Type: flow.ContactFlow, doc: doc, size: size, byID: map[string]*Action{}, labels: map[string][]*Action{}}
	if list := doc.Get("Actions"); list.Is(source.Array) {
		for _, item := range list.Items {
			f.add(item)
		}
	}
	for _, a := range f.Actions {
		for _, b := range a.branches {
			b.to = f.byID[b.target.Str()]
		}
	}
	f.readType()
	f.start = f.byID[doc.Get("StartAction").Str()]
	f.reached = f.reachable()
	f.cycles = f.loops(nil)
	f.protocol = f.readProtocol()
	f.set = f.readAssignments()
	return f
}

// readType finds what the document says about its type. Settings mean a module, unless Metadata names another type and nothing in
// the flow returns from a module.
func (f *Flow) readType() {
	t, named := flow.TypeOf(f.doc.Get("Metadata").Get("type").Str())
	settings := f.doc.Get("Settings") != nil
	switch {
	case settings && (!named || len(f.labels["EndFlowModuleExecution"]) > 0):
		f.Type, f.TypeGiven = flow.Module, true
	case named:
		f.Type, f.TypeGiven = t, true
	}
}

// WithType returns the same flow as one of another type.
func (f *Flow) WithType(t flow.Type) *Flow {
	copied := *f
	copied.Type, copied.TypeGiven = t, true
	return &copied
}

// add reads one action. Items that are no objects are left to the rule malformed.
func (f *Flow) add(item *source.Node) {
	if !item.Is(source.Object) {
		return
	}
	a := &Action{ID: item.Get("Identifier").Str(), Type: item.Get("Type").Str(), index: len(f.Actions), node: item, params: item.Get("Parameters")}
	a.spec, a.isPause = specOf(a), onlyPauses(a)
	a.readBranches(item.Get("Transitions"))
	f.Actions = append(f.Actions, a)
	f.labels[a.Type] = append(f.labels[a.Type], a)
	if _, twice := f.byID[a.ID]; !twice && a.ID != "" {
		f.byID[a.ID] = a
	}
}

func (a *Action) readBranches(transitions *source.Node) {
	for _, item := range items(transitions.Get("Conditions")) {
		c := item.Get("Condition")
		b := &branch{kind: condition, node: item, target: item.Get("NextAction"), operator: c.Get("Operator").Str(), operands: items(c.Get("Operands")), taken: true}
		b.name = b.operand()
		a.branches = append(a.branches, b)
	}
	for _, item := range items(transitions.Get("Errors")) {
		a.branches = append(a.branches, &branch{kind: failure, name: item.Get("ErrorType").Str(), node: item, target: item.Get("NextAction"), taken: true})
	}
	if n := transitions.Get("NextAction"); n.Str() != "" {
		a.branches = append(a.branches, &branch{kind: next, name: flow.NextAction, node: n, target: n, taken: !a.decides()})
	}
}

// decides reports whether every result of the action has a branch of its own, so that NextAction is a mere copy of one.
func (a *Action) decides() bool {
	if a.branch(failure, flow.NoMatchingCondition) != nil {
		return true
	}
	if a.spec == nil {
		return false
	}
	if a.spec.leaves || a.spec.terminal {
		return true
	}
	if len(a.spec.needResults) == 0 {
		return false
	}
	return !slices.ContainsFunc(a.spec.needResults, func(r string) bool { return a.branch(condition, r) == nil })
}

// operand returns the first operand as text.
func (b *branch) operand() string {
	if len(b.operands) == 0 {
		return ""
	}
	return scalar(b.operands[0])
}

// branch returns the branch of a kind and name, nil when there is none.
func (a *Action) branch(kind branchKind, name string) *branch {
	for _, b := range a.branches {
		if b.kind == kind && b.name == name {
			return b
		}
	}
	return nil
}

// error returns the branch that an error takes: its own, or that of NoMatchingError.
func (a *Action) error(name string) *branch {
	if b := a.branch(failure, name); b != nil {
		return b
	}
	return a.branch(failure, flow.NoMatchingError)
}

// success returns the branch of an action without results that is taken when it succeeds, nil when there is none.
func (a *Action) success() *branch { return a.branch(next, flow.NextAction) }

// param returns a parameter, nil when it is absent.
func (a *Action) param(name string) *source.Node { return a.params.Get(name) }

// text returns a parameter as text; "" when it is absent, an object or a list.
func (a *Action) text(name string) string { return scalar(a.params.Get(name)) }

// is reports whether a parameter is the text true, in any case.
func (a *Action) is(name string) bool { return strings.EqualFold(a.text(name), "true") }

// transitions returns the value under which branches stand, or the action itself.
func (a *Action) transitions() *source.Node {
	if n := a.node.Get("Transitions"); n != nil {
		return n
	}
	return a.node
}

// parameters returns the value under which parameters stand, or the action itself.
func (a *Action) parameters() *source.Node {
	if a.params != nil {
		return a.params
	}
	return a.node
}

// scalar returns a value as text, numbers and booleans as they are written; "" for anything else.
func scalar(n *source.Node) string {
	if n == nil || n.Kind == source.Object || n.Kind == source.Array || n.Kind == source.Null {
		return ""
	}
	return n.Text
}

// items returns the elements of a list, none when n is no list.
func items(n *source.Node) []*source.Node {
	if n.Is(source.Array) {
		return n.Items
	}
	return nil
}

// members returns the members of an object, none when n is no object.
func members(n *source.Node) []source.Member {
	if n.Is(source.Object) {
		return n.Members
	}
	return nil
}

// texts calls visit for each text below a value, in the document's order.
func texts(n *source.Node, visit func(*source.Node)) {
	if n.Is(source.String) {
		visit(n)
	}
	for _, item := range items(n) {
		texts(item, visit)
	}
	for _, m := range members(n) {
		texts(m.Value, visit)
	}
}
