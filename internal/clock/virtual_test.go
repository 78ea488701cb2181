package clock_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// trace runs f on a virtual clock and returns what it noted, each note with the seconds since the start.
func trace(t *testing.T, f func(v *clock.Virtual, note func(string))) []string {
	t.Helper()
	v := clock.NewVirtual(start)
	var notes []string
	note := func(s string) { notes = append(notes, fmt.Sprintf("%g %s", v.Now().Sub(start).Seconds(), s)) }
	if err := v.Run(func() { f(v, note) }); err != nil {
		t.Fatal(err)
	}
	return notes
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestVirtualOrder(t *testing.T) {
	ctx := context.Background()
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		v.Go(func() { note("b"); v.Sleep(ctx, time.Second); note("b again") })
		v.Go(func() { note("c"); v.Sleep(ctx, time.Second); note("c again") })
		v.AfterFunc(time.Second, func() { note("timer set last") })
		note("a")
		v.Sleep(ctx, 500*time.Millisecond)
		note("a again")
	})
	// The timer was set before b and c went to sleep, so it comes before them at the same instant.
	expect(t, got, "0 a", "0 b", "0 c", "0.5 a again", "1 timer set last", "1 b again", "1 c again")
}

func TestVirtualTaskRunsBeforeNextTimerOfSameInstant(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		var s clock.Signal
		v.AfterFunc(time.Second, func() { note("first"); s.Set() })
		v.AfterFunc(time.Second, func() { note("second") })
		_ = v.Wait(context.Background(), &s)
		note("woken")
		v.Sleep(context.Background(), time.Second)
	})
	expect(t, got, "1 first", "1 woken", "1 second")
}

func TestVirtualDeadline(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		outer, cancelOuter := v.WithDeadline(context.Background(), v.Now().Add(2*time.Second))
		defer cancelOuter()
		inner, cancelInner := v.WithDeadline(outer, v.Now().Add(time.Hour))
		defer cancelInner()
		var never clock.Signal
		note(fmt.Sprint(v.Wait(inner, &never)))
		note(fmt.Sprint(v.Sleep(inner, time.Second)))
	})
	expect(t, got, "2 context deadline exceeded", "2 context deadline exceeded")
}

func TestVirtualCancelWakesSleeper(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		ctx, cancel := v.WithDeadline(context.Background(), v.Now().Add(time.Hour))
		v.AfterFunc(3*time.Second, cancel)
		note(fmt.Sprint(v.Sleep(context.WithValue(ctx, noteKey{}, 1), time.Minute)))
	})
	expect(t, got, "3 context canceled")
}

type noteKey struct{}

func TestVirtualStoppedTimerDoesNotFire(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		timer := v.AfterFunc(time.Second, func() { note("fired") })
		note(fmt.Sprint(timer.Stop(), timer.Stop()))
		v.Sleep(context.Background(), 2*time.Second)
	})
	expect(t, got, "0 true false")
}

func TestVirtualSignalSetBeforeWait(t *testing.T) {
	got := trace(t, func(v *clock.Virtual, note func(string)) {
		var s clock.Signal
		s.Set()
		s.Set()
		note(fmt.Sprint(v.Wait(context.Background(), &s)))
	})
	expect(t, got, "0 <nil>")
}

func TestVirtualStuck(t *testing.T) {
	v := clock.NewVirtual(start)
	var never clock.Signal
	err := v.Run(func() { _ = v.Wait(context.Background(), &never) })
	if !errors.Is(err, clock.ErrStuck) {
		t.Errorf("got %v, want %v", err, clock.ErrStuck)
	}
}

func TestVirtualLeavesTimersThatNobodyWaitsFor(t *testing.T) {
	v := clock.NewVirtual(start)
	fired := false
	if err := v.Run(func() { v.AfterFunc(time.Hour, func() { fired = true }) }); err != nil || fired {
		t.Errorf("err %v, fired %v: want nil, false", err, fired)
	}
	if !v.Now().Equal(start) {
		t.Errorf("the clock moved to %v", v.Now())
	}
}

