package adopt

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// moduleData begins a reference to what a module returned.
const moduleData = "$.Modules.ResultData"

// inPlaceRemedy is the way out where a module would change what is read.
const inPlaceRemedy = "Adopt the block in place (--as flow): $.External then stays what it is."

// asModule puts the loop into a module, which the block invokes. The reply of the function is seen inside of the module
// only, so that it returns what the flow reads of it.
func (w *work) asModule() error {
	r := &rewriting{work: w, from: replies(w.Flow), results: moduleResults(w.Flow, w.Block), names: map[string]bool{},
		keys: map[string]string{}}
	if err := r.flow(); err != nil {
		return err
	}
	input := r.input()
	module, err := w.style.Module(w.ModuleName, r.returns)
	if err != nil {
		return err
	}
	w.adopted.Module = module
	parameters := object(source.Member{Key: "FlowModuleId", Value: text(w.Module)})
	if len(input.Members) > 0 {
		parameters.Members = append(parameters.Members, source.Member{Key: "Input", Value: input})
	}
	success, failure := w.Block.Success().To.Identifier, w.Block.Failed(flowlang.NoMatchingError).To.Identifier
	w.warnTransfers(r.from)
	w.write([]style.Action{{Identifier: w.Block.Identifier, Type: flowlang.InvokeFlowModule,
		Parameters: parameters, Transitions: moduleBranches(w.style.Succeeded(), success, failure)}})
	return nil
}

// moduleBranches lead on when the module ends with a result, and to failure otherwise.
func moduleBranches(result, success, failure string) *source.Node {
	array := func(items ...*source.Node) *source.Node { return &source.Node{Kind: source.Array, Items: items} }
	next := func(to string) source.Member { return source.Member{Key: "NextAction", Value: text(to)} }
	failed := func(name string) *source.Node {
		return object(next(failure), source.Member{Key: "ErrorType", Value: text(name)})
	}
	condition := object(source.Member{Key: "Operator", Value: text(flowlang.Equals)},
		source.Member{Key: "Operands", Value: array(text(result))})
	return object(next(failure),
		source.Member{Key: "Errors", Value: array(failed(flowlang.NoMatchingCondition),
			failed(flowlang.NoMatchingError))},
		source.Member{Key: "Conditions", Value: array(object(next(success),
			source.Member{Key: "Condition", Value: condition}))})
}

// warnTransfers warns of flows that would have read the reply: it stays when a contact is transferred to another flow,
// and the result of a module does not.
func (w *work) warnTransfers(from map[*flowlang.Action]writers) {
	for _, a := range w.Flow.OfType(flowlang.TransferToFlow) {
		if from[a][w.Block] {
			message := fmt.Sprintf("if the flow that %q transfers to reads $.External, the reply of %q is gone",
				a.Identifier, w.Block.Identifier)
			w.adopted.Warnings = append(w.adopted.Warnings, source.Finding{Code: CodeReply, Severity: source.Warning,
				File: w.Flow.File, Pos: a.Node.Pos, Subject: a.Identifier, Message: message, Remedy: inPlaceRemedy})
		}
	}
}

// rewriting lets the flow read the module's result where it read the block's reply.
type rewriting struct {
	*work
	from    map[*flowlang.Action]writers // whose reply is read
	results map[*flowlang.Action]writers // which module's result is read, then
	names   map[string]bool              // of what the module returns
	keys    map[string]string            // the same by what the flow reads
	returns []style.Parameter
}

// flow rewrites every action that reads the reply.
func (r *rewriting) flow() error {
	for _, a := range r.Flow.Actions {
		var fault error
		note := func(err error) {
			if fault == nil {
				fault = err
			}
		}
		eachRead(a, func(n *source.Node, path []string) { note(r.check(a, n, path)) })
		if r.from[a][r.Block] && a.Parameters.AnyText(isFilledInReply) {
			note(problem(r.Flow, a.Node, CodeFilledIn,
				fmt.Sprintf("only the deployment knows which key of the reply %q reads", a.Identifier), inPlaceRemedy))
		}
		if fault != nil {
			return fault
		}
		if a != r.Block && r.from[a][r.Block] {
			r.action(a)
		}
	}
	return nil
}

