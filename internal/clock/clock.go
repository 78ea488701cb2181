// Package clock is the only reader of time in this module. Everything that waits does so through a Clock: on real
// time, or on virtual time that jumps to the next event when nothing is left to run. Virtual time can also be paced: it
// passes at a speed and can be paused, for somebody who watches and takes part.
//
// It imports nothing of this module. A Clock lives as long as the call, server or test that made it.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time and is the only way to wait. A task is a function started with Go (or, on virtual time, with
// Run); only tasks may call Sleep and Wait.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// Go starts f as a task.
	Go(f func())
	// Sleep waits for d, or until ctx is done, and then returns ctx's error.
	Sleep(ctx context.Context, d time.Duration) error
	// Wait waits until the signal is set, or until ctx is done, and then returns ctx's error.
	Wait(ctx context.Context, s *Signal) error
	// WithDeadline returns a context that is done at t on this clock, or when the parent is done, or when cancel is
	// called.
	WithDeadline(parent context.Context, t time.Time) (ctx context.Context, cancel context.CancelFunc)
	// AfterFunc calls f once, d from now, unless the timer is stopped first. f must not wait. On real time f runs in
	// its own goroutine.
	AfterFunc(d time.Duration, f func()) Timer
	// Hold says that something is in progress that this clock does not see, such as a real process: virtual time does
	// not jump until release is called. Real time cannot be held. Calling release again does nothing.
	Hold() (release func())
}

// Timer is an event that has been scheduled with AfterFunc.
type Timer interface {
	// Stop prevents the timer from firing. It returns false when the timer has fired or been stopped already.
	Stop() bool
}

// Signal is something that happens once and can be waited for with Clock.Wait. The zero Signal is ready to use.
type Signal struct {
	mu      sync.Mutex
	set     bool
	waiting []func()
}

// Set makes the signal happen: every task that waits for it goes on, in the order in which they began to wait.
// Setting it again does nothing.
func (s *Signal) Set() {
	s.mu.Lock()
	waiting := s.waiting
	s.set, s.waiting = true, nil
	s.mu.Unlock()
	for _, wake := range waiting {
		wake()
	}
}

// IsSet reports whether the signal has happened.
func (s *Signal) IsSet() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set
}

// notify arranges for wake to be called once when the signal is set. It reports false, and calls nothing, when it is
// set already. A wake that comes too late must be harmless.
func (s *Signal) notify(wake func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set {
		return false
	}
	s.waiting = append(s.waiting, wake)
	return true
}
