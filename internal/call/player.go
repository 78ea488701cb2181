package call

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// player performs the commands of one contact. All its fields belong to the one task that runs it.
type player struct {
	stage     *stage
	call      *Call
	clock     clock.Clock
	index     int // of the caller
	caller    Caller
	ctx       context.Context // of the functions that the call invokes
	began     time.Time
	contact   *flow.Contact
	contactID string
	inbox     *inbox

	timers   map[string]clock.Timer
	sounds   map[string]*sound
	asking   map[string]ask
	invoked  map[string]flow.InvokeFunction
	deeds    []Deed // those that wait for something to be heard
	due      int    // deeds whose time has not come
	leaving  bool   // the commands under way end the contact
	finished bool
	ending   flow.Finish

	covered     []span // what is no dead air
	heard       []string
	invocations int
	executions  []*local.Execution
	branches    map[Taken]int
	result      pendingResult
}

// ask is a stretch in which the flow listens to the caller.
type ask struct {
	action string
	from   time.Duration
}

// run plays the contact to its end, or until ctx is done.
func (p *player) run(ctx context.Context) {
	p.began = p.clock.Now()
	p.prepareCaller()
	p.event(Event{Type: TypeConnected, Text: p.caller.Number})
	p.advance(flow.Connected{At: p.clock.Now()})
	for !p.finished {
		do, err := p.inbox.take(ctx, p.clock)
		if err = errors.Join(err, ctx.Err()); err != nil {
			p.advance(flow.HungUp{At: p.clock.Now()})
			return
		}
		do()
		if !p.finished && p.idle() {
			p.event(Event{Type: TypeNote, Text: "nothing more can happen, so the caller hangs up"})
			p.advance(flow.HungUp{At: p.clock.Now()})
		}
	}
}

// idle reports whether the contact waits for something that cannot come: nothing is open, and the caller will do nothing more.
func (p *player) idle() bool {
	return len(p.timers)+len(p.sounds)+len(p.invoked)+p.due == 0 && p.inbox.empty()
}

// spoken reports whether the caller listens. Who reads hears no silence.
func (p *player) spoken() bool { return p.caller.Channel == flow.Voice }

// now is the time since the call began.
func (p *player) now() time.Duration { return p.clock.Now().Sub(p.began) }

func (p *player) event(e Event) {
	e.At = p.now()
	e.Caller = p.index
	p.stage.event(e)
}

func (p *player) advance(e flow.Event) {
	commands := p.contact.Advance(e)
	p.leaving = slices.ContainsFunc(commands, func(c flow.Command) bool { _, ends := c.(flow.Finish); return ends })
	for _, command := range commands {
		p.perform(command)
	}
}

func (p *player) perform(command flow.Command) {
	switch c := command.(type) {
	case flow.Enter:
		p.enter(c)
	case flow.Take:
		p.take(c)
	case flow.Say:
		p.say(c)
	case flow.StopSaying:
		p.stopSaying(c.ID)
	case flow.Ask:
		p.asking[c.ID] = ask{action: c.Action.Identifier, from: p.now()}
		p.event(Event{Type: TypeAsks, Action: c.Action.Identifier})
	case flow.InvokeFunction:
		p.invoke(c)
	case flow.SetTimer:
		p.setTimer(c)
	case flow.Cancel:
		p.cancel(c.ID)
	case flow.Transfer:
		p.event(Event{Type: TypeTransfer, Action: identifier(c.Action), Text: strings.TrimSpace(string(c.Kind) + " " + c.To)})
	case flow.Note:
		p.event(Event{Type: TypeNote, Action: identifier(c.Action), Text: c.Text})
	case flow.Log:
		p.event(Event{Type: TypeFlowLog, Log: &LogEntry{ContactID: p.contactID, Time: p.clock.Now(), Entry: c}})
	case flow.Finish:
		p.finish(c)
	}
}

// identifier is an action's, "" when none runs: an agent may take a contact whose queue flow has ended.
func identifier(a *flowlang.Action) string {
	if a == nil {
		return ""
	}
	return a.Identifier
}

// after puts something into the inbox when d is over.
func (p *player) after(d time.Duration, do func()) clock.Timer {
	return p.clock.AfterFunc(d, func() { p.inbox.put(do) })
}

func (p *player) setTimer(c flow.SetTimer) {
	p.timers[c.ID] = p.after(c.At.Sub(p.clock.Now()), func() {
		delete(p.timers, c.ID)
		p.advance(flow.TimerFired{At: p.clock.Now(), ID: c.ID})
	})
}

