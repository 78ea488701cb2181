package clock

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
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
	spare    []*task // whose functions have returned

	holds   int
	serving bool
	closed  bool          // Serve is over
	idle    bool          // nothing can run until another goroutine brings something, or time has passed
	kicked  chan struct{} // holds one: that something was brought

	pace     *pace    // nil when time jumps
	steps    *steps   // nil when time passes by itself
	inserted []func() // by Insert, and have not run
}

// task is a coroutine: it runs within resume, until it waits or its function has returned. It is then used for the next
// function: its stack has grown already, which takes longer than a short function.
type task struct {
	f      func()
	resume func()
	wait   func() // called by the function; goes on with the next resume
	end    func() // ends the goroutine of a task without a function
	wakes  uint64 // number of waits that are over; a wake for an earlier wait is void
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
// not fire. It returns ErrStuck when tasks are left but can never go on; their goroutines are lost. A panic of a task
// goes on in Run, and a task that ends its goroutine, as t.Fatal does in a test, ends that of Run.
func (v *Virtual) Run(f func()) error {
	defer v.dismiss()
	v.Go(f)
	for {
		switch v.run() {
		case over:
			return nil
		case stuck:
			return ErrStuck
		case resting:
			<-v.kicked
		}
	}
}

// Serve runs the tasks that other goroutines start and the timers that they set, until ctx is done. Nothing runs
// after it has returned: tasks that still wait are lost. No task may go on for ever.
func (v *Virtual) Serve(ctx context.Context) {
	defer v.dismiss()
	defer v.close()
	defer context.AfterFunc(ctx, v.close)() // which may come too late to be called
	v.mu.Lock()
	v.serving = true
	v.mu.Unlock()
	for ctx.Err() == nil {
		v.run()
		select {
		case <-ctx.Done():
		case <-v.kicked:
		}
	}
}

// close stops everything from running.
func (v *Virtual) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
}

// state is why nothing more runs.
type state int

const (
	over    state = iota // no task is left
	stuck                // see ErrStuck
	resting              // until another goroutine brings something, or time has passed
)

// run runs tasks and timers' functions, one after the other, for as long as there are any that can.
func (v *Virtual) run() state {
	for {
		next, state := v.next()
		if next == nil {
			return state
		}
		next()
	}
}

// next is what runs next: a task, until it waits or ends, or the function of a timer. Without any it says why.
func (v *Virtual) next() (run func(), none state) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.current, v.idle = nil, false
	switch {
	case v.closed:
		return nil, resting
	case len(v.runnable) > 0:
		v.current = v.runnable[0]
		v.runnable = v.runnable[1:]
		return v.current.resume, 0
	case v.tasks == 0 && !v.serving:
		return nil, over
	case v.holds > 0:
		return nil, v.rest()
	case len(v.inserted) > 0:
		return v.insert(), 0
	case v.stepped():
		return nil, v.rest()
	case len(v.timers) == 0 && (v.serving || v.pace != nil):
		return nil, v.rest()
	case len(v.timers) == 0:
		return nil, stuck
	case v.early(v.timers[0]):
		return nil, v.rest()
	}
	return v.fire(), 0
}

// rest leaves the clock idle. The lock is held.
func (v *Virtual) rest() state {
	v.idle = true
	return resting
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
		t = v.newTask()
	}
	t.f = f
	v.tasks++
	v.runnable = append(v.runnable, t)
}

// newTask returns a task without a function.
func (v *Virtual) newTask() *task {
	t := &task{}
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		defer addStack()
		t.wait = func() { yield(struct{}{}) }
		for used := true; used; used = yield(struct{}{}) {
			t.f()
			v.spareTask(t)
		}
	})
	t.resume, t.end = func() { next() }, stop
	return t
}

// spareTask keeps a task whose function has returned.
func (v *Virtual) spareTask(t *task) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t.f = nil
	v.tasks--
	v.spare = append(v.spare, t)
}

// addStack is deferred, and makes the stack part of a panic: the coroutine's own is gone where the panic goes on.
func addStack() {
	if fault := recover(); fault != nil {
		panic(fmt.Sprintf("%v\n\n%s", fault, debug.Stack()))
	}
}

// dismiss ends the goroutines of the spare tasks.
func (v *Virtual) dismiss() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, t := range v.spare {
		t.end()
	}
	v.spare = nil
}

// fire jumps to the earliest timer and returns its function. The lock is held.
func (v *Virtual) fire() func() {
	timer := heap.Pop(&v.timers).(*virtualTimer)
	if timer.at.After(v.now) {
		v.now = timer.at
	}
	return timer.f
}

// block lets others run until the task is woken. register is called with the lock free; it arranges the wake and
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
	t.wait()
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
