package asl

import "github.com/connect-async/connect-async/internal/source"

// passState hands its input on, or a fixed result.
type passState struct {
	stateBase
	result *source.Node // nil: none
}

func parsePass(o *object, base stateBase) state {
	s := &passState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "Parameters", "ResultPath", "OutputPath", "Assign")
	s.result = o.get("Result")
	s.next = o.transition()
	return s
}

func (s *passState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	result, fail := t.template(f, "Parameters", s.parameters, input)
	if fail != nil {
		return fail
	}
	if s.result != nil {
		result = s.result.Value()
	}
	return t.conclude(f, &s.dataFlow, s.next, result)
}