func (p *player) cancel(id string) {
	if timer, ok := p.timers[id]; ok {
		timer.Stop()
		delete(p.timers, id)
	}
	p.closeAsk(id)
	if c, ok := p.invoked[id]; ok {
		delete(p.invoked, id)
		reason := "no answer within the block's limit"
		if p.leaving {
			reason = "no answer before the call ended"
		}
		p.functionEvent(c, Event{Error: reason})
	}
}

// closeAsk ends a stretch of listening; asking the caller something is no dead air.
func (p *player) closeAsk(id string) {
	if a, ok := p.asking[id]; ok {
		p.covered = append(p.covered, span{a.from, p.now()})
		delete(p.asking, id)
	}
}

// enter reports what begins without anything else to show for it.
func (p *player) enter(c flow.Enter) {
	if c.Action.Type == "Wait" {
		p.event(Event{Type: TypeWaits, Action: c.Action.Identifier})
	}
}

func (p *player) take(c flow.Take) {
	for id, a := range p.asking {
		if a.action == c.Action.Identifier {
			p.closeAsk(id)
		}
	}
	p.branches[Taken{c.Flow.File, c.Action.Identifier, c.Branch}]++
	p.result.taken(c, p.now())
	if c.Cause != "" {
		p.event(Event{Type: TypeNote, Action: c.Action.Identifier, Text: "takes the branch " + c.Branch, Error: c.Cause})
	}
}

func (p *player) finish(c flow.Finish) {
	for _, id := range slices.Sorted(maps.Keys(p.sounds)) {
		p.stopSaying(id)
	}
	for id := range p.asking {
		p.closeAsk(id)
	}
	for _, timer := range p.timers {
		timer.Stop()
	}
	p.finished = true
	p.ending = c
	p.event(Event{Type: TypeEnded, Status: string(c.Ending), Text: c.Reason})
}

// invoke calls a Lambda function as Connect does. The contact minds its own limit; in AWS a function runs on after it.
func (p *player) invoke(c flow.InvokeFunction) {
	c.ARN = p.call.functionARN(c.ARN)
	p.invocations++
	p.invoked[c.ID] = c
	began := p.now()
	if c.Asynchronous {
		name, _ := p.stage.account.FunctionName(c.ARN)
		p.event(Event{Type: TypeStarts, Action: c.Action.Identifier, Function: name, Async: true})
	}
	p.clock.Go(func() {
		result := p.stage.account.Invoke(p.ctx, c.ARN, c.Event)
		_ = p.clock.Sleep(p.ctx, p.call.scenario.Latency.Lambda-(p.now()-began))
		p.inbox.put(func() { p.returned(c, began, result) })
	})
}

func (p *player) returned(c flow.InvokeFunction, began time.Duration, r function.Result) {
	if _, open := p.invoked[c.ID]; open {
		delete(p.invoked, c.ID)
		e := outcome(c, r)
		e.Took = p.now() - began
		p.functionEvent(c, e)
	}
	at := p.clock.Now()
	if r.Err == nil && r.FunctionError == "" {
		p.result.replied(r.Payload)
		p.advance(flow.FunctionReturned{At: at, ID: c.ID, Payload: r.Payload})
		return
	}
	failed := flow.FunctionFailed{At: at, ID: c.ID, Error: r.ErrorType, Message: string(r.Payload)}
	if r.Err != nil {
		failed.Message = r.Err.Error()
		failed.Retryable = retryable(r.Err)
	}
	p.advance(failed)
}

// retryable reports whether Connect invokes a function again after a refusal: throttling and faults of the service, but not a
// function that is not there (documentation: Invoke Lambda block).
func retryable(err error) bool {
	var refused *local.Error
	return !errors.As(err, &refused) || refused.Code != "ResourceNotFoundException"
}

func (p *player) functionEvent(c flow.InvokeFunction, e Event) {
	e.Type, e.Action, e.Async = TypeFunction, c.Action.Identifier, c.Asynchronous
	e.Silent = !c.Asynchronous && p.spoken()
	e.Function, _ = p.stage.account.FunctionName(c.ARN)
	if e.Function == p.call.asyncName {
		e.Request = requestOf(c.Event)
	}
	p.event(e)
}

// observe notes that an execution of this contact has started or ended.
func (p *player) observe(e *local.Execution) {
	d := e.Describe()
	if !slices.Contains(p.executions, e) {
		p.executions = append(p.executions, e)
	}
	p.event(Event{Type: TypeExecution, Status: string(d.Status), Text: d.Name, Error: d.Error})
}
