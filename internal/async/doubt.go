package async

import (
	"context"
	"hash/fnv"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// PENDING is doubted.
//
// A record says PENDING until somebody writes the end of its execution, and nobody may: the state machine's last write
// can fail, an execution that timed out or was stopped cannot write, and a state machine that we did not make does not.
// So a record that says PENDING is not believed for long: Step Functions is asked. What it says goes into the record.
//
// It is asked always where much depends on the answer: before giving up, when a start finds its execution, for a minute
// after a cancel, and when the record is missing, has expired or is overdue. Otherwise it is asked once per slot.
// DescribeExecution has one rate for the whole account, so a slot is as long as all of EXPECTED_CALLERS need to ask
// once at half of that rate; the other half is for those who must ask. The first slot begins at a point that a hash of
// the name chooses, so that callers who came together do not ask together. While Step Functions does not answer, the
// slots grow: the next one begins after as long again as there has been no answer, which doubles them, up to a minute.
//
// That is the growth of one execution's slots. Where there are many more callers than expected, those who are answered
// would use up the rate, and the others would hardly ever be: so when several are throttled, the slots of all that this
// process sees double, too, until none has been throttled for a while.
//
// One doubt that is not answered changes nothing: the record's word counts. Two slots without an answer, as long as
// they are when they have not grown, make the reply say sfn_degraded. When Step Functions was asked and when it
// answered is in the record, since the next check may run in another environment of the Lambda function.

const (
	minSlot      = 2 * time.Second  // about the time between two checks of a flow: a shorter slot changes nothing
	maxSlot      = time.Minute      // of slots that grew
	cancelledFor = time.Minute      // how long a record is asked about at every look after a cancel
	slowFor      = 2 * time.Minute  // how long the slots of all executions stay long
	hiddenFor    = 10 * time.Second // how long DescribeExecution may not know an execution that has begun
)

// slot is how often Step Functions is asked about one execution.
func (f *Function) slot(job Job) time.Duration {
	return f.slotAt(awsfacts.DescribeExecutionRate(job.region()).PerSecond)
}

// slotAt is how long all callers need who ask one after the other at half of a rate.
func (f *Function) slotAt(perSecond float64) time.Duration {
	return max(2*time.Duration(f.config.ExpectedCallers)*time.Second/time.Duration(perSecond), minSlot)
}

// slowness is how long the slots of all executions have grown.
type slowness struct {
	slot      time.Duration
	until     time.Time
	throttled string // the execution of the last doubt that was
}

// currentSlot is slot, or as long as slots have grown.
func (f *Function) currentSlot(job Job) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock.Now().Before(f.slow.until) {
		return max(f.slot(job), f.slow.slot)
	}
	return f.slot(job)
}

// noteThrottled lets the slots of all executions grow when the doubts of more than one are throttled.
func (f *Function) noteThrottled(in *invocation, err error) {
	if !throttled(err) {
		return
	}
	slot := f.currentSlot(in.job)
	f.mu.Lock()
	defer f.mu.Unlock()
	if other := f.slow.throttled; other != "" && other != in.execution {
		f.slow.slot, f.slow.until = min(2*slot, maxSlot), f.clock.Now().Add(slowFor)
	}
	f.slow.throttled = in.execution
}

// slotOffset is by how much the slots of an execution are later than those of others, less than one slot.
func slotOffset(execution string, slot time.Duration) time.Duration {
	return time.Duration(float64(hash32(execution)) / (1 << 32) * float64(slot))
}

// hash32 is the same number for the same text in every process.
func hash32(text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()
}

// inSlot reports whether an execution may be asked about of which no record says when that was done last: in the first
// part of each of its slots.
func inSlot(in *invocation, now time.Time, slot, part time.Duration) bool {
	at := now.Add(-slotOffset(in.execution, slot))
	return at.Sub(at.Truncate(slot)) < part
}

// answeredBy is when Step Functions last answered about the record's execution. Before the first answer it is one slot
// before the first slot begins.
func (r Record) answeredBy(slot time.Duration) time.Time {
	if r.Answered.IsZero() {
		return r.Started.Add(slotOffset(r.Execution, slot) - slot)
	}
	return r.Answered
}

