package asl

// succeedState ends its sequence.
type succeedState struct{ stateBase }

func parseSucceed(o *object, base stateBase) state {
	s := &succeedState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "OutputPath")
	return s
}

func (s *succeedState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	return t.depart(f, &s.dataFlow, "", nil, input)
}
