package flow

import (
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// Outstanding is something that a contact waits for. Whoever restores a contact that was saved performs the command
// again, as far as it is not over: what is left of a text, a timer at its time, a function that may have been asked
// before.
type Outstanding struct {
	Command Command   // Say, Ask, InvokeFunction or SetTimer, as it was given
	Since   time.Time // when that was
	Until   time.Time // when the contact stops waiting for a timer or a function; zero for a Say and an Ask
}

// Outstanding returns what the contact waits for, in the order in which it was opened; nothing when it has ended.
func (c *Contact) Outstanding() []Outstanding {
	var list []Outstanding
	for _, o := range c.state.Opened {
		if command, until := c.requested(o); command != nil {
			list = append(list, Outstanding{Command: command, Since: o.Since, Until: until})
		}
	}
	return list
}

// request is the command that opened something, in a form that can be saved: at most one command, and its action by
// flow and identifier.
type request struct {
	Flow     string          `json:",omitempty"` // key in the contact's flows
	Action   string          `json:",omitempty"`
	Say      *Say            `json:",omitempty"`
	Ask      *Ask            `json:",omitempty"`
	Function *InvokeFunction `json:",omitempty"`
	Event    []byte          `json:",omitempty"` // of the function, just as it was given
	Timer    *SetTimer       `json:",omitempty"`
}

// remember keeps a command that opens something beside its id.
func (c *Contact) remember(command Command) {
	switch k := command.(type) {
	case Say:
		c.keepRequest(k.ID, request{Say: &k}, k.Action)
	case Ask:
		c.keepRequest(k.ID, request{Ask: &k}, k.Action)
	case InvokeFunction:
		c.keepRequest(k.ID, request{Function: &k, Event: k.Event}, k.Action)
	case SetTimer:
		c.keepRequest(k.ID, request{Timer: &k}, nil)
	}
}

func (c *Contact) keepRequest(id string, r request, a *flowlang.Action) {
	last := len(c.state.Opened) - 1 // an id is given out just before the command
	if last < 0 || c.state.Opened[last].ID != id {
		return // a Say that nobody waits for
	}
	if a != nil {
		r.Flow, r.Action = c.flowOf(a), a.Identifier
	}
	c.state.Opened[last].Request = r
}

// flowOf is the key of the flow that an action belongs to, one of those that run.
func (c *Contact) flowOf(a *flowlang.Action) string {
	for i := len(c.state.Frames) - 1; i >= 0; i-- {
		if f := c.state.Frames[i]; f.flow.Action(a.Identifier) == a {
			return f.Flow
		}
	}
	return ""
}

// requested is the command that opened something, with its action, and until when the contact waits for it.
func (c *Contact) requested(o opened) (command Command, until time.Time) {
	var action *flowlang.Action
	if f := c.flowByKey(o.Request.Flow); f != nil {
		action = f.Action(o.Request.Action)
	}
	switch r := o.Request; {
	case r.Say != nil:
		say := *r.Say
		say.Action = action
		return say, time.Time{}
	case r.Ask != nil:
		ask := *r.Ask
		ask.Action = action
		return ask, time.Time{}
	case r.Function != nil:
		call := *r.Function
		call.Action, call.Event = action, r.Event
		return call, o.Since.Add(call.Limit)
	case r.Timer != nil:
		return *r.Timer, r.Timer.At
	}
	return nil, time.Time{}
}
