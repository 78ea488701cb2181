package player

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
)

// Functions answers the invocations of Lambda functions. Invoke runs in a task of the clock and may wait on it.
type Functions interface {
	Invoke(c flow.InvokeFunction) Reply
}

// Reply is how an invocation ended.
type Reply struct {
	Payload   json.RawMessage // what the function returned, or its error document when it failed
	Failed    bool            // the function raised an error
	ErrorType string          // of that error
	Err       error           // the function was not invoked at all
	Retryable bool            // Connect invokes again: throttling and faults of the service
}

// Voice says what is heard of a spoken text or a recording.
type Voice interface {
	Utterance(s flow.Say) Utterance
}

// Observer is told what happens, in order. Its methods run in the player's turn and must not wait.
type Observer interface {
	// Command is told of the commands that open nothing: Enter, Take, Transfer, Note, Log and Finish.
	Command(c flow.Command)
	// Opened is told of Say, Ask, InvokeFunction and SetTimer.
	Opened(o Opened)
	// Closed is told when what was opened is over, before the contact is.
	Closed(o Opened)
	// Idle is told when nothing is left that could happen by itself. Who knows of nothing to come should hang up.
	Idle()
}

// Opened is something that the contact waits for: a text that is spoken, an answer of the caller, a function or a
// timer.
type Opened struct {
	Command   flow.Command // Say, Ask, InvokeFunction or SetTimer
	Began     time.Time    // when the contact began to wait for it
	Utterance Utterance    // of a Say
	Reply     Reply        // of a function that replied
	Cut       bool         // it was closed by the contact: for an Ask that is its only end
}

// Options say how a contact is played. All fields are needed.
type Options struct {
	Clock     clock.Clock
	Functions Functions
	Voice     Voice
	Observer  Observer
}

// Player plays one contact. Do, Connect, HangUp and Done may be called at any time; Advance only in the player's
// turn, which is in a function given to Do and in the methods of the Observer.
type Player struct {
	options Options
	contact *flow.Contact
	ctx     context.Context // of the call, nil before Connect
	open    []*opened
	done    clock.Signal

	mu       sync.Mutex
	queue    []func()
	running  bool // somebody works off the queue
	finished bool
}

// opened is an Opened with its id and what ends it.
type opened struct {
	Opened
	id    string
	timer clock.Timer // nil for an Ask and a function
}

// New returns a player of a contact that has not begun.
func New(c *flow.Contact, o Options) *Player { return &Player{options: o, contact: c} }

// Contact is the contact that is played. It is to be looked at in the player's turn, or when the player is done.
func (p *Player) Contact() *flow.Contact { return p.contact }

// Done is set when the contact has finished and nothing more will be observed.
func (p *Player) Done() *clock.Signal { return &p.done }

// Connect begins the contact. When ctx is done the caller hangs up, as soon as anything happens.
func (p *Player) Connect(ctx context.Context) {
	p.Do(func() {
		p.ctx = ctx
		p.Advance(flow.Connected{At: p.options.Clock.Now()})
	})
}

// Resume goes on with a contact that was restored: what it waits for is performed again, as far as it is not over. When
// ctx is done the caller hangs up, as soon as anything happens.
func (p *Player) Resume(ctx context.Context) {
	p.Do(func() {
		p.ctx = ctx
		for _, o := range p.contact.Outstanding() {
			p.resume(o)
		}
	})
}

// resume performs a command again that the contact gave some time ago.
func (p *Player) resume(o flow.Outstanding) {
	passed := p.options.Clock.Now().Sub(o.Since)
	switch c := o.Command.(type) {
	case flow.Say:
		p.sayFrom(c, o.Since, passed)
	default:
		p.perform(c)
	}
}

// HangUp ends the contact from the caller's side.
func (p *Player) HangUp() { p.Do(p.hangUp) }

func (p *Player) hangUp() { p.Advance(flow.HungUp{At: p.options.Clock.Now()}) }

// Do runs f in the player's turn: after what is queued, and never beside anything else of this player. When the
// contact has finished it does nothing.
func (p *Player) Do(f func()) {
	if p.put(f) {
		p.options.Clock.Go(p.work)
	}
}

// put queues f and reports whether the queue was at rest, so that the caller must see to it that it is worked off.
func (p *Player) put(f func()) (rests bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished {
		return false
	}
	p.queue = append(p.queue, f)
	rests = !p.running
	p.running = true
	return rests
}

// work works off the queue.
func (p *Player) work() {
	for f := p.next(); f != nil; f = p.next() {
		f()
		switch {
		case p.contact.Ended() != "":
		case p.ctx == nil: // not connected yet
		case p.ctx.Err() != nil:
			p.hangUp()
		case p.idle():
			p.options.Observer.Idle()
		}
		if p.contact.Ended() != "" {
			p.finish()
		}
	}
}

// next takes the next function off the queue. When there is none the queue rests, and next returns nil.
func (p *Player) next() (f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		p.running, p.queue = false, nil
		return nil
	}
	f = p.queue[0]
	p.queue = p.queue[1:]
	return f
}

