package asl

// passState hands its input on, or a fixed result.
type passState struct {
	stateBase
	result    any
	hasResult bool
}

func parsePass(o *object, base stateBase) state {
	s := &passState{stateBase: base}
	if o.jsonata {
		o.flow(&s.dataFlow, "OutputPath", "Assign")
	} else {
		o.flow(&s.dataFlow, "InputPath", "Parameters", "ResultPath", "OutputPath", "Assign")
		if n := o.get("Result"); n != nil {
			s.result, s.hasResult = nodeValue(n), true
			o.adviseResult(n)
		}
	}
	s.next = o.transition()
	return s
}

func (s *passState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	if s.query != nil {
		return t.depart(f, &s.dataFlow, s.next, input, input)
	}
	result, fail := t.template(f, "Parameters", s.parameters, input)
	if fail != nil {
		return fail
	}
	t.inspect(stageParameters, result)
	if s.hasResult {
		result = s.result
	}
	return t.conclude(f, &s.dataFlow, s.next, result)
}
