package asl

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/jsonata"
	"github.com/connect-async/connect-async/internal/value"
)

// queryFlow holds the fields that move data through a state whose query language is JSONata. All are optional.
type queryFlow struct {
	arguments, output, assign payload
}

// payload is a JSON value of the definition in which texts such as "{% $states.input.x %}" are expressions.
type payload interface {
	evaluate(q *query) (any, *failure)
}

type (
	constantPayload   struct{ value any }
	objectPayload     []payloadMember
	arrayPayload      []payload
	expressionPayload struct {
		field      string // its place in the state, such as Output/a[0]
		text       string
		expression *jsonata.Expression
	}
	payloadMember struct {
		name    string
		payload payload
	}
)

// query is what the expressions of a state see. result and errorOutput are nil where there are none.
type query struct {
	t                   *turn
	f                   *frame
	result, errorOutput *data
	states              *value.Object
}

func (t *turn) query(f *frame) *query { return &query{t: t, f: f} }

func (p constantPayload) evaluate(*query) (any, *failure) { return p.value, nil }

func (p objectPayload) evaluate(q *query) (any, *failure) {
	members := make([]value.Member, len(p))
	for i, m := range p {
		v, fail := m.payload.evaluate(q)
		if fail != nil {
			return nil, fail
		}
		members[i] = value.M(m.name, v)
	}
	return value.NewObject(members...), nil
}

func (p arrayPayload) evaluate(q *query) (any, *failure) {
	items := make([]any, len(p))
	for i, item := range p {
		var fail *failure
		if items[i], fail = item.evaluate(q); fail != nil {
			return nil, fail
		}
	}
	return items, nil
}

func (p expressionPayload) evaluate(q *query) (any, *failure) {
	result, err := p.expression.Evaluate(&jsonata.Environment{Variable: q.variable, Now: q.t.at, Random: q.t.draw})
	if failed, ok := errors.AsType[*jsonata.Error](err); ok {
		return nil, q.fail(p, q.problem(failed))
	}
	switch {
	case !result.Defined:
		return nil, q.fail(p, "returned nothing (undefined).")
	case !result.Representable:
		return nil, q.fail(p, "returned an unsupported result type.")
	}
	return result.Value, nil
}

// problem words an error of an evaluation (recorded for a code; for limits and functions without a text of their own
// seen at AWS by floci-io/floci#2735).
func (q *query) problem(err *jsonata.Error) string {
	switch {
	case err.Limit():
		return "threw an error during evaluation: " + err.Message()
	case err.Code == jsonata.CodeInternal:
		return "threw an internal error during evaluation. " + q.t.uuid()
	}
	return "threw an error during evaluation. " + err.Error()
}

func (q *query) fail(p expressionPayload, problem string) *failure {
	const cause = "The JSONata expression '%s' specified for the field '%s' %s"
	return q.t.evaluationFailed(q.f, q.f.Before, p.field, fmt.Sprintf(cause, p.text, p.field, problem))
}

// evaluationFailed adds the event that says so and returns the failure. previous is the event that it follows: that
// before the state was entered, but for a Wait state's Timestamp (recorded). location may be empty.
func (t *turn) evaluationFailed(f *frame, previous int64, location, cause string) *failure {
	fail := f.inState(errQueryEvaluation, cause)
	fail.Evaluation = true
	f.Previous = t.emit(previous, "EvaluationFailed",
		&EventDetails{State: f.State, Location: location, Error: fail.Error, Cause: fail.Cause})
	return fail
}

// variable looks up $states and the variables of the state machine.
func (q *query) variable(name string) (any, bool) {
	if name != "states" {
		return q.t.variable(q.f, name)
	}
	if q.states == nil {
		members := []value.Member{value.M("input", q.f.Input.value), value.M("context", q.t.context(q.f))}
		if q.result != nil {
			members = append(members, value.M("result", q.result.value))
		}
		if q.errorOutput != nil {
			members = append(members, value.M("errorOutput", q.errorOutput.value))
		}
		q.states = value.NewObject(members...)
	}
	return q.states, true
}

// kindOf names the kind of a value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case *value.Object:
		return "object"
	}
	return "number"
}

// wanted evaluates a payload that must give a value of a kind.
func (q *query) wanted(p payload, kind string) (any, *failure) {
	v, fail := p.evaluate(q)
	if fail != nil || kindOf(v) == kind {
		return v, fail
	}
	return nil, q.unexpected(p, kind, v)
}

