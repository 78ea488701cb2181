package clock

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

type contextKey struct{}

// virtualContext is a context whose deadline lies in virtual time. It is done at once, in the running task or timer, so
// that no goroutine of the context package can change the order of things.
type virtualContext struct {
	context.Context // the parent
	deadline        time.Time
	done            chan struct{}

	mu     sync.Mutex
	err    error
	next   uint64
	onDone map[uint64]func()
}

// WithDeadline implements Clock.
func (v *Virtual) WithDeadline(parent context.Context, t time.Time) (context.Context, context.CancelFunc) {
	ctx := &virtualContext{Context: parent, deadline: t, done: make(chan struct{})}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(t) {
		ctx.deadline = earlier
	}
	timer := v.AfterFunc(ctx.deadline.Sub(v.Now()), func() { ctx.finish(context.DeadlineExceeded) })
	release := v.onDone(parent, func() { ctx.finish(parent.Err()) })
	if parent.Err() != nil {
		ctx.finish(parent.Err())
	}
	return ctx, func() {
		timer.Stop()
		release()
		ctx.finish(context.Canceled)
	}
}

// onDone arranges for f to be called when the nearest context made by this kind of clock is done, unless release is
// called first.
func (v *Virtual) onDone(ctx context.Context, f func()) (release func()) {
	c, ok := ctx.Value(contextKey{}).(*virtualContext)
	if !ok {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	c.next++
	if c.onDone == nil {
		c.onDone = map[uint64]func(){}
	}
	c.onDone[id] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.onDone, id)
	}
}

// finish ends the context, and calls what waits for that in the order in which it began to wait.
func (c *virtualContext) finish(err error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	close(c.done)
	onDone := c.onDone
	c.onDone = nil
	c.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(onDone)) {
		onDone[id]()
	}
}

// Deadline implements context.Context.
func (c *virtualContext) Deadline() (time.Time, bool) { return c.deadline, true }

// Done implements context.Context.
func (c *virtualContext) Done() <-chan struct{} { return c.done }

// Err implements context.Context.
func (c *virtualContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	return c.Context.Err()
}

// Value implements context.Context.
func (c *virtualContext) Value(key any) any {
	if key == (contextKey{}) {
		return c
	}
	return c.Context.Value(key)
}
