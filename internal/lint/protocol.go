package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// protocol is what a flow does with the async function: the reachable actions that start, check and cancel. An action
// that runs is a check that also starts; that it is repeated is its use. Flows made for the original system are
// recognised too.
type protocol struct {
	starts, checks, cancels []*flowlang.Action
	others                  []*flowlang.Action // of which only the deployment knows whether they are among these
}

// readProtocol recognises calls of the async function by their parameters: action says it, execution_id means a check,
// and another call of the function that is checked is a start.
func (f *Flow) readProtocol() protocol {
	var p protocol
	var checked []string
	for _, a := range f.invocations() {
		switch action := strings.ToLower(input(a, async.ParamAction).Scalar()); {
		case action == async.ActionCancel &&
			(input(a, async.ParamExecutionID) != nil || input(a, async.ParamJob) != nil):
			p.cancels = append(p.cancels, a)
		case isRun(a), input(a, async.ParamExecutionID) != nil,
			action == async.ActionCheck && input(a, async.ParamCountMax) != nil:
			p.checks = append(p.checks, a)
		default:
			continue
		}
		checked = append(checked, a.Text("LambdaFunctionARN"))
	}
	for _, a := range f.invocations() {
		action := strings.ToLower(input(a, async.ParamAction).Scalar())
		if flowlang.FilledIn(action) || flowlang.FilledIn(a.Text("LambdaFunctionARN")) {
			p.others = append(p.others, a)
		}
		if input(a, async.ParamExecutionID) == nil && slices.Contains(checked, a.Text("LambdaFunctionARN")) &&
			(action == "" || action == async.ActionStart) {
			p.starts = append(p.starts, a)
		}
	}
	return p
}

// input returns a parameter of the async function that an action sends, under either of its names; nil when it is
// absent.
func input(a *flowlang.Action, name string) *source.Node {
	return cmp.Or(a.Input(async.LongName(name)), a.Input(name))
}

// isInputFilledIn reports whether only the deployment knows what an action sends as a parameter of the async function.
func isInputFilledIn(a *flowlang.Action, name string) bool {
	return a.IsInputFilledIn(async.LongName(name)) || a.IsInputFilledIn(name)
}

// isInput reports whether a parameter that an action sends is one of some parameters of the async function, under
// either of its names.
func isInput(sent string, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return sent == name || sent == async.LongName(name) })
}

// all returns every call of the async function.
func (p protocol) all() []*flowlang.Action { return slices.Concat(p.starts, p.checks, p.cancels) }

// isRun reports whether an action calls the async function in the way of flows with one Lambda block.
func isRun(a *flowlang.Action) bool {
	return strings.EqualFold(input(a, async.ParamAction).Scalar(), async.ActionRun) &&
		(input(a, async.ParamJob) != nil || isReply(input(a, async.ParamCount), async.KeyCount))
}

func (p protocol) isStart(a *flowlang.Action) bool { return slices.Contains(p.starts, a) }
func (p protocol) isCheck(a *flowlang.Action) bool { return slices.Contains(p.checks, a) }

func (p protocol) isCancel(a *flowlang.Action) bool { return slices.Contains(p.cancels, a) }

// mayStart reports whether an action starts an execution, as far as that is known.
func (p protocol) mayStart(a *flowlang.Action) bool {
	return p.isStart(a) || slices.Contains(p.others, a)
}

// assignment is a place where an attribute is given a value.
type assignment struct {
	action *flowlang.Action
	value  *source.Node
}

// readAssignments finds where attributes are set, by reference: FlowAttributes.name or Attributes.name. Actions that a
// contact cannot reach do not count.
func (f *Flow) readAssignments() {
	f.set = map[string][]assignment{}
	for _, a := range f.Actions {
		if f.Start != nil && !f.Reaches(a) {
			continue
		}
		switch a.Type {
		case flowlang.UpdateFlowAttributes:
			f.assign(a, "FlowAttributes", func(n *source.Node) *source.Node { return cmp.Or(n.Get("Value"), whole(n)) })
		case flowlang.UpdateContactAttributes:
			f.assign(a, "Attributes", func(n *source.Node) *source.Node { return n })
		default:
			f.setsAny = f.setsAny || flowlang.FilledIn(a.Type)
		}
	}
}

// assign notes the attributes that an action sets.
func (f *Flow) assign(a *flowlang.Action, namespace string, valueOf func(*source.Node) *source.Node) {
	attributes := a.Param(namespace)
	f.setsAny = f.setsAny || flowlang.FilledIn(attributes.Str()) || flowlang.HasKeyFilledIn(attributes)
	for _, m := range attributes.Entries() {
		if n := valueOf(m.Value); n != nil {
			key := namespace + "." + m.Key
			f.set[key] = append(f.set[key], assignment{action: a, value: n})
		}
	}
}

// whole returns a value that is filled in as a whole, nil for any other.
func whole(n *source.Node) *source.Node {
	if flowlang.FilledIn(n.Str()) {
		return n
	}
	return nil
}

// carried returns the assignments of the attribute that a value refers to, and its reference as a path; none when the
// value does not refer to an attribute.
func (f *Flow) carried(n *source.Node) (path []string, list []assignment) {
	if !flowlang.IsReference(n.Str()) {
		return nil, nil
	}
	path = flowlang.References(n.Str())[0]
	if len(path) == 2 {
		list = f.set[path[0]+"."+path[1]]
	}
	return path, list
}

// isReply reports whether a value is one key of the latest function's reply, under either name of the reply. A key of
// the protocol has a second name, too (sfn_keys).
func isReply(n *source.Node, key string) bool {
	if !flowlang.IsReference(n.Str()) {
		return false
	}
	path := flowlang.References(n.Str())[0]
	last := path[len(path)-1]
	return isReplyPath(path) && (last == key || last == async.LongKey(key))
}

// maySave reports whether one of an attribute's assignments saves a key of the latest reply, as far as that is known.
func (f *Flow) maySave(saved []assignment, key string) bool {
	saves := func(s assignment) bool { return isReply(s.value, key) || flowlang.FilledIn(s.value.Scalar()) }
	return f.setsAny || slices.ContainsFunc(saved, saves)
}

func isReplyPath(path []string) bool {
	return len(path) > 1 && path[0] == "External" ||
		len(path) > 2 && path[0] == "LambdaInvocation" && path[1] == "ResultData"
}

// reply returns the first text of an action that refers to the latest function's reply, nil when there is none.
func reply(a *flowlang.Action) *source.Node { return replyBeside(a, nil) }

// replyBeside is reply without one of the texts.
func replyBeside(a *flowlang.Action, text *source.Node) *source.Node {
	var found *source.Node
	a.Parameters.EachText(func(n *source.Node) {
		if found == nil && n != text && slices.ContainsFunc(flowlang.References(n.Text), isReplyPath) {
			found = n
		}
	})
	return found
}

// compares reports whether an action compares one of some keys of the latest reply.
func compares(a *flowlang.Action, keys ...string) bool {
	compared := func(key string) bool { return isReply(a.Param("ComparisonValue"), key) }
	return a.Type == flowlang.Compare && slices.ContainsFunc(keys, compared)
}

// mayCompare reports whether an action compares one of some keys of the latest reply, as far as that is known.
func mayCompare(a *flowlang.Action, keys ...string) bool {
	return flowlang.FilledIn(a.Type) || flowlang.FilledIn(a.Text("ComparisonValue")) || compares(a, keys...)
}
