package function

import "slices"

// take reserves an environment for one invocation: an idle one that runs the code as it is now, or nil when one must be
// started.
func (f *Function) take() (*environment, error) {
	version := f.Version()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, ErrClosed
	}
	e := f.popIdle(version)
	if e == nil {
		if f.live >= f.spec.Concurrency {
			return nil, ErrTooManyRequests
		}
		f.live++
	}
	f.running.Add(1)
	return e, nil
}

// popIdle returns the idle environment that was used last, lives, and runs that version of the code; it ends those
// that do not. The lock is held.
func (f *Function) popIdle(version Version) *environment {
	for len(f.idle) > 0 {
		last := len(f.idle) - 1
		e := f.idle[last]
		f.idle[last] = nil
		f.idle = f.idle[:last]
		if e.alive() && e.code.version == version {
			return e
		}
		f.live--
		f.running.Go(e.close)
	}
	return nil
}

// endStale ends the idle environments that do not run that version of the code.
func (f *Function) endStale(version Version) {
	f.mu.Lock()
	defer f.mu.Unlock()
	stale := func(e *environment) bool { return e.code.version != version }
	for _, e := range f.idle {
		if stale(e) {
			f.live--
			f.running.Go(e.close)
		}
	}
	f.idle = slices.DeleteFunc(f.idle, stale)
}

// reserve reserves a new environment unless limit of them exist.
func (f *Function) reserve(limit int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return ErrClosed
	}
	if f.live >= limit {
		return ErrTooManyRequests
	}
	f.live++
	f.running.Add(1)
	return nil
}

// put gives an environment back to the pool.
func (f *Function) put(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idle = append(f.idle, e)
}

// discard ends an environment and returns what it had printed. e is nil when it could not even be started.
func (f *Function) discard(e *environment) []byte {
	var printed []byte
	if e != nil {
		printed = e.end()
		e.close()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live--
	return printed
}
