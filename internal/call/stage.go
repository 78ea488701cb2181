package call

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// stage is one play of a call: a clock, an account and a line for each caller.
type stage struct {
	call      *Call
	clock     clock.Clock
	began     time.Time
	account   *local.Account
	lines     []*line
	functions context.Context // of the functions that the call invokes
	live      *Live           // that the play belongs to; nil for one that nobody watches

	reporting sync.Mutex // several callers report on real time
	report    func(Event)

	failing  sync.Mutex
	failures []function.Failure // of functions that run
}

func newStage(c *Call, clk clock.Clock, seed uint64, report func(Event)) *stage {
	s := &stage{call: c, clock: clk, began: clk.Now(), report: report}
	var progress func(*local.Execution)
	if c.steps {
		progress = s.progress
	}
	s.account, _ = c.newAccount(local.Options{Clock: clk, Seed: seed, Observe: s.observe, Progress: progress,
		Contacts: s}, s.ended)
	if c.endpoints != nil {
		c.endpoints.use(s.account)
	}
	for i := range c.scenario.Callers {
		s.lines = append(s.lines, newLine(s, i, seed))
	}
	return s
}

// newAccount makes the account of a play, on the clock, with the seed and for the observers that are given. Its
// findings are the same at every play, so New has reported them.
func (c *Call) newAccount(o local.Options, ended func(workspace.Invocation)) (*local.Account, source.Findings) {
	o.Faults = c.scenario.Faults
	o.ServedAfter, o.TableAfter = c.scenario.Latency.StepFunctions, c.scenario.Latency.DynamoDB
	o.EventDelay = time.Duration(c.scenario.Assumptions.EventDelayMillis) * time.Millisecond
	return c.workspace.Account(o, ended)
}

// play plays all callers and waits until the last has hung up.
func (s *stage) play(ctx context.Context) []Summary {
	summaries := make([]Summary, len(s.lines))
	left := make([]clock.Signal, len(s.lines))
	functions, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.functions = functions
	for _, change := range s.call.scenario.Changes {
		defer s.clock.AfterFunc(change.At, func() { s.change(change) }).Stop()
	}
	for i, l := range s.lines {
		s.clock.Go(func() {
			defer left[i].Set()
			_ = s.clock.Sleep(ctx, s.call.scenario.Callers[i].Arrives)
			l.play(ctx)
			summaries[i] = l.summary()
			summaries[i].Interrupted = ctx.Err() != nil
			summaries[i].Late = l.settle(ctx, summaries[i].Detected)
		})
	}
	for i := range left {
		_ = s.clock.Wait(context.Background(), &left[i])
	}
	return summaries
}

func (s *stage) event(e Event) {
	s.reporting.Lock()
	defer s.reporting.Unlock()
	s.report(e)
}

// change makes something different from now on.
func (s *stage) change(c scenario.Change) {
	for _, name := range slices.Sorted(maps.Keys(c.Functions)) {
		s.account.Alter(name, c.Functions[name])
	}
	if c.Faults != nil {
		s.account.SetFaults(c.Faults)
	}
	for _, l := range s.lines {
		l.player.Do(func() {
			if !l.began.IsZero() { // who has not called yet does not notice
				l.event(Event{Type: TypeChange, Text: c.String()})
			}
			l.player.Advance(flow.WorldChanged{At: s.clock.Now(), World: c.World})
		})
	}
}

// observe is told by the account of every execution that starts or ends, and tells the line whose contact started it.
func (s *stage) observe(e *local.Execution) {
	owner := s.owner(e)
	owner.player.Do(func() { owner.observe(e) })
	owner.observeLate(e)
}

// progress is told by the account of every execution that has gone on.
func (s *stage) progress(e *local.Execution) {
	owner := s.owner(e)
	owner.player.Do(func() { owner.reportSteps(e) })
}

// owner is the line whose contact started an execution.
func (s *stage) owner(e *local.Execution) *line {
	if len(s.lines) > 1 {
		id := contactOf(e.Describe().Input)
		for _, l := range s.lines {
			if l.contactID == id {
				return l
			}
		}
	}
	return s.lines[0]
}

// ended reports what a function that runs wrote to its log, and why it failed. Which caller it worked for does not
// matter to either.
func (s *stage) ended(i workspace.Invocation) {
	at := s.clock.Now().Sub(s.began)
	if s.live != nil {
		s.live.ran(i)
	}
	s.event(Event{Type: TypeLog, At: at, Took: i.Took, Function: i.Function, Text: string(i.Result.Log)})
	if i.Failure == nil {
		return
	}
	s.failing.Lock()
	s.failures = append(s.failures, *i.Failure)
	s.failing.Unlock()
	s.event(Event{Type: TypeFailure, At: at, Function: i.Function, Error: i.Failure.What(), Failure: i.Failure})
}

// explained is what is known of a failure that an error document, or the cause of an execution, tells of: with its
// place where a function that runs has failed so.
func (s *stage) explained(f function.Failure) function.Failure {
	s.failing.Lock()
	defer s.failing.Unlock()
	for _, known := range s.failures {
		if known.What() == f.What() {
			return known
		}
	}
	return f
}

// contactOf is the id of the contact whose event is an execution's input.
func contactOf(input json.RawMessage) string {
	var event struct {
		Details struct {
			ContactData struct {
				ContactID string `json:"ContactId"`
			}
		}
	}
	_ = json.Unmarshal(input, &event) // an input without a contact has no owner
	return event.Details.ContactData.ContactID
}
