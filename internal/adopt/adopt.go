package adopt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// Options say how a block is adopted.
type Options struct {
	Flow  *flowlang.Flow   // as it was read from Text, of the type that it has
	Text  []byte           // the JSON of the flow, and nothing else
	Block *flowlang.Action // one that Block found

	FunctionARN string // of the async function
	Job         string // that runs the function of the block
	Language    string // of the texts; "" for the default
	Prompt      string // id or ARN of a recording that is played between sentences, "" for none

	Module     string // id of the module that holds the loop; "" puts it into the flow
	ModuleName string
}

// Adopted is a flow whose block was adopted.
type Adopted struct {
	Flow     []byte
	Module   []byte   // nil when the loop is in the flow
	Added    []string // identifiers of the new actions
	Warnings source.Findings
}

// Flow adopts the block. An error is a source.Finding, and then nothing is to be written.
func Flow(o Options) (Adopted, error) {
	if found := flowlang.Unplayable(o.Flow.Check()); len(found) > 0 {
		return Adopted{}, found[0]
	}
	if err := checkType(o.Flow); err != nil {
		return Adopted{}, err
	}
	w := &work{Options: o, style: style.Adopted{FunctionARN: o.FunctionARN, Job: o.Job, Type: o.Flow.Type,
		Language: o.Language, Prompt: o.Prompt, Chat: isForChats(o.Flow, o.Block),
		TellsFailure: hangsUp(o.Block.Failed(flowlang.NoMatchingError).To),
		ResponseType: responseType(o.Flow, o.Block)}}
	if err := w.open(); err != nil {
		return Adopted{}, err
	}
	var err error
	if o.Module != "" {
		err = w.asModule()
	} else {
		err = w.inPlace()
	}
	if err != nil {
		found := source.AsFinding(o.Flow.File, err)
		found.File = o.Flow.File
		return Adopted{}, found
	}
	return w.adopted, w.checkSize()
}

// checkType refuses a flow of which nothing says the type, if it does something else in the type that it is taken for
// than its author may have meant.
func checkType(f *flowlang.Flow) error {
	if f.TypeGiven {
		return nil
	}
	for _, found := range f.WithType(f.Type).Check() {
		if found.Code == flowlang.CodeFlowType {
			found.Severity, found.Code = source.Error, CodeType
			found.Message = fmt.Sprintf("nothing says the type of this flow; as %s: %s", f.Type, found.Message)
			found.Remedy = "Pass --type with the type of the flow, such as inbound or agent_transfer."
			return found
		}
	}
	return nil
}

// isForChats reports whether chats come to a block. A flow with a Wait that fails on voice is one for chats.
func isForChats(f *flowlang.Flow, block *flowlang.Action) bool {
	return slices.Contains(f.OnChat(), block) || slices.ContainsFunc(f.Reached(f.OfType(flowlang.Wait)), isPlainWait)
}

// isPlainWait reports whether an action is a Wait that voice calls cannot wait in (admin guide, Wait).
func isPlainWait(a *flowlang.Action) bool {
	return a.Type == flowlang.Wait && !a.Is(flowlang.ContinueExecution) && a.Param("InterruptibleEvents") == nil
}

// hangsUp reports whether a contact ends at an action without a word.
func hangsUp(a *flowlang.Action) bool {
	return a.Type == flowlang.DisconnectParticipant || a.Type == flowlang.EndFlowExecution
}

// work is one adoption.
type work struct {
	Options
	style   style.Adopted
	edit    *edit.Text
	adopted Adopted
}

// responseType is how the block reads its function's reply. Where it does not say that, strings are what Connect
// expects, unless the flow reads nested values.
func responseType(f *flowlang.Flow, block *flowlang.Action) string {
	if said := block.Param("ResponseValidation").Get("ResponseType").Str(); said == flowlang.JSON ||
		said == flowlang.StringMap {
		return said
	}
	for _, key := range Keys(f, block) {
		if len(key) > 1 {
			return flowlang.JSON
		}
	}
	return flowlang.StringMap
}

// inPlace puts the loop into the flow. The block's identifier becomes that of the action at which the loop begins, so
// that whatever led to the block leads there.
func (w *work) inPlace() error {
	names := newNames(w.Flow)
	kept := w.keepReplies(names)
	run := w.Block.Identifier
	if len(kept) > 0 {
		run = names.unused(style.RunIdentifier)
	}
	actions, err := w.style.Loop(func(name string) string {
		if name == style.RunIdentifier {
			return run
		}
		return names.unused(name)
	}, w.Block.Success().To.Identifier, w.Block.Failed(flowlang.NoMatchingError).To.Identifier)
	if err != nil {
		return err
	}
	if len(kept) > 0 {
		actions = append([]style.Action{w.keep(kept, run)}, actions...)
	}
	if total := len(w.Flow.Actions) - 1 + len(actions); total > flowlang.MaxActions {
		return w.tooLarge(fmt.Sprintf("with the loop the flow would have %d actions; Connect allows %d", total,
			flowlang.MaxActions))
	}
	w.write(actions)
	return nil
}

// write puts actions in the place of the block, and lays them out.
func (w *work) write(actions []style.Action) {
	for _, a := range actions[1:] {
		w.adopted.Added = append(w.adopted.Added, a.Identifier)
	}
	w.replace(actions)
	w.place(actions)
	w.adopted.Flow = w.edited()
}

