package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Masked is the replay without what belongs to the caller: their number, what they pressed and said, attributes, and
// what functions returned.
func (r *Replay) Masked() *Replay {
	m := call.MaskOf(r.Events, r.Summary)
	m.Hide(r.learned.number)
	m.Hide(slices.Collect(maps.Values(r.learned.attributes))...)
	of := *r
	of.Events = make([]call.Event, len(r.Events))
	for i, e := range r.Events {
		of.Events[i] = m.Event(e)
		of.Events[i].Log = nil
	}
	of.Summary = m.Summary(r.Summary)
	own := r.written()
	of.Differences = slices.Clone(r.Differences)
	for i, d := range r.Differences {
		of.Differences[i] = d.masked(own, m)
	}
	of.Entries = make([]Entry, len(r.Entries))
	for i, e := range r.Entries {
		of.Entries[i] = e
		of.Entries[i].Raw = maskedEntry(e, own)
	}
	return &of
}

// written are the texts that the flows have as they are: no caller's own.
func (r *Replay) written() map[string]bool {
	texts := map[string]bool{}
	for _, f := range r.Flows {
		for _, a := range f.Actions {
			for _, name := range []string{"Text", "SSML"} {
				texts[a.Text(name)] = true
			}
			for _, b := range a.Branches {
				texts[b.Name] = true
			}
		}
	}
	return texts
}

func (d Difference) masked(own map[string]bool, m call.Mask) Difference {
	hide := func(text string) string {
		if own[text] || strings.HasPrefix(text, "ResponseType=") {
			return text
		}
		return call.Hidden(text)
	}
	if d.Kind == DiffersInValue {
		d.Played, d.Logged = hide(d.Played), hide(d.Logged)
	}
	if d.ActionType == flowlang.GetParticipantInput {
		d.Results = hide(d.Results)
	}
	d.Results = m.Text(d.Results)
	return d
}

// plainMembers are the members of entries that say nothing of the caller, and plainParameters those of the parameters.
// Deeper down the same names may be those of what a function returned.
var (
	plainMembers = strings.Fields(`ContactId ContactFlowId ContactFlowName ContactFlowModuleType Identifier Timestamp`)

	plainParameters = strings.Fields(`ComparisonMethod FunctionArn ResponseValidation TimeLimit Timeout MaxDigits
		TextToSpeechType PromptSource PromptLocation Key FlowLoggingBehavior LoggingBehavior Queue Type ContactFlowId
		AddAttributeToRelatedContact LoopCount`)
)

// maskedEntry hides every text of an entry that may be the caller's own, also in fields that are not known.
func maskedEntry(e Entry, own map[string]bool) json.RawMessage {
	var members map[string]any
	if json.Unmarshal(e.Raw, &members) != nil {
		return nil
	}
	parameters := members["Parameters"]
	delete(members, "Parameters")
	maskedMembers(members, plainMembers, own)
	if parameters != nil {
		members["Parameters"] = maskedParameters(parameters, own)
	}
	switch {
	case e.Results == "":
	case isInput(e): // the keys that were pressed
		members["Results"] = call.Hidden(e.Results)
	case e.ModuleType == invokesFunction:
		members["Results"] = e.Results // why it failed
	}
	text, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return text
}

// maskedParameters hides parameters: one object, or a list where several attributes are set.
func maskedParameters(parameters any, own map[string]bool) any {
	list, isList := parameters.([]any)
	if !isList {
		list = []any{parameters}
	}
	for i, one := range list {
		if members, isObject := one.(map[string]any); isObject {
			maskedMembers(members, plainParameters, own)
		} else {
			list[i] = maskedValue(one, own)
		}
	}
	if !isList {
		return list[0]
	}
	return list
}

// maskedMembers hides the members of an object, but for texts under plain names.
func maskedMembers(members map[string]any, plain []string, own map[string]bool) {
	for key, member := range members {
		if _, isText := member.(string); !isText || !slices.Contains(plain, key) {
			members[key] = maskedValue(member, own)
		}
	}
}

func maskedValue(value any, own map[string]bool) any {
	switch v := value.(type) {
	case map[string]any:
		maskedMembers(v, nil, own)
	case []any:
		for i := range v {
			v[i] = maskedValue(v[i], own)
		}
	case string:
		if !own[v] {
			return call.Hidden(v)
		}
	case float64, bool:
		return call.Hidden(fmt.Sprint(v))
	}
	return value
}

// Failures is how many functions failed or did not reply in time, as the flow had it.
func (r *Replay) Failures() int {
	failed := 0
	for _, e := range r.Events {
		if e.Type == call.TypeFunction && e.Error != "" {
			failed++
		}
	}
	return failed
}

// Began is when the call began, as far as its log tells.
func (r *Replay) Began() time.Time { return r.began }

// BeganLayout is how the beginning of a call is written, in UTC.
const BeganLayout = "2006-01-02 15:04:05 UTC"

