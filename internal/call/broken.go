package call

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/value"
)

// Broken is something that a function which really ran did wrong in a call. What stand-ins do was meant.
type Broken struct {
	What   string
	At     time.Duration
	Kind   BrokenKind
	Action string // that invoked the function, or read its reply; "" for an execution
}

// BrokenKind says what was wrong.
type BrokenKind int

// The kinds of Broken.
const (
	BrokenExecution  BrokenKind = iota // an execution failed or ran out of time
	BrokenInvocation                   // a function that the flow invoked itself failed or did not answer in time
	BrokenReply                        // a text reads what the function did not return, or Connect cannot take it
)

// expected reports whether the expectations of a scenario name what was wrong: the end of the execution, or an error
// branch of the action. Nobody can mean a hole in a text.
func (b Broken) expected(e scenario.Expectations) bool {
	switch b.Kind {
	case BrokenExecution:
		return e.Function == string(asl.Failed) || e.Function == string(asl.TimedOut)
	case BrokenInvocation:
		return slices.ContainsFunc(e.Branches, func(branch scenario.Branch) bool {
			return branch.Action == b.Action && branch.Branch != flowlang.NextAction
		})
	}
	return false
}

// remedy says how a scenario expects it.
func (b Broken) remedy() string {
	switch b.Kind {
	case BrokenExecution:
		return "; if it should, write expect: {function: FAILED} in the scenario"
	case BrokenInvocation:
		return fmt.Sprintf("; if it should, write expect: {branches: [{action: %s, branch: %s}]} in the scenario",
			b.Action, flowlang.NoMatchingError)
	}
	return ""
}

// breaks notes what a function that ran did wrong.
func (l *line) breaks(b Broken) {
	b.At = l.now()
	l.broken = append(l.broken, b)
}

// brokenExecutions are the executions that failed or ran out of time, where functions really run.
func (l *line) brokenExecutions() []Broken {
	var list []Broken
	for _, d := range l.ends() {
		if !l.stage.call.workspace.RunsAny() || d.Status != asl.Failed && d.Status != asl.TimedOut {
			continue
		}
		what := "the function ran out of time"
		if d.Error != "" {
			what = "the function failed: " + l.stage.explained(failureOf(d.Error, d.Cause)).Words()
		}
		list = append(list, Broken{What: what, At: d.Stopped.Sub(l.began), Kind: BrokenExecution})
	}
	return list
}

// checkInvocation keeps that a function which the flow invoked itself failed, or gave no answer in time, until the flow
// takes a branch for it: Connect may invoke the function again. An asynchronous invocation has no such branch.
func (l *line) checkInvocation(c flow.InvokeFunction, o player.Opened, e Event) {
	name := l.functionName(c)
	if e.Error == "" || o.Cut && l.player.Contact().Ended() != "" || !l.stage.call.workspace.Runs(name) ||
		name == l.stage.call.workspace.AsyncName {
		return
	}
	what := e.Error
	if e.Failure != nil {
		what += "  " + e.Failure.Place()
	}
	b := Broken{What: fmt.Sprintf("the function %s failed: %s", name, what), Kind: BrokenInvocation,
		Action: c.Action.Identifier}
	if c.Asynchronous {
		l.breaks(b)
		return
	}
	l.failing = &b
}

// lastReply is what a flow can read of the function that answered last, and which one that was.
type lastReply struct {
	object *value.Object // nil where there is nothing that a function returned
	from   string
	merged bool // with what the async function says itself
}

// own reports whether a key of the reply is what the function returned. One that begins with sfn_ never is: a run that
// follows another function finds no count in its reply, and begins a round.
func (r lastReply) own(key string) bool {
	return key != async.LongName(key) && !(r.merged && async.ReservedKey(key))
}

// remember keeps the reply of a function for comparing it with what the flow reads. Of the async function only the
// reply that delivers a result holds what a function returned.
func (l *line) remember(c flow.InvokeFunction, reply *value.Object) {
	r := lastReply{object: reply, from: l.functionName(c)}
	if r.from == l.stage.call.workspace.AsyncName {
		r.from, r.merged = "the function", true
		if textOf(reply, async.KeyExecutionStatus) != async.ExecutionSucceeded {
			r.object = nil
		}
		l.checkDelivery(c, reply)
	}
	if c.Asynchronous {
		l.loaded = r
		return
	}
	l.replies[l.flow] = r
}

