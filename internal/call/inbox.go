package call

import (
	"context"
	"sync"

	"github.com/connect-async/connect-async/internal/clock"
)

// inbox holds what happened to the call and was not yet dealt with. Timers and functions put things in, the call's one task
// takes them out in the same order.
type inbox struct {
	mu     sync.Mutex
	queue  []func()
	filled *clock.Signal
}

func newInbox() *inbox { return &inbox{filled: new(clock.Signal)} }

// put adds something to do.
func (b *inbox) put(do func()) {
	b.mu.Lock()
	b.queue = append(b.queue, do)
	filled := b.filled
	b.mu.Unlock()
	filled.Set()
}

// empty reports whether there is nothing to do.
func (b *inbox) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.queue) == 0
}

// take waits for the next thing to do, or until ctx is done.
func (b *inbox) take(ctx context.Context, c clock.Clock) (func(), error) {
	for {
		b.mu.Lock()
		if len(b.queue) > 0 {
			do := b.queue[0]
			b.queue = b.queue[1:]
			b.mu.Unlock()
			return do, nil
		}
		if b.filled.IsSet() {
			b.filled = new(clock.Signal)
		}
		filled := b.filled
		b.mu.Unlock()
		if err := c.Wait(ctx, filled); err != nil {
			return nil, err
		}
	}
}