// isFilledInReply reports whether a text may refer to a key of the reply that a template fills in.
func isFilledInReply(n *source.Node) bool {
	return flowlang.FilledIn(n.Text) && (strings.Contains(n.Text, "External") || strings.Contains(n.Text, "ResultData"))
}

// check refuses what could not be told apart once the block is a module.
func (r *rewriting) check(a *flowlang.Action, n *source.Node, path []string) error {
	refuse := func(format string, args ...any) error {
		return problem(r.Flow, n, CodeReply, fmt.Sprintf("%q: ", a.Identifier)+fmt.Sprintf(format, args...),
			inPlaceRemedy)
	}
	_, isReply := isReply(path)
	switch {
	case isModuleResult(path) && r.results[a][r.Block]:
		return refuse("it reads the result of another module, which the new one would replace")
	case !isReply || !r.from[a][r.Block]:
		return nil
	}
	if others := r.from[a].others(r.Block); len(others) > 0 {
		return refuse("$.%s may be the reply of %q or of %q", strings.Join(path, "."), r.Block.Identifier,
			others[0].Identifier)
	}
	if r.from[a][nil] && r.Flow.Type != flowlang.Module { // which does not see the reply that its caller received
		return refuse("$.%s may be the reply of %q, or of a function that ran before the flow", strings.Join(path, "."),
			r.Block.Identifier)
	}
	if others := r.results[a].others(r.Block); len(others) > 0 {
		return refuse("the module %q may run before it reads the reply of %q, and would replace the result",
			others[0].Identifier, r.Block.Identifier)
	}
	return nil
}

// action rewrites the texts of one action.
func (r *rewriting) action(a *flowlang.Action) {
	a.Parameters.EachText(r.text)
	for _, b := range a.Branches {
		for _, operand := range b.Operands {
			operand.EachText(r.text)
		}
	}
}

// text rewrites the references in one text.
func (r *rewriting) text(n *source.Node) {
	var out strings.Builder
	for rest := n.Text; rest != ""; {
		path, length := flowlang.ReadReference(rest)
		prefix, ok := 0, false
		if length > 0 {
			prefix, ok = isReply(path)
		}
		if length = max(length, 1); ok {
			out.WriteString(r.reference(path[prefix:]))
		} else {
			out.WriteString(rest[:length])
		}
		rest = rest[length:]
	}
	if out.String() != n.Text {
		r.edit.Set(n, out.String())
	}
}

// reference is what the flow reads instead of a key of the reply.
func (r *rewriting) reference(key []string) string {
	if len(key) == 0 {
		return moduleData
	}
	return moduleData + "." + r.returned(key)
}

// returned is the name under which the module returns a key.
func (r *rewriting) returned(key []string) string {
	joined := strings.Join(key, "\x00")
	if r.keys[joined] == "" {
		name := numbered(r.names, plain(strings.Join(key, "_")), "_")
		r.keys[joined] = name
		r.returns = append(r.returns, style.Parameter{Name: name, Value: text(referenceTo(key))})
	}
	return r.keys[joined]
}

// referenceTo is a reference to a key of the latest reply.
func referenceTo(key []string) string {
	reference := "$.External"
	for _, step := range key {
		if plain(step) == step {
			reference += "." + step
		} else {
			reference += ".['" + step + "']"
		}
	}
	return reference
}

// input gives the module the parameters of the block: fixed values are written into the module, and what the flow
// knows is its input.
func (r *rewriting) input() *source.Node {
	input, names := object(), map[string]bool{}
	r.style.Parameters = r.parameters(func(name string, n *source.Node) *source.Node {
		path, _ := flowlang.ReadReference(n.Text)
		value := n
		if prefix, isReply := isReply(path); isReply && r.from[r.Block][r.Block] {
			value = text(r.reference(path[prefix:]))
		}
		name = numbered(names, plain(name), "_")
		input.Members = append(input.Members, source.Member{Key: name, Value: value})
		return text("$.Modules.Input." + name)
	})
	return input
}
