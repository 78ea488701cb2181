package instancetest

import (
	"context"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// Clock is a clock on which a pause is over at once: time passes by as much as somebody sleeps, and not otherwise.
type Clock struct {
	clock.Real
	mu    sync.Mutex
	slept time.Duration
}

// began is when every Clock begins.
var began = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

// Now implements clock.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return began.Add(c.slept)
}

// Sleep implements clock.Clock.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += max(d, 0)
	return ctx.Err()
}
