package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// spec is what Connect accepts of an action type when a flow is published, or of one form of it.
type spec struct {
	params []param
	open   bool // whether it may have parameters that are not known here

	conditions  bool     // whether it has results
	operators   []string // of its conditions; nil: Equals
	results     []string // the results that can be compared with; nil: any
	needResults []string // the results that must have a condition

	errors     []string // the error branches that it may have
	needErrors []string // those without which Connect refuses it
	wantErrors []string // those that Connect may not insist on, but that are taken

	terminal bool // it has no branches
	leaves   bool // the contact leaves the flow when it succeeds
	mayStop  bool // it may stand without NextAction

	types   flowTypes // flow types for which AWS documents it; 0: not documented
	refused flowTypes // flow types in which the service refuses it

	combine func(a *Action, say complain) // what parameters must be together
	form    func(a *Action) *spec         // picks the form of this action, for types that have several
}

// complain reports something wrong with a value.
type complain func(n *source.Node, message, remedy string) *Finding

// param is one key under Parameters.
type param struct {
	name  string
	need  bool                      // Connect refuses the action without it
	want  bool                      // AWS documents it as required, but flows without it exist
	check func(*source.Node) string // says what is wrong with a value, "" when nothing is
	whole bool                      // static or one reference, never mixed
}

// flowTypes is a set of flow types.
type flowTypes int

const (
	inbound flowTypes = 1 << iota
	agentTransfer
	queueTransfer
	queue
	customerHold
	agentHold
	customerWhisper
	agentWhisper
	outboundWhisper
	campaign
	module

	transfer   = agentTransfer | queueTransfer
	hold       = customerHold | agentHold
	whisper    = customerWhisper | agentWhisper | outboundWhisper
	everywhere = inbound | transfer | queue | hold | whisper | campaign | module
	withCaller = inbound | transfer | queue | module
)

var flowTypeBits = map[flow.Type]flowTypes{
	flow.ContactFlow: inbound, flow.AgentTransfer: agentTransfer, flow.QueueTransfer: queueTransfer, flow.CustomerQueue: queue,
	flow.CustomerHold: customerHold, flow.AgentHold: agentHold, flow.CustomerWhisper: customerWhisper, flow.AgentWhisper: agentWhisper,
	flow.OutboundWhisper: outboundWhisper, flow.Campaign: campaign, flow.Module: module,
}

// specs holds every action type by name.
var specs = merge(participantSpecs, controlSpecs, contactSpecs, interactionSpecs)

func merge(families ...map[string]*spec) map[string]*spec {
	all := map[string]*spec{}
	for _, family := range families {
		for name, s := range family {
			all[name] = s
		}
	}
	return all
}

// specOf returns what Connect accepts of an action, nil when its type is not known.
func specOf(a *Action) *spec {
	s := specs[a.Type]
	if s != nil && s.form != nil {
		return s.form(a)
	}
	return s
}

func (s *spec) param(name string) *param {
	for i := range s.params {
		if s.params[i].name == name {
			return &s.params[i]
		}
	}
	return nil
}

// Kinds of parameters. Each makes one that is required when its name begins with an exclamation mark, and one that is wanted when it
// begins with a question mark.

func parameter(name string, check func(*source.Node) string) param {
	bare, need := strings.CutPrefix(name, "!")
	bare, want := strings.CutPrefix(bare, "?")
	return param{name: bare, need: need, want: want, check: check}
}

func text(name string) param   { return parameter(name, wantScalar) }
func object(name string) param { return parameter(name, wantKind(source.Object)) }
func array(name string) param  { return parameter(name, wantKind(source.Array)) }

// id is the id or ARN of something: static or one reference.
func id(name string) param {
	p := text(name)
	p.whole = true
	return p
}

// reference is one reference, never a static text.
func reference(name string) param {
	return parameter(name, func(n *source.Node) string {
		if problem := wantScalar(n); problem != "" || flow.IsReference(n.Text) {
			return problem
		}
		return fmt.Sprintf("is %q, but must be one reference such as $.Attributes.name", n.Text)
	})
}

func number(name string, low, high int) param {
	return parameter(name, func(n *source.Node) string {
		if problem := wantScalar(n); problem != "" || flow.IsReference(n.Text) {
			return problem
		}
		value, err := strconv.Atoi(strings.TrimSpace(n.Text))
		if err == nil && value >= low && value <= high {
			return ""
		}
		return fmt.Sprintf("is %q, not a whole number from %d to %d", n.Text, low, high)
	})
}

func oneOf(name string, choices ...string) param {
	return parameter(name, func(n *source.Node) string {
		if problem := wantScalar(n); problem != "" || flow.IsReference(n.Text) {
			return problem
		}
		if slices.ContainsFunc(choices, func(c string) bool { return strings.EqualFold(c, n.Text) }) {
			return ""
		}
		return fmt.Sprintf("is %q, not one of %s", n.Text, strings.Join(choices, ", "))
	})
}

func truth(name string) param { return oneOf(name, "True", "False") }

func wantScalar(n *source.Node) string {
	if n.Kind == source.Object || n.Kind == source.Array || n.Kind == source.Null {
		return "must be a text, but is " + n.Kind.String()
	}
	return ""
}

func wantKind(kind source.Kind) func(*source.Node) string {
	return func(n *source.Node) string {
		if n.Kind == kind {
			return ""
		}
		return "must be " + kind.String() + ", but is " + n.Kind.String()
	}
}

// exactlyOne demands one of several parameters; atMostOne allows none.
func exactlyOne(names ...string) func(*Action, complain) {
	return func(a *Action, say complain) {
		if present := presentOf(a, names); len(present) == 0 {
			say(a.parameters(), "has none of "+strings.Join(names, ", "), "Give exactly one of them.")
		}
		atMostOne(names...)(a, say)
	}
}

func atMostOne(names ...string) func(*Action, complain) {
	return func(a *Action, say complain) {
		if present := presentOf(a, names); len(present) > 1 {
			say(a.param(present[1]), strings.Join(present, " and ")+" exclude each other", "Keep one of them.")
		}
	}
}

func presentOf(a *Action, names []string) []string {
	var present []string
	for _, name := range names {
		if a.param(name) != nil {
			present = append(present, name)
		}
	}
	return present
}

func both(checks ...func(*Action, complain)) func(*Action, complain) {
	return func(a *Action, say complain) {
		for _, check := range checks {
			check(a, say)
		}
	}
}
