package load

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/player"
)

// Most invocations of the async function are checks that ask once and say that the work goes on. What the function
// replies then follows from its event and the one answer. So it is asked once, on a clock of its own, and its reply is
// kept. It is kept only if it really made no second request and did not wait: every other invocation runs in the
// account's own time, with all its retries and pauses, see caller.go.

// operation is the first request of an invocation.
type operation string

const (
	describes operation = "describe"
	gets      operation = "get"
	another   operation = "another"
)

// checks are the replies of the async function to the event of a place.
type checks struct {
	first   operation
	replies map[string]*reply // by the answer to the first request; nil for one that the function goes on after
}

// answer is what a service answered to the first request.
type answer struct {
	kind   string // what it means to a check; "" for an answer that is not like any other
	e      async.Execution
	record async.Record
	found  bool
	err    error
}

// errOnce ends an invocation that is asked once only.
var errOnce = &async.ServiceError{Code: "AccessDeniedException", Status: 400}

// once is Step Functions and the results table for one invocation that is asked once. It gives the answer to the first
// request, if there is one, and counts.
type once struct {
	clock    *clock.Virtual
	travels  time.Duration
	answer   *answer
	first    operation
	requests int
	answered time.Time
}

func (o *once) request(ctx context.Context, op operation) error {
	if o.requests++; o.requests == 1 {
		o.first = op
	}
	if o.answer == nil || o.requests > 1 {
		return errOnce
	}
	if err := o.clock.Sleep(ctx, o.travels); err != nil {
		return err
	}
	o.answered = o.clock.Now()
	return o.answer.err
}

func (o *once) Start(ctx context.Context, _ async.StartInput) (string, error) {
	return "", o.request(ctx, another)
}

func (o *once) Describe(ctx context.Context, _ string) (async.Execution, error) {
	if err := o.request(ctx, describes); err != nil {
		return async.Execution{}, err
	}
	return o.answer.e, nil
}

func (o *once) Stop(ctx context.Context, _, _, _ string) error { return o.request(ctx, another) }

func (o *once) Pending(ctx context.Context, _ async.Record, _ time.Time) (async.Record, error) {
	return async.Record{}, o.request(ctx, another)
}

func (o *once) Get(ctx context.Context, _ string) (async.Record, bool, error) {
	if err := o.request(ctx, gets); err != nil {
		return async.Record{}, false, err
	}
	return o.answer.record, o.answer.found, nil
}

func (o *once) Finish(ctx context.Context, _ async.Record, _ time.Time) error {
	return o.request(ctx, another)
}

func (o *once) Doubted(ctx context.Context, _ async.Record) error { return o.request(ctx, another) }

func (o *once) Newest(ctx context.Context, _ async.Record, _ time.Time) error {
	return o.request(ctx, another)
}

func (o *once) Forget(ctx context.Context, _ async.Record) error { return o.request(ctx, another) }

func (o *once) NoteData(ctx context.Context, _ async.Record) error { return o.request(ctx, another) }

func (o *once) Decide(ctx context.Context, _ async.Decision) (bool, error) {
	return false, o.request(ctx, another)
}

// askOnce asks the async function and gives it the answer to its first request now. once reports whether it made no
// other request, and replied at once.
func askOnce(config async.Config, now time.Time, event []byte, travelled time.Duration, a *answer) (
	body []byte, once bool,
) {
	o := newOnce(now.Add(-travelled), travelled, a)
	body, ended := o.ask(config, event)
	return body, o.requests == 1 && ended.Equal(o.answered)
}

// firstOf finds out what the async function asks first about an event.
func firstOf(config async.Config, now time.Time, event []byte) operation {
	o := newOnce(now, 0, nil)
	o.ask(config, event)
	return o.first
}

func newOnce(began time.Time, travels time.Duration, a *answer) *once {
	return &once{clock: clock.NewVirtual(began), travels: travels, answer: a}
}

// ask invokes the async function now.
func (o *once) ask(config async.Config, event []byte) (body []byte, ended time.Time) {
	var results async.Results
	if config.ResultsTable != "" {
		results = o
	}
	f := async.New(config, o, results, o.clock)
	err := o.clock.Run(func() {
		ctx, cancel := o.clock.WithDeadline(background, o.clock.Now().Add(async.FunctionTimeout))
		defer cancel()
		body, _ = f.Handle(ctx, "request", event) // every fault is a reply
		ended = o.clock.Now()
	})
	if err != nil {
		panic(err) // nothing but the function runs on this clock
	}
	return body, ended
}

// What a reply decides: success, or the reason of a failure.
const (
	succeeded  = "success"
	uninvoked  = "the async function could not be invoked"
	unanswered = "the async function did not answer in time"
	unasked    = "the flow did not call the async function"
	unfinished = "the flow ended before there was a result"
)

// newReply is a reply that the async function gave.
func newReply(body []byte) *reply {
	r := &reply{Reply: player.Reply{Payload: body}}
	var keys map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	if decoder.Decode(&keys) != nil {
		return r
	}
	text := func(key string) string {
		s, _ := keys[key].(string)
		return s
	}
	switch text(async.KeyResult) {
	case async.ResultSuccess:
		r.decides = succeeded
	case async.ResultFailure:
		r.decides = text(async.KeyError)
	}
	return r
}
