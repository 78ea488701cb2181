package async

import (
	"context"
	"errors"
	"strings"
	"time"
)

// When the caller hangs up.
//
// A job says what becomes of its work then. By default it goes on and nobody hears its result: nothing in this file
// concerns it. Otherwise each execution gets one outcome: its result was told to the caller, or delivered to a place of
// the customer's, or the work was cancelled. The outcome is an attribute of the execution's record, and a condition
// lets the first decision stand: so there is one, whoever decides at the same time.
//
//	none ──▶ told                      a reply with FINISHED is about to go out
//	none ──▶ delivering ──▶ delivered  the caller has gone, and the execution has ended
//	none ──▶ cancelling ──▶ cancelled  the caller has gone, and the job is to be cancelled
//
// Names of executions cannot be searched by contact, so that the start lists its execution in the item of the contact,
// in the transaction that adds the record. That list is all that is known of a contact, and events only say when to
// look at it: a contact was disconnected, an execution ended, or it is time for a sweep. Each becomes a message in a
// queue, which shows it to the function for ends LookAfter later. What that does follows from what it then sees in the
// table, in Step Functions and in Amazon Connect, and not from which event it was, in which order they came, or how
// often:
//
//   - A contact of which every execution has a final outcome is taken off the table.
//   - Otherwise Amazon Connect is asked whether anybody is still there, since a transfer disconnects a contact, too,
//     and begins another one with the same InitialContactId. If so, or if somebody has just been disconnected, that is
//     all until the next event.
//   - Where nobody is, each execution that can be settled is claimed, then its effect is made, then it is done. A
//     claim that is a minute old was made by somebody who died: it is taken over, and the effect is repeated under the
//     same key.
//
// LookAfter is longer than a Lambda block waits: a start or a reply that was under way when the caller hung up is in
// the table by then.

// The outcomes of executions.
const (
	OutcomeTold      = "told"
	OutcomeDelivered = "delivered"
	OutcomeCancelled = "cancelled"

	outcomeDelivering = "delivering"
	outcomeCancelling = "cancelling"
)

// done is what becomes of a claim.
var done = map[string]string{outcomeDelivering: OutcomeDelivered, outcomeCancelling: OutcomeCancelled}

// How often the function for ends looks and acts.
const (
	// LookAfter is how long after an event it looks at the contact.
	LookAfter = 10 * time.Second
	// SweepEvery is how often it looks at all contacts with work that is a sweep old.
	SweepEvery = 5 * time.Minute
	// LooksAtOnce is how many messages of the queue it may get at the same time; Lambda allows no fewer.
	LooksAtOnce = 2
	// MessageTries is how often the queue shows a message whose handling fails, before it is put aside.
	MessageTries = 5
	// MessageHidden is for how long the queue hides a message that the function has got.
	MessageHidden = 2 * time.Minute

	// transferTakes is for how long after a contact the next one may not show. The event of the first leads to a look
	// after that, so that nothing is lost when an earlier look waits for it.
	transferTakes = LookAfter - 2*time.Second

	claimLife = time.Minute               // longer than an invocation, shorter than MessageHidden
	effectFor = LooksAtOnce * time.Second // so that all together make at most one effect a second
	tellLimit = firstTry
)

// minds reports whether it matters to the job that its caller hangs up.
func (j Job) minds() bool { return j.Leave == LeaveCancel || j.Leave == LeaveDeliver }

// MindsLeavers reports whether an execution is one of a job to which it matters that its caller hangs up.
func (c *Config) MindsLeavers(executionARN string) bool {
	for _, job := range c.Jobs {
		if job.minds() && strings.HasPrefix(executionARN, job.executionPrefix()) {
			return true
		}
	}
	return false
}

// noteTold notes that a reply tells the end of an execution, before it goes out. Where the table does not answer, the
// caller is told all the same, and may then be told once more: nobody is left without a result.
func (f *Function) noteTold(ctx context.Context, in *invocation, r *reply) {
	if r.status != StatusFinished || r.withheld || f.results == nil || !in.job.minds() || in.record.Outcome != "" {
		return
	}
	now := f.clock.Now()
	decision := Decision{Execution: in.execution, Outcome: OutcomeTold, At: now}
	err := f.attempt(ctx, in, f.until(ctx, now.Add(tellLimit)), tellLimit, func(ctx context.Context) error {
		_, err := f.results.Decide(ctx, decision)
		return err
	})
	in.degraded = in.degraded || err != nil
}

