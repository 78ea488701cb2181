package function

import (
	"cmp"
	"context"
	"errors"
	"os"
	"sync"

	"github.com/connect-async/connect-async/internal/clock"
)

// Function is a Lambda function that runs on this machine. It is safe for concurrent use.
type Function struct {
	spec    Spec
	clock   clock.Clock
	runtime runtimeKind
	files   *files // of the code
	envFile *files // nil when there is none

	closing context.Context // done when Close is called
	close   context.CancelFunc

	preparing chan struct{} // holds one while somebody prepares
	code      *code         // what new environments run; guarded by preparing, as are the next four
	builds    int           // how often a Go package was built
	home      string        // folder of temporary files, made by the first preparation
	guard     *guard
	starter   *starter

	mu      sync.Mutex
	idle    []*environment // the one used last is the last
	live    int            // environments and slots reserved for them
	closed  bool
	running sync.WaitGroup // invocations and preparations

	ending   sync.Once
	endError error
}

// New checks the specification: the code exists, the runtime is known, and what runs it is on this machine. Nothing
// is started or built before Prepare or the first invocation. Errors are source.Findings.
func New(c clock.Clock, spec Spec) (*Function, error) {
	spec, err := spec.complete()
	if err != nil {
		return nil, err
	}
	kind, err := runtimeOf(spec)
	if err != nil {
		return nil, err
	}
	spec.Runtime = cmp.Or(spec.Runtime, kind.name)
	if err := kind.check(&spec); err != nil {
		return nil, err
	}
	f := &Function{spec: spec, clock: c, runtime: kind, files: kind.watch(spec), preparing: make(chan struct{}, 1)}
	f.files.clock = c
	if spec.EnvFile != "" {
		if _, err := ReadEnvFile(spec.EnvFile); err != nil {
			return nil, err
		}
		f.envFile = &files{clock: c, root: spec.EnvFile}
		f.files.other = spec.EnvFile
	}
	f.closing, f.close = context.WithCancel(context.Background())
	return f, nil
}

// Spec is the specification with its defaults filled in.
func (f *Function) Spec() Spec { return f.spec }

// Version tells two states of what a function is made of apart.
type Version struct{ code, env fingerprint }

// Version is the state of the files now, or a moment ago.
func (f *Function) Version() Version {
	v := Version{code: f.files.look()}
	if f.envFile != nil {
		v.env = f.envFile.look()
	}
	return v
}

// Differs reports what is another than it was: the code, the file of variables.
func (v Version) Differs(was Version) (code, envFile bool) {
	return v.code != was.code, v.env != was.env
}

// Prepare builds what has to be built and starts one environment, so that the first invocation is not late. Errors
// are source.Findings, or the context's. What the function itself does wrong while it loads is left to the first
// invocation.
func (f *Function) Prepare(ctx context.Context) error {
	return f.Warm(ctx, 1)
}

// Warm does what Prepare does, for n environments at once; n is cut to the function's concurrency. Environments that
// are idle already count, unless the files have changed since.
func (f *Function) Warm(ctx context.Context, n int) error {
	n = min(n, f.spec.Concurrency)
	f.endStale(f.Version())
	errs := make(chan error, n)
	for range n {
		go func() { errs <- f.warmOne(ctx, n) }()
	}
	var first error
	for range n {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return first
}

// warmOne adds an idle environment unless n exist.
func (f *Function) warmOne(ctx context.Context, n int) error {
	if err := f.reserve(n); err != nil {
		if errors.Is(err, ErrTooManyRequests) {
			return nil
		}
		return err
	}
	defer f.running.Done()
	ctx, stop := f.bound(ctx)
	defer stop()
	c := &call{f: f, report: report{spec: &f.spec}}
	out := c.cold(ctx)
	if out == nil {
		f.put(c.e)
		return nil
	}
	f.discard(c.e)
	return out.err
}

// Close ends every process, waits for the invocations in flight, whose callers get ErrClosed, and removes all
// temporary files.
func (f *Function) Close() error {
	f.refuse()
	f.close()
	f.running.Wait()
	f.ending.Do(func() { f.endError = f.end() })
	return f.endError
}

// Retire does what Close does as soon as the invocations in flight have ended; further ones get ErrClosed at once.
// Close ends the wait.
func (f *Function) Retire() error {
	f.refuse()
	f.running.Wait()
	return f.Close()
}

// refuse makes all further invocations fail.
func (f *Function) refuse() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// end ends what is left when no invocation runs.
func (f *Function) end() error {
	for _, e := range f.idle {
		e.close()
	}
	f.idle = nil
	if f.home == "" {
		return nil
	}
	f.starter.close()
	f.guard.close()
	return os.RemoveAll(f.home)
}
