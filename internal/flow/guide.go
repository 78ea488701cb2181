package flow

import (
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// Guide knows how a call that is over went, from a record of it such as its flow log. A contact that has one follows
// it where nobody but the record can know: what the world decided, what was said, and which branch was taken. Its
// methods are asked in the order of the call and must not wait.
type Guide interface {
	// Queued returns how long a contact that comes into a queue waits there for an agent. ok is false where the record
	// does not know.
	Queued(at time.Time) (wait time.Duration, ok bool)
	// Begins is told of every action that begins, and whether the flow log has an entry of it. It returns what is known
	// of how the action turned out, nil where nothing is.
	Begins(b Beginning) *Outcome
	// Says returns what was really said instead of a text.
	Says(say Say) Say
	// Logs is told of the entry that an action has in the flow log as it is played.
	Logs(entry Log)
	// Follows returns the action that came after an action, nil where the record agrees with the contact or does not
	// know.
	Follows(b Beginning, own *flowlang.Branch) *flowlang.Action
}

// Beginning is an action that a contact has begun.
type Beginning struct {
	Flow   *Flow
	Action *flowlang.Action
	At     time.Time
	Logged bool // the flow log has an entry of it
}

func (c *Contact) beginning(f *frame, a *flowlang.Action) Beginning {
	return Beginning{Flow: f.flow, Action: a, At: f.Work.Started, Logged: c.isLogged(a)}
}

// outcomeOf is how an action turns out that begins now: as the guide knows it, else as the world says.
func (c *Contact) outcomeOf(f *frame, a *flowlang.Action) *Outcome {
	guide := c.state.Options.Guide
	if guide == nil {
		return c.takeOutcome(a)
	}
	given := guide.Begins(c.beginning(f, a))
	if given != nil {
		c.fill(f, given.Data) // before the action reads it
	}
	return given
}

// guided takes the way that the guide knows, where it differs from the branch that an action would take. It reports
// whether there is one.
func (c *Contact) guided(f *frame, a *flowlang.Action, own *flowlang.Branch, o outcome) bool {
	guide := c.state.Options.Guide
	if guide == nil {
		return false
	}
	next := guide.Follows(c.beginning(f, a), own)
	if next == nil {
		return false
	}
	name := ""
	for _, b := range a.Branches {
		if b.To == next {
			name = b.Name
		}
	}
	f.Next = next.Identifier
	c.emit(Take{Flow: f.flow, Action: a, Branch: name, Next: f.Next, Result: o.value})
	return true
}
