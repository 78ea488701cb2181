package async

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// How far the work is.
//
// A job with progress says in its replies which step of the work runs, how long the rest usually takes, and when to ask
// next. Nothing of that is worth a wrong word or a lost reply: what is not known for sure is not said, and a request
// that is made for it alone has a fraction of a second, after the status is known.
//
// With a results table the state machine writes into the record of its execution which step begins, as its last act
// before the step. Nothing else runs until the table has taken that write, so that a record which is read says the step
// that runs. The condition of the write lets steps only go forward: one that arrives late, twice or out of order is
// refused, and so is one that finds the record of a later start: what that lacks of the steps nobody knows. A state
// machine whose write is not taken goes on without it. The step before is then not said any longer than it may take at
// most, which is in the record, too.
//
// Without a table, or with a state machine of the user's own, the history tells the step, see history.go.

// Step is a step of an execution that began.
type Step struct {
	Number, Of int // Of is 0 when it is not known how many steps there will be
	Name       string
	Began      time.Time
	For        time.Duration // what it may take at most; 0 when it is known to run
}

// progress is what a reply says about it. The zero value of each part stands for what is not known.
type progress struct {
	step Step
	left time.Duration // until such work has usually ended

	report string // what the function of the step says

	until time.Time // of the requests that are made for it
}

const (
	extraLimit = 300 * time.Millisecond // of all requests that are made for progress alone
	extraLeast = 50 * time.Millisecond  // with less time than this none is made
)

// readStepNames reads the names of steps of a job.
func readStepNames(to *[]string, value string) error {
	if json.Unmarshal([]byte(value), to) != nil || len(*to) == 0 || slices.Contains(*to, "") {
		return errors.New(`is not a list of names of steps such as ["Find account", "Check balance"]`)
	}
	return nil
}

// checkProgress refuses jobs with progress of which nothing can tell it.
func (c *Config) checkProgress() {
	for _, job := range c.Jobs {
		if job.Progress && len(job.Steps) == 0 && c.ResultsTable == "" {
			c.note(job.variable(), fmt.Errorf("job %q: %s: needs RESULTS_TABLE, for the steps that the state machine "+
				"writes there, or %s, the names of its states", job.Name, MachineProgress, MachineSteps))
		}
	}
}

// findProgress finds out what a reply says about progress.
func (f *Function) findProgress(ctx context.Context, in *invocation, r *reply) {
	if !in.job.Progress {
		return
	}
	runs := r.status == StatusRunning || r.status == StatusCreated
	if runs && r.sfnStatus == ExecutionRunning {
		ctx, cancel := f.forExtras(ctx, in)
		defer cancel()
		in.progress.step = f.stepOf(ctx, in)
		in.progress.left = f.usuallyLeft(ctx, in)
		in.progress.report = f.reportOf(ctx, in)
	}
	r.progress = in.progressKeys(f, runs)
}

// forExtras is a context for the requests that are made for progress alone: all of them end within the time of the
// reply, and within extraLimit.
func (f *Function) forExtras(ctx context.Context, in *invocation) (context.Context, context.CancelFunc) {
	if in.progress.until.IsZero() {
		end := f.checkLimit(ctx, in)
		if in.does() == ActionStart {
			end = f.timeLimit(ctx, in)
		}
		if latest := f.clock.Now().Add(extraLimit); latest.Before(end) {
			end = latest
		}
		in.progress.until = end
	}
	return f.clock.WithDeadline(ctx, in.progress.until)
}

// extra makes a request for progress alone. Without time for it, it fails.
func (f *Function) extra(ctx context.Context, in *invocation, call func(context.Context) error) error {
	if end, _ := ctx.Deadline(); end.Sub(f.clock.Now()) < extraLeast {
		return context.DeadlineExceeded
	}
	in.calls++
	return call(ctx)
}

// progressKeys are the keys of a reply of a job with progress.
func (in *invocation) progressKeys(f *Function, runs bool) []member {
	number := func(n int, known bool) string {
		if !known {
			return None
		}
		return strconv.Itoa(n)
	}
	step, left := in.progress.step, in.progress.left
	next := f.nextAsk(in.job)
	return []member{
		{key: KeyStep, value: quote(number(step.Number, step.Number > 0))},
		{key: KeyStepName, value: quote(orNone(trim(step.Name)))},
		{key: KeySteps, value: quote(number(step.Of, step.Of > 0))},
		{key: KeyETA, value: quote(number(wholeSeconds(left), left > 0))},
		{key: KeyNextAsk, value: quote(number(wholeSeconds(next), runs))},
		{key: KeyReport, value: quote(orNone(trim(in.progress.report)))},
	}
}