// keep is the action that keeps values of the latest reply, which the loop replaces. One that cannot be kept is absent
// as a parameter, as one is that the reply does not have.
func (w *work) keep(kept []style.Parameter, next string) style.Action {
	values := make([]source.Member, len(kept))
	for i, p := range kept {
		value := p.Value
		if w.Flow.Type != flowlang.Module {
			value = object(source.Member{Key: "Value", Value: value})
		}
		values[i] = source.Member{Key: p.Name, Value: value}
	}
	name, parameters := flowlang.UpdateFlowAttributes, object(source.Member{Key: "FlowAttributes",
		Value: object(values...)})
	if w.Flow.Type == flowlang.Module { // which has no flow attributes
		name, parameters = flowlang.UpdateContactAttributes, object(
			source.Member{Key: "Attributes", Value: object(values...)},
			source.Member{Key: "TargetContact", Value: text("Current")})
	}
	branches := object(
		source.Member{Key: "NextAction", Value: text(next)},
		source.Member{Key: "Errors", Value: &source.Node{Kind: source.Array, Items: []*source.Node{object(
			source.Member{Key: "NextAction", Value: text(next)},
			source.Member{Key: "ErrorType", Value: text(flowlang.NoMatchingError)})}}})
	return style.Action{Identifier: w.Block.Identifier, Type: name, Parameters: parameters, Transitions: branches}
}

// keepReplies gives the loop the parameters of the block. A parameter that is read from the latest reply, which the
// loop replaces, is kept in an attribute before.
func (w *work) keepReplies(names *names) (kept []style.Parameter) {
	namespace := "$.FlowAttributes."
	if w.Flow.Type == flowlang.Module {
		namespace = "$.Attributes."
	}
	w.style.Parameters = w.parameters(func(name string, n *source.Node) *source.Node {
		path, _ := flowlang.ReadReference(n.Text)
		if _, isReply := isReply(path); !isReply {
			return n
		}
		name = names.attribute(w.Job + "_" + name)
		kept = append(kept, style.Parameter{Name: name, Value: n})
		return text(namespace + name)
	})
	return kept
}

// parameters are those of the block, with each value that is one whole reference as change has it. name is the
// parameter's, with the keys to a nested value.
func (w *work) parameters(change func(name string, n *source.Node) *source.Node) []style.Parameter {
	var list []style.Parameter
	for _, m := range w.Block.Param("LambdaInvocationAttributes").Entries() {
		list = append(list, style.Parameter{Name: m.Key, Value: changed(m.Key, m.Value, change)})
	}
	return list
}

func changed(name string, n *source.Node, change func(string, *source.Node) *source.Node) *source.Node {
	switch {
	case flowlang.IsReference(n.Str()):
		return change(name, n)
	case n.Is(source.Object):
		copied := object()
		for _, m := range n.Members {
			m.Value = changed(name+"_"+m.Key, m.Value, change)
			copied.Members = append(copied.Members, m)
		}
		return copied
	case n.Is(source.Array):
		copied := &source.Node{Kind: source.Array}
		for i, item := range n.Items {
			copied.Items = append(copied.Items, changed(name+"_"+strconv.Itoa(i), item, change))
		}
		return copied
	}
	return n
}

// checkSize refuses what Connect would.
func (w *work) checkSize() error {
	doc, err := source.ParseJSON(w.Flow.File, w.adopted.Flow)
	if err != nil {
		return err
	}
	compact, err := doc.MarshalJSON()
	if err != nil {
		return err
	}
	if n := utf8.RuneCount(compact); n > flowlang.MaxCharacters {
		return w.tooLarge(fmt.Sprintf("the flow would have %d characters; Connect allows %d", n,
			flowlang.MaxCharacters))
	}
	return nil
}

func (w *work) tooLarge(message string) error {
	remedy := "Pass --as module, which puts the loop into a module of its own."
	if w.Module != "" {
		remedy = "Move a part of the flow to another flow or module first."
	}
	return problem(w.Flow, nil, CodeTooLarge, message, remedy)
}

// names are the names that a flow has already.
type names struct{ actions, attributes map[string]bool }

func newNames(f *flowlang.Flow) *names {
	n := &names{actions: map[string]bool{}, attributes: map[string]bool{}}
	for _, a := range f.Actions {
		n.actions[a.Identifier] = true
		for _, m := range append(a.Param("FlowAttributes").Entries(), a.Param("Attributes").Entries()...) {
			n.attributes[m.Key] = true
		}
	}
	return n
}

// unused is a name for an action, with a number where another one has it.
func (n *names) unused(name string) string { return numbered(n.actions, name, " ") }

// attribute is a name for an attribute: letters, digits, - and _ only, as the API has it.
func (n *names) attribute(name string) string { return numbered(n.attributes, plain(name), "_") }

func numbered(used map[string]bool, name, space string) string {
	free := name
	for i := 2; used[free]; i++ {
		free = name + space + strconv.Itoa(i)
	}
	used[free] = true
	return free
}

// plain replaces what no name of an attribute or of a parameter may have.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		isLetter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if isLetter || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, name)
}

func object(members ...source.Member) *source.Node {
	return &source.Node{Kind: source.Object, Members: members}
}

func text(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }
