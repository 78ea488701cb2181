package local

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

// Alteration is how a function differs from what it usually does. What it leaves out is as usual.
type Alteration struct {
	Takes     *time.Duration  // a function that really runs takes at least as long
	Payload   json.RawMessage // what it returns
	Error     string          // errorType of the error document, instead of what it returns
	Message   string          // errorMessage
	Throttled bool            // Lambda refuses the invocation
}

// alterations are those of one function. The zero alterations are none.
type alterations struct {
	mu      sync.Mutex
	latest  Alteration
	altered *clock.Signal // set by the next alteration
}

// Alter changes what a function does from now on, instead of how it was altered before. An invocation under way is
// altered, too, as far as that can be: it is not refused any more, and ends at once when its time is over already.
func (a *Account) Alter(name string, alteration Alteration) {
	l := a.alterations(name)
	l.mu.Lock()
	l.latest = alteration
	altered := l.altered
	l.altered = nil
	l.mu.Unlock()
	if altered != nil {
		altered.Set()
	}
}

// SetFaults changes what goes wrong from now on. Requests are counted as before.
func (a *Account) SetFaults(faults []Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.options.Faults = faults
}

// alterations are those of a function, whether there is a function of that name or not.
func (a *Account) alterations(name string) *alterations {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.altered[name]
	if !ok {
		l = &alterations{}
		a.altered[name] = l
	}
	return l
}

// get returns the latest alteration, and what is set when there is another.
func (l *alterations) get() (Alteration, *clock.Signal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.altered == nil {
		l.altered = &clock.Signal{}
	}
	return l.latest, l.altered
}

// over is an outcome as it is altered.
func (a Alteration) over(o Outcome) Outcome {
	if a.Takes != nil {
		o.Takes = *a.Takes
	}
	if a.Payload != nil {
		o.Payload, o.Error, o.Message = a.Payload, "", ""
	}
	if a.Error != "" {
		o.Error, o.Message = a.Error, a.Message
	}
	o.Throttled = o.Throttled || a.Throttled
	return o
}

// Altered is a function that really runs, as Alter changes it.
type Altered struct {
	Account  *Account
	Name     string
	Function Function
}

// Invoke implements Function.
func (a Altered) Invoke(ctx context.Context, payload []byte) function.Result {
	c, alterations := a.Account.options.Clock, a.Account.alterations(a.Name)
	if latest, _ := alterations.get(); latest.Throttled {
		return function.Result{Err: function.ErrTooManyRequests}
	}
	began := c.Now()
	result := a.Function.Invoke(ctx, payload)
	for {
		latest, altered := alterations.get()
		if latest.Takes != nil && result.Err == nil {
			again, err := waitUntil(ctx, c, began.Add(*latest.Takes), altered)
			if err != nil {
				return function.Result{Err: err}
			}
			if again {
				continue
			}
		}
		return latest.of(result)
	}
}

// of is the answer of a function that ran, as it is altered.
func (a Alteration) of(result function.Result) function.Result {
	switch {
	case result.Err != nil:
	case a.Error != "":
		failed := failure(a.Error, a.Message)
		failed.Duration, failed.InitDuration, failed.Log = result.Duration, result.InitDuration, result.Log
		return failed
	case a.Payload != nil:
		result.Payload, result.FunctionError, result.ErrorType = a.Payload, "", ""
	}
	return result
}

// waitUntil waits until a time, and reports whether something is altered before.
func waitUntil(ctx context.Context, c clock.Clock, at time.Time, altered *clock.Signal) (again bool, err error) {
	if err := ctx.Err(); err != nil || !at.After(c.Now()) {
		return false, err
	}
	until, cancel := c.WithDeadline(ctx, at)
	defer cancel()
	if c.Wait(until, altered) == nil {
		return true, nil
	}
	return false, ctx.Err()
}
