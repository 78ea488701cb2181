package load

import (
	"context"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/local"
)

// visit is one invocation of a function by a contact.
type visit struct {
	caller   *caller
	place    *place
	turn     int
	began    time.Time
	function string
	first    *answer // to the async function's first request, when it was made already
}

type visitKey struct{}

// visitOf is the invocation that a request of the async function belongs to.
func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// invoke invokes the function that the contact waits for.
func (c *caller) invoke(p *place) {
	s := c.sim
	v := &visit{caller: c, place: p, turn: c.turn, began: s.now(), function: s.setup.functionName(p.invoke.ARN)}
	isAsync := v.function == s.setup.async
	if isAsync {
		c.asks(p)
	}
	switch {
	case v.refused():
	case isAsync:
		s.result.invocations++
		v.check()
	default:
		v.other()
	}
}

// refused reports whether Lambda refuses the invocation, which then is over.
func (v *visit) refused() bool {
	s := v.caller.sim
	fault := s.fault(local.Lambda, v.function)
	if fault.Error != "" {
		v.replies(s.setup.refusal(fault.Error), s.now())
		return true
	}
	if quota := s.lambda.begin(s.now(), v.function); quota != "" {
		s.result.throttled(quota)
		v.replies(s.setup.refusal(throttledByLambda), s.now())
		return true
	}
	s.result.busy(s.lambda.busy)
	return false
}

// throttledByLambda is the error code of an invocation that a quota of Lambda refuses.
const throttledByLambda = "TooManyRequestsException"

// other runs a function that is not the async function.
func (v *visit) other() {
	s := v.caller.sim
	s.after(s.setup.takes(s, v.function), func() {
		s.lambda.end(v.function)
		v.replies(s.setup.returns(v.function), s.now())
	})
}

// check lets the async function answer: at once, as it answered before, where it only looks once.
func (v *visit) check() {
	s, c := v.caller.sim, v.caller
	if v.place.checks == nil {
		v.place.checks = &checks{first: v.firstRequest(), replies: map[string]*reply{}}
	}
	e := c.only()
	switch first := v.place.checks.first; {
	case e != nil && first == describes && v.simple(pendingKind):
		s.after(s.latency.StepFunctions, func() {
			described, err := s.describes(e)
			a := answer{e: described, err: err, kind: kindOf(described.Status, described.Error, err)}
			v.answered(a, s.latency.StepFunctions)
		})
	case e != nil && first == gets && v.simple(pendingKind):
		s.after(s.latency.DynamoDB, func() {
			record, found, err := s.gets(c, e.name)
			a := answer{record: record, found: found, err: err, kind: kindOf(record.Status, record.Error, err)}
			if a.kind == pendingKind && !s.function.Believes(record, s.config.Jobs[0]) {
				a.kind = ""
			}
			v.answered(a, s.latency.DynamoDB)
		})
	default:
		v.live(nil)
	}
}

// firstRequest is what the async function asks first about the event of the place.
func (v *visit) firstRequest() operation {
	known, event := v.caller.course.firsts, v.place.invoke.Event
	op, asked := known[string(event)]
	if !asked {
		op = firstOf(v.caller.sim.config, v.began, event)
		known[string(event)] = op
	}
	return op
}

// pendingKind is the kind of an answer that the work goes on.
const pendingKind = "pending"

// kindOf is the kind of an answer.
func kindOf(status, failure string, err error) string {
	switch {
	case err != nil:
		return "error " + err.Error()
	case status == async.ExecutionRunning, status == async.StatusPending:
		return pendingKind
	}
	return status + " " + failure
}

// simple reports whether a check is not known to go on after an answer.
func (v *visit) simple(kind string) bool {
	r, known := v.place.checks.replies[kind]
	return !known || r != nil
}

// answered replies to a check whose first request was answered.
func (v *visit) answered(a answer, travelled time.Duration) {
	s, known := v.caller.sim, v.place.checks.replies
	if a.kind == "" {
		v.live(&a)
		return
	}
	r, asked := known[a.kind]
	if !asked {
		if body, once := askOnce(s.config, s.now(), v.place.invoke.Event, travelled, &a); once {
			r = v.caller.course.known(body)
		}
		known[a.kind] = r
	}
	if r == nil {
		v.live(&a)
		return
	}
	v.over()
	v.replies(r, s.now())
}

// over ends an invocation of the async function.
func (v *visit) over() {
	s := v.caller.sim
	s.lambda.end(v.function)
	s.result.ran += s.now().Sub(v.began)
}

// live lets the async function answer in the account's time. first is the answer to its first request, if that was
// made.
func (v *visit) live(first *answer) {
	c, s := v.caller, v.caller.sim
	v.first = first
	s.going++
	silent := c.course.withoutReply(v.place)
	late := s.after(v.began.Add(silent.takes).Sub(s.now()), func() {
		if !c.gone && c.turn == v.turn {
			c.decides(unanswered, s.now())
			c.follow(silent, s.now())
		}
	})
	s.clock.Go(func() {
		ctx, cancel := s.clock.WithDeadline(context.WithValue(background, visitKey{}, v),
			v.began.Add(async.FunctionTimeout))
		body, _ := s.function.Handle(ctx, "request", v.place.invoke.Event) // every fault is a reply
		cancel()
		v.over()
		if v.replies(v.caller.course.known(body), s.now()) {
			late.Stop()
		}
		s.leave(1)
	})
}

// replies lets the contact go on with a reply, and reports whether it did: it may have gone on without.
func (v *visit) replies(r *reply, ready time.Time) bool {
	c, s := v.caller, v.caller.sim
	if c.gone || c.turn != v.turn || s.stopped {
		return false
	}
	at := v.began.Add(s.setup.travels(v.place.invoke.Asynchronous))
	if ready.After(at) {
		at = ready
	}
	if !c.leaves.IsZero() && at.After(c.leaves) {
		return false
	}
	after := at.Sub(v.began)
	step := c.course.step(v.place, r, after)
	c.hearsOf(r, step, at)
	if !v.place.invoke.Asynchronous {
		c.gap += after - step.after // which is silent, too
	}
	c.follow(step, at.Add(step.takes-step.after))
	return true
}
