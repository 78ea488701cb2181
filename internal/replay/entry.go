package replay

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

// Entry is one entry of the contact flow log, as Amazon Connect writes it to CloudWatch (admin guide, "Flow logs").
type Entry struct {
	ContactID  string
	FlowID     string // ARN
	FlowName   string // "" in older logs
	ModuleType string
	Identifier string // of the action; "" in older logs
	Time       time.Time
	Parameters json.RawMessage
	Results    string          // a key, a branch, or what went wrong; "" where there is none
	External   json.RawMessage // what a function returned; nil where it returned nothing
	Raw        json.RawMessage // the whole entry, with fields that are not known here
}

// Errors of an entry.
var (
	errNoEntry = errors.New("not an entry of a contact flow log: it has no ContactId and ContactFlowModuleType")
	errFields  = errors.New("a query has fields of the entries, but not @message: query fields @timestamp, @message")
	errNoTime  = errors.New("the entry has no Timestamp such as 2026-01-02T03:04:05.678Z")
)

// readEntry reads an entry from its JSON.
func readEntry(raw json.RawMessage) (Entry, error) {
	var in call.LogLine
	if err := json.Unmarshal(raw, &in); err != nil {
		return Entry{}, fmt.Errorf("not an entry of a contact flow log: %w", err)
	}
	if in.ContactID == "" || in.ModuleType == "" {
		return Entry{}, errNoEntry
	}
	at, err := time.Parse(time.RFC3339Nano, in.Timestamp)
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		return Entry{}, errNoTime
	}
	e := Entry{ContactID: in.ContactID, FlowID: in.FlowID, FlowName: in.FlowName, ModuleType: in.ModuleType,
		Identifier: in.Identifier, Time: at, Parameters: in.Parameters, Results: plainText(in.Results),
		External: in.External, Raw: raw}
	if string(e.External) == "null" {
		e.External = nil
	}
	return e, nil
}

// plainText is a JSON value as text: a string without its quotes, anything else as it is written.
func plainText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// parameter is a member of the parameters that is a text, "" where there is none.
func (e Entry) parameter(name string) string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(e.Parameters, &members) // a list, of several attributes, has none
	return plainText(members[name])
}

// repetitions are, for each entry, which earlier one was delivered twice, -1 for none: CloudWatch gets each at least
// once. In another file it may be written otherwise.
func repetitions(entries []Entry) []int {
	list := make([]int, len(entries))
	seen := map[string]int{}
	for i, e := range entries {
		var fields any
		_ = json.Unmarshal(e.Raw, &fields) // it was read before
		text, err := json.Marshal(fields)  // with its keys in order
		if err != nil {
			text = e.Raw
		}
		key := e.Time.UTC().String() + string(text)
		first, known := seen[key]
		if list[i] = -1; known {
			list[i] = first
		} else {
			seen[key] = i
		}
	}
	return list
}

// joined are entries with one for each action. Where it has two in a row, for its beginning and its end, they are one,
// with the time of its end or, where it is a message, of its beginning. The administrator guide ("What data is gathered
// in flow logs") has entry and exit of functions and bots in the log; published readers of flow logs join those of
// messages and inputs, too.
func joined(entries []Entry) []Entry {
	again := repetitions(entries)
	var list []Entry
	for i, e := range entries {
		switch n := len(list) - 1; {
		case again[i] >= 0 && e.mayBegin():
		case n >= 0 && again[i] < 0 && list[n].beginsWhat(e):
			list[n] = list[n].joinedWith(e)
		default:
			list = append(list, e)
		}
	}
	return list
}

// mayBegin reports whether an entry may say that an action has begun, and nothing of how it turned out.
func (e Entry) mayBegin() bool {
	return e.Identifier != "" && e.Results == "" && e.External == nil &&
		(isInput(e) || e.ModuleType == playPrompt || e.ModuleType == invokesFunction)
}

// beginsWhat reports whether an entry is of the beginning of the action of which another is the end.
func (e Entry) beginsWhat(end Entry) bool {
	return e.mayBegin() && e.Identifier == end.Identifier && e.flow() == end.flow() &&
		(end.Results != "" || end.External != nil || isInput(e) && e.ModuleType == end.ModuleType)
}

func (e Entry) joinedWith(end Entry) Entry {
	if e.ModuleType == playPrompt && end.ModuleType == playPrompt {
		end.Time = e.Time
	}
	if len(end.Parameters) < len(e.Parameters) {
		end.Parameters = e.Parameters
	}
	return end
}

// isInput reports whether the caller presses keys or speaks in the action of an entry.
func isInput(e Entry) bool { return strings.HasSuffix(e.ModuleType, "UserInput") }

// Contact is a contact of which a log has entries.
type Contact struct {
	ID      string
	Began   time.Time // the time of the first entry
	Ended   time.Time // and of the last
	Entries int
	Flows   []string // their names, in the order of the log
}

// Log is what was read of a log.
type Log struct {
	Entries []Entry   // in the order of time
	Skipped []Skipped // what was not understood
}

// Skipped is a part of a log that is not an entry.
type Skipped struct {
	Line int // 0 where the log is one JSON document
	Why  string
}

// Contacts are those in the log, in the order of their first entries.
func (l Log) Contacts() []Contact {
	var list []Contact
	indexes := map[string]int{} // a day's log has many thousands
	for _, e := range l.Entries {
		i, known := indexes[e.ContactID]
		if !known {
			i = len(list)
			indexes[e.ContactID] = i
			list = append(list, Contact{ID: e.ContactID, Began: e.Time})
		}
		c := &list[i]
		c.Ended = e.Time
		c.Entries++
		if name := cmp.Or(e.FlowName, e.FlowID); name != "" && !slices.Contains(c.Flows, name) {
			c.Flows = append(c.Flows, name)
		}
	}
	return list
}

// Of are the entries of the contact whose id begins with a text. They are of several contacts where that is not enough
// to tell them apart.
func (l Log) Of(id string) Log {
	of := Log{Skipped: l.Skipped}
	for _, e := range l.Entries {
		if strings.HasPrefix(e.ContactID, id) {
			of.Entries = append(of.Entries, e)
		}
	}
	return of
}

// Why says why a log without entries has none, "" where nothing in it looks like one.
func (l Log) Why() string {
	for _, s := range l.Skipped {
		switch {
		case s.Why == errNoEntry.Error():
		case s.Line > 0:
			return fmt.Sprintf("line %d: %s", s.Line, s.Why)
		default:
			return s.Why
		}
	}
	return ""
}

// Add adds the entries of another log.
func (l *Log) Add(other Log) {
	l.Entries = append(l.Entries, other.Entries...)
	l.Skipped = append(l.Skipped, other.Skipped...)
	l.sortEntries()
}

// sortEntries sorts by time. Entries of the same time stay in the order of the log.
func (l *Log) sortEntries() {
	slices.SortStableFunc(l.Entries, func(a, b Entry) int { return a.Time.Compare(b.Time) })
}