func (q *query) unexpected(p payload, kind string, v any) *failure {
	expression, _ := p.(expressionPayload)
	const problem = "returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
	return q.fail(expression, fmt.Sprintf(problem, kind, kindOf(v), encode(v)))
}

// number evaluates a payload that must give a number from low to high, whole unless fraction is set.
func (q *query) number(p payload, low, high float64, fraction bool) (float64, *failure) {
	v, fail := q.wanted(p, "number")
	if fail != nil {
		return 0, fail
	}
	n, err := strconv.ParseFloat(string(encode(v)), 64)
	if err != nil || n < low || n > high || !fraction && n != float64(int64(n)) {
		kind := fmt.Sprintf("integer from %v to %v", int64(low), int64(high))
		if fraction {
			kind = fmt.Sprintf("number from %v to %v", low, high)
		}
		return 0, q.unexpected(p, kind, v)
	}
	return n, nil
}

// conclude evaluates Output and Assign, which both see the values at entry, and leaves the state. otherwise is the
// output when there is no Output.
func (q *query) conclude(flow *queryFlow, next string, otherwise any) *failure {
	output, assigned, fail := q.outcome(flow, otherwise)
	if fail != nil {
		return fail
	}
	q.t.leave(q.f, next, output, assigned)
	return nil
}

func (q *query) outcome(flow *queryFlow, otherwise any) (output any, assigned map[string]variable, fail *failure) {
	if flow.assign != nil {
		values, fail := flow.assign.evaluate(q)
		if fail != nil {
			return nil, nil, fail
		}
		if assigned, fail = q.t.toVariables(q.f, values); fail != nil {
			return nil, nil, fail
		}
	}
	output = otherwise
	if flow.output != nil {
		if output, fail = flow.output.evaluate(q); fail != nil {
			return nil, nil, fail
		}
	}
	if !value.Fits(output, MaxDataBytes) {
		return nil, nil, tooLarge(q.f.State)
	}
	return output, assigned, nil
}

// arguments evaluates the request of a task, or the input of the branches of a Parallel state.
func (t *turn) arguments(f *frame, d *dataFlow, input any) (any, *failure) {
	stage, given := stageParameters, input
	var fail *failure
	switch {
	case d.query == nil:
		given, fail = t.template(f, "Parameters", d.parameters, input)
	case d.query.arguments != nil:
		stage = stageArguments
		given, fail = d.query.arguments.evaluate(t.query(f))
	default:
		stage = stageArguments
	}
	if fail == nil {
		t.inspect(stage, given)
	}
	return given, fail
}

// queryUntil is when a Wait state with JSONata ends.
func (s *waitState) queryUntil(t *turn, f *frame) (time.Time, *failure) {
	q := t.query(f)
	if s.secondsQuery != nil {
		seconds, fail := q.number(s.secondsQuery, 0, maxSeconds, false)
		return t.at.Add(time.Duration(seconds) * time.Second), fail
	}
	text, fail := q.wanted(s.timestampQuery, "string")
	if fail != nil {
		return time.Time{}, fail
	}
	until, ok := parseTimestamp(text.(string))
	if !ok {
		return until, t.evaluationFailed(f, f.Entered, "Timestamp",
			"The Timestamp field cannot be parsed as an ISO-8601 "+
				"extended offset date-time format string: "+text.(string))
	}
	return until, nil
}

// queryItems are the items of a Map state with JSONata.
func (s *mapState) queryItems(t *turn, f *frame) ([]any, *failure) {
	if s.itemsQuery == nil {
		items, ok := f.Input.value.([]any)
		if !ok {
			return nil, t.evaluationFailed(f, f.Before, "",
				"Map state input must be an array but was: "+string(encode(f.Input.value)))
		}
		return items, nil
	}
	items, fail := t.query(f).wanted(s.itemsQuery, "array")
	if fail != nil {
		return nil, fail
	}
	return items.([]any), nil
}

// queryCondition is the Condition of a rule of a Choice state with JSONata.
type queryCondition struct{ payload payload }

func (c queryCondition) holds(q *query) (bool, *failure) {
	holds, fail := q.wanted(c.payload, "boolean")
	return holds == true, fail
}
