package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// mending is a flow that a Fixer changes for one finding.
type mending struct {
	Setup
	*edit.Text

	own   template.Own
	sorry string
	spoke string // the identifier of the spoken ending, once a branch leads there
	done  []Change
}

// mendingState is what a mending has changed, for taking back what comes after it.
type mendingState struct {
	text  edit.Text
	spoke string
	done  int
}

func (m *mending) state() mendingState {
	return mendingState{text: *m.Text, spoke: m.spoke, done: len(m.done)}
}

func (m *mending) restore(s mendingState) {
	*m.Text, m.spoke, m.done = s.text, s.spoke, m.done[:s.done]
}

// addsActions reports whether one of the changes from the first on adds an action.
func (m *mending) addsActions(first int) bool {
	return slices.ContainsFunc(m.done[first:], func(c Change) bool { return c.IsAction })
}

// overlaps reports whether two changes touch each other, so that one depends on the other.
func (m *mending) overlaps() bool {
	changes := m.Changes()
	for i, c := range changes[min(1, len(changes)):] {
		if c.From <= changes[i].To {
			return true
		}
	}
	return false
}

// action returns the action that a finding is about, nil when that is not clear.
func (m *mending) action(f Finding) *flowlang.Action {
	var found *flowlang.Action
	for _, a := range m.Flow.Actions {
		switch {
		case a.Identifier != f.Subject:
		case found != nil:
			return nil
		default:
			found = a
		}
	}
	return found
}

// note notes what changed in an action, nil for the flow as a whole.
func (m *mending) note(a *flowlang.Action, part, was, is string) {
	c := Change{Part: part, Was: was, Is: is}
	if a != nil {
		c.Action, c.Type = a.Identifier, a.Type
	}
	m.done = append(m.done, c)
}

// quoted is how a change names a text that is written in the flow, "" for none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// redirect leads a branch to another action.
func (m *mending) redirect(a *flowlang.Action, b *flowlang.Branch, to string) {
	if to == "" || !b.Target.Is(source.String) {
		return
	}
	m.Set(b.Target, to)
	m.note(a, b.Name, "to "+quoted(b.Target.Text), "to "+quoted(to))
}

// addError adds an error branch.
func (m *mending) addError(a *flowlang.Action, name, to string) {
	branch := edit.Object{{Key: "NextAction", Value: to}, {Key: "ErrorType", Value: name}}
	transitions := a.Node.Get("Transitions")
	list := transitions.Get("Errors")
	switch {
	case to == "":
		return
	case list.Is(source.Array):
		m.Append(list, branch)
	case list == nil && transitions.Is(source.Object):
		m.Add(transitions, edit.Member{Key: "Errors", Value: edit.List{branch}})
	case transitions == nil:
		m.Add(a.Node, edit.Member{Key: "Transitions", Value: edit.Object{{Key: "Errors", Value: edit.List{branch}}}})
	default:
		return
	}
	m.note(a, name, "", "to "+quoted(to))
}

// endings are how a flow of a type ends after a message, with the identifier that is given to it. A caller in a queue
// stays there. Flows of other types have no caller to speak to, or end when the other side says so.
var endings = map[flowlang.Type]struct{ actionType, identifier string }{
	flowlang.ContactFlow:   {actionType: flowlang.DisconnectParticipant, identifier: "Hang up"},
	flowlang.QueueTransfer: {actionType: flowlang.DisconnectParticipant, identifier: "Hang up"},
	flowlang.AgentTransfer: {actionType: flowlang.DisconnectParticipant, identifier: "Hang up"},
	flowlang.CustomerQueue: {actionType: flowlang.EndFlowExecution, identifier: "End the flow"},
	flowlang.Module:        {actionType: flowlang.EndFlowModuleExecution, identifier: "Return"},
}

// ending returns the identifier of an action that says that it did not work and then ends the flow: one that the flow
// has already, or a new one beside origin. It is "" when the flow is of a type that cannot end so, or speaks a language
// without a built-in sentence.
func (m *mending) ending(origin *flowlang.Action) string {
	if m.spoke != "" {
		return m.spoke
	}
	end, ok := endings[m.Flow.Type]
	if !m.Flow.TypeGiven && m.lastOfType(end.actionType) == "" && m.lastOfType(flowlang.EndFlowExecution) != "" {
		end = endings[flowlang.CustomerQueue] // in an inbound flow it hangs up too
	}
	text := cmp.Or(m.sorry, m.builtIn())
	if !ok || text == "" || !m.Flow.Doc.Get("Actions").Is(source.Array) {
		return ""
	}
	for _, a := range m.Flow.OfType(flowlang.MessageParticipant) {
		if b := a.Success(); a.Text("Text") == text && b != nil && b.To != nil && b.To.Type == end.actionType {
			m.spoke = a.Identifier
			return m.spoke
		}
	}
	b := &addition{mending: m, beside: origin}
	m.spoke = b.identifier("Say sorry")
	last := b.lastOfType(end.actionType)
	if last == "" {
		last = b.identifier(end.identifier)
	}
	b.add(m.spoke, flowlang.MessageParticipant, edit.Object{{Key: "Text", Value: text}},
		edit.Object{{Key: "NextAction", Value: last}, {Key: "Errors", Value: edit.List{edit.Object{
			{Key: "NextAction", Value: last}, {Key: "ErrorType", Value: flowlang.NoMatchingError},
		}}}}, fmt.Sprintf("says %q, then to %q", text, last))
	if m.Flow.Action(last) == nil {
		b.add(last, end.actionType, edit.Object{}, edit.Object{}, "ends the flow")
	}
	b.write()
	return m.spoke
}

