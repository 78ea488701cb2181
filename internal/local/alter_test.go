package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// sleeper is a function that really runs, as far as the account knows.
type sleeper struct {
	clock clock.Clock
	takes time.Duration
}

func (s sleeper) Invoke(ctx context.Context, _ []byte) function.Result {
	if err := s.clock.Sleep(ctx, s.takes); err != nil {
		return function.Result{Err: err}
	}
	return function.Result{Payload: json.RawMessage(`"usual"`), Duration: s.takes}
}

// TestAlter alters a function that takes 4 s when it has been working for 2 s, and then invokes it again.
func TestAlter(t *testing.T) {
	takes := func(d time.Duration) *time.Duration { return &d }
	for _, test := range []struct {
		alteration           local.Alteration
		standIn, standInNext string
		runs, runsNext       string // of a function that runs, "" for the same
	}{
		{local.Alteration{}, `4s "usual"`, `4s "usual"`, "", ""},
		{local.Alteration{Takes: takes(9 * time.Second)}, `9s "usual"`, `9s "usual"`, "", ""},
		{local.Alteration{Takes: takes(time.Second)}, `2s "usual"`, `1s "usual"`, `4s "usual"`, `4s "usual"`},
		{local.Alteration{Takes: takes(3 * time.Second), Error: "Boom", Message: "no"}, "3s Boom", "3s Boom",
			"4s Boom", "4s Boom"},
		{local.Alteration{Payload: json.RawMessage(`1`)}, "4s 1", "4s 1", "", ""},
		{local.Alteration{Throttled: true}, `4s "usual"`, "0s refused", "", ""},
		{local.Alteration{Takes: takes(time.Minute)}, "10s Sandbox.Timedout", "10s Sandbox.Timedout", `1m0s "usual"`,
			`1m0s "usual"`},
	} {
		for _, real := range []bool{false, true} {
			want := []string{test.standIn, test.standInNext}
			if real && test.runs != "" {
				want = []string{test.runs, test.runsNext}
			}
			onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
				a.AddFunction("f", local.StandIn{Clock: v, Timeout: 10 * time.Second, Account: a, Name: "f",
					Next: func() local.Outcome {
						return local.Outcome{Takes: 4 * time.Second, Payload: json.RawMessage(`"usual"`)}
					}})
				if real {
					f := sleeper{clock: v, takes: 4 * time.Second}
					a.AddFunction("f", local.Altered{Account: a, Name: "f", Function: f})
				}
				v.AfterFunc(2*time.Second, func() { a.Alter("f", test.alteration) })
				for i, want := range want {
					began := v.Now()
					r := a.Invoke(bg, "f", nil)
					got := fmt.Sprintf("%v %s", v.Now().Sub(began), r.Payload)
					if r.ErrorType != "" {
						got = fmt.Sprintf("%v %s", v.Now().Sub(began), r.ErrorType)
					} else if errors.Is(r.Err, function.ErrTooManyRequests) {
						got = fmt.Sprintf("%v refused", v.Now().Sub(began))
					}
					if got != want {
						t.Errorf("%+v, really run %v, invocation %d: got %s, want %s", test.alteration, real, i+1,
							got, want)
					}
				}
			})
		}
	}
}

// TestSetFaults brings a fault while the account lives, and ends it.
func TestSetFaults(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		states := local.States{Account: a}
		busy := []local.Fault{{Service: local.StepFunctions, Error: "ThrottlingException"}}
		for _, faults := range [][]local.Fault{nil, busy, nil} {
			a.SetFaults(faults)
			_, err := states.Describe(bg, a.StateMachineARN("none"))
			var refused *async.ServiceError
			throttled := errors.As(err, &refused) && refused.Code == "ThrottlingException"
			if throttled != (faults != nil) {
				t.Errorf("with the faults %v: %v", faults, err)
			}
		}
	})
}
