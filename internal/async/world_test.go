package async

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

const (
	machineARN = "arn:aws:states:eu-west-2:111122223333:stateMachine:Balance"
	contactID  = "4a573372-1f28-4e26-b97b-000000000001"
)

var epoch = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is Step Functions and a results table on virtual time. It is idempotent exactly as StartExecution is for
// Standard state machines: the same name and input as an execution that runs is the same execution; a name that was
// used otherwise is refused.
type world struct {
	clock *clock.Virtual
	runs  map[string]*run // by ARN
	table map[string]Record

	takes   time.Duration // of new executions
	outcome Execution     // of new executions
	lag     time.Duration // of DescribeExecution
	silent  bool          // new executions end without writing their result
	express bool          // the state machine is of type EXPRESS

	ends   *Ends                  // is told of ends by events; nil without them
	events func() []time.Duration // how long the event of an end travels, once for each time that it arrives

	// before runs before a call acts, after when it has acted; an error takes the place of the answer.
	before, after func(ctx context.Context, op string) error
	calls         map[string]int
	inputs        []StartInput

	contacts map[string]Contact   // what the table knows of contacts, by id
	started  map[string]time.Time // when they started their newest execution
}

// run is one execution.
type run struct {
	in      StartInput
	arn     string
	began   time.Time
	ends    time.Time
	outcome Execution
	silent  bool
	earlier []Execution // ends before it was redriven
}

