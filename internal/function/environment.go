package function

import (
	"context"
	"net"
	"net/http"
	"os/exec"
	"time"

	"github.com/connect-async/connect-async/internal/loopback"
)

// environment is one process of a function, with its own Runtime API. Whoever has taken it from the pool owns it.
type environment struct {
	f       *Function
	code    *code // what it runs; a changed file makes a new one
	api     *runtimeAPI
	server  *http.Server
	process *process
	output  *output
}

// start starts a process for a function. It does not wait for it.
func (f *Function) start(c *code) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, problem(StartFailed, f.spec.Code, err.Error(),
			"Free some network ports of 127.0.0.1 and try again.")
	}
	out, err := newOutput()
	if err != nil {
		listener.Close()
		return nil, problem(StartFailed, f.spec.Code, err.Error(), "Raise the limit of open files and try again.")
	}
	e := &environment{f: f, code: c, api: newRuntimeAPI(), output: out}
	e.server = &http.Server{Handler: loopback.Only(e.api.handler())}
	go func() { _ = e.server.Serve(listener) }() // ends with the server
	cmd := exec.Command(c.program[0], c.program[1:]...)
	cmd.Dir = f.spec.folder()
	cmd.Env = environ(f.spec, c, listener.Addr().String(), f.clock.Now())
	if e.process, err = startProcess(f.starter, f.guard, cmd, out.w); err != nil {
		e.server.Close()
		out.close()
		return nil, problem(StartFailed, c.program[0], err.Error(),
			"Check that it is built for this machine and may be executed.")
	}
	return e, nil
}

// alive reports whether the process still runs.
func (e *environment) alive() bool {
	select {
	case <-e.process.exited:
		return false
	default:
		return true
	}
}

// end ends the process and returns what it had printed.
func (e *environment) end() []byte {
	e.process.kill()
	return e.output.take()
}

// close ends the process, if it has not ended, and everything around it.
func (e *environment) close() {
	e.process.kill()
	close(e.api.closed)
	e.server.Close()
	e.output.close()
}

// The statuses of a REPORT line; a good one has none.
const (
	statusError   = "error"
	statusTimeout = "timeout"
)

// outcome says what an environment did with a phase, and whether it can go on.
type outcome struct {
	answer *answer // nil when err is set
	status string  // the Status of the REPORT line
	usable bool
	err    error
}

// initialise waits until the process has loaded the function and asks for its first event. A nil outcome means that
// it has.
func (e *environment) initialise(ctx context.Context, requestID string, limit time.Duration) *outcome {
	expired, stop := e.f.after(limit)
	defer stop()
	select {
	case <-e.api.ready:
		return nil
	case <-e.api.failed:
		return &outcome{answer: e.api.taken(), status: statusError}
	case <-e.process.exited:
		return e.ended(requestID)
	case <-expired:
		return &outcome{answer: errorAnswer(timedOut(requestID, e.f.spec.Timeout)), status: statusTimeout}
	case <-ctx.Done():
		return &outcome{err: context.Cause(ctx)}
	}
}

// ended is the outcome when the process ended by itself, whether or not it had reported that it cannot start.
func (e *environment) ended(requestID string) *outcome {
	if ans := e.api.taken(); ans != nil {
		return &outcome{answer: ans, status: status(ans)}
	}
	return &outcome{answer: errorAnswer(exited(requestID, e.process.state())), status: statusError}
}

// wait waits until the process, which has the event, asks for the next, ends, or has no time left.
func (e *environment) wait(ctx context.Context, inv *invocation) *outcome {
	expired, stop := e.f.after(inv.deadline.Sub(e.f.clock.Now()))
	defer stop()
	select {
	case <-e.api.ready:
		ans := e.api.taken()
		return &outcome{answer: ans, status: status(ans), usable: true}
	case <-e.process.exited:
		return e.ended(inv.RequestID)
	case <-expired:
		return e.expired(inv)
	case <-ctx.Done():
		return &outcome{err: context.Cause(ctx)}
	}
}

// expired is the outcome when time has run out. A process that has answered, but went on working, answered in time.
func (e *environment) expired(inv *invocation) *outcome {
	if ans := e.api.taken(); ans != nil {
		return &outcome{answer: ans, status: status(ans)}
	}
	return &outcome{answer: errorAnswer(timedOut(inv.RequestID, e.f.spec.Timeout)), status: statusTimeout}
}

func status(a *answer) string {
	if a.failed {
		return statusError
	}
	return ""
}

// after returns a channel that is closed when d has passed.
func (f *Function) after(d time.Duration) (<-chan struct{}, func() bool) {
	c := make(chan struct{})
	timer := f.clock.AfterFunc(d, func() { close(c) })
	return c, timer.Stop
}
