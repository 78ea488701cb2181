package clock_test

import (
	"context"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// TestHoldKeepsTimeFromJumping has another goroutine do something while the clock is held: time goes on only when it
// is done.
func TestHoldKeepsTimeFromJumping(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		var done clock.Signal
		v.AfterFunc(time.Second, func() { note("timer") })
		release := v.Hold()
		go func() {
			done.Set()
			release()
			release()
		}()
		_ = v.Wait(context.Background(), &done)
		note("done")
		v.Sleep(context.Background(), 2*time.Second)
		note("slept")
	})
	expect(t, got, "0 done", "1 timer", "2 slept")
}

func TestHoldIsNotStuck(t *testing.T) {
	v := clock.NewVirtual(start)
	var never, released clock.Signal
	err := v.Run(func() {
		release := v.Hold()
		v.Go(func() { released.Set() })
		go func() {
			_ = clock.Real{}.Wait(context.Background(), &released)
			release()
		}()
		_ = v.Wait(context.Background(), &never)
	})
	if err != clock.ErrStuck {
		t.Errorf("got %v: once nobody holds the clock, it is stuck", err)
	}
}

// TestServe brings tasks and timers from outside while the clock serves.
func TestServe(t *testing.T) {
	v := clock.NewVirtual(start)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { v.Serve(ctx); close(over) }()
	for i := 1; i <= 50; i++ {
		fired, slept := make(chan time.Duration, 1), make(chan time.Duration, 1)
		v.AfterFunc(time.Hour, func() { fired <- v.Now().Sub(start) })
		if at := <-fired; at != time.Duration(2*i-1)*time.Hour {
			t.Fatalf("timer %d fired at %v", i, at)
		}
		v.Go(func() {
			v.Sleep(ctx, time.Hour)
			slept <- v.Now().Sub(start)
		})
		if at := <-slept; at != time.Duration(2*i)*time.Hour {
			t.Fatalf("task %d slept until %v", i, at)
		}
	}
	stop()
	<-over
}

func TestServeHeldDoesNotJump(t *testing.T) {
	v := clock.NewVirtual(start)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { v.Serve(ctx); close(over) }()
	release := v.Hold()
	fired := make(chan struct{})
	v.AfterFunc(time.Hour, func() { close(fired) })
	ran := make(chan struct{})
	v.Go(func() { close(ran) })
	<-ran // tasks run all the same
	if !v.Now().Equal(start) {
		t.Error("time jumped while the clock was held")
	}
	release()
	<-fired
	stop()
	<-over
}

// TestServeEndsEndlessTimers stops a clock on which there is always another timer.
func TestServeEndsEndlessTimers(t *testing.T) {
	v := clock.NewVirtual(start)
	ctx, stop := context.WithCancel(context.Background())
	fired := 0
	var again func()
	again = func() {
		if fired++; fired == 1000 {
			stop()
		}
		v.AfterFunc(time.Second, again)
	}
	v.AfterFunc(time.Second, again)
	v.Serve(ctx)
	if fired < 1000 {
		t.Errorf("%d timers fired", fired)
	}
}
