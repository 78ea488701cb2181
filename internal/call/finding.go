package call

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Finding is something in a call that a caller should not have to bear. Of several of a kind it tells of the worst.
type Finding struct {
	Rule   Rule
	Level  Level
	At     time.Duration // when it began
	Took   time.Duration // how long it lasted; of a repetition, how long after the end of the phrase it began
	Limit  time.Duration // that it does not keep
	Action string        // identifier of the action that was under way
	Text   string        // what was said, "" for dead air
	Times  int           // how often it happened
}

// Rule says what a Finding is about.
type Rule string

// The rules.
const (
	DeadAir        Rule = "dead-air"        // longer than the scenario's thresholds
	RepeatedPhrase Rule = "repeated-phrase" // the same text again soon, without the caller having been asked anything
	ShortClip      Rule = "short-clip"      // shorter than a caller can make sense of
	CutClip        Rule = "cut-clip"        // cut by the flow soon after it began
)

// Level says how much a Finding matters.
type Level string

// The levels. A note does not fail a call, the others do.
const (
	Note     Level = "note"
	Fails    Level = "failure"
	Critical Level = "critical"
)

// What comfort messages must keep, beside the thresholds of dead air. IVR guides advise another phrase every 7 to 10 s
// (Avaya); platforms play what they fill silence with for at least 3 s (Lex) or 5 s (VoiceXML), so that a clip of less
// than a second is a fault beyond doubt.
const (
	phraseAgain  = 7 * time.Second
	shortestClip = time.Second
)

// source is where the limit of a finding comes from.
func (f Finding) source() string {
	switch f.Rule {
	case DeadAir:
		note, failure, critical := scenario.Silence{Note: f.Limit, Failure: f.Limit, Critical: f.Limit}.Sources()
		switch f.Level {
		case Note:
			return note
		case Fails:
			return failure
		}
		return critical
	case RepeatedPhrase:
		return "Avaya"
	}
	return "Amazon Lex"
}

// worse reports whether f is the one to tell of.
func (f Finding) worse(than Finding) bool {
	if f.Rule == DeadAir {
		return f.Took > than.Took
	}
	return f.Took < than.Took
}

// String says what was found, in a line.
func (f Finding) String() string {
	place := fmt.Sprintf("at %s", Spell(f.At))
	if f.Action != "" {
		place += fmt.Sprintf(" (%s)", f.Action)
	}
	took := source.FormatDuration(f.Took)
	limit := fmt.Sprintf("%s (%s)", source.FormatDuration(f.Limit), f.source())
	var text string
	switch f.Rule {
	case DeadAir:
		text = fmt.Sprintf("dead air of %s %s, more than %s", took, place, limit)
	case RepeatedPhrase:
		text = fmt.Sprintf("%q is said again %s, %s after it was heard, sooner than %s", f.Text, place, took, limit)
	case ShortClip:
		text = fmt.Sprintf("%q %s lasts %s, less than %s", f.Text, place, took, limit)
	case CutClip:
		text = fmt.Sprintf("%q %s is cut after %s, less than %s", f.Text, place, took, limit)
	}
	if f.Times > 1 {
		text += fmt.Sprintf("; %d times in all", f.Times)
	}
	return text
}

// addFinding adds a finding to a list that has one of each kind.
func addFinding(list []Finding, f Finding) []Finding {
	f.Times = 1
	for i, other := range list {
		if other.Rule == f.Rule && other.Level == f.Level && other.Action == f.Action && other.Text == f.Text {
			if f.worse(other) {
				list[i] = f
			}
			list[i].Times = other.Times + 1
			return list
		}
	}
	return append(list, f)
}

// levelOf says how much dead air matters, and which threshold it exceeds. The level of dead air that does not matter
// is "".
func levelOf(borne scenario.Silence, silence time.Duration) (Level, time.Duration) {
	switch {
	case silence > borne.Critical:
		return Critical, borne.Critical
	case silence > borne.Failure:
		return Fails, borne.Failure
	case silence > borne.Note:
		return Note, borne.Note
	}
	return "", 0
}

// MarshalJSON writes a finding in the form of `call --json`.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rule    Rule    `json:"rule"`
		Level   Level   `json:"level"`
		At      float64 `json:"at_seconds"`
		Took    float64 `json:"took_seconds"`
		Limit   float64 `json:"limit_seconds"`
		Action  string  `json:"action,omitempty"`
		Text    string  `json:"text,omitempty"`
		Times   int     `json:"times"`
		Source  string  `json:"source"`
		Message string  `json:"message"`
	}{
		Rule: f.Rule, Level: f.Level, At: Seconds(f.At), Took: Seconds(f.Took), Limit: Seconds(f.Limit),
		Action: f.Action, Text: f.Text, Times: f.Times, Source: f.source(), Message: f.String(),
	})
}