// errClaimed is why a message has to come again: somebody else has begun to settle an execution, and may not end.
var errClaimed = errors.New("another invocation is settling the same contact")

// standing is what a look sees of an execution that a contact has started.
type standing int

const (
	standsSettled standing = iota // nothing is left to do
	standsRunning                 // its end will be an event
	standsDue                     // something is to be done, if the caller has gone
)

// piece is one execution of a contact.
type piece struct {
	in    *invocation // its job and name, and what was written and read about it
	seen  Execution
	claim string // the outcome that begins what is to be done
}

// settle does for a contact what can be done now. It fails when it has to be tried again.
func (e *Ends) settle(ctx context.Context, in *invocation, id string) error {
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	var contact Contact
	found := false
	err := e.do(ctx, in, "dynamodb:GetItem", until, func(ctx context.Context) (err error) {
		contact, found, err = e.contacts.Contact(ctx, id)
		return err
	})
	if err != nil || !found || contact.Expires.Before(in.began) {
		return err
	}
	due, unsettled, err := e.lookAtAll(ctx, in, contact, until)
	if len(due) > 0 {
		present, problem := e.actIfGone(ctx, in, contact, due, until)
		unsettled, err = unsettled || present, errors.Join(err, problem)
	}
	if err != nil || unsettled {
		return err
	}
	return e.do(ctx, in, "dynamodb:DeleteItem", until, func(ctx context.Context) error {
		return e.contacts.Close(ctx, contact)
	})
}

// lookAtAll sees what is due of a contact, and whether anything else is not settled.
func (e *Ends) lookAtAll(ctx context.Context, in *invocation, contact Contact, until time.Time) (
	due []*piece, unsettled bool, err error) {
	for _, arn := range contact.Executions {
		p, stands, problem := e.look(ctx, in, arn, until)
		err = errors.Join(err, problem)
		switch stands {
		case standsRunning:
			unsettled = true
		case standsDue:
			due = append(due, p)
		}
	}
	return due, unsettled, err
}

// actIfGone settles what is due of a contact, unless somebody is still there. It rests after each effect, so that
// Amazon Connect and whoever else gets them is not asked too often.
func (e *Ends) actIfGone(ctx context.Context, in *invocation, contact Contact, due []*piece, until time.Time) (
	present bool, err error) {
	var since time.Time
	err = e.do(ctx, in, "connect:ListAssociatedContacts", until, func(ctx context.Context) (err error) {
		since, err = e.effects.Left(ctx, contact.ID)
		return err
	})
	present = since.IsZero() || since.After(in.began.Add(-transferTakes))
	if err != nil || present {
		return present, errors.Join(err, e.f.clock.Sleep(ctx, effectFor))
	}
	for _, p := range due {
		err = errors.Join(err, e.act(ctx, p, contact.ID, until), e.f.clock.Sleep(ctx, effectFor))
	}
	return false, err
}

// look sees what is to be done about an execution.
func (e *Ends) look(ctx context.Context, in *invocation, arn string, until time.Time) (*piece, standing, error) {
	p := &piece{in: &invocation{requestID: in.requestID, began: in.began, executionID: arn}}
	if !e.f.findJob(p.in) || !p.in.job.minds() {
		return nil, standsSettled, nil // the configuration has changed
	}
	found, err := e.readRecord(ctx, p, until)
	switch outcome := p.in.record.Outcome; {
	case err != nil:
		return nil, standsSettled, err
	case !found, outcome != "" && done[outcome] == "":
		return nil, standsSettled, nil
	case outcome != "" && !p.in.record.Decided.Before(in.began.Add(-claimLife)):
		return nil, standsSettled, errClaimed
	}
	return e.see(ctx, p, until)
}

// readRecord reads the record of an execution.
func (e *Ends) readRecord(ctx context.Context, p *piece, until time.Time) (found bool, err error) {
	err = e.do(ctx, p.in, "dynamodb:GetItem", until, func(ctx context.Context) (err error) {
		p.in.record, found, err = e.f.results.Get(ctx, p.in.execution)
		return err
	})
	return found, err
}

