package replay

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// recorded is what the name of a stand-in ends in that replies as a function did in the log.
const recorded = "-recorded"

// Scenario is the call as a scenario: the caller does the same at the same times, functions reply the same after as
// long, and what the world decided is given. It expects what was heard and how the call ended. Unless withData is set,
// what belongs to the caller is masked: letters become x and digits 0, except in what the flows compare with.
//
// The findings are those of the scenario when it is played; with errors among them there is none.
func (r *Replay) Scenario(ctx context.Context, withData bool) (scenario.Scenario, source.Findings, error) {
	if r.Begins.isMissing() {
		return scenario.Scenario{}, source.Findings{noBeginning}, nil
	}
	m := masking{on: !withData, kept: r.compared()}
	s := r.scenario
	s.Name = fmt.Sprintf("The call of %s (contact %s)", r.began.UTC().Format(BeganLayout), r.Contact.ID)
	s.Virtual = true
	s.Flows = needed(s.Flows, r.Flows)
	if err := absolute(&s); err != nil {
		return s, nil, err
	}
	s.Speech = speech.Always(s.Speech.Middle())
	s.Latency.Lambda = s.Assumptions.ConnectTime()
	s.Lengths = nil
	s.Callers = []scenario.Caller{r.caller(m)}
	s.Functions, s.Names = r.standIns(m, s.Assumptions)
	s.World.Outcomes = r.outcomes(m)
	if len(s.Names) == 0 {
		s.Names = nil
	}
	if len(s.Functions) == 0 {
		s.Functions = nil
	}
	if len(s.Flows) == 0 {
		s.Flows = nil
	}
	var found source.Findings
	for range 2 { // the texts, whose lengths the log has, are known when the call is played
		summary, events, more, err := r.rehearse(ctx, s)
		if err != nil || more.HasErrors() {
			return s, more, err
		}
		found = more
		if missing := len(r.guide.leftOver()) > 0; missing || !r.sameWay(events) {
			found = append(found, r.anotherWay(withData || missing))
		}
		s.Lengths = lengthsLike(r.Events, events)
		s.Expect = call.ExpectationsOf(summary, events, func(call.Event) bool { return true })
		s.Expect.Function = ""
	}
	return s, found, nil
}

// noBeginning says why there is no scenario of a call whose log begins in its midst.
var noBeginning = source.Finding{Code: "replay-no-beginning", Severity: source.Error, File: "scenario",
	Message: "the log lacks the beginning of the call, so that no scenario can be written of it",
	Remedy:  "Export the log from an earlier time on, at which the contact began."}

// absolute makes the paths of a scenario absolute, since nobody knows yet where it is saved.
func absolute(s *scenario.Scenario) (err error) {
	if s.Flow, err = filepath.Abs(s.Flow); err != nil {
		return err
	}
	for key, file := range s.Flows {
		if s.Flows[key], err = filepath.Abs(file); err != nil {
			return err
		}
	}
	return nil
}

// rehearse plays a scenario on virtual time.
func (r *Replay) rehearse(ctx context.Context, s scenario.Scenario) (call.Summary, []call.Event, source.Findings,
	error) {
	played, found := call.New(ctx, call.Options{Project: r.project, Scenario: s, Virtual: true})
	if played == nil {
		return call.Summary{}, nil, found, nil
	}
	defer played.Close()
	var events []call.Event
	summaries, err := played.Play(ctx, s.Seed, func(e call.Event) { events = append(events, e) })
	if err != nil {
		return call.Summary{}, nil, found, err
	}
	return summaries[0], events, found, nil
}

// CodeAnotherWay is the code of a scenario that is not the call that it was written from.
const CodeAnotherWay = "replay-another-way"

func (r *Replay) anotherWay(dueToFlow bool) source.Finding {
	f := source.Finding{Code: CodeAnotherWay, Severity: source.Warning, File: "scenario",
		Message: "the scenario does not go all the way of the call: see where the log differs from the flow",
		Remedy:  "Use the flow as it was published when the call came, and name those that it leads to, too."}
	if !dueToFlow {
		f.Remedy = "A masked value may decide where the flow goes: pass --with-data, and keep the file to yourself."
	}
	return f
}

