package clock

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrStuck is what Run returns when every task waits for a signal and no timer is left that could set one.
var ErrStuck = errors.New("clock: every task waits and no timer is left")

// Virtual is time that does not move while anything runs and jumps to the next timer when nothing does. Exactly one
// task or timer function runs at any moment, so a program that takes time, randomness and concurrency only from its
// clock does the same on every run. The order is:
//
//   - runnable tasks run first, in the order in which they became runnable;
//   - when none is runnable, the clock jumps to the earliest timer and runs its function; timers of the same instant
//     run in the order in which they were set, and tasks made runnable by one of them run before the next;
//   - a task runs until it waits or ends;
//   - while the clock is held, tasks run but it does not jump.
//
// Everything happens inside Run, or inside Serve, which goes on with what other goroutines bring. A Virtual may be
// run again after it has returned.
type Virtual struct {
	mu       sync.Mutex
	now      time.Time
	seq      uint64
	runnable []*task
	timers   timerHeap
	current  *task
	tasks    int
	spare    []*task // whose function has returned
	finished chan error

	holds   int
	serving bool
	closed  bool          // Serve is over
	idle    bool          // nothing can run until another goroutine brings something, or time has passed
	kicked  chan struct{} // holds one: that something was brought

	pace     *pace    // nil when time jumps
	steps    *steps   // nil when time passes by itself
	inserted []func() // by Insert, and have not run
}

// task is a goroutine that runs only while it holds the baton, which it gets through its channel. When its function has
// returned it is used for the next one: its stack has grown already, which takes longer than a short function.
type task struct {
	f     func()
	baton chan struct{} // holds one, so that a task can pass the baton to itself
	wakes uint64        // number of waits that are over; a wake for an earlier wait is void
}

// NewVirtual returns a clock that shows start.
func NewVirtual(start time.Time) *Virtual {
	return &Virtual{now: start, kicked: make(chan struct{}, 1)}
}

// Now implements Clock.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Run runs f as a task, and everything that comes of it, until no task is left. Timers that are still set then do
// not fire. It returns ErrStuck when tasks are left but can never go on; their goroutines are lost.
func (v *Virtual) Run(f func()) error {
	v.mu.Lock()
	v.finished = make(chan error, 1)
	finished := v.finished
	v.start(f)
	v.pass()
	for {
		select {
		case err := <-finished:
			return err
		case <-v.kicked:
			v.resume()
		}
	}
}

// Serve runs the tasks that other goroutines start and the timers that they set, until ctx is done. Nothing runs
// after it has returned: tasks that still wait are lost. No task may go on for ever.
func (v *Virtual) Serve(ctx context.Context) {
	defer v.close()
	defer context.AfterFunc(ctx, v.close)() // which may come too late to be called
	v.mu.Lock()
	v.serving = true
	v.pass()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-v.kicked:
			v.resume()
		}
	}
}

// close stops everything from running.
func (v *Virtual) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.dismiss()
}

// resume goes on when the clock was idle.
func (v *Virtual) resume() {
	v.mu.Lock()
	if !v.idle {
		v.mu.Unlock()
		return
	}
	v.idle = false
	v.pass()
}

// kick makes an idle clock look again for something to do. The lock is held. It is Run or Serve that goes on, not the
// caller, since the caller may have locked what a timer's function needs.
func (v *Virtual) kick() {
	if !v.idle {
		return
	}
	select {
	case v.kicked <- struct{}{}:
	default:
	}
}

// Hold implements Clock.
func (v *Virtual) Hold() (release func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.holds++
	return sync.OnceFunc(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.holds--
		v.kick()
	})
}

// Go implements Clock.
func (v *Virtual) Go(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.start(f)
	v.kick()
}

// start makes f a runnable task. The lock is held.
func (v *Virtual) start(f func()) {
	var t *task
	if last := len(v.spare) - 1; last >= 0 {
		t, v.spare = v.spare[last], v.spare[:last]
	} else {
		t = &task{baton: make(chan struct{}, 1)}
		go v.work(t)
	}
	t.f = f
	v.tasks++
	v.runnable = append(v.runnable, t)
}

// work runs the functions of a task, one after the other, until the clock has no use for it.
func (v *Virtual) work(t *task) {
	for range t.baton {
		t.f()
		v.mu.Lock()
		t.f = nil
		v.tasks--
		v.spare = append(v.spare, t)
		v.pass()
	}
}