// TestVirtualLeavesNoGoroutines runs and serves in a bubble, which fails when a goroutine in it never ends.
func TestVirtualLeavesNoGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := clock.NewVirtual(start)
		ran := 0
		for range 3 {
			err := v.Run(func() {
				v.Go(func() { ran++; v.Go(func() { ran++ }) })
				_ = v.Sleep(context.Background(), time.Second)
				v.AfterFunc(0, func() { v.Go(func() { ran++ }) })
				_ = v.Sleep(context.Background(), time.Second)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if ran != 9 {
			t.Errorf("%d tasks ran, want 9", ran)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		v := clock.NewVirtual(start)
		ctx, stop := context.WithCancel(context.Background())
		go func() {
			synctest.Wait() // until Serve is idle
			v.Go(func() { v.Go(stop) })
		}()
		v.Serve(ctx)
	})
}

// TestVirtualTaskThatIsEnded ends a task, or a timer's function, with runtime.Goexit, as t.Fatal does: Run's goroutine
// ends, too, though another task goes on for long.
func TestVirtualTaskThatIsEnded(t *testing.T) {
	ctx := t.Context()
	for name, f := range map[string]func(v *clock.Virtual){
		"first task": func(*clock.Virtual) { runtime.Goexit() },
		"after a wait": func(v *clock.Virtual) {
			_ = v.Sleep(ctx, time.Second)
			runtime.Goexit()
		},
		"another task": func(v *clock.Virtual) {
			v.Go(runtime.Goexit)
			_ = v.Sleep(ctx, time.Second)
		},
		"timer during a wait": func(v *clock.Virtual) {
			v.AfterFunc(time.Second, runtime.Goexit)
			_ = v.Sleep(ctx, 2*time.Second)
		},
	} {
		v := clock.NewVirtual(start)
		returned, ended := false, make(chan struct{})
		go func() {
			defer close(ended)
			_ = v.Run(func() {
				v.Go(func() { _ = v.Sleep(ctx, time.Hour) })
				f(v)
			})
			returned = true
		}()
		<-ended
		if returned || v.Now().Sub(start) > time.Second {
			t.Errorf("%s: returned is %v, at %v", name, returned, v.Now())
		}
	}
}

// TestVirtualPanic: a panic of a task comes out of Run, with the stack of the task.
func TestVirtualPanic(t *testing.T) {
	defer func() {
		fault := fmt.Sprint(recover())
		if !strings.HasPrefix(fault, "spoilt\n") || !strings.Contains(fault, "clock_test.panics(") {
			t.Error(fault)
		}
	}()
	v := clock.NewVirtual(start)
	_ = v.Run(func() {
		_ = v.Sleep(t.Context(), time.Second)
		panics()
	})
}

//go:noinline
func panics() { panic("spoilt") }

func TestRealWaitsAndCancels(t *testing.T) {
	var c clock.Real
	var s clock.Signal
	c.AfterFunc(time.Millisecond, s.Set)
	if err := c.Wait(context.Background(), &s); err != nil {
		t.Error(err)
	}
	ctx, cancel := c.WithDeadline(context.Background(), c.Now().Add(time.Millisecond))
	defer cancel()
	if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	var never clock.Signal
	if err := c.Wait(ctx, &never); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	done := make(chan struct{})
	c.Go(func() { close(done) })
	<-done
}

func BenchmarkVirtualSleep(b *testing.B) {
	v := clock.NewVirtual(start)
	_ = v.Run(func() {
		for b.Loop() {
			_ = v.Sleep(context.Background(), time.Second)
		}
	})
}

// BenchmarkVirtualTwoTasks lets two tasks run in turn.
func BenchmarkVirtualTwoTasks(b *testing.B) {
	v := clock.NewVirtual(start)
	_ = v.Run(func() {
		v.Go(func() {
			for b.Loop() {
				_ = v.Sleep(context.Background(), time.Second)
			}
		})
		for range b.N {
			_ = v.Sleep(context.Background(), time.Second)
		}
	})
}
