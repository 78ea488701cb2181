package local

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/function"
)

// hundredth is the 99th percentile of the standard normal distribution.
const hundredth = 2.3263

// EndsFunction runs the function for ends in this process, as a function of the account.
type EndsFunction struct {
	Account *Account
	Handler *async.Ends
}

// Invoke implements Function.
func (f EndsFunction) Invoke(ctx context.Context, payload []byte) function.Result {
	c := f.Account.options.Clock
	began := c.Now()
	ctx, cancel := c.WithDeadline(ctx, began.Add(async.EndsTimeout))
	defer cancel()
	if err := f.Handler.Handle(ctx, "event", payload); err != nil {
		return failure("errorString", err.Error())
	}
	return function.Result{Payload: json.RawMessage("null"), Duration: c.Now().Sub(began)}
}

// SendEnds passes the end of every Standard execution to a function from now on, as a rule of EventBridge does.
func (a *Account) SendEnds(functionName string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.endsTo = functionName
}

// tellsEnds returns the function that the ends of executions are sent to, "" for none.
func (a *Account) tellsEnds() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.endsTo
}

// sendEnd sends the event of an execution that has ended.
func (a *Account) sendEnd(e *Execution) {
	to := a.tellsEnds()
	if to == "" || e.target.runs.Kind == asl.Express {
		return
	}
	fault := a.fault(EventBridge, "deliver")
	if fault.Error != "" {
		return // lost
	}
	event := statusChange(e.target.runs.ARN, e.Describe())
	times := 1
	if fault.LoseReply {
		times = 2 // whoever sent it does not know that it arrived
	}
	for i := range times {
		told := delivery{to: to, event: event, key: e.key()}
		a.deliver(told, a.eventDelay(e.ARN, uint64(i))+fault.Takes, awsfacts.EventTries)
	}
}

// delivery is an event on its way to a function.
type delivery struct {
	to    string
	event []byte
	key   string // of the execution in the journal
}

// deliver invokes the function after a while, and again as Lambda does for events when it fails.
func (a *Account) deliver(d delivery, after time.Duration, tries int) {
	c := a.options.Clock
	c.AfterFunc(after, func() {
		c.Go(func() {
			r := a.Invoke(context.Background(), d.to, d.event)
			if failed := r.Err != nil || r.FunctionError != ""; failed && tries > 1 {
				pause := time.Duration(awsfacts.EventTries+1-tries) * awsfacts.EventPause
				a.deliver(d, pause, tries-1)
				return
			}
			a.save(Change{Space: spaceEnds, Key: d.key})
		})
	})
}

// eventDelay is how long an event travels: the same for the same seed and execution, whatever else goes on. Delays are
// distributed log-normally.
func (a *Account) eventDelay(arn string, number uint64) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(arn))
	random := rand.New(rand.NewPCG(a.options.Seed+number, h.Sum64()))
	spread := math.Log(awsfacts.EventSlowest) / hundredth
	return time.Duration(float64(a.options.EventDelay) * math.Exp(spread*random.NormFloat64()))
}

// statusChange is the event of an end (Step Functions developer guide, EventBridge): output and input are left out when
// they are too large.
func statusChange(machineARN string, d Description) []byte {
	detail := map[string]any{
		"executionArn": d.ARN, "stateMachineArn": machineARN, "name": d.Name, "status": d.Status,
		"startDate": d.Started.UnixMilli(), "stopDate": d.Stopped.UnixMilli(),
		"input": nil, "inputDetails": nil, "output": nil, "outputDetails": nil, "error": nil, "cause": nil,
	}
	put := func(name string, data json.RawMessage, fits bool) {
		if len(data) == 0 {
			return
		}
		detail[name+"Details"] = map[string]any{"included": fits}
		if fits {
			detail[name] = string(data)
		}
	}
	escaped := func(data json.RawMessage) int { text, _ := json.Marshal(string(data)); return len(text) }
	output := escaped(d.Output)
	put("output", d.Output, output <= awsfacts.EventDataBytes)
	put("input", d.Input, output+escaped(d.Input) <= awsfacts.EventDataBytes)
	if d.Error != "" {
		detail["error"] = d.Error
	}
	if d.Cause != "" {
		detail["cause"] = d.Cause
	}
	event, err := json.Marshal(map[string]any{
		"version": "0", "source": async.EventSource, "detail-type": async.EventType,
		"time": d.Stopped.UTC().Format(time.RFC3339), "resources": []string{d.ARN}, "detail": detail,
	})
	if err != nil {
		panic(err) // texts and numbers
	}
	return event
}
