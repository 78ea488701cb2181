package call

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

// stage is one play of a call: a clock, an account and a line for each caller.
type stage struct {
	call      *Call
	clock     clock.Clock
	began     time.Time
	account   *local.Account
	lines     []*line
	functions context.Context // of the functions that the call invokes

	reporting sync.Mutex // several callers report on real time
	report    func(Event)
}

func newStage(c *Call, clk clock.Clock, seed uint64, report func(Event)) *stage {
	s := &stage{call: c, clock: clk, began: clk.Now(), report: report}
	s.account, _ = c.newAccount(clk, seed, s.observe, s.log)
	if c.endpoints != nil {
		c.endpoints.use(s.account)
	}
	for i := range c.scenario.Callers {
		s.lines = append(s.lines, newLine(s, i, seed))
	}
	return s
}

// newAccount makes the account of a play. Its findings are the same at every play, so New has reported them.
func (c *Call) newAccount(
	clk clock.Clock, seed uint64, observe func(*local.Execution), logs func(name string, text []byte),
) (*local.Account, source.Findings) {
	return c.workspace.Account(local.Options{
		Clock: clk, Seed: seed, Observe: observe, Faults: c.scenario.Faults,
		ServedAfter: c.scenario.Latency.StepFunctions, TableAfter: c.scenario.Latency.DynamoDB,
		EventDelay: time.Duration(c.scenario.Assumptions.EventDelayMillis) * time.Millisecond,
	}, logs)
}

// play plays all callers and waits until the last has hung up.
func (s *stage) play(ctx context.Context) []Summary {
	summaries := make([]Summary, len(s.lines))
	left := make([]clock.Signal, len(s.lines))
	functions, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.functions = functions
	for i, l := range s.lines {
		s.clock.Go(func() {
			defer left[i].Set()
			_ = s.clock.Sleep(ctx, s.call.scenario.Callers[i].Arrives)
			l.play(ctx)
			summaries[i] = l.summary()
			summaries[i].Interrupted = ctx.Err() != nil
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

// observe is told by the account of every execution that starts or ends, and tells the line whose contact started it.
func (s *stage) observe(e *local.Execution) {
	owner := s.lines[0]
	if len(s.lines) > 1 {
		id := contactOf(e.Describe().Input)
		for _, l := range s.lines {
			if l.contactID == id {
				owner = l
			}
		}
	}
	owner.player.Do(func() { owner.observe(e) })
}

// log reports what a function wrote to its log. Which caller it worked for does not matter to the log.
func (s *stage) log(name string, text []byte) {
	s.event(Event{Type: TypeLog, At: s.clock.Now().Sub(s.began), Function: name, Text: string(text)})
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
