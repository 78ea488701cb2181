package asl

// parallelState runs its branches at once. Its result is the list of their outputs.
type parallelState struct {
	stateBase
	errorHandling
	branches []int // scopes
}

func parseParallel(o *object, base stateBase) state {
	s := &parallelState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "Assign")
	s.errorHandling = o.errorHandling()
	s.next = o.transition()
	for _, branch := range o.objects("Branches", true) {
		branch.state = ""
		s.branches = append(s.branches, o.p.scope(branch))
		branch.noQueryLanguage()
		branch.done("Comment", "ProcessorConfig")
	}
	return s
}

func (s *parallelState) handling() *errorHandling { return &s.errorHandling }

func (s *parallelState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	input, fail = t.arguments(f, &s.dataFlow, input)
	if fail != nil {
		return fail
	}
	if t.test != nil {
		return t.concludeMocked(f, &s.dataFlow, s.next)
	}
	t.follow(f, "ParallelStateStarted", nil)
	f.Group = &group{Results: make([]data, len(s.branches))}
	for _, scope := range s.branches {
		t.add(f, &frame{Scope: scope, Input: data{value: input}, Previous: f.Previous})
	}
	return nil
}

func (s *parallelState) childSucceeded(t *turn, f, child *frame) {
	f.Group.Results[child.Index] = child.Input
	f.Previous = child.Previous
	if !f.Group.remove(child) {
		return
	}
	if fail := s.conclude(t, f); fail != nil {
		t.fail(f, *fail)
	}
}

func (s *parallelState) conclude(t *turn, f *frame) *failure {
	t.emit(f.Previous, "ParallelStateSucceeded", nil)
	return t.conclude(f, &s.dataFlow, s.next, f.Group.output())
}

func (s *parallelState) childFailed(t *turn, f, child *frame, fail failure) {
	t.failGroup(f, child, fail)
}