// sameWay reports whether a play has the same actions as the call: what is heard, invoked and pressed. Where nobody
// knows when the caller hung up, another text may begin at that moment.
func (r *Replay) sameWay(plays []call.Event) bool {
	way := func(events []call.Event) (actions []string) {
		for _, e := range events {
			over := events[len(events)-1].At
			switch e.Type {
			case call.TypeSays, call.TypePlays, call.TypePauses, call.TypeAsks:
				if r.HangUp != HangUpNone && r.HangUp != HangUpGiven && over-e.At <= justAfter {
					continue
				}
			case call.TypeTransfer, call.TypeEnded, call.TypeStarts:
			default:
				continue
			}
			actions = append(actions, string(e.Type)+" "+e.Action+e.Status)
		}
		return actions
	}
	return slices.Equal(way(r.Events), way(plays))
}

// lengthsLike are the lengths of texts and recordings as they were in the real call. The texts are those of another
// play of it, in which some are masked.
func lengthsLike(was, plays []call.Event) map[string]time.Duration {
	heard := func(events []call.Event) []call.Event {
		return slices.DeleteFunc(slices.Clone(events), func(e call.Event) bool {
			return e.Type != call.TypeSays && e.Type != call.TypePlays
		})
	}
	lengths := map[string]time.Duration{}
	real := heard(was)
	for i, e := range heard(plays) {
		if i >= len(real) || real[i].Action != e.Action || len(real[i].Heard) != len(e.Heard) {
			continue
		}
		for n, segment := range e.Heard {
			if segment.Text != "" {
				lengths[speech.Collapse(segment.Text)] = real[i].Heard[n].Duration.Round(time.Millisecond)
			}
		}
	}
	return lengths
}

// justAfter is as near after a text as a hang-up is put when the log ends with it.
const justAfter = 2 * time.Millisecond

// caller is the caller, who does what they did.
func (r *Replay) caller(m masking) scenario.Caller {
	c := scenario.Default().Callers[0]
	c.Channel = r.scenario.Callers[0].Channel
	if r.learned.number != "" && !m.on {
		c.Number = r.learned.number
	}
	if len(r.learned.attributes) > 0 {
		c.Attributes = map[string]string{}
		for name, value := range r.learned.attributes {
			c.Attributes[name] = m.text(value)
		}
	}
	var heard time.Duration // when the latest text was over
	for _, e := range r.Events {
		if e.Type == call.TypeSays || e.Type == call.TypePlays {
			heard = e.At + e.Took
		}
		if e.Type != call.TypeCaller {
			continue
		}
		at := e.At
		if r.HangUp == HangUpAssumed && (at-heard).Abs() <= justAfter { // in the text: the flow is not to go on
			at = heard - justAfter
		}
		step := scenario.Step{At: max(0, at-r.leftOut(e.At)).Round(time.Millisecond)}
		switch verb, own, _ := strings.Cut(e.Text, " "); verb {
		case "presses":
			step.Press = m.keys(own)
		case "says":
			step.Say = m.text(own)
		default:
			step.HangUp = true
		}
		c.Does = append(c.Does, step)
	}
	return c
}

// noticeable is from which length on the time that an action took is in a scenario. A real call has some hundredths of
// a second at every action.
const noticeable = 100 * time.Millisecond

// leftOut is how much of the time before a moment is not in the scenario.
func (r *Replay) leftOut(before time.Duration) (sum time.Duration) {
	for _, b := range r.guide.begun {
		if b.outcome.Takes < noticeable && b.at.Sub(r.guide.began) < before {
			sum += b.outcome.Takes
		}
	}
	return sum
}

// standIns are the functions of the call, and their names by the ARNs that the flows have.
func (r *Replay) standIns(m masking, assumed flow.Assumptions) (map[string]scenario.StandIn, map[string]string) {
	functions, names := map[string]scenario.StandIn{}, map[string]string{}
	for _, c := range r.guide.calls {
		name := standInName(c.arn)
		names[c.arn] = name
		standIn := functions[name]
		standIn.Always = true
		standIn.Outcomes = append(standIn.Outcomes, m.outcome(c, assumed.ConnectTime()))
		functions[name] = standIn
	}
	if r.project == nil {
		r.nameOthers(functions, names)
		return functions, names
	}
	for _, f := range r.project.Functions { // the recorded replies come without them
		functions[f.Name] = scenario.StandIn{Outcomes: []scenario.Outcome{{Returns: json.RawMessage("null")}}}
	}
	return functions, names
}

