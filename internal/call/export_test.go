package call

import (
	"context"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// PlayIn plays a call on virtual time as Play does, in an account that prepare changes before the first caller calls.
func (c *Call) PlayIn(
	ctx context.Context, prepare func(*local.Account, clock.Clock), report func(Event),
) ([]Summary, error) {
	virtual := clock.NewVirtual(start)
	s := newStage(c, virtual, c.Seed(), report)
	var summaries []Summary
	err := virtual.Run(func() {
		prepare(s.account, virtual)
		summaries = s.play(ctx)
	})
	return summaries, err
}
