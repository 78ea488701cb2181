package call

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flow"
)

// Words says what happened, in a verb and the rest. The verb is empty for events that are not part of what a caller
// goes through: executions, logs.
func (e Event) Words() (verb, text string) {
	switch e.Type {
	case TypeFunction:
		return e.functionWords()
	case TypeSays:
		return "says", fmt.Sprintf("%q", e.Text)
	case TypeStarts:
		return "starts", e.Function
	case TypePauses:
		return "pauses", ""
	case TypeAsks:
		return "listens", "for the caller's keys"
	case TypeNote:
		return "note", strings.TrimSuffix(e.Action+" "+e.Text+": "+e.Error, ": ")
	case TypeExecution, TypeLog, TypeFailure, TypeFlowLog, TypeEnters, TypeTakes, TypeStep, TypeRuns:
		return "", ""
	case TypeEnded:
		return "ended", e.endedBy()
	case TypeLate:
		return e.Status, e.Text
	}
	return string(e.Type), e.Text
}

func (e Event) functionWords() (verb, text string) {
	verb = e.Request
	if verb == "" {
		verb = "calls"
		text = e.Function + "  "
	}
	answer := strings.Join(strings.Fields(e.Status+" "+e.Text+" "+e.Error), " ")
	if e.Failure != nil {
		answer += "  " + e.Failure.Place()
	}
	return verb, strings.TrimSpace(text + answer)
}

func (e Event) endedBy() string {
	switch flow.Ending(e.Status) {
	case flow.EndingDisconnected:
		return "by the flow"
	case flow.EndingHungUp:
		return "by the caller"
	}
	return e.Status + ": " + e.Text
}

// Began is when what the event tells of began. The end of a function that the flow waited for tells of all of it:
// nothing else happened meanwhile.
func (e Event) Began() time.Duration {
	if e.Type == TypeFunction && !e.Async {
		return e.At - e.Took
	}
	return e.At
}

// Runs reports whether an execution, a state or an invocation has not ended.
func (e Event) Runs() bool { return e.Status == string(asl.Running) }

// Lines says what a call came to, a sentence or two per line.
func (s Summary) Lines() []string {
	var lines []string
	if s.Interrupted {
		lines = append(lines, "The call was interrupted; this is how far it came.")
	}
	lines = append(lines, s.functionWords())
	if s.Spoken {
		lines = append(lines, s.airWords())
	}
	lines = append(lines, s.findingLines()...)
	lines = append(lines, fmt.Sprintf("%s, %s, %s: about $%.5f.", Count(s.Invocations, "Lambda call"),
		Count(s.Executions, "execution"), Count(s.StateTransitions, "state transition"),
		s.Dollars.Orchestration))
	if words := s.timeWords(); words != "" {
		lines = append(lines, words)
	}
	assumptions := "none"
	if len(s.Assumptions) > 0 {
		assumptions = strings.Join(s.Assumptions, ", ")
	}
	if s.Spoken {
		lines = append(lines, s.speechWords())
	}
	return append(lines, fmt.Sprintf("Unconfirmed assumptions: %s.", assumptions))
}

// findingLines say what the caller should not have to bear, one finding per line, and where a threshold of dead air
// comes from. Those that fail the call are among the failures.
func (s Summary) findingLines() []string {
	var lines []string
	for _, f := range s.Findings {
		if slices.Contains(s.Failures, f.String()) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s.", f.Level, f))
	}
	return lines
}

// speechWords says how fast texts were spoken, and how fast they may be.
func (s Summary) speechWords() string {
	if s.Voice != "" {
		return "Texts take as long as " + s.Voice + " takes to say them. "
	}
	at := fmt.Sprintf("Speech is estimated at %.0f words a minute", s.Speech.Middle().WordsPerMinute)
	if s.Speech.IsKnown() {
		return at + "."
	}
	return at + fmt.Sprintf("; it may be %.0f to %.0f.", s.Speech.Slow.WordsPerMinute, s.Speech.Fast.WordsPerMinute)
}

func (s Summary) airWords() string {
	if s.Gaps == 0 {
		return "No dead air."
	}
	gaps := Count(s.Gaps, "gap")
	return fmt.Sprintf("Dead air: %s in %s, the longest %s.", Spell(s.DeadAir), gaps, Spell(s.LongestGap))
}

func (s Summary) functionWords() string {
	switch {
	case s.Function == "":
		return "Nothing was started."
	case s.FunctionTime == 0:
		return "The function was still running when the call ended."
	}
	line := fmt.Sprintf("The function took %s", Spell(s.FunctionTime))
	if s.FunctionError != "" {
		line += fmt.Sprintf(" and ended as %s (%s)", s.Function, s.FunctionError)
	}
	if !s.Detected {
		return line + ". The flow did not notice."
	}
	return line + fmt.Sprintf(". Its result was noticed %s after it was there.", Spell(s.DetectionDelay))
}

// Whose names a caller where there are several, as the beginning of a line about them.
func (r Result) Whose(caller int) string {
	if len(r.Summaries) < 2 {
		return ""
	}
	return fmt.Sprintf("caller %d: ", caller+1)
}

// Notes say what a caller bears without a failure, and what they were to do and did not.
func (r Result) Notes(caller int) []string {
	var notes []string
	for _, f := range r.Summaries[caller].Findings {
		if f.Level == Note {
			notes = append(notes, fmt.Sprintf("%snote: %s", r.Whose(caller), f))
		}
	}
	for _, step := range r.Summaries[caller].Undone {
		notes = append(notes, fmt.Sprintf("%snote: never came to it: the caller %s", r.Whose(caller), step))
	}
	return notes
}

// Problems say which expectations did not hold, and at which speed of speech if not at every.
func (r Result) Problems() []string {
	var problems []string
	at := ""
	if r.OnlyAt > 0 {
		at = fmt.Sprintf("with speech at %.0f words a minute: ", r.OnlyAt)
	}
	for _, f := range r.Failures {
		problems = append(problems, at+r.Whose(f.Caller)+f.Message)
	}
	return problems
}

// Heading says how many scenarios passed.
func (t Totals) Heading() string {
	return fmt.Sprintf("%s: %d passed, %d failed", Count(t.Scenarios, "scenario"), t.Passed, t.Scenarios-t.Passed)
}

// Count is a number of things.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Entries is a number of entries of a log.
func Entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// ClockTime is a time since the call began, in seconds with one digit; halves are rounded up.
func ClockTime(d time.Duration) string {
	tenths := (d.Milliseconds() + 50) / 100
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// Spell is a time span with its unit, as precise as ClockTime.
func Spell(d time.Duration) string { return ClockTime(d) + " s" }