// finish drops what is queued: the contact is over.
func (p *Player) finish() {
	p.mu.Lock()
	p.finished, p.queue = true, nil
	p.mu.Unlock()
	p.done.Set()
}

// idle reports whether nothing can happen by itself: nothing is queued, and nothing is open that ends without the
// caller.
func (p *Player) idle() bool {
	p.mu.Lock()
	queued := len(p.queue)
	p.mu.Unlock()
	return queued == 0 && !slices.ContainsFunc(p.open, func(o *opened) bool {
		_, asks := o.Command.(flow.Ask)
		return !asks
	})
}

// Advance tells the contact what happened and performs what it asks for.
func (p *Player) Advance(ev flow.Event) {
	for _, command := range p.contact.Advance(ev) {
		p.perform(command)
	}
}

func (p *Player) perform(command flow.Command) {
	switch c := command.(type) {
	case flow.Say:
		p.say(c)
	case flow.Ask:
		p.opened(c.ID, c)
	case flow.InvokeFunction:
		p.invoke(c)
	case flow.SetTimer:
		o := p.opened(c.ID, c)
		p.after(c.At.Sub(o.Began), o, func(at time.Time) flow.Event { return flow.TimerFired{At: at, ID: c.ID} })
	case flow.StopSaying:
		p.cut(c.ID)
	case flow.Cancel:
		p.cut(c.ID)
	default:
		p.options.Observer.Command(c)
	}
}

// opened notes and reports something that begins.
func (p *Player) opened(id string, c flow.Command) *opened {
	return p.begin(&opened{id: id, Opened: Opened{Command: c, Began: p.options.Clock.Now()}})
}

func (p *Player) begin(o *opened) *opened {
	p.open = append(p.open, o)
	p.options.Observer.Opened(o.Opened)
	return o
}

// after lets something end by itself when d is over. A timer's function runs when nothing else does, so that it can
// work off the queue itself.
func (p *Player) after(d time.Duration, o *opened, event func(at time.Time) flow.Event) {
	o.timer = p.options.Clock.AfterFunc(d, func() {
		if p.put(func() { p.over(o, event) }) {
			p.work()
		}
	})
}

// over ends something and tells the contact, unless it was closed meanwhile.
func (p *Player) over(o *opened, event func(at time.Time) flow.Event) {
	if p.remove(o) {
		p.options.Observer.Closed(o.Opened)
		p.Advance(event(p.options.Clock.Now()))
	}
}

// say plays a text or a recording. On channels where nobody waits for its end it arrives at once.
func (p *Player) say(c flow.Say) {
	p.sayFrom(c, p.options.Clock.Now(), 0)
}

// sayFrom goes on with a text or a recording that began some time ago.
func (p *Player) sayFrom(c flow.Say, began time.Time, passed time.Duration) {
	o := &opened{id: c.ID, Opened: Opened{Command: c, Began: began}}
	o.Utterance = p.options.Voice.Utterance(c)
	if c.ID == "" {
		p.options.Observer.Opened(o.Opened)
		p.Do(func() { p.options.Observer.Closed(o.Opened) })
		return
	}
	p.begin(o)
	p.after(o.Utterance.Length()-passed, o, func(at time.Time) flow.Event { return flow.Said{At: at, ID: c.ID} })
}

// invoke invokes a function beside the contact. The contact minds its own limit; in AWS a function runs on after it.
func (p *Player) invoke(c flow.InvokeFunction) {
	o := p.opened(c.ID, c)
	p.options.Clock.Go(func() {
		reply := p.options.Functions.Invoke(c)
		p.Do(func() {
			o.Reply = reply
			p.over(o, func(at time.Time) flow.Event { return reply.event(c.ID, at) })
		})
	})
}

// event is what the contact is told of a reply.
func (r Reply) event(id string, at time.Time) flow.Event {
	switch {
	case r.Err != nil:
		return flow.FunctionFailed{At: at, ID: id, Message: r.Err.Error(), Retryable: r.Retryable}
	case r.Failed:
		return flow.FunctionFailed{At: at, ID: id, Error: r.ErrorType, Message: string(r.Payload)}
	}
	return flow.FunctionReturned{At: at, ID: id, Payload: r.Payload}
}

// cut closes something before its own end.
func (p *Player) cut(id string) {
	i := slices.IndexFunc(p.open, func(o *opened) bool { return o.id == id })
	if i < 0 {
		return
	}
	o := p.open[i]
	if o.timer != nil {
		o.timer.Stop()
	}
	p.remove(o)
	o.Cut = true
	p.options.Observer.Closed(o.Opened)
}

// remove takes something from the list of what is open and reports whether it was there.
func (p *Player) remove(o *opened) bool {
	i := slices.Index(p.open, o)
	if i >= 0 {
		p.open = slices.Delete(p.open, i, i+1)
	}
	return i >= 0
}
