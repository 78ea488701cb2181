package replay

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
)

// Replies implements call.Record.
func (g *guide) Replies(c flow.InvokeFunction, at time.Time) (player.Reply, time.Duration, bool) {
	reply, after, ok := g.replied(c, at)
	call := invoked{arn: c.ARN, asynchronous: c.Asynchronous, reply: reply, takes: after}
	if !ok {
		call.takes = c.Limit + time.Second // whatever it replied came too late
	}
	g.calls = append(g.calls, call)
	return reply, after, ok
}

func (g *guide) replied(c flow.InvokeFunction, at time.Time) (player.Reply, time.Duration, bool) {
	i := g.entryOf(c.Action)
	if i < 0 {
		return player.Reply{}, 0, false
	}
	e := g.entries[i]
	after := max(0, g.at(i).Sub(at))
	if a, isProbe := readAsked(json.RawMessage(e.parameter("Parameters"))); isProbe {
		reply, after := a.probed(c.Attempt, c.Asynchronous, after)
		return reply, after, true
	}
	if c.Asynchronous {
		return g.asyncReply(i, at)
	}
	if !e.failed() {
		g.chain += after
		return player.Reply{Payload: e.payload()}, after, true
	}
	if within(after, c.Limit) {
		return player.Reply{}, 0, false // the limit ended it
	}
	if within(g.chain+after, awsfacts.ChainLimit) { // so did that for functions in a row, where there is one
		after += 2 * apart
	}
	g.chain += after
	return player.Reply{Failed: true, ErrorType: e.Results}, after, true
}

// within reports whether a time is one at which a limit takes effect.
func within(d, limit time.Duration) bool { return d > limit-nearLimit && d < limit+nearLimit }

// entryOf is the entry of an action that is under way, -1 for none.
func (g *guide) entryOf(a *flowlang.Action) int {
	if i, ok := g.of[a]; ok {
		return i
	}
	return -1
}

// failed reports whether a function failed: a text says why, and there is nothing that it returned.
func (e Entry) failed() bool { return e.External == nil && e.Results != "" }

// payload is what a function returned. Connect shows it as the flow sees it, which may be by dotted paths.
func (e Entry) payload() json.RawMessage {
	if e.External == nil {
		return json.RawMessage("{}")
	}
	var flat map[string]string
	if json.Unmarshal(e.External, &flat) != nil ||
		!strings.HasSuffix(e.parameter("ResponseValidation"), flowlang.JSON) {
		return e.External
	}
	nested := map[string]any{}
	for path, value := range flat {
		place(nested, strings.Split(path, "."), value)
	}
	text, err := json.Marshal(nested)
	if err != nil {
		return e.External
	}
	return text
}

// place puts a value at a path. Something that is at the path is left as it is, where it is an object.
func place(object map[string]any, path []string, value string) {
	if len(path) == 1 {
		if _, isObject := object[path[0]].(map[string]any); !isObject {
			object[path[0]] = value
		}
		return
	}
	inner, isObject := object[path[0]].(map[string]any)
	if !isObject {
		inner = map[string]any{}
		object[path[0]] = inner
	}
	place(inner, path[1:], value)
}

// asyncReply is what an asynchronous function replied: the Wait that its end has ended says when, the action that loads
// it says what.
func (g *guide) asyncReply(invoked int, at time.Time) (player.Reply, time.Duration, bool) {
	ended := g.after(invoked, func(e Entry) bool { return e.isWait() && e.Results != flowlang.Continue })
	loaded := g.after(invoked, func(e Entry) bool { return e.ModuleType == flowlang.LoadLambdaFunctionResult })
	reply := player.Reply{Payload: json.RawMessage("{}")}
	if loaded >= 0 {
		if e := g.entries[loaded]; e.failed() {
			reply = player.Reply{Failed: true, ErrorType: e.Results}
		} else {
			reply.Payload = e.payload()
		}
	}
	switch {
	case ended >= 0 && g.entries[ended].Results != flowlang.WaitCompleted && g.entries[ended].Results != "":
		return reply, g.at(ended).Sub(at), true
	case loaded >= 0 && g.entries[loaded].External != nil && ended < 0:
		return reply, max(0, g.at(loaded).Sub(at)-time.Millisecond), true
	}
	return player.Reply{}, 0, false
}

// after is the first entry after another that fits, -1 for none.
func (g *guide) after(from int, fits func(Entry) bool) int {
	if i := slices.IndexFunc(g.entries[from+1:], fits); i >= 0 {
		return from + 1 + i
	}
	return -1
}

func (e Entry) isWait() bool { return e.ModuleType == flowlang.Wait }

// timedOut reports whether an input took as long as one in which nothing is pressed: its text, and then its limit.
func (g *guide) timedOut(e Entry, took time.Duration) bool {
	limit, err := strconv.Atoi(e.parameter("Timeout"))
	return err == nil && (took-g.length(e)-time.Duration(limit)*time.Second).Abs() <= apart
}

// noInput is the result of an input in time of which there was none.
const noInput = "Timeout"

// Answers implements call.Record.
func (g *guide) Answers(a flow.Ask, at time.Time) []scenario.Step {
	i := g.entryOf(a.Action)
	if i < 0 {
		return nil
	}
	e := g.entries[i]
	step := scenario.Step{At: max(0, g.at(i).Sub(at))}
	switch a.Kind {
	case flow.AskKey:
		if !scenario.IsKeys(e.Results) {
			return nil
		}
		step.Press = e.Results
	case flow.AskDigits:
		step.Press = g.learned.keys[i]
		if step.Press == "" || !g.learned.shown[i] && g.timedOut(e, step.At) {
			return nil
		}
	default:
		if e.Results == "" || e.Results == noInput {
			return nil
		}
		step.Say = e.Results
	}
	return []scenario.Step{step}
}
