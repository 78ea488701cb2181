package function

import (
	"context"

	"github.com/connect-async/connect-async/internal/clock"
)

// Invoker invokes deployed functions through the Lambda API. It needs the permission lambda:InvokeFunction and no
// other.
type Invoker interface {
	// InvokeFunction asks for a synchronous invocation with the end of the log. Its errors are ErrTooManyRequests,
	// ErrRequestTooLarge, a source.Finding when the function or the permission is missing, or the client's own.
	InvokeFunction(ctx context.Context, arn string, payload []byte, clientContext string) (RemoteAnswer, error)
}

// RemoteAnswer is what the Lambda API answers.
type RemoteAnswer struct {
	Payload       []byte
	FunctionError string
	RequestID     string
	Log           []byte // the last 4 KB
}

// The codes of what can be wrong with a deployed function.
const (
	RemoteMissing = "function.remote-missing"
	RemoteDenied  = "function.remote-denied"
)

// Remote is a function that runs where it is deployed, because it cannot run here. It needs no Close.
type Remote struct {
	clock   clock.Clock
	invoker Invoker
	arn     string
}

// NewRemote returns the function with that ARN, which may end in a version or alias.
func NewRemote(c clock.Clock, invoker Invoker, arn string) *Remote {
	return &Remote{clock: c, invoker: invoker, arn: arn}
}

// Invoke calls the function and waits for its answer. The duration is the one that the caller sees; nothing is
// repeated, since a call that failed may have run.
func (r *Remote) Invoke(ctx context.Context, payload []byte) Result {
	return r.Do(ctx, Request{Payload: payload, ClientContext: ClientContext(ctx)})
}

// Do calls the function like Invoke. Of the request only the payload and the client context are sent.
func (r *Remote) Do(ctx context.Context, req Request) Result {
	if len(req.Payload) > MaxPayload {
		return Result{Err: ErrRequestTooLarge}
	}
	begin := r.clock.Now()
	got, err := r.invoker.InvokeFunction(ctx, r.arn, req.Payload, req.ClientContext)
	if err != nil {
		return Result{RequestID: got.RequestID, Err: err}
	}
	res := Result{Payload: got.Payload, FunctionError: got.FunctionError, RequestID: got.RequestID, Log: got.Log}
	res.Duration = r.clock.Now().Sub(begin)
	if res.FunctionError != "" {
		res.ErrorType = errorAnswer(got.Payload).errType
	}
	return res
}
