package call

import (
	"cmp"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/speech"
)

// Event is one thing that happened in a call, with the time since the call began.
type Event struct {
	Type     EventType     `json:"type"`
	Caller   int           `json:"caller,omitempty"` // index of the caller, from 0
	At       time.Duration `json:"-"`
	Took     time.Duration `json:"-"`                // of things that have a length, as far as it is known now
	Flow     string        `json:"flow,omitempty"`   // file of the flow that has the action; with Options.Steps
	Action   string        `json:"action,omitempty"` // identifier in the flow
	Text     string        `json:"text,omitempty"`   // what is heard, pressed or happened
	Function string        `json:"function,omitempty"`
	Request  string        `json:"request,omitempty"` // of the async function: start, check or cancel
	Status   string        `json:"status,omitempty"`  // what the function answered, in a word
	Error    string        `json:"error,omitempty"`
	Silent   bool          `json:"silent,omitempty"`       // the caller hears nothing meanwhile
	Async    bool          `json:"asynchronous,omitempty"` // the flow did not wait for the function
	Log      *LogEntry     `json:"log,omitempty"`          // of the type flow_log

	Failure *function.Failure `json:"failure,omitempty"` // what is known of a function's failure
	Heard   []speech.Segment  `json:"-"`                 // of a text or recording that begins
	Fixed   bool              `json:"-"`                 // of a text: the flow has it as it is
	Values  []string          `json:"-"`                 // filled into a text, or returned by a function
}

// EventType says what an Event is about.
type EventType string

// The types of events.
const (
	TypeConnected EventType = "connected"
	TypeFunction  EventType = "function" // the flow's call of a Lambda function has ended
	TypeStarts    EventType = "starts"   // an asynchronous call of a Lambda function begins; its end is a TypeFunction
	TypeSays      EventType = "says"     // a text begins to be spoken
	TypePlays     EventType = "plays"    // a recording begins
	TypePauses    EventType = "pauses"   // a silent prompt begins
	TypeCut       EventType = "cut"      // a prompt was cut short
	TypeAsks      EventType = "asks"     // the flow listens to the caller
	TypeCaller    EventType = "caller"   // the caller did something
	TypeChange    EventType = "changes"  // what functions, the world or AWS do is different from now on
	TypeWaits     EventType = "waits"    // a Wait action begins
	TypeTransfer  EventType = "transfer"
	TypeNote      EventType = "note"
	TypeExecution EventType = "execution" // an execution started or ended
	TypeLog       EventType = "log"       // what a real function wrote to its log; may hold personal data
	TypeFailure   EventType = "failure"   // a real function failed
	TypeFlowLog   EventType = "flow_log"  // an entry of the contact flow log; only with Options.FlowLog
	TypeEnters    EventType = "enters"    // the contact comes to an action; this and the next three with Options.Steps
	TypeTakes     EventType = "takes"     // it takes the branch Text
	TypeStep      EventType = "step"      // a state of the execution begins (Status RUNNING) or ends; At is its begin
	TypeRuns      EventType = "runs"      // the same of a function that a state invokes; see TypeLog, too
	TypeEnded     EventType = "ended"
	TypeLate      EventType = "late" // what becomes of the work after the call; Status says what
)

// Gap is a stretch of dead air.
type Gap struct {
	At, Took time.Duration
	Level    Level // how much it matters, "" when it does not
}

// span is a stretch of the call.
type span struct{ from, to time.Duration }

// inaudible is how short a gap must be not to be heard as one: on real time, one action follows the other within it.
const inaudible = 10 * time.Millisecond

// deadAir returns the stretches between 0 and end that no covered span touches, in order, without those too short to
// hear.
func deadAir(covered []span, end time.Duration) []span {
	slices.SortStableFunc(covered, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var gaps []span
	var heardUntil time.Duration
	for _, s := range covered {
		if s.from > heardUntil {
			gaps = append(gaps, span{from: heardUntil, to: min(s.from, end)})
		}
		heardUntil = max(heardUntil, s.to)
	}
	if end > heardUntil {
		gaps = append(gaps, span{from: heardUntil, to: end})
	}
	return slices.DeleteFunc(gaps, func(s span) bool { return s.to-s.from < inaudible })
}

// total returns the length of all spans together, and the length and start of the longest.
func total(spans []span) (sum, longest, at time.Duration) {
	for _, s := range spans {
		sum += s.to - s.from
		if s.to-s.from > longest {
			longest, at = s.to-s.from, s.from
		}
	}
	return sum, longest, at
}