// lastOfType returns the identifier of an action that ends the flow and does nothing else, "" when there is none.
func (m *mending) lastOfType(actionType string) string {
	for _, a := range m.Flow.OfType(actionType) {
		if len(a.Parameters.Entries()) == 0 && len(a.Branches) == 0 && m.Flow.Action(a.Identifier) == a {
			return a.Identifier
		}
	}
	return ""
}

// builtIn is the sentence for when something does not work, in the language that the flow sets, else in English. It is
// "" when that is set to a language without built-in texts, or by reference.
func (m *mending) builtIn() string {
	language := "en"
	for _, a := range m.Flow.OfType(flowlang.UpdateContactData) {
		language = cmp.Or(a.Text("LanguageCode"), language)
	}
	if said := async.BuiltInTexts(language).Sentences[async.TextNoService]; len(said) > 0 {
		return said[0]
	}
	return ""
}

// addition collects new actions, so that they are added together.
type addition struct {
	*mending
	beside    *flowlang.Action
	taken     []string
	actions   []any
	positions []edit.Member
	places    []point // of all blocks
}

// point is where a block is in the console.
type point struct{ x, y int }

// The distance of blocks from each other in the console.
const blockWidth, blockHeight = 240, 200

// identifier returns one that no action has.
func (b *addition) identifier(wanted string) string {
	name := wanted
	for i := 2; b.Flow.Action(name) != nil || slices.Contains(b.taken, name); i++ {
		name = wanted + " " + strconv.Itoa(i)
	}
	b.taken = append(b.taken, name)
	return name
}

func (b *addition) add(identifier, actionType string, parameters, transitions edit.Object, says string) {
	b.actions = append(b.actions, edit.Object{
		{Key: "Identifier", Value: identifier}, {Key: "Type", Value: actionType},
		{Key: "Parameters", Value: parameters}, {Key: "Transitions", Value: transitions},
	})
	if p, ok := b.place(); ok {
		position := edit.Object{{Key: "x", Value: p.x}, {Key: "y", Value: p.y}}
		b.positions = append(b.positions, edit.Member{Key: identifier, Value: edit.Object{
			{Key: "position", Value: position}, {Key: "isFriendlyName", Value: true},
		}})
	}
	b.done = append(b.done, Change{Action: identifier, Type: actionType, Is: says, IsAction: true})
}

// write adds what was collected to the document.
func (b *addition) write() {
	b.Append(b.Flow.Doc.Get("Actions"), b.actions...)
	if len(b.positions) > 0 {
		b.Add(b.layout(), b.positions...)
	}
}

// layout is what the document says about blocks in the console, nil when it does not.
func (b *addition) layout() *source.Node {
	if n := b.Flow.Doc.Get("Metadata").Get("ActionMetadata"); n.Is(source.Object) {
		return n
	}
	return nil
}

// place returns a place below the action that leads there, where no other block is. It is false when the console does
// not know where that is.
func (b *addition) place() (point, bool) {
	origin, known := pointOf(b.layout().Get(b.beside.Identifier).Get("position"))
	if !known {
		return point{}, false
	}
	if b.places == nil {
		for _, m := range b.layout().Entries() {
			if p, ok := pointOf(m.Value.Get("position")); ok {
				b.places = append(b.places, p)
			}
		}
	}
	p := point{x: origin.x, y: origin.y + blockHeight}
	for slices.ContainsFunc(b.places, p.isNear) {
		p.y += blockHeight
	}
	b.places = append(b.places, p)
	return p, true
}

func (p point) isNear(q point) bool {
	return max(p.x-q.x, q.x-p.x) < blockWidth && max(p.y-q.y, q.y-p.y) < blockHeight
}

// pointOf reads a position. Far outside of what the console shows there is none.
func pointOf(n *source.Node) (p point, ok bool) {
	const widest = 1e6
	read := func(key string) (int, bool) {
		f, err := json.Number(n.Get(key).Scalar()).Float64()
		return int(f), err == nil && f > -widest && f < widest
	}
	x, okX := read("x")
	y, okY := read("y")
	return point{x: x, y: y}, okX && okY
}
