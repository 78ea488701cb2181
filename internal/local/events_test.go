package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// told is a function that takes events of ends: when each came, and the first ones fail.
type told struct {
	clock  clock.Clock
	fails  int
	at     []time.Time
	events []map[string]any
}

// Invoke implements local.Function.
func (f *told) Invoke(_ context.Context, payload []byte) function.Result {
	var event struct{ Detail map[string]any }
	_ = json.Unmarshal(payload, &event)
	f.at, f.events = append(f.at, f.clock.Now()), append(f.events, event.Detail)
	if f.fails--; f.fails >= 0 {
		return function.Result{FunctionError: "Unhandled", ErrorType: "errorString"}
	}
	return function.Result{}
}

const passOn = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`

// TestDelayOfEvents runs a thousand executions: half of their events come within 0.4 s, 99 of 100 within 2 s.
func TestDelayOfEvents(t *testing.T) {
	delays := func(seed uint64) (all []time.Duration) {
		onVirtualTime(t, local.Options{Seed: seed}, func(a *local.Account, v *clock.Virtual) {
			f := &told{clock: v}
			a.AddFunction("ends", f)
			a.SendEnds("ends")
			arn := create(t, a, "m", "", passOn)
			for range 1000 {
				if _, err := a.StartExecution(arn, "", nil); err != nil {
					t.Fatal(err)
				}
			}
			sleep(v, time.Minute)
			for _, at := range f.at {
				all = append(all, at.Sub(start))
			}
		})
		return all
	}
	all := delays(1)
	if len(all) != 1000 || !slices.IsSorted(all) {
		t.Fatalf("%d events", len(all))
	}
	near := func(d, want time.Duration) bool { return d > want*8/10 && d < want*12/10 }
	if !near(all[500], 400*time.Millisecond) || !near(all[990], 2*time.Second) {
		t.Errorf("the median is %v, the 99th percentile %v", all[500], all[990])
	}
	if slices.Equal(all, delays(2)) {
		t.Error("another seed gives the same delays")
	}
}

// TestFailedEndsFunctionIsInvokedAgain fails twice, as Lambda invokes a function three times for an event.
func TestFailedEndsFunctionIsInvokedAgain(t *testing.T) {
	for fails, want := range map[int]int{0: 1, 1: 2, 2: 3, 3: 3} {
		onVirtualTime(t, local.Options{EventDelay: time.Millisecond}, func(a *local.Account, v *clock.Virtual) {
			f := &told{clock: v, fails: fails}
			a.AddFunction("ends", f)
			a.SendEnds("ends")
			finish(t, a, v, create(t, a, "m", "", passOn), `{}`)
			sleep(v, 10*time.Minute)
			if len(f.at) != want {
				t.Fatalf("%d failures: %d tries, want %d", fails, len(f.at), want)
			}
			if want == 3 && (f.at[1].Sub(f.at[0]) != time.Minute || f.at[2].Sub(f.at[1]) != 2*time.Minute) {
				t.Errorf("the tries were at %v", f.at)
			}
		})
	}
}

// TestEventLeavesOutWhatIsTooLarge checks what the events carry.
func TestEventLeavesOutWhatIsTooLarge(t *testing.T) {
	large := `"` + strings.Repeat("x", 200<<10) + `"`
	larger := `"` + strings.Repeat(`\n`, 90<<10) + `"` // half as long again when it is escaped
	for _, test := range []struct {
		name, input       string
		withInput, output bool
	}{
		{"small", `{}`, true, true}, {"both together", large, false, true}, {"the output alone", larger, false, false},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			f := &told{clock: v}
			a.AddFunction("ends", f)
			a.SendEnds("ends")
			d := finish(t, a, v, create(t, a, "m", "", passOn), test.input)
			sleep(v, time.Minute)
			got := f.events[0]
			if got["status"] != "SUCCEEDED" || got["executionArn"] != d.ARN ||
				got["stopDate"] != float64(d.Stopped.UnixMilli()) {
				t.Errorf("%s: %v", test.name, got)
			}
			if (got["input"] != nil) != test.withInput || (got["output"] != nil) != test.output {
				t.Errorf("%s: input %v, output %v", test.name, got["input"] != nil, got["output"] != nil)
			}
		})
	}
}

// TestNoEventOfExpress: EventBridge is told of Standard executions only.
func TestNoEventOfExpress(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		f := &told{clock: v}
		a.AddFunction("ends", f)
		a.SendEnds("ends")
		express := local.StateMachine{Name: "e", Kind: "EXPRESS", Definition: passOn, RoleARN: "arn:aws:iam::1:role/r"}
		_, err := a.Create(express)
		_, started := a.StartExecution(a.StateMachineARN("e"), "", nil)
		sleep(v, time.Minute)
		if err = errors.Join(err, started); err != nil || len(f.events) != 0 {
			t.Errorf("%v, %d events", err, len(f.events))
		}
	})
}
