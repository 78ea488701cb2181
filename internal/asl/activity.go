package asl

// activityTask is a task of an activity: a worker asks for it, and ends it with its token.
type activityTask struct{ plainService }

func (activityTask) prepare(t *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure) {
	command := s.invoke(f, request)
	command.Token = t.token()
	return func(id ID) Command { command.ID = id; return command }, nil
}

func (ev TaskStarted) apply(t *turn) {
	f, s := t.task(ev.ID)
	if f == nil || !s.isActivity() || f.Task.Started {
		return
	}
	f.Task.Started = true
	t.accepted(ev.ID, "")
	t.follow(f, s.event("Started"), &EventDetails{RareDetails: &RareDetails{WorkerName: ev.Worker}})
	t.beat(f)
}
