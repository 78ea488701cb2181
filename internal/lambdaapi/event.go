package lambdaapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/connect-async/connect-async/internal/function"
)

// Retries of an asynchronous invocation: "Configuring error handling settings for asynchronous invocations" in the
// developer guide. A function error is followed by two more tries; a throttled event goes back to the queue for up to
// six hours.
var errorDelays = []time.Duration{time.Minute, 2 * time.Minute}

const (
	firstBackOff = time.Second
	maxBackOff   = 5 * time.Minute
	maxEventAge  = 6 * time.Hour
)

// accept answers at once and invokes the function afterwards.
func (a *API) accept(w http.ResponseWriter, _ *http.Request, f found, req function.Request) {
	a.running.Add(1)
	a.options.Clock.Go(func() {
		defer a.running.Done()
		a.deliver(f, req)
	})
	w.WriteHeader(http.StatusAccepted)
}

// deliver invokes the function until it has succeeded, the tries are used up, or the API is closed. The result goes
// nowhere.
func (a *API) deliver(f found, req function.Request) {
	c, failures, backOff := a.options.Clock, 0, firstBackOff
	expires := c.Now().Add(maxEventAge)
	for {
		result := f.Invoke(a.closing, req)
		var delay time.Duration
		switch {
		case errors.Is(result.Err, function.ErrTooManyRequests):
			delay, backOff = backOff, min(2*backOff, maxBackOff)
		case result.FunctionError != "" && failures < len(errorDelays):
			delay = errorDelays[failures]
			failures++
		default:
			return
		}
		if c.Now().Add(delay).After(expires) || c.Sleep(a.closing, delay) != nil {
			return
		}
	}
}
