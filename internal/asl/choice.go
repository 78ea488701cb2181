package asl

import "github.com/connect-async/connect-async/internal/jsonpath"

// choiceState goes to the state of the first rule that holds.
type choiceState struct {
	stateBase
	rules    []choiceRule
	fallback string // Default, "" for none
}

// choiceRule is one element of Choices.
type choiceRule struct {
	condition condition
	next      string
	assign    *jsonpath.Template
}

func parseChoice(o *object, base stateBase) state {
	s := &choiceState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "OutputPath", "Assign")
	s.fallback = o.target("Default")
	for _, rule := range o.objects("Choices", true) {
		parsed := choiceRule{next: rule.requiredTarget("Next"), assign: rule.assignment()}
		parsed.condition = rule.condition(0)
		rule.done("Comment")
		s.rules = append(s.rules, parsed)
	}
	return s
}

func (s *choiceState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	data := t.data(f, input)
	for _, rule := range s.rules {
		holds, err := rule.condition.holds(data)
		if err != nil {
			return f.runtime("%v", err)
		}
		if holds {
			return s.choose(t, f, input, rule.next, rule.assign)
		}
	}
	if s.fallback == "" {
		return f.inState(errNoChoiceMatched, "Failed to transition out of the state. The state does not point to a next state.")
	}
	return s.choose(t, f, input, s.fallback, s.assign)
}

func (s *choiceState) choose(t *turn, f *frame, input any, next string, assign *jsonpath.Template) *failure {
	flow := s.dataFlow
	flow.assign = assign
	return t.depart(f, &flow, next, input, input)
}