// wholeSeconds rounds up.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// nextAsk is how long a caller should take until the next call, so that all together ask no more than the services
// answer.
func (f *Function) nextAsk(job Job) time.Duration {
	if f.results != nil {
		return DescribeEvery
	}
	rate := awsfacts.DescribeExecutionRate(job.region()).PerSecond
	every := time.Duration(f.config.ExpectedCallers) * time.Second / time.Duration(rate)
	if slot := f.currentSlot(job); slot > f.slot(job) {
		every = slot
	}
	return max(every, DescribeEvery)
}

// stepOf is the step that runs, the zero Step when that is not known.
func (f *Function) stepOf(ctx context.Context, in *invocation) Step {
	if len(in.job.Steps) > 0 {
		return f.stepOfHistory(ctx, in)
	}
	now, step := f.clock.Now(), in.record.Step
	fresh := !in.recordRead.IsZero() && now.Sub(in.recordRead) <= lookLimit
	if !fresh || in.record.Status != StatusPending || step.Number < 1 || step.Number > step.Of ||
		now.After(step.Began.Add(step.For)) {
		return Step{}
	}
	return step
}

// tellProgress is what to say about progress, "" for nothing new. No sentence comes twice: the record keeps which were
// said. Of a step that a history tells it cannot, since such a job may have no record; there the time decides, as it
// does for the waiting sentences.
func (f *Function) tellProgress(ctx context.Context, in *invocation, texts Texts) string {
	if in.action == ActionCheck && in.held > 0 { // which nobody hears: flows of the style wait have it for a doorbell
		return ""
	}
	step := in.progress.step
	text := texts.Steps[step.Name]
	if len(in.job.Steps) > 0 && text != "" && f.clock.Now().Sub(step.Began) < leastTime(text) {
		return text
	}
	if f.items == nil || in.recordRead.IsZero() {
		return ""
	}
	ctx, cancel := f.forExtras(ctx, in)
	defer cancel()
	for _, n := range in.news(texts) {
		if f.claim(ctx, in, n.note) {
			return n.text
		}
	}
	return ""
}

// news is a sentence about progress that no reply has said yet, as far as the record knew, and what notes that one says
// it.
type news struct {
	text string
	note Write
}

// news are the sentences that may be said: the step first.
func (in *invocation) news(texts Texts) []news {
	var all []news
	r, step := in.record, in.progress.step
	if text := texts.Steps[step.Name]; len(in.job.Steps) == 0 && text != "" && r.Said < step.Number {
		all = append(all, news{text: text, note: r.setSaid()})
	}
	if text := in.progress.report; checkSpoken(KeyReport, []string{text}) == nil && r.SaidReport != reportHash(text) {
		all = append(all, news{text: text, note: r.setSaidReport(text)})
	}
	left, ok := texts.remaining(in.progress.left)
	if told := r.SaidLeft; ok && (told == 0 || told > left.lasts()) {
		all = append(all, news{text: left.Text, note: r.setSaidLeft(left.lasts())})
	}
	return all
}

// claim makes sure that a sentence is said once. Where that cannot be made sure, it is not said.
func (f *Function) claim(ctx context.Context, in *invocation, w Write) bool {
	made := false
	err := f.extra(ctx, in, func(ctx context.Context) (err error) {
		made, err = f.items.Change(ctx, in.execution, w)
		return err
	})
	return err == nil && made
}

// setSaid is the update that notes that a reply tells the step that runs.
func (r Record) setSaid() Write {
	return Write{Update: "SET #said = :said", Condition: stepIsUnsaid, Values: Values{
		Numbers: map[string]int64{":said": int64(r.Step.Number)}, Texts: map[string]string{":pending": StatusPending},
	}}
}

// setSaidLeft is the update that notes how long a reply says that the work takes yet.
func (r Record) setSaidLeft(left time.Duration) Write {
	return Write{Update: "SET #said_left = :said_left", Condition: leftIsUnsaid, Values: Values{
		Numbers: map[string]int64{":said_left": int64(left / time.Second)},
		Texts:   map[string]string{":pending": StatusPending},
	}}
}
