package clock

import (
	"context"
	"time"
)

// steps makes the time of a Virtual pass only as far as somebody lets it.
type steps struct {
	until   time.Time       // no timer fires after it
	waiting []chan struct{} // each is closed when nothing is left to happen until then
}

// NewStepped returns a virtual clock that shows start and on which time passes only by Advance. It is for Serve.
func NewStepped(start time.Time) *Virtual {
	v := NewVirtual(start)
	v.steps = &steps{until: start}
	return v
}

// Advance lets time pass on a stepped clock and returns when everything has happened that happens in it, also what
// something takes that holds the clock. Without a duration it waits for what happens now. Several may advance a clock
// at once; their durations add up.
func (v *Virtual) Advance(ctx context.Context, d time.Duration) error {
	over := make(chan struct{})
	v.mu.Lock()
	v.steps.until = v.steps.until.Add(max(d, 0))
	v.steps.waiting = append(v.steps.waiting, over)
	v.kick()
	v.mu.Unlock()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stepped reports whether a stepped clock has come as far as it may, and tells those who wait for that. The lock is
// held.
func (v *Virtual) stepped() bool {
	s := v.steps
	if s == nil || len(v.timers) > 0 && !v.timers[0].at.After(s.until) {
		return false
	}
	v.now = s.until
	for _, over := range s.waiting {
		close(over)
	}
	s.waiting = nil
	return true
}
