package asl

import (
	"encoding/json"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// failState ends its sequence with an error.
type failState struct {
	stateBase
	error, cause stringField
}

// stringField is a text, or an expression that gives one.
type stringField struct {
	name       string // of the field with the expression
	text       string
	expression *jsonpath.Expression
	query      payload
}

func parseFail(o *object, base stateBase) state {
	s := &failState{stateBase: base}
	s.error = o.stringField("Error", "ErrorPath")
	s.cause = o.stringField("Cause", "CausePath")
	return s
}

func (s *failState) run(t *turn, f *frame) *failure {
	input := f.Input.value
	name, fail := s.error.evaluate(t, f, input)
	if fail != nil {
		return fail
	}
	cause, fail := s.cause.evaluate(t, f, input)
	if fail != nil {
		return fail
	}
	return &failure{Error: name, Cause: cause}
}

func (s stringField) evaluate(t *turn, f *frame, input any) (string, *failure) {
	if s.query != nil {
		text, fail := t.query(f).wanted(s.query, "string")
		if fail != nil {
			return "", fail
		}
		return text.(string), nil
	}
	if s.expression == nil {
		return s.text, nil
	}
	value, err := s.expression.Evaluate(t.data(f, input))
	if err != nil {
		return "", f.evaluation(s.name, err, input)
	}
	switch v := value.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	}
	return "", f.runtime("The field '%s' must lead to a string, but '%s' leads to %s", s.name, s.expression,
		encode(value))
}
