package clock_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// serveStepped serves a stepped clock until the test ends.
func serveStepped(t *testing.T) *clock.Virtual {
	t.Helper()
	v := clock.NewStepped(start)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { v.Serve(ctx); close(over) }()
	t.Cleanup(func() { stop(); <-over })
	return v
}

// TestSteppedTimePassesByAdvance checks that timers fire only when time is let pass, and then all that are due, those
// too that others set meanwhile.
func TestSteppedTimePassesByAdvance(t *testing.T) {
	v := serveStepped(t)
	var mu sync.Mutex
	var fired []string
	note := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		fired = append(fired, name+" "+v.Now().Sub(start).String())
	}
	v.AfterFunc(5*time.Second, func() {
		note("first")
		v.AfterFunc(5*time.Second, func() { note("second") })
	})
	v.Go(func() {
		note("task")
		_ = v.Sleep(context.Background(), 11*time.Second)
		note("slept")
	})
	for _, step := range []struct {
		by   time.Duration
		want []string
	}{
		{0, []string{"task 0s"}},
		{4 * time.Second, []string{"task 0s"}},
		{6 * time.Second, []string{"task 0s", "first 5s", "second 10s"}},
		{time.Hour, []string{"task 0s", "first 5s", "second 10s", "slept 11s"}},
	} {
		before := v.Now()
		if err := v.Advance(t.Context(), step.by); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		if !slices.Equal(fired, step.want) || v.Now().Sub(before) != step.by {
			t.Errorf("after %v more, at %v: %v", step.by, v.Now().Sub(start), fired)
		}
		mu.Unlock()
	}
}

// TestAdvanceWaitsForWhatHoldsTheClock checks that a step is not over while something is in progress.
func TestAdvanceWaitsForWhatHoldsTheClock(t *testing.T) {
	v := serveStepped(t)
	release := v.Hold()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.Advance(ctx, time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v while the clock was held", err)
	}
	done := make(chan error)
	go func() { done <- v.Advance(t.Context(), time.Second) }()
	release()
	if err := <-done; err != nil || v.Now().Sub(start) != 2*time.Second {
		t.Errorf("at %v: %v", v.Now().Sub(start), err)
	}
}
