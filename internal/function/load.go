package function

import (
	"context"

	"github.com/connect-async/connect-async/internal/source"
)

// Load builds what has to be built, starts one environment and lets it load the handler, within the limit of an init
// phase, without an invocation. The failure is nil when the function is ready; it says what the code did wrong. Errors
// are source.Findings about the set-up, or the context's.
func (f *Function) Load(ctx context.Context) (*Failure, error) {
	if err := f.reserve(f.spec.Concurrency); err != nil {
		return nil, err
	}
	defer f.running.Done()
	ctx, stop := f.bound(ctx)
	defer stop()
	c := &call{f: f, report: report{spec: &f.spec, id: f.spec.NewRequestID()}}
	code, err := f.prepared(ctx)
	if err != nil {
		f.discard(nil)
		return nil, err
	}
	out := c.attempt(ctx, code, "init", f.spec.InitTimeout)
	if out == nil {
		f.put(c.e)
		return nil, nil
	}
	f.discard(c.e)
	switch {
	case out.err != nil:
		return nil, out.err
	case out.status == statusTimeout:
		return &Failure{Type: "Sandbox.Timedout",
			Message: "it was not ready within " + source.FormatDuration(f.spec.InitTimeout),
			Remedy:  "Do less before the first invocation: Lambda gives a function 10 s to load."}, nil
	}
	failure, _ := f.spec.Failure(c.result(out))
	return &failure, nil
}