// checkDelivery notes, once, that what a function returned is more than a reply can hold.
func (l *line) checkDelivery(c flow.InvokeFunction, reply *value.Object) {
	isKnown := func(b Broken) bool { return b.Kind == BrokenReply && b.Action == c.Action.Identifier }
	if textOf(reply, async.KeyError) == async.ResultNotDeliverable && l.stage.call.workspace.RunsAny() &&
		!slices.ContainsFunc(l.broken, isKnown) {
		l.breaks(Broken{What: "the result cannot be delivered: " + textOf(reply, async.KeyCause), Kind: BrokenReply,
			Action: c.Action.Identifier})
	}
}

// leaves notes what it means for a function and its reply that the flow leaves an action by a branch.
func (l *line) leaves(c flow.Take) {
	succeeds := c.Branch == flowlang.NextAction
	switch {
	case c.Action.Type == flowlang.LoadLambdaFunctionResult && succeeds:
		l.replies[c.Flow] = l.loaded
	case c.Action.Type == flowlang.InvokeLambdaFunction:
		if !succeeds {
			delete(l.replies, c.Flow)
		}
		if l.failing != nil && !succeeds {
			l.breaks(*l.failing)
		}
		l.failing = nil
	}
}

// checkReads reports what an action reads and the function did not return, as a note; once for each action.
func (l *line) checkReads(c flow.Enter) {
	l.flow = c.Flow
	last := l.replies[c.Flow]
	if last.object == nil || l.checked[c.Action] {
		return
	}
	for _, read := range externalReads(c.Action.Node, "") {
		if !last.own(read.path[0]) || holds(last.object, read.path) {
			continue
		}
		l.checked[c.Action] = true
		text := fmt.Sprintf("reads $.External.%s, which %s did not return; it returned %s",
			strings.Join(read.path, "."), last.from, last.keys())
		l.event(Event{Type: TypeNote, Action: c.Action.Identifier, Text: text})
		if read.spoken && l.stage.call.workspace.RunsAny() {
			l.breaks(Broken{What: fmt.Sprintf("%q %s", c.Action.Identifier, text), Kind: BrokenReply,
				Action: c.Action.Identifier})
		}
	}
}

// externalRead is a reference to a function's reply, without $.External.
type externalRead struct {
	path   []string
	spoken bool // in a text for the caller, where a missing value is a hole
}

// externalReads are the references to a function's reply in a part of an action, which is a member of that name.
func externalReads(n *source.Node, member string) []externalRead {
	var reads []externalRead
	for _, path := range flowlang.References(n.Str()) {
		if len(path) > 2 && path[0] == "LambdaInvocation" && path[1] == "ResultData" {
			path = path[1:]
		} else if len(path) < 2 || path[0] != "External" {
			continue
		}
		reads = append(reads, externalRead{path: path[1:], spoken: member == "Text" || member == "SSML"})
	}
	for _, item := range n.Elements() {
		reads = append(reads, externalReads(item, member)...)
	}
	for _, m := range n.Entries() {
		reads = append(reads, externalReads(m.Value, m.Key)...)
	}
	return reads
}

// holds reports whether a reply has a value at a path. Connect joins the names on the way with dots.
func holds(reply *value.Object, path []string) bool {
	if _, ok := reply.Get(strings.Join(path, ".")); ok {
		return true
	}
	member, ok := reply.Get(path[0])
	if !ok || len(path) == 1 {
		return ok
	}
	switch v := member.(type) {
	case *value.Object:
		return holds(v, path[1:])
	case []any:
		return true // an assumption says what is in a list
	}
	return false
}

// keys lists what the function returned.
func (r lastReply) keys() string {
	var keys []string
	for key := range r.object.All() {
		if r.own(key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return "no keys"
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}