// nameOthers adds the functions of the flows that were not invoked.
func (r *Replay) nameOthers(functions map[string]scenario.StandIn, names map[string]string) {
	for _, f := range r.Flows {
		for _, ref := range f.FunctionARNs() {
			if _, known := names[ref.ARN]; known {
				continue
			}
			name := standInName(ref.ARN)
			names[ref.ARN] = name
			if _, known := functions[name]; !known {
				functions[name] = scenario.StandIn{Outcomes: []scenario.Outcome{{Returns: json.RawMessage("{}")}}}
			}
		}
	}
}

// standInName is the name of the stand-in for a function, which flows may name by a placeholder.
func standInName(written string) string {
	name, ok := arn.FunctionName(written)
	if !ok {
		name = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
				return r
			}
			return -1
		}, written)
	}
	return name + recorded
}

// flowTargets are the parameters that name other flows and modules.
var flowTargets = []string{"FlowModuleId", "ContactFlowId"}

// needed are the flows that another may lead to, by what is written there for them.
func needed(all map[string]string, flows map[string]*flow.Flow) map[string]string {
	var targets []string
	for _, f := range flows {
		for _, a := range f.Actions {
			for _, name := range flowTargets {
				targets = append(targets, a.Text(name))
			}
			for _, hook := range a.Param("EventHooks").Entries() {
				targets = append(targets, hook.Value.Scalar())
			}
		}
	}
	kept := map[string]string{}
	for key, file := range all {
		if slices.ContainsFunc(targets, func(target string) bool {
			return strings.Contains(target, key) || strings.HasPrefix(target, "$.")
		}) {
			kept[key] = file
		}
	}
	return kept
}

// outcomes are what actions came to that neither the flow nor the caller decided, by their identifiers. Where one of
// them came to something, all its outcomes are given, in their order.
func (r *Replay) outcomes(m masking) map[string][]flow.Outcome {
	all := map[string][]flow.Outcome{}
	given := map[string]bool{}
	for _, b := range r.guide.begun {
		id := b.action.Identifier
		o := flow.Outcome{Result: b.outcome.Result, Error: b.outcome.Error}
		if b.outcome.Takes >= noticeable {
			o.Takes = b.outcome.Takes.Round(time.Millisecond)
		}
		for reference, value := range b.outcome.Data {
			if o.Data == nil {
				o.Data = map[string]string{}
			}
			o.Data[reference] = m.text(value)
		}
		all[id] = append(all[id], o)
		given[id] = given[id] || o.Result != "" || o.Error != "" || o.Takes > 0 || len(o.Data) > 0
	}
	maps.DeleteFunc(all, func(id string, _ []flow.Outcome) bool { return !given[id] })
	if len(all) == 0 {
		return nil
	}
	return all
}

// compared are the texts that the flows compare values with.
func (r *Replay) compared() map[string]bool {
	kept := map[string]bool{}
	for _, f := range r.Flows {
		for _, a := range f.Actions {
			for _, b := range a.Branches {
				for _, operand := range b.Operands {
					kept[operand.Scalar()] = true
				}
			}
		}
	}
	return kept
}

// outcome is what a stand-in does instead of a function.
func (m masking) outcome(c invoked, connect time.Duration) scenario.Outcome {
	if c.asynchronous { // which the flow does not wait for
		connect = 0
	}
	takes := max(0, c.takes-connect).Round(time.Millisecond)
	o := scenario.Outcome{Takes: scenario.Takes{Low: takes, High: takes}, Returns: json.RawMessage("{}")}
	switch {
	case c.reply.Failed:
		o.Error = "Error"
		o.Message = cmp.Or(c.reply.ErrorType, "The function failed.")
	case json.Valid(c.reply.Payload):
		o.Returns = m.payload(c.reply.Payload)
	}
	return o
}