func newWorld() *world {
	nothing := func(context.Context, string) error { return nil }
	return &world{
		clock: clock.NewVirtual(epoch), runs: map[string]*run{}, table: map[string]Record{}, calls: map[string]int{},
		contacts: map[string]Contact{}, started: map[string]time.Time{},
		takes: 12 * time.Second, outcome: Execution{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`},
		before: nothing, after: nothing,
	}
}

// call is what all operations have in common.
func (w *world) call(ctx context.Context, op string, act func() error) error {
	w.calls[op]++
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.before(ctx, op); err != nil {
		return err
	}
	err := act()
	if lost := w.after(ctx, op); lost != nil {
		return lost
	}
	return err
}

func (w *world) Start(ctx context.Context, in StartInput) (string, error) {
	arn := Job{StateMachineARN: in.StateMachineARN}.executionPrefix() + in.Name
	if w.express {
		arn = strings.Replace(arn, ":execution:", ":express:", 1) + ":8e7a1a14"
	}
	err := w.call(ctx, "Start", func() error {
		w.inputs = append(w.inputs, in)
		if old, ok := w.runs[arn]; ok {
			if old.in != in || !w.clock.Now().Before(old.ends) {
				return &ServiceError{Code: "ExecutionAlreadyExists", Status: 400}
			}
			return nil
		}
		now := w.clock.Now()
		r := &run{in: in, arn: arn, began: now, ends: now.Add(w.takes), outcome: w.outcome, silent: w.silent}
		w.runs[arn] = r
		w.clock.AfterFunc(w.takes, func() { w.tell(r) })
		return nil
	})
	return arn, err
}

func (w *world) Describe(ctx context.Context, arn string) (e Execution, err error) {
	err = w.call(ctx, "Describe", func() error {
		seen := w.clock.Now().Add(-w.lag)
		r, ok := w.runs[arn]
		if !ok || seen.Before(r.began) {
			return &ServiceError{Code: "ExecutionDoesNotExist", Status: 400}
		}
		e = r.at(seen)
		e.Input = r.in.Input
		return nil
	})
	return e, err
}

func (r *run) at(now time.Time) Execution {
	if now.Before(r.ends) {
		return Execution{Status: "RUNNING", Started: r.began}
	}
	e := r.outcome
	e.Started, e.Stopped = r.began, r.ends
	return e
}

func (w *world) Stop(ctx context.Context, arn, name, cause string) error {
	return w.call(ctx, "Stop", func() error {
		r, ok := w.runs[arn]
		if !ok {
			return &ServiceError{Code: "ExecutionDoesNotExist", Status: 400}
		}
		if now := w.clock.Now(); now.Before(r.ends) {
			r.ends, r.outcome, r.silent = now, Execution{Status: "ABORTED", Error: name, Cause: cause}, true
			w.tell(r)
		}
		return nil
	})
}

func (w *world) Pending(ctx context.Context, r Record, now time.Time) (old Record, err error) {
	err = w.call(ctx, "Pending", func() error {
		w.writeResult(r.Execution)
		found, ok := w.table[r.Execution]
		if ok && !found.expired(now) {
			old = found
			return nil
		}
		w.table[r.Execution] = r
		if r.Contact != "" {
			c := w.contacts[r.Contact]
			if c.ID, c.Expires = r.Contact, r.ListExpires; !slices.Contains(c.Executions, r.ExecutionID) {
				c.Executions = append(slices.Clone(c.Executions), r.ExecutionID)
			}
			w.contacts[r.Contact], w.started[r.Contact] = c, r.Started
		}
		return nil
	})
	return old, err
}

func (w *world) Decide(ctx context.Context, d Decision) (made bool, err error) {
	err = w.call(ctx, "Decide", func() error {
		w.writeResult(d.Execution)
		old, ok := w.table[d.Execution]
		replaces := d.Replaces != "" && old.Outcome == d.Replaces && old.Decided.Before(d.Before)
		if made = ok && (old.Outcome == "" || replaces); made {
			old.Outcome, old.Decided = d.Outcome, d.At
			w.table[d.Execution] = old
		}
		return nil
	})
	return made, err
}

func (w *world) Newest(ctx context.Context, r Record, now time.Time) error {
	return w.call(ctx, "Newest", func() error {
		w.writeResult(r.Execution)
		if old := w.table[r.Execution]; old.Newest < r.Newest || old.expired(now) {
			old.Execution, old.Newest, old.Expires = r.Execution, r.Newest, r.Expires
			w.table[r.Execution] = old
		}
		return nil
	})
}

func (w *world) Forget(ctx context.Context, r Record) error {
	return w.call(ctx, "Forget", func() error {
		w.writeResult(r.Execution)
		if old := w.table[r.Execution]; old.Status == "PENDING" && old.Started.Equal(r.Started) {
			old.Expires = r.Expires
			w.table[r.Execution] = old
		}
		return nil
	})
}

func (w *world) NoteData(ctx context.Context, r Record) error {
	return w.call(ctx, "NoteData", func() error {
		w.writeResult(r.Execution)
		if old, ok := w.table[r.Execution]; ok {
			old.Data = r.Data
			w.table[r.Execution] = old
		}
		return nil
	})
}

func (w *world) Get(ctx context.Context, name string) (r Record, found bool, err error) {
	err = w.call(ctx, "Get", func() error {
		w.writeResult(name)
		r, found = w.table[name]
		return nil
	})
	return r, found, err
}

func (w *world) Finish(ctx context.Context, r Record, now time.Time) error {
	return w.call(ctx, "Finish", func() error {
		w.writeResult(r.Execution)
		old, ok := w.table[r.Execution]
		switch {
		case !ok || old.Status == "PENDING" || old.expired(now) || old.Ended.Before(r.Ended):
			old.Execution, old.Status, old.Ended, old.Expires = r.Execution, r.Status, r.Ended, r.Expires
			old.Output, old.Error, old.Cause = r.Output, r.Error, r.Cause
			w.table[r.Execution] = old
		case old.Ended.Equal(r.Ended) && old.Status == r.Status:
			old.Output, old.Error = cmp.Or(old.Output, r.Output), cmp.Or(old.Error, r.Error)
			old.Cause = cmp.Or(old.Cause, r.Cause)
			w.table[r.Execution] = old
		}
		return nil
	})
}

func (w *world) Doubted(ctx context.Context, r Record) error {
	return w.call(ctx, "Doubted", func() error {
		w.writeResult(r.Execution)
		if old, ok := w.table[r.Execution]; ok && old.Status == "PENDING" {
			old.Asked, old.Answered = r.Asked, r.Answered
			if !r.Cancelled.IsZero() {
				old.Cancelled = r.Cancelled
			}
			w.table[r.Execution] = old
		}
		return nil
	})
}

// writeResult does what the execution's state machine has done by now: written its result.
func (w *world) writeResult(name string) {
	r, ok := w.runs[Job{StateMachineARN: machineARN}.executionPrefix()+name]
	if !ok || r.silent {
		return
	}
	old := w.table[name]
	if e := r.at(w.clock.Now()); ended(e) && old.Status == "PENDING" {
		old.Execution, old.Status, old.Output = name, e.Status, e.Output
		old.Error, old.Cause, old.Ended = e.Error, e.Cause, e.Stopped
		w.table[name] = old
	}
}

// tell emits the event of an execution that has just ended.
func (w *world) tell(r *run) {
	if w.ends == nil || w.clock.Now().Before(r.ends) {
		return // stopped and told already, or redriven
	}
	event := statusEvent(r.arn, r.at(w.clock.Now()))
	for _, travels := range w.events() {
		w.deliver(event, travels, 3)
	}
}

// deliver invokes the function for ends as Lambda does for events: again after 1 and 2 minutes when it fails.
func (w *world) deliver(event []byte, after time.Duration, tries int) {
	w.clock.AfterFunc(after, func() {
		w.clock.Go(func() {
			ctx, cancel := w.clock.WithDeadline(context.Background(), w.clock.Now().Add(EndsTimeout))
			defer cancel()
			if err := w.end(ctx, event); err != nil && tries > 1 {
				w.deliver(event, time.Duration(4-tries)*time.Minute, tries-1)
			}
		})
	})
}

// end invokes the function for ends once, which may die of it.
func (w *world) end(ctx context.Context, event []byte) (err error) {
	err = errLost
	defer survive()
	return w.ends.Handle(ctx, "event", event)
}

// mishap is what may happen to a call: one of the faults, the death of the environment, or else a delay. It happens as
// likely as likely says, in one of as many cases as of says, of which those left are delays.
func (w *world) mishap(ctx context.Context, random *rand.Rand, likely float64, of int, faults ...error) error {
	if random.Float64() > likely {
		return nil
	}
	switch i := random.IntN(of); {
	case i < len(faults):
		return faults[i]
	case i == len(faults):
		panic(crashed{})
	}
	return w.clock.Sleep(ctx, time.Duration(random.IntN(3000))*time.Millisecond)
}

// crashed is the panic with which an environment dies.
type crashed struct{}

// survive is deferred by whoever outlives an environment that dies.
func survive() {
	if r := recover(); r != nil && r != (crashed{}) {
		panic(r)
	}
}

// loseFirstStart loses the answer to the first start, and fails the others.
func (w *world) loseFirstStart(then error) {
	w.after = func(_ context.Context, op string) error {
		if op == "Start" && w.calls[op] == 1 {
			return errLost
		}
		return nil
	}
	w.before = func(_ context.Context, op string) error {
		if op == "Start" && w.calls[op] > 1 {
			return then
		}
		return nil
	}
}

// statusEvent is the event of an end, as EventBridge passes it on.
func statusEvent(arn string, e Execution) []byte {
	detail := map[string]any{
		"executionArn": arn, "stateMachineArn": machineARN, "name": arn[strings.LastIndex(arn, ":")+1:],
		"status": e.Status, "startDate": e.Started.UnixMilli(), "stopDate": e.Stopped.UnixMilli(),
		"input": `{}`, "output": nil, "inputDetails": map[string]any{"included": true},
	}
	for name, value := range map[string]string{"output": e.Output, "error": e.Error, "cause": e.Cause} {
		if value != "" {
			detail[name] = value
		}
	}
	event, err := json.Marshal(map[string]any{
		"version": "0", "id": "315c1398-40ff-a850-213b-158f73e60175", "source": "aws.states",
		"detail-type": "Step Functions Execution Status Change", "account": "111122223333",
		"region": "eu-west-2", "resources": []string{arn}, "detail": detail,
	})
	if err != nil {
		panic(err)
	}
	return event
}

// redrive runs an execution that did not succeed once more.
func (w *world) redrive(r *run, takes time.Duration, outcome Execution) {
	w.writeResult(r.in.Name)
	now := w.clock.Now()
	r.earlier = append(r.earlier, r.at(now))
	r.ends, r.outcome = now.Add(takes), outcome
	w.clock.AfterFunc(takes, func() { w.tell(r) })
}

// withEnds makes the function for ends, which hears of every end after a while.
func (f *flow) withEnds(events func() []time.Duration) {
	f.world.ends = NewEnds(f.f.config, f.world, f.world, f.world.clock, WithLogger(f.f.logger))
	f.world.events = events
}

// once is one event, after a while.
func once(travels time.Duration) func() []time.Duration {
	return func() []time.Duration { return []time.Duration{travels} }
}

// flow calls the async function as a contact flow does.
type flow struct {
	t       *testing.T
	world   *world
	f       *Function
	log     *bytes.Buffer
	limit   time.Duration // of the Lambda function
	contact map[string]any
	invoked int
}

func newFlow(t *testing.T, w *world, env map[string]string) *flow {
	t.Helper()
	values := map[string]string{"STATE_MACHINE_ARN": machineARN}
	for name, value := range env {
		values[name] = value
	}
	config, _ := ConfigFromEnv(func(name string) string { return values[name] })
	var results Results
	if config.ResultsTable != "" {
		results = w
	}
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &flow{
		t: t, world: w, log: log, limit: time.Minute,
		f:       New(config, w, results, w.clock, WithLogger(logger)),
		contact: map[string]any{"InitialContactId": contactID, "ContactId": contactID, "Attributes": map[string]any{}},
	}
}

// parameters are those of a Lambda block.
type parametersOf map[string]any

func (f *flow) event(p parametersOf) []byte {
	event, err := json.Marshal(map[string]any{
		"Name":    "ContactFlowEvent",
		"Details": map[string]any{"ContactData": f.contact, "Parameters": p},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return event
}

// call invokes the function from a task of the world's clock. Every value of the reply is text, JSON text if need be.
func (f *flow) call(p parametersOf) map[string]string {
	f.t.Helper()
	f.invoked++
	ctx, cancel := f.world.clock.WithDeadline(context.Background(), f.world.clock.Now().Add(f.limit))
	defer cancel()
	body, err := f.f.Handle(ctx, fmt.Sprintf("00000000-0000-4000-8000-%012d", f.invoked), f.event(p))
	if err != nil {
		f.t.Fatal(err)
	}
	return f.read(body)
}

func (f *flow) read(body []byte) map[string]string {
	f.t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		f.t.Fatalf("%v: %s", err, body)
	}
	checkManners(f.t, raw)
	reply := map[string]string{}
	for key, value := range raw {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		reply[key] = text
	}
	return reply
}

// play runs steps on the virtual clock.
func play(t *testing.T, w *world, steps func()) {
	t.Helper()
	if err := w.clock.Run(steps); err != nil {
		t.Fatal(err)
	}
}

func (w *world) sleep(d time.Duration) { _ = w.clock.Sleep(context.Background(), d) }

// expect compares the values that want names: "status=RUNNING sfn_error=none".
func expect(t *testing.T, reply map[string]string, want string) {
	t.Helper()
	for pair := range strings.FieldsSeq(want) {
		key, value, _ := strings.Cut(pair, "=")
		if got, ok := reply[key]; !ok || got != value {
			t.Errorf("%s is %q, want %q\nreply: %v", key, got, value, reply)
		}
	}
}

// lines are the log's, decoded.
func (f *flow) lines() []map[string]any {
	f.t.Helper()
	var lines []map[string]any
	for d := json.NewDecoder(bytes.NewReader(f.log.Bytes())); d.More(); {
		var line map[string]any
		if err := d.Decode(&line); err != nil {
			f.t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}
