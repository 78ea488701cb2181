package clock

import "time"

// Guarded is a clock on which a panic of a task, or of a timer's function, ends that function only.
type Guarded struct {
	Clock
	Caught func(fault any) // is told of it, in the place of the panic
}

// Go implements Clock.
func (g Guarded) Go(f func()) { g.Clock.Go(g.Guard(f)) }

// AfterFunc implements Clock.
func (g Guarded) AfterFunc(d time.Duration, f func()) Timer { return g.Clock.AfterFunc(d, g.Guard(f)) }

// Guard is f, with a panic caught.
func (g Guarded) Guard(f func()) func() {
	return func() {
		defer func() {
			if fault := recover(); fault != nil {
				g.Caught(fault)
			}
		}()
		f()
	}
}
