package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// protocol is what a flow does with the async function: the reachable actions that start, check and cancel. Flows made for the
// original system are recognised too.
type protocol struct {
	starts, checks, cancels []*Action
}

// readProtocol recognises calls of the async function by their parameters: action says it, execution_id means a check, and another
// call of the function that is checked is a start.
func (f *Flow) readProtocol() protocol {
	var p protocol
	var checked []string
	for _, a := range f.invocations() {
		switch action := strings.ToLower(scalar(a.input("action"))); {
		case action == "cancel" && a.input("execution_id") != nil:
			p.cancels = append(p.cancels, a)
		case a.input("execution_id") != nil, action == "check" && a.input("count_max") != nil:
			p.checks = append(p.checks, a)
		default:
			continue
		}
		checked = append(checked, a.text("LambdaFunctionARN"))
	}
	for _, a := range f.invocations() {
		action := strings.ToLower(scalar(a.input("action")))
		if a.input("execution_id") == nil && slices.Contains(checked, a.text("LambdaFunctionARN")) && (action == "" || action == "start") {
			p.starts = append(p.starts, a)
		}
	}
	return p
}

// input returns a parameter that a function is given, nil when it is absent.
func (a *Action) input(name string) *source.Node {
	return a.param("LambdaInvocationAttributes").Get(name)
}

func contains(list []*Action, a *Action) bool { return slices.Contains(list, a) }

func (p protocol) isStart(a *Action) bool { return contains(p.starts, a) }
func (p protocol) isCheck(a *Action) bool { return contains(p.checks, a) }

// assignment is a place where an attribute is given a value.
type assignment struct {
	action *Action
	value  *source.Node
}

// readAssignments finds where attributes are set, by reference: FlowAttributes.name or Attributes.name. Actions that a contact
// cannot reach do not count.
func (f *Flow) readAssignments() map[string][]assignment {
	set := map[string][]assignment{}
	lost := func(a *Action) bool { return f.start != nil && !f.reached[a.index] }
	for _, a := range slices.DeleteFunc(slices.Clone(f.labels["UpdateFlowAttributes"]), lost) {
		for _, m := range members(a.param("FlowAttributes")) {
			if n := m.Value.Get("Value"); n != nil {
				set["FlowAttributes."+m.Key] = append(set["FlowAttributes."+m.Key], assignment{a, n})
			}
		}
	}
	for _, a := range slices.DeleteFunc(slices.Clone(f.labels["UpdateContactAttributes"]), lost) {
		for _, m := range members(a.param("Attributes")) {
			set["Attributes."+m.Key] = append(set["Attributes."+m.Key], assignment{a, m.Value})
		}
	}
	return set
}

// carried returns the assignments of the attribute that a value refers to, and its reference as a path; none when the value is no
// reference to an attribute.
func (f *Flow) carried(n *source.Node) (path []string, list []assignment) {
	if !flow.IsReference(n.Str()) {
		return nil, nil
	}
	path = flow.References(n.Str())[0]
	if len(path) == 2 {
		list = f.set[path[0]+"."+path[1]]
	}
	return path, list
}

// isReply reports whether a value is one key of the latest function's reply, under either of its names.
func isReply(n *source.Node, key string) bool {
	if !flow.IsReference(n.Str()) {
		return false
	}
	path := flow.References(n.Str())[0]
	return isReplyPath(path) && path[len(path)-1] == key
}

func isReplyPath(path []string) bool {
	return len(path) > 1 && path[0] == "External" || len(path) > 2 && path[0] == "LambdaInvocation" && path[1] == "ResultData"
}

// reply returns the first text of an action that refers to the latest function's reply, nil when there is none.
func (a *Action) reply() *source.Node {
	var found *source.Node
	texts(a.params, func(n *source.Node) {
		if found == nil && slices.ContainsFunc(flow.References(n.Text), isReplyPath) {
			found = n
		}
	})
	return found
}

// compares reports whether an action compares one key of the latest reply.
func (a *Action) compares(key string) bool {
	return a.Type == "Compare" && isReply(a.param("ComparisonValue"), key)
}

// fillsReply reports whether an action replaces the latest reply when it succeeds.
func (a *Action) fillsReply() bool { return a.isSynchronous() || a.Type == "LoadLambdaFunctionResult" }
