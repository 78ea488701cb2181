package statesapi

import (
	"context"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/local"
)

// startSyncExecution answers when the execution has ended. The request stays open until then, as it does at AWS.
func (a *api) startSyncExecution(ctx context.Context, r start) (any, error) {
	m, err := a.account.StateMachine(r.ARN)
	if err != nil {
		return nil, err
	}
	if m.Kind != asl.Express {
		return nil, &local.Error{
			Code:    "StateMachineTypeNotSupported",
			Message: "This operation is not supported by this type of state machine",
		}
	}
	e, err := a.start(r)
	if err != nil {
		return nil, err
	}
	if err := a.await(ctx, e.WhenEnded); err != nil {
		return nil, err
	}
	d := e.Describe()
	return struct {
		execution
		Billing billing `json:"billingDetails"`
	}{execution: show(e, d, r.Included), Billing: billed(d.Stopped.Sub(d.Started))}, nil
}

// await waits as a client does, outside the account's clock.
func await(ctx context.Context, when func(func())) error {
	happened := make(chan struct{})
	when(func() { close(happened) })
	select {
	case <-happened:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// billing is what an Express execution is billed: steps of 100 ms and of 64 MB (recorded for the smallest).
type billing struct {
	MilliSeconds int64 `json:"billedDurationInMilliseconds"`
	MB           int64 `json:"billedMemoryUsedInMB"`
}

func billed(took time.Duration) billing {
	const step = 100 * time.Millisecond
	return billing{MilliSeconds: max(1, int64((took+step-1)/step)) * 100, MB: 64}
}
