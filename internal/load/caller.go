package load

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
)

// caller is one caller, with the executions that their calls started.
type caller struct {
	sim        *simulation
	course     *course
	arrived    time.Time
	leaves     time.Time // when patience ends; zero for never
	hangsUp    clock.Timer
	gone       bool
	turn       int                     // grows with each step
	executions map[string]*execution   // by name
	records    map[string]async.Record // of the results table, by the execution's name

	question question // that is open, or was the last
	missed   string   // why there was no result of an earlier one; "" when all were told
	missedAt time.Time

	asked   time.Time // when the async function was invoked first about it
	pending bool      // a reply has the result
	told    time.Time // when the result was told; zero before
	failure string    // what the last reply that decided something said, or why there was none
	failed  time.Time // when that was
	silence time.Duration
	longest time.Duration // the longest silence
	gap     time.Duration // that goes on
	counted bool          // as one who waits no more
}

// arrives lets a caller call.
func (s *simulation) arrives(index int) {
	c := &caller{
		sim: s, course: s.courses[s.kinds.IntN(len(s.courses))], arrived: s.now(), failure: unasked,
		executions: map[string]*execution{}, records: map[string]async.Record{},
	}
	s.result.arrived()
	if s.mostCalls > 0 && s.calls >= s.mostCalls {
		s.result.throttled(Calls)
		s.result.refusedCall()
		return
	}
	s.calls++
	s.going++
	s.result.connected(s.calls)
	if s.settings.Patience.IsGiven() {
		waits := s.settings.Patience.Draw(s.patience)
		c.leaves = c.arrived.Add(waits)
		c.hangsUp = s.after(waits, c.hangUp)
	}
	c.follow(c.course.first, c.arrived.Add(c.course.first.takes))
}

// follow goes on with a step, which is over at a time.
func (c *caller) follow(step *step, until time.Time) {
	c.turn++
	turn := c.turn
	c.hears(step.sound)
	c.sim.result.messages += step.messages
	c.sim.after(until.Sub(c.sim.now()), func() {
		switch {
		case c.gone || c.turn != turn:
		case step.next == nil:
			c.end()
		default:
			c.invoke(step.next)
		}
	})
}

// hearsOf notes what a reply that came at a time decides. A result is told when the flow takes the branch of a
// comparison after it, which may be after a further reply.
func (c *caller) hearsOf(r *reply, step *step, at time.Time) {
	switch {
	case r.decides == succeeded:
		c.pending = true
	case r.decides != "":
		c.pending = false
		c.decides(r.decides, at)
	}
	if c.pending && step.compares > 0 {
		c.decides(succeeded, at.Add(step.compares-step.after))
	}
}

// decides notes what a reply decided, if it did.
func (c *caller) decides(what string, at time.Time) {
	switch {
	case what == "" || !c.told.IsZero():
	case what == succeeded:
		c.told = at
		c.sim.result.told(c)
	default:
		c.failure, c.failed = what, at
	}
}

// only is the caller's only execution, nil when there is none or there are several.
func (c *caller) only() *execution {
	if len(c.executions) != 1 {
		return nil
	}
	for _, e := range c.executions {
		return e
	}
	return nil
}

// execution is the caller's execution of an ARN, nil for one of somebody else.
func (c *caller) execution(arn string) *execution {
	for _, e := range c.executions {
		if e.arn == arn {
			return e
		}
	}
	return nil
}

// hears counts the silence of a step.
func (c *caller) hears(s sound) {
	c.gap += s.head
	if !s.any {
		return
	}
	c.quiet(c.gap)
	for _, gap := range s.gaps {
		c.quiet(gap)
	}
	c.gap = s.tail
}

// quiet counts a silence that is over.
func (c *caller) quiet(gap time.Duration) {
	if gap > inaudible {
		c.silence += gap
		c.longest = max(c.longest, gap)
	}
}

// end ends the call: the flow has come to its end.
func (c *caller) end() { c.ends(c.sim.result.failed) }

// hangUp ends the call: the caller has no more patience. Who has been told the result has not given up.
func (c *caller) hangUp() {
	if !c.gone {
		c.ends(c.sim.result.abandoned)
	}
}

// ends ends the call, and counts the caller as served or, without a result, as something else.
func (c *caller) ends(otherwise func(*caller)) {
	c.leave()
	c.quiet(c.gap)
	if c.served() {
		c.sim.result.served(c)
	} else {
		otherwise(c)
	}
}

func (c *caller) leave() {
	c.gone = true
	c.sim.calls--
	if c.hangsUp != nil {
		c.hangsUp.Stop()
	}
	c.sim.result.left(c)
	c.sim.leave(1)
}
