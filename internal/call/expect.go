package call

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Taken is a branch that an action takes. Flow is the file of the action's flow.
type Taken struct{ Flow, Action, Branch string }

// Failure is an expectation that did not hold, or dead air that no scenario has to forbid.
type Failure struct {
	Caller  int   // index of the caller, from 0
	Level   Level // Critical for dead air that is, else Fails
	Message string
	Private []string      // of the message: expected texts, and values of attributes
	At      time.Duration // the place in the caller's timeline that shows it best
}

// Check returns the expectations that a call did not meet, none when all is well. events are those of the contact that
// the summary is about.
func Check(e scenario.Expectations, s Summary, events []Event) []Failure {
	var failures []Failure
	fail := func(at time.Duration, format string, args ...any) {
		f := Failure{Level: Fails, Message: fmt.Sprintf(format, args...), At: at}
		for _, arg := range args {
			if p, ok := arg.(private); ok {
				f.Private = append(f.Private, string(p))
			}
		}
		failures = append(failures, f)
	}
	if e.LongestSilence == nil { // which says the same, for this scenario
		failures = append(failures, s.failures()...)
	}
	checkHeard(e, events, s.Duration, fail)
	checkTimes(e, s, fail)
	if outside(e.LambdaCalls, s.Invocations) {
		fail(s.Duration, "there were %d Lambda calls, expected %v", s.Invocations, e.LambdaCalls)
	}
	checkStarted(e, s, events, fail)
	checkEnd(e, s, fail)
	checkLate(e.Late, s, fail)
	for _, b := range s.Broken {
		if !b.expected(e) {
			fail(b.At, "%s%s", b.What, b.remedy())
		}
	}
	slices.SortStableFunc(failures, func(a, b Failure) int { return cmp.Compare(a.At, b.At) })
	return failures
}

// checkTimes compares how long things took with the longest that is expected.
func checkTimes(e scenario.Expectations, s Summary, fail func(time.Duration, string, ...any)) {
	atMost := func(what string, limit *time.Duration, got, at time.Duration) {
		if limit != nil && got > *limit {
			fail(at, "%s is %s, more than %s", what, source.FormatDuration(got), source.FormatDuration(*limit))
		}
	}
	atMost("the longest silence", e.LongestSilence, s.LongestGap, s.LongestGapAt)
	atMost("dead air", e.DeadAir, s.DeadAir, s.Duration)
	atMost("the length of the call", e.Within, s.Duration, s.Duration)
	if e.DetectionDelay != nil && !s.Detected {
		fail(s.Duration, "the end of the function was not noticed")
	} else {
		atMost("the detection delay", e.DetectionDelay, s.DetectionDelay, s.DetectedAt)
	}
}

// checkEnd compares the ending, the contact's attributes and the branches that its actions took.
func checkEnd(e scenario.Expectations, s Summary, fail func(time.Duration, string, ...any)) {
	if e.Ending != "" && s.Ending != e.Ending {
		fail(s.Duration, "the ending is %q, expected %q", string(s.Ending), string(e.Ending))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		if got, set := s.Attributes[name]; !set || got != e.Attributes[name] {
			failAttribute(fail, s.Duration, name, got, set, e.Attributes[name])
		}
	}
	for _, want := range e.Branches {
		if took := s.took(want.Action); !slices.Contains(took, want.Branch) {
			fail(s.Duration, "the action %q did not take the branch %q; it %s", want.Action, want.Branch,
				branchesInstead(took))
		}
	}
}

// outside reports whether a number is not among those that are expected.
func outside(want *scenario.Range, got int) bool {
	return want != nil && (got < want.Low || got > want.High)
}

// checkStarted compares the executions and their end with what is expected. One cause is one failure: without an
// execution there is no end, and what a function did wrong is told by itself.
func checkStarted(e scenario.Expectations, s Summary, events []Event, fail func(time.Duration, string, ...any)) {
	if outside(e.Executions, s.Executions) {
		instead := ""
		if s.Executions == 0 {
			instead = startedInstead(events)
		}
		fail(s.Duration, "there were %d executions, expected %v%s", s.Executions, e.Executions, instead)
		if s.Executions == 0 {
			return
		}
	}
	isTold := slices.ContainsFunc(s.Broken, func(b Broken) bool {
		return b.Kind == BrokenExecution && !b.expected(e)
	})
	if e.Function != "" && s.Function != e.Function && !isTold {
		fail(s.Duration, "the function's end is %q, expected %q", s.Function, e.Function)
	}
}

