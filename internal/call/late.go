package call

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
)

// Late is what became of the results of jobs that mind when their caller hangs up.
type Late struct {
	Outcomes  []string // of the executions, in the order of their starts
	Delivered []Delivered
}

// Delivered is a result that went to a place of the customer's after the caller had hung up.
type Delivered struct {
	Kind   string // async.DeliverTask, DeliverQueue or DeliverBus
	At     time.Duration
	Values map[string]string // attributes of the task with its name and description, or members of the message
}

// has reports whether a delivery has all of these values.
func (d Delivered) has(want map[string]string) bool {
	for name, value := range want {
		if got, is := d.Values[name]; !is || got != value {
			return false
		}
	}
	return true
}

// afterwards is what happens to a call's work when the player of the contact has finished: nobody takes turns then.
type afterwards struct {
	mu        sync.Mutex
	since     time.Time // when the contact ended, zero before; it does not when the caller is put through to somebody
	delivered []Delivered
}

func (a *afterwards) begin(at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.since = at
}

// began is when the contact ended, zero before.
func (a *afterwards) began() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.since
}

func (a *afterwards) deliver(d Delivered) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.delivered = append(a.delivered, d)
}

func (a *afterwards) deliveries() []Delivered {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.delivered)
}

// stage implements local.Contacts.
var _ local.Contacts = (*stage)(nil)

// Left implements local.Contacts.
func (s *stage) Left(contact string) time.Time {
	if l := s.lineOf(contact); l != nil {
		return l.after.began()
	}
	return time.Unix(0, 0)
}

// Delivered implements local.Contacts.
func (s *stage) Delivered(to string, d async.Delivery) {
	l := s.lineOf(d.ContactID)
	if l == nil {
		return
	}
	one := deliveredAs(async.DeliverKind(to), d)
	one.At = l.now()
	l.after.deliver(one)
	place := map[string]string{async.DeliverTask: "as a task", async.DeliverQueue: "to the queue",
		async.DeliverBus: "to the event bus"}[one.Kind]
	l.event(Event{Type: TypeLate, Status: async.OutcomeDelivered,
		Text: fmt.Sprintf("%s: %s %s", place, d.Job, d.Status)})
}

// lineOf is the line of a contact, nil for none.
func (s *stage) lineOf(contact string) *line {
	for _, l := range s.lines {
		if l.contactID == contact {
			return l
		}
	}
	return nil
}

// deliveredAs says what a delivery consists of.
func deliveredAs(kind string, d async.Delivery) Delivered {
	one := Delivered{Kind: kind, Values: map[string]string{}}
	if kind == async.DeliverTask {
		task := d.Task()
		one.Values = task.Attributes
		one.Values["name"], one.Values["description"] = task.Name, task.Description
		return one
	}
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(d.Message()), &members) // it is an object
	for name, raw := range members {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		one.Values[name] = text
	}
	return one
}

// observeLate tells of work that ends after the call.
func (l *line) observeLate(e *local.Execution) {
	d, config := e.Describe(), l.stage.call.workspace.AsyncConfig()
	switch {
	case d.Stopped.IsZero(), l.after.began().IsZero(), !config.MindsLeavers(d.ARN):
	case d.Cause == async.LeaveCause:
		l.event(Event{Type: TypeLate, Status: async.OutcomeCancelled, Text: "the work, since the caller has gone"})
	default:
		l.event(Event{Type: TypeLate, Status: "work", Text: "ends as " + string(d.Status)})
	}
}

// settle waits after the call until something was decided about all of its work, as far as its jobs mind that the
// caller has hung up. Nothing needs longer than the slowest job and three sweeps. detected says that the flow got a
// result.
func (l *line) settle(ctx context.Context, detected bool) Late {
	config := l.stage.call.workspace.AsyncConfig()
	if !config.MindLeavers() {
		return Late{}
	}
	outcomes := l.outcomes(&config)
	if l.after.began().IsZero() {
		if slices.ContainsFunc(outcomes, isOpen) {
			l.event(Event{Type: TypeLate, Status: "open", Text: "since the contact goes on"})
		}
		return Late{Outcomes: outcomes}
	}
	longest := time.Minute + 3*async.SweepEvery
	for _, job := range config.Jobs {
		longest = max(longest, job.Timeout+time.Minute+3*async.SweepEvery)
	}
	l.stage.account.Disconnected(l.contactID)
	for waited := time.Second; waited < longest && l.stage.clock.Sleep(ctx, time.Second) == nil; waited += time.Second {
		if waited%async.SweepEvery == 0 {
			l.stage.account.Sweep()
		}
		if outcomes = l.outcomes(&config); !slices.ContainsFunc(outcomes, isOpen) {
			break
		}
	}
	if !detected && slices.Contains(outcomes, async.OutcomeTold) {
		l.event(Event{Type: TypeLate, Status: async.OutcomeTold, Text: "in a reply that nobody heard"})
	}
	return Late{Outcomes: outcomes, Delivered: l.after.deliveries()}
}

// isOpen reports whether an outcome is not final.
func isOpen(outcome string) bool {
	final := []string{async.OutcomeTold, async.OutcomeDelivered, async.OutcomeCancelled}
	return !slices.Contains(final, outcome)
}

// outcomes are those of the call's executions whose jobs mind that the caller has hung up. The player has finished.
func (l *line) outcomes(config *async.Config) []string {
	var outcomes []string
	for _, e := range l.executions {
		if d := e.Describe(); config.MindsLeavers(d.ARN) {
			outcomes = append(outcomes, l.stage.account.Outcome(config.ResultsTable, d.Name))
		}
	}
	return outcomes
}

// checkLate compares what became of results with what is expected.
func checkLate(e scenario.Late, s Summary, fail func(time.Duration, string, ...any)) {
	if e.Outcome != "" {
		got := slices.DeleteFunc(slices.Clone(s.Late.Outcomes), isOpen)
		if len(got) == 0 {
			got = []string{scenario.LateNone}
		}
		if !slices.Contains(got, e.Outcome) {
			fail(s.Duration, "the outcome of the work is %s, expected %s", strings.Join(got, ", "), e.Outcome)
		}
	}
	wanted := map[string]map[string]string{async.DeliverTask: e.Task, async.DeliverQueue: e.Queue,
		async.DeliverBus: e.Bus}
	for _, kind := range []string{async.DeliverTask, async.DeliverQueue, async.DeliverBus} {
		if len(wanted[kind]) > 0 {
			checkDelivered(kind, wanted[kind], s, fail)
		}
	}
}

// checkDelivered looks for a delivery of a kind with the values that are expected.
func checkDelivered(kind string, want map[string]string, s Summary, fail func(time.Duration, string, ...any)) {
	noun := map[string]string{async.DeliverTask: "a task", async.DeliverQueue: "a message",
		async.DeliverBus: "an event"}[kind]
	delivered := slices.DeleteFunc(slices.Clone(s.Late.Delivered), func(d Delivered) bool { return d.Kind != kind })
	if len(delivered) == 0 {
		fail(s.Duration, "nothing was delivered as %s", noun)
		return
	}
	if slices.ContainsFunc(delivered, func(d Delivered) bool { return d.has(want) }) {
		return
	}
	d := delivered[0]
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, is := d.Values[name]; !is {
			has := strings.Join(slices.Sorted(maps.Keys(d.Values)), ", ")
			fail(d.At, "the result was delivered as %s without %s; it has %s", noun, name, has)
		} else if got != want[name] {
			fail(d.At, "the result was delivered as %s whose %s is %q, expected %q", noun, name, private(got),
				private(want[name]))
		}
	}
}
