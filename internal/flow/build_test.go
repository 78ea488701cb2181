package flow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// build makes a flow of lines, one action each: identifier, type, parameters as JSON, then the branches: >next,
// !Error=next, result=next, Operator:operand=next. The first action is the start. A line that begins with a branch or
// a piece of JSON continues the one before.
func build(t testing.TB, flowType flowlang.Type, text string) *flow.Flow {
	t.Helper()
	doc := map[string]any{"Version": "2019-10-30", "Metadata": map[string]any{"type": string(flowType)}}
	var actions []any
	for _, line := range actionLines(text) {
		action := buildAction(t, line)
		if len(actions) == 0 {
			doc["StartAction"] = action["Identifier"]
		}
		actions = append(actions, action)
	}
	doc["Actions"] = actions
	written, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(written))
}

// actionLines returns the lines of a flow, each with those that continue it.
func actionLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		first, _, _ := strings.Cut(line, " ")
		switch {
		case line == "":
		case len(lines) > 0 && (strings.ContainsAny(line[:1], `>!{["`) || strings.Contains(first, "=")):
			lines[len(lines)-1] += " " + line
		default:
			lines = append(lines, line)
		}
	}
	return lines
}

func buildAction(t testing.TB, line string) map[string]any {
	t.Helper()
	identifier, line, _ := strings.Cut(line, " ")
	actionType, line, _ := strings.Cut(line, " ")
	decoder := json.NewDecoder(strings.NewReader(line))
	var parameters map[string]any
	if err := decoder.Decode(&parameters); err != nil {
		t.Fatalf("%s: %v", identifier, err)
	}
	var conditions, errors []any
	transitions := map[string]any{}
	for _, word := range strings.Fields(line[decoder.InputOffset():]) {
		name, next, _ := strings.Cut(word, "=")
		switch {
		case strings.HasPrefix(word, ">"):
			transitions["NextAction"] = word[1:]
		case strings.HasPrefix(word, "!"):
			errors = append(errors, map[string]any{"ErrorType": name[1:], "NextAction": next})
		default:
			operator, operand, found := strings.Cut(name, ":")
			if !found {
				operator, operand = "Equals", name
			}
			condition := map[string]any{"Operator": operator, "Operands": []string{operand}}
			conditions = append(conditions, map[string]any{"NextAction": next, "Condition": condition})
		}
	}
	transitions["Conditions"], transitions["Errors"] = conditions, errors
	return map[string]any{
		"Identifier": identifier, "Type": actionType, "Parameters": parameters, "Transitions": transitions,
	}
}

// course writes the branches that a play took, and how it ended: "action→branch" and the ending, each with its time
// when it is not that of the one before.
func course(d *driver) string {
	var steps []string
	last := time.Duration(0)
	for _, c := range d.commands {
		step := ""
		switch k := c.command.(type) {
		case flow.Take:
			step = k.Action.Identifier + "→" + k.Branch
		case flow.Finish:
			step = string(k.Ending)
		default:
			continue
		}
		if c.at != last {
			step = fmt.Sprintf("%v:%s", c.at, step)
			last = c.at
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, " ")
}

// heard lists what was said.
func heard(d *driver) string {
	var texts []string
	for _, c := range d.commands {
		if say, ok := c.command.(flow.Say); ok {
			texts = append(texts, say.Text+say.SSML+say.PromptID+say.Media)
		}
	}
	return strings.Join(texts, " | ")
}

// expect compares the course of a play and what was said. What is expected as "" is not compared.
func expect(t *testing.T, d *driver, wantCourse, wantHeard string) {
	t.Helper()
	if got := course(d); wantCourse != "" && got != wantCourse {
		t.Errorf("took  %s\nwant  %s", got, wantCourse)
	}
	if got := heard(d); wantHeard != "" && got != wantHeard {
		t.Errorf("heard %q, want %q", got, wantHeard)
	}
}

func notes(d *driver, code string) string {
	var texts []string
	for _, c := range d.commands {
		if note, ok := c.command.(flow.Note); ok && note.Code == code {
			texts = append(texts, note.Text)
		}
	}
	return strings.Join(texts, " | ")
}

// scenario is a play of a built flow: messages last two seconds, functions answer as scripted, in turn, the last
// answer from then on, and Connect takes no time of its own unless assume says so.
type scenario struct {
	kind    flowlang.Type
	flow    string
	options flow.Options
	assume  map[string]string
	replies []reply
	inputs  []flow.Input // in turn; At: how long after the Ask
	hangUp  time.Duration
}

func (s scenario) play(t testing.TB) *driver {
	t.Helper()
	if s.kind == "" {
		s.kind = flowlang.ContactFlow
	}
	assumed := flow.DefaultAssumptions()
	assumed.ConnectTimeMillis = 0
	for name, value := range s.assume {
		if err := assumed.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	s.options.Assumptions = &assumed
	d := &driver{
		contact: flow.NewContact(build(t, s.kind, s.flow), s.options),
		hangUp:  s.hangUp,
		lasts:   func(flow.Say) time.Duration { return 2 * time.Second },
	}
	calls, asks := 0, 0
	d.function = func(time.Duration, flow.InvokeFunction) reply {
		calls++
		return s.replies[min(calls, len(s.replies))-1]
	}
	d.answer = func(time.Duration, flow.Ask) (flow.Input, bool) {
		if asks++; asks > len(s.inputs) {
			return flow.Input{}, false
		}
		return s.inputs[asks-1], true
	}
	d.play()
	return d
}

// The ends of small flows: bye disconnects, err ends the flow.
const bye = `
bye DisconnectParticipant {}
err EndFlowExecution {}
`

// message is a flow that says something to the caller.
func message(parameters string) string {
	return `hi MessageParticipant ` + parameters + ` >bye !NoMatchingError=err` + bye
}

// world is a world in which the actions of an identifier or type come to these outcomes, in turn.
func world(name string, outcomes ...flow.Outcome) flow.World {
	return flow.World{Outcomes: map[string][]flow.Outcome{name: outcomes}}
}

func after(d time.Duration, digits, text string) flow.Input {
	return flow.Input{At: epoch.Add(d), Digits: digits, Text: text}
}
