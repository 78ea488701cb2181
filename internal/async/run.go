package async

import "context"

// run is the one action of a flow that loops over one Lambda block. Without count, or with DONE, it begins a round: it
// starts an execution, or joins the one that answers the same question. With a number, which the flow hands back from
// the reply before, it replies the status of the newest execution. Then it starts one only where there is none at all,
// since the start that began the round may have failed: never a further one, however long the round takes.
func (f *Function) run(ctx context.Context, in *invocation) *reply {
	if refusal := f.startable(in); refusal != nil {
		return in.refused(refusal)
	}
	if in.beginsRound {
		return f.begin(ctx, in)
	}
	in.hold = 0
	f.take(in, 1)
	end := f.checkLimit(ctx, in)
	e, err := f.watch(ctx, in, f.lookEnd(in, end))
	e, err = f.newest(ctx, in, e, err, f.lookEnd(in, end))
	other, err := f.foundOtherData(ctx, in, e, err, f.timeLimit(ctx, in))
	switch {
	case other:
		return in.refused(conflict())
	case code(err) == codeDoesNotExist && in.generation == 1 && !in.givesUp():
		return f.startFirst(ctx, in)
	}
	return f.stands(ctx, in, e, err, end)
}

// startFirst starts the first execution of a question.
func (f *Function) startFirst(ctx context.Context, in *invocation) *reply {
	r, next := f.startGeneration(ctx, in, f.timeLimit(ctx, in))
	if r == nil { // somebody else has begun a further round just now
		f.take(in, next)
		in.degraded = true
		return in.begun(ExecutionUnknown)
	}
	return r
}

// does is the action that a run amounts to, for the metrics.
func (in *invocation) does() action {
	switch {
	case in.action != ActionRun:
		return in.action
	case in.beginsRound:
		return ActionStart
	}
	return ActionCheck
}

// endRound completes what a flow hands back with its next call: the token of the question that it asks next, and, in a
// run and a cancel of what a run started, the count that begins a round. Asking again after a cancel begins a new
// round.
func (in *invocation) endRound(r *reply) {
	r.again = in.again
	over := r.status == StatusFinished || r.sfnStatus == ExecutionCancelRequested
	if over {
		r.again = in.token()
	}
	if in.action == ActionRun && r.result != "" || in.action == ActionCancel && !in.named && over {
		r.count = Done
	}
}
