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

	// In a state with JSONata, instead of condition and assign.
	when  queryCondition
	query *queryFlow
}

func parseChoice(o *object, base stateBase) state {
	s := &choiceState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "OutputPath", "Assign")
	s.fallback = o.target("Default")
	for _, rule := range o.objects("Choices", true) {
		parsed := choiceRule{next: rule.requiredTarget("Next")}
		if o.jsonata {
			parsed.when, parsed.query = rule.queryCondition(), rule.queryFlow("OutputPath", "Assign")
		} else {
			parsed.assign, parsed.condition = rule.assignment(), rule.condition(0)
		}
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
	rule, fail := s.matching(t, f, input)
	if fail != nil {
		return fail
	}
	if rule != nil {
		return s.choose(t, f, input, rule)
	}
	if s.fallback == "" {
		return f.inState(errNoChoiceMatched,
			"Failed to transition out of the state. The state does not point to a next state.")
	}
	return s.choose(t, f, input, &choiceRule{next: s.fallback, assign: s.assign, query: s.query})
}

// matching returns the first rule that holds, nil when none does.
func (s *choiceState) matching(t *turn, f *frame, input any) (*choiceRule, *failure) {
	q, data := t.query(f), t.data(f, input)
	for i := range s.rules {
		rule := &s.rules[i]
		if s.query != nil {
			if holds, fail := rule.when.holds(q); holds || fail != nil {
				return rule, fail
			}
			continue
		}
		holds, err := rule.condition.holds(data)
		if err != nil {
			return nil, f.runtime("%v", err)
		}
		if holds {
			return rule, nil
		}
	}
	return nil, nil
}

func (s *choiceState) choose(t *turn, f *frame, input any, rule *choiceRule) *failure {
	flow := s.dataFlow
	flow.assign, flow.query = rule.assign, rule.query
	return t.depart(f, &flow, rule.next, input, input)
}