// see asks Step Functions about an execution without an outcome, or with one that was claimed.
func (e *Ends) see(ctx context.Context, p *piece, until time.Time) (*piece, standing, error) {
	p.in.operation = "states:DescribeExecution"
	err := e.f.persist(ctx, p.in, until, retryable, func(ctx context.Context) (err error) {
		p.seen, err = e.f.executions.Describe(ctx, p.in.executionID)
		return err
	})
	record := p.in.record
	switch hidden := e.f.clock.Now().Before(record.Started.Add(time.Minute)); {
	case code(err) == codeDoesNotExist && hidden: // it may only not show yet
		return nil, standsRunning, nil
	case code(err) == codeDoesNotExist: // it was never started
		return nil, standsSettled, nil
	case err != nil:
		return nil, standsSettled, e.failure(p.in, err)
	}
	if record.Outcome == "" && e.f.isForgotten(p.seen) {
		return nil, standsSettled, nil
	}
	p.in.seen = p.seen
	unwanted := p.seen.Status == ExecutionAborted && p.seen.Error == cancelError // the caller cancelled it
	switch {
	case record.Outcome != "":
		p.claim = record.Outcome
	case p.in.job.Leave == LeaveCancel, unwanted:
		p.claim = outcomeCancelling
	case !ended(p.seen):
		return nil, standsRunning, nil
	default:
		p.claim = outcomeDelivering
	}
	return p, standsDue, nil
}

// act settles an execution: it claims it, makes the effect, and notes that it is done.
func (e *Ends) act(ctx context.Context, p *piece, contact string, until time.Time) error {
	claimed, err := e.claim(ctx, p, until)
	if err != nil || !claimed {
		return err
	}
	err = e.effect(ctx, p, contact, until)
	if err == nil {
		settled := Decision{Execution: p.in.execution, Outcome: done[p.claim], At: e.f.clock.Now(),
			Replaces: p.claim, Before: e.f.clock.Now().Add(claimLife)}
		err = e.do(ctx, p.in, "dynamodb:UpdateItem", until, func(ctx context.Context) error {
			_, err := e.f.results.Decide(ctx, settled)
			return err
		})
	}
	e.logOutcome(ctx, p, contact, err)
	return err
}

// claim claims an execution, unless it was decided otherwise. It is tried once: whoever gets no answer does not know
// whose claim there is.
func (e *Ends) claim(ctx context.Context, p *piece, until time.Time) (claimed bool, err error) {
	now := e.f.clock.Now()
	decision := Decision{Execution: p.in.execution, Outcome: p.claim, At: now, Replaces: p.claim,
		Before: now.Add(-claimLife)}
	p.in.operation = "dynamodb:UpdateItem"
	err = e.f.attempt(ctx, p.in, until, attemptLimit, func(ctx context.Context) (err error) {
		claimed, err = e.f.results.Decide(ctx, decision)
		return err
	})
	if err != nil {
		return false, e.failure(p.in, err)
	}
	if claimed {
		return true, nil
	}
	_, err = e.readRecord(ctx, p, until)
	if err == nil && done[p.in.record.Outcome] != "" {
		err = errClaimed
	}
	return false, err
}

// effect stops an execution or delivers its result.
func (e *Ends) effect(ctx context.Context, p *piece, contact string, until time.Time) error {
	if p.claim == outcomeDelivering {
		to, delivery := p.in.job.DeliverTo, newDelivery(p.in, contact)
		return e.do(ctx, p.in, deliverOperations[DeliverKind(to)], until, func(ctx context.Context) error {
			return e.effects.Deliver(ctx, to, delivery)
		})
	}
	if ended(p.seen) {
		return nil
	}
	return e.do(ctx, p.in, "states:StopExecution", until, func(ctx context.Context) error {
		return e.f.executions.Stop(ctx, p.in.executionID, cancelError, LeaveCause)
	})
}

// LeaveCause is the cause that an execution carries which was cancelled because its caller hung up.
const LeaveCause = "The caller hung up."

// do makes a call until it succeeds, or another try does not help. The error says which call failed.
func (e *Ends) do(ctx context.Context, in *invocation, operation string, until time.Time,
	call func(context.Context) error) error {
	in.operation = operation
	if err := e.f.persist(ctx, in, until, retryable, call); err != nil {
		return e.failure(in, err)
	}
	return nil
}
