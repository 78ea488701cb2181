package call

import (
	"context"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
)

// line is the telephone line of one caller: it lets the caller do things, and turns what the player of the contact
// observes into the events of the timeline. Everything but play happens in the player's turn.
type line struct {
	stage     *stage
	player    *player.Player
	index     int // of the caller
	caller    scenario.Caller
	contactID string
	began     time.Time

	waiting []scenario.Step // what the caller does when something has been heard
	due     int             // steps whose time has not come

	asks     flow.AskKind // what the flow waits for from the caller; "" while it does not
	speaking int          // texts and recordings that are heard

	covered     []span // what does not count as dead air
	entered     []entered
	talking     *time.Duration // since when the caller talks to somebody else; nil while they do not
	comfort     comfort
	heard       []string
	messages    int // of a chat
	invocations int
	executions  []*local.Execution
	steps       map[*local.Execution]*stepReader // with Options.Steps
	branches    map[Taken]int
	result      pendingResult
	broken      []Broken
	failing     *Broken    // what becomes one of them if the flow takes an error branch
	flow        *flow.Flow // that the contact is in
	replies     map[*flow.Flow]lastReply
	loaded      lastReply // of an asynchronous function, before the flow loads it
	checked     map[*flowlang.Action]bool
	ending      flow.Finish
	duration    time.Duration
	after       afterwards
}

func newLine(s *stage, index int, seed uint64) *line {
	caller := s.call.scenario.Callers[index]
	l := &line{
		stage: s, index: index, caller: caller, contactID: s.account.NewID(), branches: map[Taken]int{},
		steps: map[*local.Execution]*stepReader{}, replies: map[*flow.Flow]lastReply{},
		checked: map[*flowlang.Action]bool{},
	}
	contact := s.call.NewContact(index, l.contactID, seed+uint64(index))
	l.player = player.New(contact, player.Options{Clock: s.clock, Functions: l, Voice: s.call.voice(), Observer: l})
	return l
}

// play plays the call to its end. When ctx is done the caller hangs up.
func (l *line) play(ctx context.Context) {
	l.player.Do(func() {
		l.began = l.stage.clock.Now()
		l.prepareCaller()
		l.event(Event{Type: TypeConnected, Text: l.caller.Number})
	})
	l.player.Connect(ctx)
	l.stage.live.begins(l)
	if l.stage.clock.Wait(ctx, l.player.Done()) != nil {
		l.player.HangUp()
	}
	_ = l.stage.clock.Wait(context.Background(), l.player.Done())
}

// spoken reports whether the caller listens. Who reads hears no silence.
func (l *line) spoken() bool { return l.caller.Channel == flow.Voice }

// now is the time since the call began.
func (l *line) now() time.Duration { return l.stage.clock.Now().Sub(l.began) }

// since is how long after the call began something happened.
func (l *line) since(at time.Time) time.Duration { return at.Sub(l.began) }

func (l *line) event(e Event) { l.eventAt(l.now(), e) }

func (l *line) eventAt(at time.Duration, e Event) {
	e.At = at
	e.Caller = l.index
	l.stage.event(e)
}

// Idle implements player.Observer.
func (l *line) Idle() {
	if l.due > 0 || l.stage.live.attended() {
		return
	}
	l.event(Event{Type: TypeNote, Text: "nothing more can happen, so the caller hangs up"})
	l.player.Advance(flow.HungUp{At: l.stage.clock.Now()})
}

// Command implements player.Observer.
func (l *line) Command(command flow.Command) {
	switch c := command.(type) {
	case flow.Enter:
		l.enter(c.Action)
		l.comesTo(c)
		l.checkReads(c)
		if c.Action.Type == flowlang.Wait {
			l.event(Event{Type: TypeWaits, Action: c.Action.Identifier})
		}
	case flow.Take:
		l.take(c)
	case flow.Transfer:
		text := strings.TrimSpace(string(c.Kind) + " " + c.To)
		l.event(Event{Type: TypeTransfer, Action: identifier(c.Action), Text: text})
	case flow.Note:
		l.event(Event{Type: TypeNote, Action: identifier(c.Action), Text: c.Text})
	case flow.Log:
		entry := &LogEntry{ContactID: l.contactID, Time: l.stage.clock.Now(), Entry: c}
		l.event(Event{Type: TypeFlowLog, Log: entry})
	case flow.Finish:
		l.leave()
		l.endRunningSteps()
		l.ending, l.duration = c, l.now()
		if c.Ending != flow.EndingTransferred && c.Ending != flow.EndingCompleted {
			l.after.begin(l.stage.clock.Now())
		}
		l.event(Event{Type: TypeEnded, Status: string(c.Ending), Text: c.Reason})
	}
}

// identifier is an action's, "" when none runs: an agent may take a contact whose queue flow has ended.
func identifier(a *flowlang.Action) string {
	if a == nil {
		return ""
	}
	return a.Identifier
}

func (l *line) take(c flow.Take) {
	l.leave()
	l.goesOn(c)
	l.branches[Taken{Flow: c.Flow.File, Action: c.Action.Identifier, Branch: c.Branch}]++
	l.result.taken(c, l.now())
	l.leaves(c)
	if c.Cause != "" {
		l.event(Event{Type: TypeNote, Action: c.Action.Identifier, Text: "takes the branch " + c.Branch,
			Error: c.Cause})
	}
}

// Opened implements player.Observer.
func (l *line) Opened(o player.Opened) {
	switch c := o.Command.(type) {
	case flow.Say:
		l.speaking++
		l.says(c, o.Utterance)
	case flow.Ask:
		l.comfort.asked()
		l.event(Event{Type: TypeAsks, Action: c.Action.Identifier})
		l.asks = c.Kind
		l.stage.live.listens(l)
		l.answerAsRecorded(c)
	case flow.InvokeFunction:
		l.invocations++
		name := l.functionName(c)
		l.comfort.calls(name)
		if c.Asynchronous {
			l.event(Event{Type: TypeStarts, Action: c.Action.Identifier, Function: name, Async: true})
		}
	}
}

// Closed implements player.Observer.
func (l *line) Closed(o player.Opened) {
	switch c := o.Command.(type) {
	case flow.Say:
		l.speaking--
		l.said(c, o)
		l.stage.live.listens(l)
	case flow.Ask: // asking the caller something does not count as dead air
		l.asks = ""
		l.stage.live.listens(l)
		l.comfort.asked()
		l.covered = append(l.covered, span{from: l.since(o.Began), to: l.now()})
	case flow.InvokeFunction:
		l.answered(c, o)
	}
}

// observe notes that an execution of this contact has started or ended.
func (l *line) observe(e *local.Execution) {
	d := e.Describe()
	known := false
	for _, other := range l.executions {
		known = known || other == e
	}
	if !known {
		l.executions = append(l.executions, e)
	}
	l.event(Event{Type: TypeExecution, Status: string(d.Status), Text: d.Name, Error: d.Error})
	if !d.Stopped.IsZero() {
		l.endSteps(e)
	}
}
