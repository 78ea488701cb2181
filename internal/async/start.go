package async

import (
	"context"
	"fmt"
	"time"
)

// start starts an execution, or finds the one that the same request started before.
func (f *Function) start(ctx context.Context, in *invocation) *reply {
	in.executionID = ""
	if in.count > in.countMax {
		r := in.loopDone()
		r.sfnError, r.sfnCause = GaveUp, "count passed count_max, so nothing was started."
		return r
	}
	var unknown *refusal
	if in.job, unknown = f.config.job(in.jobName); unknown != nil {
		return in.refused(unknown)
	}
	if f.isKnownExpress(in.job) {
		return in.refused(expressMachine(in.job))
	}
	in.execution = f.executionName(in)
	end := f.timeLimit(ctx, in)
	if err := f.recordPending(ctx, in, f.sharedWith(end)); err != nil {
		return in.refused(in.fault(err))
	}
	arn, err := f.startExecution(ctx, in, end)
	switch {
	case err == nil && isExpress(arn):
		f.noteExpress(in.job)
		return in.refused(expressMachine(in.job))
	case err == nil:
		return in.created(arn, ExecutionRunning)
	case code(err) == codeAlreadyExists:
		in.executionID = in.job.executionPrefix() + in.execution
		return in.created(in.executionID, f.standing(ctx, in, end))
	}
	return in.startFailed(err)
}

// startExecution repeats the start until it is answered for good or the time is up. All attempts have the same name, so
// that at most one of them starts anything.
func (f *Function) startExecution(ctx context.Context, in *invocation, end time.Time) (arn string, err error) {
	input := StartInput{StateMachineARN: in.job.StateMachineARN, Name: in.execution, Input: f.input(in)}
	in.operation = "states:StartExecution"
	err = f.persist(ctx, in, end, retryable, func(ctx context.Context) (err error) {
		arn, err = f.executions.Start(ctx, input)
		in.unsettled = in.unsettled || unsettled(err)
		return err
	})
	return arn, err
}

// expressMachine refuses a state machine whose executions cannot be checked. Its ARN does not show what it is; the ARN
// of its first execution does, so that the work of one start is done and every later one starts nothing.
func expressMachine(job Job) *refusal {
	return refuse(NotConfigured, fmt.Sprintf("The function is not configured: %s: %s is of type EXPRESS, whose "+
		"executions cannot be checked; use a state machine of type STANDARD.", job.variable(), job.StateMachineARN))
}

func (f *Function) noteExpress(job Job) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.express[job.StateMachineARN] = true
}

func (f *Function) isKnownExpress(job Job) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.express[job.StateMachineARN]
}

// standing is the sfn_status of an execution that a start found. A record that says PENDING is not enough: the start
// itself may just have written it in front of an execution that ended long ago.
func (f *Function) standing(ctx context.Context, in *invocation, end time.Time) string {
	w := watcher{f: f, in: in, end: end, sure: true}
	e, err := w.look(ctx)
	if err != nil {
		in.degraded = true
		return ExecutionUnknown
	}
	in.seen = e
	if ended(e) {
		return e.Status
	}
	return ExecutionRunning
}

// created hands out the execution.
func (in *invocation) created(arn, sfnStatus string) *reply {
	in.executionID = arn
	r := in.reply(StatusCreated)
	r.sfnStatus, r.degraded = sfnStatus, in.degraded
	return r
}

// startFailed says that the start was not confirmed. After a try that may have started the execution all the same, the
// reply has its execution_id, which is made of its name: whoever checks it learns the rest.
func (in *invocation) startFailed(err error) *reply {
	why := in.fault(err)
	if retryable(err) {
		in.noted.code = StartFailed
		why = refuse(StartFailed, in.startFailedCause(err))
	}
	r := in.refused(why)
	if in.unsettled || retryable(err) {
		r.sfnStatus, r.degraded = ExecutionUnknown, true
	}
	if in.unsettled {
		r.executionID = in.job.executionPrefix() + in.execution
	}
	return r
}

func (in *invocation) startFailedCause(err error) string {
	if in.unsettled {
		return fmt.Sprintf("Step Functions did not confirm the start within time_limit (%v). The execution may run: "+
			"check execution_id, or start again with the same request, which is safe.", err)
	}
	return fmt.Sprintf("Step Functions refused the start until time_limit (%v), so that nothing was started. "+
		"Starting again with the same request is safe.", err)
}
