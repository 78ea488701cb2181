package local_test

import (
	"context"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// invoked is a function made of a Go function.
type invoked func(payload []byte) function.Result

func (f invoked) Invoke(_ context.Context, payload []byte) function.Result { return f(payload) }

// serve serves a clock until stop is called.
func serve(v *clock.Virtual) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { v.Serve(ctx); close(over) }()
	return func() { cancel(); <-over }
}

// TestOutsideHoldsTheClock runs two functions that meet each other, so both must be in flight at once, while timers
// wait.
func TestOutsideHoldsTheClock(t *testing.T) {
	v := clock.NewVirtual(start)
	a := local.New(local.Options{Clock: v})
	meet := make(chan struct{})
	real := invoked(func([]byte) function.Result {
		select {
		case meet <- struct{}{}:
		case <-meet:
		}
		return returns(`"met"`)
	})
	a.AddFunction("real", local.Outside{Clock: v, Function: real})
	arn := create(t, a, "m", asl.Standard, `{"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"real"},
		"TimeoutSeconds":1,"Next":"W"},
		"W":{"Type":"Wait","Seconds":3600,"End":true}}}`)
	stop := serve(v)
	defer stop()
	ended := make(chan local.Description, 2)
	for range 2 {
		e, err := a.StartExecution(arn, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		e.WhenEnded(func() { ended <- e.Describe() })
	}
	for range 2 {
		if d := <-ended; d.Status != asl.Succeeded || d.Stopped.Sub(start) > 2*time.Hour {
			t.Errorf("%+v", d)
		}
	}
}

func TestAskFromOutside(t *testing.T) {
	v := clock.NewVirtual(start)
	a := local.New(local.Options{Clock: v})
	a.AddFunction("slow", local.StandIn{Clock: v, Timeout: time.Hour, Next: lasts(time.Minute)})
	stop := serve(v)
	defer stop()
	if r := a.Ask(context.Background(), "slow", nil); r.Err != nil || r.Duration != time.Minute {
		t.Errorf("%+v", r)
	}
}
