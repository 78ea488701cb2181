package clock

import (
	"context"
	"sync"
	"time"
)

// Real is the time of the machine.
type Real struct{}

// Now implements Clock.
func (Real) Now() time.Time { return time.Now() }

// Go implements Clock.
func (Real) Go(f func()) { go f() }

// Sleep implements Clock.
func (Real) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wait implements Clock.
func (Real) Wait(ctx context.Context, s *Signal) error {
	done := make(chan struct{})
	var once sync.Once
	if !s.notify(func() { once.Do(func() { close(done) }) }) {
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WithDeadline implements Clock.
func (Real) WithDeadline(parent context.Context, t time.Time) (context.Context, context.CancelFunc) {
	return context.WithDeadline(parent, t)
}

// AfterFunc implements Clock.
func (Real) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }

// Hold implements Clock.
func (Real) Hold() (release func()) { return func() {} }
