package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Difference is something in a log that is not as it is played here.
type Difference struct {
	Kind       DifferenceKind `json:"kind"`
	At         time.Duration  `json:"-"` // after the call began
	Flow       string         `json:"flow"`
	Action     string         `json:"action"`
	ActionType string         `json:"action_type"`
	Parameter  string         `json:"parameter,omitempty"`  // of DiffersInValue
	Played     string         `json:"played"`               // the branch or value here
	Logged     string         `json:"logged"`               // and in the log
	Results    string         `json:"results,omitempty"`    // what the log says of the action
	Reason     string         `json:"reason,omitempty"`     // why the entries of a flow are not replayed
	Took       time.Duration  `json:"-"`                    // of DiffersInTime: how much later it began in the log
	Assumption string         `json:"assumption,omitempty"` // that the difference breaks
	Value      string         `json:"value,omitempty"`      // of the assumption that explains it

	when time.Time
}

// DifferenceKind says in what a log and a play differ.
type DifferenceKind string

// The kinds of differences.
const (
	DiffersInBranch  DifferenceKind = "branch" // the log goes on elsewhere
	DiffersInValue   DifferenceKind = "value"  // a text, a parameter or a result is another
	DiffersInTime    DifferenceKind = "time"   // an action begins earlier or later
	DiffersInEntries DifferenceKind = "entry"  // an action has no entry, or an entry no action
)

// Words says what the difference is.
func (d Difference) Words() string {
	switch d.Kind {
	case DiffersInBranch:
		return d.branchWords()
	case DiffersInValue:
		return fmt.Sprintf("%s is %s in the log, and %s as it is played here", d.Parameter, orNothing(d.Logged),
			orNothing(d.Played))
	case DiffersInTime:
		if d.Took < 0 {
			return "began " + call.Spell(-d.Took) + " earlier than it is played here"
		}
		return "began " + call.Spell(d.Took) + " later than it is played here"
	}
	if d.Reason != "" {
		return "the log has " + d.Logged + " not replayed: " + d.Reason
	}
	if d.Logged != "" {
		return "the log has " + d.Logged + ", which is not played here"
	}
	return "is played here, and the log has no entry of it"
}

func (d Difference) branchWords() string {
	logged := "the log takes " + d.Logged
	if d.Logged == "" {
		logged = "the log goes on where no branch leads"
	}
	if d.Results != "" {
		logged += fmt.Sprintf(" (%s)", d.Results)
	}
	if d.Played == "" {
		return logged + "; played here the flow stops"
	}
	return logged + "; played here it takes " + d.Played
}

func orNothing(text string) string {
	if text == "" {
		return "absent"
	}
	return strconv.Quote(text)
}

// Logs implements flow.Guide: it compares what the play logs of an action with the entry that the log has of it.
func (g *guide) Logs(l flow.Log) {
	i, ok := g.of[l.Action]
	if !ok || i < 0 || g.unknowable(l.Action) {
		return
	}
	e := g.entries[i]
	b := flow.Beginning{Flow: l.Flow, Action: l.Action}
	for _, d := range compare(l, e) {
		d.Kind = DiffersInValue
		g.differs(b, d)
	}
}

// compare are the values in which an entry differs from what the play logs: those that a contact works out.
func compare(l flow.Log, e Entry) []Difference {
	var found []Difference
	played := Entry{Parameters: l.Parameters}
	add := func(name, here, there string) {
		if here != there {
			found = append(found, Difference{Parameter: name, Played: here, Logged: there})
		}
	}
	if l.Action.Type == flowlang.Loop || l.Action.Type == flowlang.Wait {
		add("Results", l.Results, e.Results)
	}
	if len(e.Parameters) == 0 { // which were left out of the export
		return found
	}
	for _, name := range []string{"Text", "Value", "ResponseValidation"} {
		if there := e.parameter(name); there != "" || played.parameter(name) != "" {
			add(name, played.parameter(name), there)
		}
	}
	if l.Action.Type == flowlang.InvokeLambdaFunction {
		here := valuesOf(json.RawMessage(played.parameter("Parameters")))
		there := valuesOf(json.RawMessage(e.parameter("Parameters")))
		for _, name := range slices.Sorted(maps.Keys(merged(here, there))) {
			add("the parameter "+name, here[name], there[name])
		}
	}
	return found
}

// valuesOf are the members of an object as texts.
func valuesOf(raw json.RawMessage) map[string]string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members) // no parameters at all
	values := map[string]string{}
	for name, value := range members {
		if values[name] = string(value); value[0] != '"' {
			continue
		}
		if values[name] = plainText(value); values[name] == "" {
			values[name] = `""` // which is not absent
		}
	}
	return values
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// leftOver are the entries for which the play had no action: each, or all of a flow that was not played.
func (g *guide) leftOver() []Difference {
	left, played := map[loggedFlow]int{}, map[loggedFlow]bool{}
	for i, e := range g.entries {
		switch {
		case g.actions[i] != nil || e.FlowName == "":
			played[e.flow()] = true
		case !g.used[i] && g.again[i] < 0:
			left[e.flow()]++
		}
	}
	var found []Difference
	for i, e := range g.entries {
		d := Difference{Kind: DiffersInEntries, Flow: e.FlowName, when: e.Time.Add(-g.shift)}
		switch n := left[e.flow()]; {
		case g.used[i] || g.again[i] >= 0:
			continue
		case played[e.flow()]:
			d.Action, d.ActionType, d.Logged = e.Identifier, e.ModuleType, "an entry of "+e.ModuleType
		case n > 0:
			left[e.flow()] = 0
			d.Reason = g.given[e.flow()].whyAside()
			d.Logged = fmt.Sprintf("%s of the flow %q, which %s", call.Entries(n), e.FlowName, isOrAre(n))
		default:
			continue
		}
		found = append(found, d)
	}
	return found
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
