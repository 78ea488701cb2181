package style

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Adopted says how one Lambda block of a flow that people have becomes a poll. It sends the long names of all
// parameters and asks for long keys, so that the function's own parameters and keys may be called anything.
type Adopted struct {
	FunctionARN  string // of the async function
	Job          string // of the async function
	Type         flowlang.Type
	Language     string      // of the texts, default: en
	Prompt       string      // id or ARN of a recording that is played between sentences, "" for none
	Chat         bool        // chats come to the block: a message takes no time there, so that a Wait follows it
	TellsFailure bool        // before the action that follows a failure, which says nothing itself
	Parameters   []Parameter // that the block gives its function, in their order
	ResponseType string      // flowlang.StringMap or flowlang.JSON: how the block reads a reply
}

// Parameter is a parameter of a function, or a value that a module returns.
type Parameter struct {
	Name  string
	Value *source.Node
}

// Action is one action of a flow.
type Action struct {
	Identifier, Type        string
	Parameters, Transitions *source.Node
}

// The other identifiers of a poll that are named here.
const (
	cancel = "Cancel"
	moment = "Say one moment"
)

// continues is where a loop continues after it has told a failure, until it is given what follows.
const continues = "Continue"

// RunIdentifier is the action of a Loop that calls the function, at which it begins.
const RunIdentifier = "Run"

// Loop returns the actions that take the place of the block. rename gives each its identifier in the flow, beginning
// with RunIdentifier; success and failure are the actions that follow. An error is a source.Finding.
func (a Adopted) Loop(rename func(string) string, success, failure string) ([]Action, error) {
	if err := a.refused(); err != nil {
		return nil, err
	}
	a.Type = flowlang.ContactFlow // that of the actions, which are the same in all types
	b := a.builder()
	a.poll(b)
	names := map[string]string{b.end(result): success, continues: failure}
	if !a.TellsFailure {
		names[b.end(told)], names[b.end(noService)] = failure, failure
	}
	for _, action := range b.actions {
		names[action.Identifier] = rename(action.Identifier)
	}
	for i := range b.actions {
		b.actions[i].Identifier = names[b.actions[i].Identifier]
		b.actions[i].Transitions.rename(names)
	}
	return asNodes(a.lengthened(b.actions))
}

// Module writes a module that holds the loop. returns is the data of its success, by name. An error is a
// source.Finding.
func (a Adopted) Module(name string, returns []Parameter) ([]byte, error) {
	if err := a.refused(); err != nil {
		return nil, err
	}
	a.Type = flowlang.Module
	b := a.builder()
	b.options.Name = name
	a.poll(b)
	b.actions = a.lengthened(b.actions)
	for i := range b.actions {
		if end := &b.actions[i]; end.Identifier == b.end(result) && len(returns) > 0 {
			end.Parameters = append(end.Parameters, pair("ResultData", membersOf(returns)))
		}
	}
	return b.document()
}

// Succeeded is the result with which such a module ends when the function succeeded.
func (a Adopted) Succeeded() string { return result.code }

func (a Adopted) builder() *builder {
	language := cmp.Or(a.Language, DefaultLanguage)
	texts, _ := textsIn(language, a.Chat)
	return &builder{texts: texts, options: Options{Style: Poll, Type: a.Type, FunctionARN: a.FunctionARN, Job: a.Job,
		Prompt: a.Prompt, Language: language}}
}