// Lines say what the call came to, a sentence or two per line.
func (r *Replay) Lines() []string {
	s := r.Summary
	var lines []string
	lines = append(lines, r.unsure...)
	left, record := "the caller hung up", "DisconnectTimestamp of the contact record"
	if r.InQueue {
		left, record = "an agent took the call, or the caller hung up,", "ConnectedToAgentTimestamp or "+record
	}
	switch r.HangUp {
	case HangUpAssumed, HangUpDuring:
		when := "at " + call.Spell(s.Duration) + " at the latest"
		if r.HangUp == HangUpDuring {
			when = "in an action that began at " + call.Spell(s.Duration)
		}
		lines = append(lines, fmt.Sprintf("The log ends before the flow does: %s %s. --hung-up TIME says when (%s).",
			left, when, record))
	case HangUpGiven:
		lines = append(lines, "The caller hung up at "+call.Spell(s.Duration)+".")
	}
	if s.Spoken {
		air := "No dead air."
		if s.Gaps > 0 {
			air = fmt.Sprintf("Dead air: %s in %s, the longest %s.", call.Spell(s.DeadAir), call.Count(s.Gaps, "gap"),
				call.Spell(s.LongestGap))
		}
		lines = append(lines, air)
	}
	for _, f := range s.Findings {
		lines = append(lines, fmt.Sprintf("%s: %s.", f.Level, f))
	}
	functions := call.Count(s.Invocations, "Lambda call")
	if failed := r.Failures(); failed > 0 {
		functions += fmt.Sprintf(", %d failed", failed)
	}
	return append(lines, functions+".")
}

// Settles says what the log tells of an assumption.
func (s Settled) Settles() string {
	values := strings.Join(s.Values, " or ")
	switch {
	case s.Broken:
		return fmt.Sprintf("%s is %s, not %s", s.Name, values, s.Assumed)
	case len(s.Values) == 1:
		return fmt.Sprintf("%s is %s, as assumed", s.Name, values)
	}
	return fmt.Sprintf("%s is %s", s.Name, values)
}

// WriteJSON writes the replay as JSON objects, one per line: the entries of the log as they are, the events of the
// timeline, the differences, the assumptions that are settled, and the summary.
func (r *Replay) WriteJSON(w io.Writer) error {
	lines := []any{}
	for _, e := range r.Entries {
		lines = append(lines, struct {
			Type  string          `json:"type"`
			At    float64         `json:"at_seconds"`
			Entry json.RawMessage `json:"entry"`
		}{Type: "log_entry", At: call.Seconds(e.Time.Sub(r.began)), Entry: e.Raw})
	}
	for _, e := range r.Events {
		if e.Type != call.TypeFlowLog { // the play's own log: the real one is above
			lines = append(lines, e)
		}
	}
	for _, d := range r.Differences {
		lines = append(lines, d)
	}
	for _, s := range r.Settled {
		lines = append(lines, struct {
			Type string `json:"type"`
			Settled
		}{Type: "assumption", Settled: s})
	}
	lines = append(lines, r.summary())
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, line := range lines {
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (d Difference) MarshalJSON() ([]byte, error) {
	type plain Difference
	out := struct {
		Type string `json:"type"`
		plain
		At    float64 `json:"at_seconds"`
		Later float64 `json:"later_seconds,omitempty"`
	}{Type: "difference", plain: plain(d), At: call.Seconds(d.At)}
	if d.Kind == DiffersInTime {
		out.Later, out.Logged = call.Seconds(d.Took), ""
	}
	return json.Marshal(out)
}

func (r *Replay) summary() any {
	s := r.Summary
	return struct {
		Type        string         `json:"type"`
		Contact     string         `json:"contact"`
		Began       time.Time      `json:"began"`
		Ending      flow.Ending    `json:"ending"`
		Reason      string         `json:"reason,omitempty"`
		Begins      Begins         `json:"begins,omitempty"`
		HangUp      HangUp         `json:"hang_up,omitempty"`
		InQueue     bool           `json:"in_queue,omitempty"`
		Duration    float64        `json:"duration_seconds"`
		DeadAir     float64        `json:"dead_air_seconds"`
		Gaps        int            `json:"gaps"`
		LongestGap  float64        `json:"longest_gap_seconds"`
		Invocations int            `json:"lambda_invocations"`
		Failures    int            `json:"lambda_failures"`
		Findings    []call.Finding `json:"findings"`
		Differences int            `json:"differences"`
		Assumptions []string       `json:"assumptions"`
	}{
		Type: "summary", Contact: r.Contact.ID, Began: r.began.UTC(), Ending: s.Ending, Reason: s.Reason,
		Begins: r.Begins, HangUp: r.HangUp, InQueue: r.InQueue,
		Duration: call.Seconds(s.Duration), DeadAir: call.Seconds(s.DeadAir), Gaps: s.Gaps,
		LongestGap: call.Seconds(s.LongestGap), Invocations: s.Invocations, Failures: r.Failures(),
		Findings: append([]call.Finding{}, s.Findings...), Differences: len(r.Differences),
		Assumptions: append([]string{}, s.Assumptions...),
	}
}