// dismiss ends the goroutines of the spare tasks. The lock is held.
func (v *Virtual) dismiss() {
	for _, t := range v.spare {
		close(t.baton)
	}
	v.spare = nil
}

// pass hands the baton to whoever runs next. It is called with the lock held, and releases it.
func (v *Virtual) pass() {
	v.current = nil
	if v.closed {
		v.dismiss()
	}
	for len(v.runnable) == 0 {
		switch {
		case v.tasks == 0 && !v.serving:
			v.end(nil)
			return
		case v.closed, v.holds > 0:
			v.rest()
			return
		case len(v.inserted) > 0:
			v.insert()
		case v.stepped():
			v.rest()
			return
		case len(v.timers) == 0 && (v.serving || v.pace != nil):
			v.rest()
			return
		case len(v.timers) == 0:
			v.end(ErrStuck)
			return
		case v.early(v.timers[0]):
			v.rest()
			return
		default:
			v.fire()
		}
	}
	next := v.runnable[0]
	v.runnable = v.runnable[1:]
	v.current = next
	v.mu.Unlock()
	next.baton <- struct{}{}
}

// rest leaves the clock idle. The lock is held, and released.
func (v *Virtual) rest() {
	v.idle = true
	v.mu.Unlock()
}

// end makes Run return. The lock is held, and released.
func (v *Virtual) end(err error) {
	finished := v.finished
	v.dismiss()
	v.mu.Unlock()
	finished <- err
}

// fire jumps to the earliest timer and runs its function. The lock is held before and after, but not during the call.
func (v *Virtual) fire() {
	timer := heap.Pop(&v.timers).(*virtualTimer)
	if timer.at.After(v.now) {
		v.now = timer.at
	}
	v.mu.Unlock()
	timer.f()
	v.mu.Lock()
}

// block gives the baton away until the task is woken. register is called with the lock free; it arranges the wake and
// reports whether there is anything to wait for.
func (v *Virtual) block(register func(wake func()) bool) {
	v.mu.Lock()
	t := v.current
	if t == nil {
		v.mu.Unlock()
		panic("clock: Sleep or Wait outside a task of this virtual clock")
	}
	wait := t.wakes
	v.mu.Unlock()
	wake := func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if t.wakes == wait {
			t.wakes++
			v.runnable = append(v.runnable, t)
			v.kick()
		}
	}
	if !register(wake) {
		return
	}
	v.mu.Lock()
	v.pass()
	<-t.baton
}

// Sleep implements Clock. A context that was not made by this clock is looked at only before and after.
func (v *Virtual) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	var timer Timer
	var release func()
	v.block(func(wake func()) bool {
		timer = v.AfterFunc(d, wake)
		release = v.onDone(ctx, wake)
		return true
	})
	timer.Stop()
	release()
	return ctx.Err()
}

// Wait implements Clock. A context that was not made by this clock is looked at only before and after.
func (v *Virtual) Wait(ctx context.Context, s *Signal) error {
	if s.IsSet() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var release func()
	v.block(func(wake func()) bool {
		release = v.onDone(ctx, wake)
		return s.notify(wake)
	})
	release()
	if s.IsSet() {
		return nil
	}
	return ctx.Err()
}

// AfterFunc implements Clock.
func (v *Virtual) AfterFunc(d time.Duration, f func()) Timer {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seq++
	timer := &virtualTimer{clock: v, at: v.now.Add(max(d, 0)), seq: v.seq, f: f}
	heap.Push(&v.timers, timer)
	v.kick()
	return timer
}

type virtualTimer struct {
	clock *Virtual
	at    time.Time
	seq   uint64
	f     func()
	index int // in the heap, -1 when it has left it
}

// Stop implements Timer.
func (t *virtualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	if t.index < 0 {
		return false
	}
	heap.Remove(&t.clock.timers, t.index)
	return true
}

type timerHeap []*virtualTimer

// Len implements heap.Interface.
func (h timerHeap) Len() int { return len(h) }

// Less implements heap.Interface.
func (h timerHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}

// Swap implements heap.Interface.
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *timerHeap) Push(x any) {
	t := x.(*virtualTimer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop implements heap.Interface.
func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.index = -1
	return t
}
