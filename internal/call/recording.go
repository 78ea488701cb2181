package call

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/workspace"
)

// Recording is the scenario of what was done in a call that is over: it plays the same call, and expects what was
// heard and how the call ended. What functions returned that really ran is in it, as stand-ins for them. Its
// expectations hold when it is played on virtual time, as `connect-async test` does; after a call on real time as far
// as the call does not depend on hundredths of a second. It is to be saved within the project.
//
// Of a call that was only watched it is the scenario itself, with the changes that were made. It has no name: nobody
// said what the call is about.
func (l *Live) Recording() (scenario.Scenario, error) {
	summaries, events, err := l.outcome()
	if err != nil {
		return scenario.Scenario{}, err
	}
	s := l.call.scenario
	s.File, s.Name = "", ""
	s.Flow = cmp.Or(l.call.named.flow, s.Flow)
	s.StateMachine = cmp.Or(l.call.named.stateMachine, s.StateMachine)
	s.Virtual = l.paced != nil
	s.Seed = l.seed
	s.Changes = slices.Concat(s.Changes, l.changes)
	slices.SortStableFunc(s.Changes, func(a, b scenario.Change) int { return cmp.Compare(a.At, b.At) })
	s.Functions = l.standIns()
	if l.call.speaks != nil {
		s.Lengths = lengthsOf(events, s.Lengths)
	}
	if l.watched {
		return s, nil
	}
	one := s.Callers[0]
	one.Does = slices.Clone(l.steps)
	s.Callers = []scenario.Caller{one}
	s.Expect = ExpectationsOf(summaries[0], events, l.saysAgain)
	return s, nil
}

// saysAgain reports whether a text is heard again when the recording is played. After a call on real time, which of its
// sentences the async function says may depend on tenths of a second; those texts count that the flow has as they are,
// or with what the functions returned.
func (l *Live) saysAgain(e Event) bool {
	if l.paced != nil || e.Fixed {
		return true
	}
	var returned []string
	for _, i := range l.invoked {
		returned = append(returned, valuesOf(readObject(i.Result.Payload))...)
	}
	for _, c := range l.changes {
		for _, a := range c.Functions {
			returned = append(returned, valuesOf(readObject(a.Payload))...)
		}
	}
	return !slices.ContainsFunc(e.Values, func(value string) bool { return !slices.Contains(returned, value) })
}

// outcome is what the call came to and what happened, when it is over.
func (l *Live) outcome() ([]Summary, []Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.state.Over {
		return nil, nil, ErrGoesOn
	}
	return l.summaries, l.events, l.err
}

// ExpectationsOf are what a call was like: each text that was heard and is heard again, in the order in which they were
// heard first, how the work and the call ended, and a silence that nobody should bear, where there was one.
func ExpectationsOf(s Summary, events []Event, again func(Event) bool) scenario.Expectations {
	e := scenario.Expectations{Ending: s.Ending}
	heard := map[string]bool{}
	for _, event := range events {
		if event.Type == TypeSays && !heard[event.Text] && again(event) {
			heard[event.Text] = true
			e.Heard = append(e.Heard, scenario.HeardBy{Text: event.Text})
		}
	}
	if s.Function != string(asl.Running) {
		e.Function = s.Function
	}
	if len(s.failures()) > 0 {
		const tenth = 100 * time.Millisecond
		longest := s.LongestGap.Truncate(tenth) + tenth
		e.LongestSilence = &longest
	}
	return e
}

// standIns are those of the scenario, and for functions that really ran what they did. One that can run and did not
// returns nothing.
func (l *Live) standIns() map[string]scenario.StandIn {
	if !l.call.workspace.RunsAny() {
		return l.call.scenario.Functions
	}
	standIns := maps.Clone(l.call.scenario.Functions)
	if standIns == nil {
		standIns = map[string]scenario.StandIn{}
	}
	for _, name := range l.call.FunctionNames() {
		if !l.call.workspace.Runs(name) {
			continue
		}
		var did scenario.StandIn
		for _, i := range l.invoked {
			if i.Function == name {
				did.Outcomes = append(did.Outcomes, outcomeOf(i))
			}
		}
		switch _, known := standIns[name]; {
		case len(did.Outcomes) > 0:
			standIns[name] = did
		case !known:
			standIns[name] = scenario.StandIn{Outcomes: []scenario.Outcome{{Returns: json.RawMessage("null")}}}
		}
	}
	return standIns
}

// outcomeOf is what a function did, for its stand-in.
func outcomeOf(i invoked) scenario.Outcome {
	took := i.Took.Round(time.Millisecond)
	o := scenario.Outcome{Takes: scenario.Takes{Low: took, High: took}, Returns: json.RawMessage("null")}
	switch {
	case errors.Is(i.Result.Err, function.ErrTooManyRequests):
		o.Throttled = true
	case i.Result.Err != nil:
		o.Error, o.Message = "Error", i.Result.Err.Error()
	case i.Result.FunctionError != "":
		o.Error = cmp.Or(i.Result.ErrorType, "Error")
		o.Message = textOf(readObject(i.Result.Payload), "errorMessage")
	case json.Valid(i.Result.Payload):
		o.Returns = i.Result.Payload
	}
	return o
}

// lengthsOf adds how long each text and recording took, as a voice said it.
func lengthsOf(events []Event, known map[string]time.Duration) map[string]time.Duration {
	lengths := maps.Clone(known)
	if lengths == nil {
		lengths = map[string]time.Duration{}
	}
	for _, e := range events {
		for _, segment := range e.Heard {
			if segment.Text != "" {
				lengths[speech.Collapse(segment.Text)] = segment.Duration
			}
		}
	}
	return lengths
}

// invoked is an invocation of a function that really ran.
type invoked struct {
	began time.Time
	workspace.Invocation
}

// ran is told of every invocation of a function that really ran, when it is over.
func (l *Live) ran(i workspace.Invocation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.invoked = append(l.invoked, invoked{began: l.stage.clock.Now().Add(-i.Took), Invocation: i})
	slices.SortStableFunc(l.invoked, func(a, b invoked) int { return a.began.Compare(b.began) })
}