// startedInstead says why a call started nothing, and what to do. It says nothing when the call asked for it.
func startedInstead(events []Event) string {
	why, missed := Missed(events)
	if !missed {
		return ""
	}
	return "; the call did not come to a block that starts one" + why + "; say in the scenario what leads there: " +
		LeadThere
}

// LeadThere is what a scenario decides of the way that a call takes.
const LeadThere = "outcomes of actions (world: {outcomes: …}), contact attributes (caller: {attributes: …}) or keys " +
	"(caller: {does: …})"

// Missed reports whether a call never came to a block that invokes the async function, and why, as far as its events
// tell: the last branch that an action took because of something.
func Missed(events []Event) (why string, missed bool) {
	for _, e := range events {
		if e.Request != "" {
			return "", false
		}
		if e.Type == TypeNote && e.Error != "" {
			why = fmt.Sprintf(" (%q %s: %s)", e.Action, e.Text, e.Error)
		}
	}
	return why, true
}

// failures are the findings that fail a call.
func (s Summary) failures() []Failure {
	var failures []Failure
	for _, f := range s.Findings {
		if f.Level != Note {
			failures = append(failures, Failure{Level: f.Level, Message: f.String(), At: f.At})
		}
	}
	return failures
}

// private is a part of a message that may be the caller's own.
type private string

func failAttribute(
	fail func(time.Duration, string, ...any), at time.Duration, name, got string, set bool, want string,
) {
	if !set {
		fail(at, "the attribute %s is not set, expected %q", name, private(want))
		return
	}
	fail(at, "the attribute %s is %q, expected %q", name, private(got), private(want))
}

// took returns the branches that an action took, in whichever flow, sorted.
func (s Summary) took(action string) []string {
	var branches []string
	for taken := range s.Branches {
		if taken.Action == action {
			branches = append(branches, taken.Branch)
		}
	}
	slices.Sort(branches)
	return slices.Compact(branches)
}

func branchesInstead(took []string) string {
	if len(took) == 0 {
		return "was never reached"
	}
	return "took " + strings.Join(took, ", ")
}

// checkHeard looks for the expected texts in their order, and for texts that must not be heard.
func checkHeard(
	e scenario.Expectations, events []Event, end time.Duration, fail func(time.Duration, string, ...any),
) {
	next, last := 0, time.Duration(0)
	for _, event := range events {
		if event.Type != TypeSays && event.Type != TypePlays {
			continue
		}
		for _, text := range e.NeverHeard {
			if strings.Contains(event.Text, text) {
				fail(event.At, "%q was heard, which it never must", private(text))
			}
		}
		if next < len(e.Heard) && strings.Contains(event.Text, e.Heard[next].Text) {
			if by := e.Heard[next].By; by > 0 && event.At > by {
				fail(event.At, "%q was heard at %s, later than %s", private(e.Heard[next].Text),
					source.FormatDuration(event.At), source.FormatDuration(by))
			}
			next, last = next+1, event.At
		}
	}
	if next < len(e.Heard) {
		fail(max(last, end), "%q was not heard%s", private(e.Heard[next].Text),
			heardInstead(events, e.Heard[next].Text, last, next > 0))
	}
}

// heardInstead says what was heard after a time, for somebody who missed something else there.
func heardInstead(events []Event, missed string, after time.Duration, strictly bool) string {
	var texts []string
	var early string
	for _, event := range events {
		if event.Type != TypeSays && event.Type != TypePlays {
			continue
		}
		if event.At > after || !strictly {
			texts = append(texts, strconv.Quote(event.Text))
		} else if strings.Contains(event.Text, missed) {
			early = fmt.Sprintf(" after what is expected before it, but at %s", source.FormatDuration(event.At))
		}
	}
	if len(texts) == 0 {
		return early + "; nothing was heard there"
	}
	return early + "; heard instead: " + strings.Join(texts, ", ")
}
