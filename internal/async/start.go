package async

import (
	"context"
	"fmt"
	"time"
)

// start starts an execution, or finds the one that answers the same question.
func (f *Function) start(ctx context.Context, in *invocation) *reply {
	in.executionID = ""
	if in.count > in.countMax {
		r := in.loopDone()
		r.sfnError, r.sfnCause = GaveUp, "count passed count_max, so nothing was started."
		return r
	}
	if refusal := f.startable(in); refusal != nil {
		return in.refused(refusal)
	}
	return f.begin(ctx, in)
}

// startable finds the job that the flow names, if its state machine can be used.
func (f *Function) startable(in *invocation) (refusal *refusal) {
	if in.job, refusal = f.config.job(in.jobName); refusal != nil {
		return refusal
	}
	if f.isKnownExpress(in.job) {
		return expressMachine(in.job)
	}
	return nil
}

// begin starts the newest generation of the question that answers it. The others are tried in order, from the newest
// that is known.
func (f *Function) begin(ctx context.Context, in *invocation) *reply {
	end := f.timeLimit(ctx, in)
	for next := 1; next <= f.generations(); {
		f.take(in, next)
		var r *reply
		if r, next = f.startGeneration(ctx, in, end); r != nil {
			return r
		}
	}
	return in.refused(f.tooManyRepeats())
}

// startGeneration starts the generation that in.take chose, or finds that it was started before. There is no reply when
// another generation has to be tried: one that is known to be newer, or the next.
func (f *Function) startGeneration(ctx context.Context, in *invocation, end time.Time) (r *reply, next int) {
	found, err := f.recordPending(ctx, in, f.sharedWith(end))
	switch {
	case err != nil:
		return in.refused(in.fault(err)), 0
	case found.Newest > in.generation:
		return nil, found.Newest
	case ended(found.execution()):
		in.record = found
		return f.join(ctx, in, found.execution(), end)
	case found.Data != "" && found.Data != f.dataHash(in.event):
		return in.refused(conflict()), 0
	}
	arn, err := f.startExecution(ctx, in, end)
	switch {
	case err == nil && isExpress(arn):
		f.noteExpress(in.job)
		return in.refused(expressMachine(in.job)), 0
	case err == nil:
		in.executionID = arn
		f.noteData(ctx, in, end)
		return f.holdStart(ctx, in), 0
	case code(err) != codeAlreadyExists:
		return f.startFailed(ctx, in, err, end), 0
	}
	return f.joinExisting(ctx, in, end)
}

// joinExisting looks at the execution that Step Functions would not start again. Where nobody can tell, it is as
// good as one that runs, unless it may be outdated or about other data: then nobody must get its result later.
func (f *Function) joinExisting(ctx context.Context, in *invocation, end time.Time) (r *reply, next int) {
	var e Execution
	tried := in.generation
	in.found = true
	helps := func(err error) bool { return in.isRepeatable() && retryable(err) }
	err := f.persist(ctx, in, end, helps, func(ctx context.Context) (err error) {
		e, err = f.standing(ctx, in, end)
		return err
	})
	switch {
	case in.generation != tried: // the record knows a newer one
		return nil, in.generation
	case err == nil:
		return f.join(ctx, in, e, end)
	case code(err) == codeDoesNotExist: // it has just been started
	case in.isRepeatable(), f.comparesData(in) && in.record.Data == "":
		return f.startFailed(ctx, in, err, end), 0
	}
	in.degraded = true
	return in.begun(ExecutionUnknown), 0
}

// join replies the status of an execution that a start found, unless it is outdated.
func (f *Function) join(ctx context.Context, in *invocation, e Execution, end time.Time) (r *reply, next int) {
	in.found, in.seen = true, e
	if f.outdated(in, e) && (in.beginsRound || in.action == ActionStart) {
		next = in.generation + 1
		f.noteNewest(ctx, in, next, end)
		return nil, next
	}
	other, err := f.isOfOtherData(ctx, in, e, end)
	switch {
	case err != nil:
		return f.startFailed(ctx, in, err, end), 0
	case other:
		return in.refused(conflict()), 0
	case !ended(e):
		return f.holdStart(ctx, in), 0
	case in.action == ActionRun, in.hold > 0:
		return f.finished(in, e), 0
	}
	return in.begun(e.Status), 0
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

// standing is the status of an execution that a start found. A record that says PENDING is not enough: the start
// itself may just have written it in front of an execution that ended long ago.
func (f *Function) standing(ctx context.Context, in *invocation, end time.Time) (Execution, error) {
	w := watcher{f: f, in: in, end: end, sure: true}
	return w.look(ctx)
}

// begun hands out the execution.
func (in *invocation) begun(sfnStatus string) *reply {
	r := in.reply(StatusCreated)
	if in.action == ActionRun {
		r.status = StatusRunning
	}
	r.sfnStatus, r.degraded = sfnStatus, in.degraded
	return r
}

// startFailed says that the start was not confirmed. After a try that may have started the execution all the same, the
// reply has its execution_id, which is made of its name: whoever checks it learns the rest, as the round of a run does
// by itself. It does not for a further generation, since it could not tell the one before from it. Until the start is
// confirmed its record counts for nothing.
func (f *Function) startFailed(ctx context.Context, in *invocation, err error, end time.Time) *reply {
	why := in.fault(err)
	if in.pending.Status != "" {
		_ = f.forget(ctx, in, in.pending, end.Add(lookReserve)) // its record is doubted in any case
	}
	if retryable(err) {
		in.noted.code = StartFailed
		why = refuse(StartFailed, in.startFailedCause(err))
	}
	if in.unsettled && in.action == ActionRun && in.generation == 1 {
		in.degraded = true
		return in.begun(ExecutionUnknown)
	}
	r := in.refused(why)
	if in.unsettled || retryable(err) {
		r.sfnStatus, r.degraded = ExecutionUnknown, true
	}
	if in.unsettled {
		r.executionID = in.executionID
	}
	return r
}

func (in *invocation) startFailedCause(err error) string {
	switch {
	case in.unsettled:
		return fmt.Sprintf("Step Functions did not confirm the start within time_limit (%v). The execution may run: "+
			"check execution_id, or start again with the same request, which is safe.", err)
	case in.found:
		return fmt.Sprintf("An execution of the same question exists, and how it stands could not be seen within "+
			"time_limit (%v). This call started nothing. Starting again with the same request is safe.", err)
	}
	return fmt.Sprintf("Step Functions refused the start until time_limit (%v), so that nothing was started. "+
		"Starting again with the same request is safe.", err)
}