// nextSlot is when Step Functions is to be asked again.
func (r Record) nextSlot(slot time.Duration) time.Time {
	answered := r.answeredBy(slot)
	if !r.Asked.After(answered) {
		return answered.Add(slot)
	}
	return r.Asked.Add(max(slot, min(r.Asked.Sub(answered), maxSlot)))
}

// unsure reports whether Step Functions has not answered for two slots.
func (r Record) unsure(now time.Time, slot time.Duration) bool {
	return now.Sub(r.answeredBy(slot)) >= 2*slot
}

// Believes reports whether a check takes a record at its word for the moment: it is readable, pending, and neither
// overdue nor in doubt. A check that gives up asks all the same.
func (f *Function) Believes(r Record, job Job) bool {
	now := f.clock.Now()
	return r.Status == StatusPending && !r.expired(now) && r.Newest == 0 && r.Cancelled.IsZero() &&
		!now.After(r.Started.Add(r.Timeout+overdueAfter)) && now.Before(r.nextSlot(f.currentSlot(job)))
}

// mustAsk reports whether a record that says PENDING is not enough.
func (w *watcher) mustAsk(record Record, now time.Time) bool {
	overdue := now.After(record.Started.Add(record.Timeout + overdueAfter))
	cancelled := !record.Cancelled.IsZero() && now.Before(record.Cancelled.Add(cancelledFor))
	return w.sure || overdue || cancelled || w.in.givesUp()
}

// doubt asks about a record that says PENDING, and believes it when there is no answer.
func (w *watcher) doubt(ctx context.Context, record Record, slot time.Duration) (Execution, error) {
	e, err := w.ask(ctx, record)
	now := w.f.clock.Now()
	hidden := code(err) == codeDoesNotExist && now.Before(record.Started.Add(hiddenFor))
	if !retryable(err) && !hidden {
		return e, err
	}
	w.in.unsure = w.in.record.unsure(now, slot)
	return record.execution(), nil
}

// ask asks Step Functions about an execution, and writes into the record what it says: an end, so that nobody needs to
// ask again, or that it was asked.
func (w *watcher) ask(ctx context.Context, record Record) (Execution, error) {
	now := w.f.clock.Now()
	w.askFrom = now.Add(maxEvery)
	e, err := w.describe(ctx)
	w.f.noteThrottled(w.in, err)
	w.answer = answer{e: e, err: err}
	switch {
	case w.f.results == nil:
	case err == nil && ended(e):
		w.in.foundByDoubt = w.in.foundByDoubt || record.Status == StatusPending
		w.f.recordEnd(ctx, w.in, e, w.end)
	case record.Status == StatusPending:
		record.Answered = record.answeredBy(w.f.slot(w.in.job))
		if record.Asked = now; err == nil {
			record.Answered = now
		}
		w.noteDoubt(ctx, record)
	}
	return e, err
}

// noteDoubt notes in the record that it was doubted. When that fails, it is doubted again a little sooner.
func (w *watcher) noteDoubt(ctx context.Context, record Record) {
	w.in.record = record
	err := w.f.attempt(ctx, w.in, w.end, lookLimit, func(ctx context.Context) error {
		return w.f.results.Doubted(ctx, record)
	})
	if err != nil {
		w.in.degraded = true
	}
}

// withoutTable asks Step Functions about an execution whose record cannot be read for the moment, as often as about one
// whose record says PENDING.
func (w *watcher) withoutTable(ctx context.Context, err error) (Execution, error) {
	now := w.f.clock.Now()
	allowed := w.sure || w.in.givesUp() || inSlot(w.in, now, w.f.currentSlot(w.in.job), maxEvery)
	if !retryable(err) || !allowed || now.Before(w.askFrom) || w.starting && !w.isLast(now) {
		return Execution{}, err
	}
	w.in.degraded, w.in.unsure = true, true
	w.askFrom = now.Add(maxEvery)
	e, err := w.describe(ctx)
	w.f.noteThrottled(w.in, err)
	return e, err
}