// poll adds the actions of the loop; the ends of one in a flow are the flow's own. A cancel without an answer asks once
// more how the work stands, so that there is one place at which the loop fails.
func (a Adopted) poll(b *builder) {
	b.poll()
	isEnd := func(action action) bool { return action.Identifier == b.end(result) }
	if a.Type != flowlang.Module {
		b.actions = b.actions[:slices.IndexFunc(b.actions, isEnd)]
	}
	if a.Type != flowlang.Module && a.TellsFailure {
		for _, e := range []ending{told, noService} {
			b.say(b.end(e), e.text(b.texts), continues)
		}
	}
	names := map[string]string{}
	if a.Chat {
		const wait = "Wait a moment"
		names[RunIdentifier] = wait
		b.add(wait, flowlang.Wait, object{pair("TimeLimitSeconds", strconv.Itoa(ChatSeconds))}, transitions{
			NextAction: RunIdentifier,
			Errors:     []errorBranch{{NextAction: RunIdentifier, ErrorType: flowlang.NoMatchingError}},
			Conditions: []condition{equals(flowlang.WaitCompleted, RunIdentifier)},
		})
	}
	for i := range b.actions {
		switch t := &b.actions[i].Transitions; b.actions[i].Type {
		case flowlang.MessageParticipant:
			t.rename(names)
		case flowlang.InvokeLambdaFunction:
			if b.actions[i].Identifier == cancel {
				t.Errors[0].NextAction = moment
			}
		}
	}
}

// refused says why the block cannot become a poll.
func (a Adopted) refused() error {
	o := a.builder().options
	if _, ok := languages[o.Language]; !ok {
		return problem(CodeUnknown, fmt.Sprintf("unknown language %q", o.Language),
			"Choose one of "+strings.Join(Languages(), ", ")+".")
	}
	reason, remedy := refuse(o, writers[Poll])
	switch {
	case reason == "":
		return nil
	case a.Type == flowlang.CustomerQueue:
		remedy = "Adopt a block of the flow before the queue; --style queue writes a queue flow that tells the result."
	case a.Type == flowlang.Campaign:
		remedy = "Move the block to an inbound or a transfer flow, and adopt it there."
	}
	return problem(CodeRefused, reason, remedy)
}

// lengthened are the actions of a poll with long names and keys, and with the block's own parameters.
func (a Adopted) lengthened(actions []action) []action {
	for i := range actions {
		p := actions[i].Parameters
		for n := range p {
			p[n].value = longReferences(p[n].value)
			if sent, ok := p[n].value.(object); ok && p[n].key == "LambdaInvocationAttributes" {
				p[n].value = a.sent(sent)
			}
			if p[n].key == "ResponseValidation" {
				p[n].value = object{pair("ResponseType", a.ResponseType)}
			}
		}
	}
	return actions
}

// sent are the parameters of one call.
func (a Adopted) sent(p object) object {
	long := make(object, 0, len(p)+1+len(a.Parameters))
	for _, m := range p {
		if m.key == async.ParamResponseType {
			m.value = a.ResponseType
		}
		long = append(long, pair(async.LongName(m.key), m.value))
	}
	long = append(long, pair(async.ParamKeys, async.NamesPrefixed))
	return append(long, membersOf(a.Parameters)...)
}

// longReferences replaces the protocol's keys in references to the reply.
func longReferences(value any) any {
	switch v := value.(type) {
	case string:
		if key, ok := strings.CutPrefix(v, reply("")); ok {
			return reply(async.LongKey(key))
		}
	case object:
		for i := range v {
			v[i].value = longReferences(v[i].value)
		}
	}
	return value
}

func membersOf(list []Parameter) object {
	var o object
	for _, p := range list {
		o = append(o, pair(p.Name, p.Value))
	}
	return o
}

// rename replaces the identifiers that branches lead to. Those that have no other name stay.
func (t *transitions) rename(names map[string]string) {
	renamed := func(name string) string { return cmp.Or(names[name], name) }
	t.NextAction = renamed(t.NextAction)
	for i := range t.Errors {
		t.Errors[i].NextAction = renamed(t.Errors[i].NextAction)
	}
	for i := range t.Conditions {
		t.Conditions[i].NextAction = renamed(t.Conditions[i].NextAction)
	}
}

func asNodes(actions []action) ([]Action, error) {
	list := make([]Action, len(actions))
	for i, a := range actions {
		list[i] = Action{Identifier: a.Identifier, Type: a.Type}
		for to, value := range map[**source.Node]any{&list[i].Parameters: a.Parameters,
			&list[i].Transitions: a.Transitions} {
			text, err := encode(value)
			if err != nil {
				return nil, err
			}
			if *to, err = source.ParseJSON(a.Identifier, text); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
