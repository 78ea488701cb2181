package function

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Result is the answer to one invocation.
type Result struct {
	Payload       []byte // what the function returned, or the error document when FunctionError is set
	FunctionError string // "" or "Unhandled": Lambda's header X-Amz-Function-Error
	ErrorType     string // when FunctionError is set: errorType of the document, such as Sandbox.Timedout
	RequestID     string
	Version       string // of the function that was invoked: a number or $LATEST, "" when nobody said
	Log           []byte // the START line, what the process printed, the END and REPORT lines

	Duration        time.Duration // of the handler
	BilledDuration  time.Duration // duration and init duration, rounded up to whole milliseconds; 0 when not known
	InitDuration    time.Duration // 0 when the environment was warm
	PeakMemoryBytes int64         // of the process so far; 0 where this system does not tell

	// Err is set, and nothing but RequestID and Log with it, when there is no answer of the function: the set-up is
	// wrong (a source.Finding), the context is done, or Lambda would have refused the call (ErrTooManyRequests,
	// ErrRequestTooLarge, ErrNotFound).
	Err error
}

// What Invoke gives as Result.Err when no process was asked.
var (
	// ErrTooManyRequests: as many invocations run as the function's concurrency allows (Lambda:
	// TooManyRequestsException).
	ErrTooManyRequests = errors.New("function: rate exceeded: all environments are busy")
	// ErrRequestTooLarge: the payload is over MaxPayload (Lambda: RequestTooLargeException).
	ErrRequestTooLarge = errors.New("function: the request payload is larger than Lambda allows")
	// ErrNotFound: there is no such version or alias (Lambda: ResourceNotFoundException).
	ErrNotFound = errors.New("function: there is no such version or alias")
	// ErrClosed: the function has been closed.
	ErrClosed = errors.New("function: closed")
)

// Request is one invocation. Only the payload is needed.
type Request struct {
	Payload       []byte
	InvokedARN    string // with version or alias, as the caller wrote it; default: the function's ARN
	ClientContext string // JSON, for the context object
	TraceID       string // X-Ray header, passed on
	RequestID     string // default: a new one
}

// Payload limits, in bytes. The runner enforces the first; the other belongs to callers.
const (
	MaxPayload      = awsfacts.PayloadBytes      // synchronous, request and response alike
	MaxAsyncPayload = awsfacts.EventPayloadBytes // invocation type Event
)

// Invoke calls the function and waits for its answer. It may be called by many goroutines at once. When ctx is done
// first the environment is ended and Result.Err is ctx's error.
func (f *Function) Invoke(ctx context.Context, payload []byte) Result {
	return f.Do(ctx, Request{Payload: payload, ClientContext: ClientContext(ctx)})
}

type clientContextKey struct{}

// WithClientContext gives the functions that are invoked under a context a client context: JSON.
func WithClientContext(ctx context.Context, text string) context.Context {
	return context.WithValue(ctx, clientContextKey{}, text)
}

// ClientContext is the client context that a context has, "" for none.
func ClientContext(ctx context.Context) string {
	text, _ := ctx.Value(clientContextKey{}).(string)
	return text
}

// newUUID returns a random UUID (version 4), the form of Lambda's request ids.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
