package asl

import (
	"encoding/json"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/value"
)

// data is a value that belongs to a saved execution, where it stands as JSON.
type data struct{ value any }

// MarshalJSON implements json.Marshaler.
func (d data) MarshalJSON() ([]byte, error) { return value.Encode(d.value), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (d *data) UnmarshalJSON(text []byte) (err error) {
	d.value, err = value.Decode(text)
	return err
}

// Text is a value that is shown as JSON text, which is written when it is asked for.
type Text struct {
	value any
	given string // the text itself, where it was given; "" otherwise
}

// JSON returns the text.
func (t Text) JSON() json.RawMessage {
	if t.given != "" {
		return json.RawMessage(t.given)
	}
	return encode(t.value)
}

// String returns the text.
func (t Text) String() string { return string(t.JSON()) }

// MarshalJSON writes the text as a JSON string.
func (t Text) MarshalJSON() ([]byte, error) { return value.Encode(t.String()), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Text) UnmarshalJSON(text []byte) error {
	if err := json.Unmarshal(text, &t.given); err != nil {
		return err
	}
	var err error
	t.value, err = value.Decode([]byte(t.given))
	return err
}

// dataFlow holds the fields that move data through a state. All are optional.
type dataFlow struct {
	inputPath, outputPath, resultPath pathField
	parameters, resultSelector        *jsonpath.Template
	assign                            *jsonpath.Template
	query                             *queryFlow // instead of all others in a state with JSONata
}

// pathField is InputPath, OutputPath or ResultPath: absent (path nil), null (none) or a path.
type pathField struct {
	path *jsonpath.Path
	none bool
}

// find applies InputPath or OutputPath to what $ stands for: $ when absent, {} when null.
func (p pathField) find(t *turn, f *frame, input any) (any, error) {
	switch {
	case p.none:
		return value.NewObject(), nil
	case p.path == nil:
		return input, nil
	}
	return p.path.Find(t.data(f, input))
}

// data returns what the expressions of the frame's state see, with input as $.
func (t *turn) data(f *frame, input any) *jsonpath.Data {
	return &jsonpath.Data{
		Input:    input,
		Context:  func() any { return t.context(f) },
		Variable: func(name string) (any, bool) { return t.variable(f, name) },
		Random:   t.draw,
	}
}

// nodeValue is the value that a node of the definition stands for.
func nodeValue(n *source.Node) any {
	switch {
	case n.Is(source.Array):
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = nodeValue(item)
		}
		return items
	case n.Is(source.Object):
		members := make([]value.Member, len(n.Members))
		for i, m := range n.Members {
			members[i] = value.M(m.Key, nodeValue(m.Value))
		}
		return value.NewObject(members...)
	}
	return n.Value()
}

// encode writes a value as JSON.
func encode(v any) json.RawMessage { return value.Encode(v) }

// input returns the state's input after InputPath.
func (t *turn) input(f *frame, d *dataFlow) (any, *failure) {
	input, err := d.inputPath.find(t, f, f.Input.value)
	if err != nil {
		return nil, f.runtime("%v", err)
	}
	if d.query == nil {
		t.inspect(stageInputPath, input)
	}
	return input, nil
}

// template evaluates a payload template, or returns input when there is none.
func (t *turn) template(f *frame, field string, template *jsonpath.Template, input any) (any, *failure) {
	if template == nil {
		return input, nil
	}
	result, err := template.Evaluate(t.data(f, input))
	if err != nil {
		return nil, f.evaluation(field, err, input)
	}
	return result, nil
}

// conclude takes the result of a state through ResultSelector, ResultPath and OutputPath and leaves the state. Assign
// sees the result itself (AWS developer guide, variables).
func (t *turn) conclude(f *frame, d *dataFlow, next string, result any) *failure {
	t.inspect(stageResult, result)
	if d.query != nil {
		q := t.query(f)
		q.result = &data{value: result}
		return q.conclude(d.query, next, result)
	}
	selected, fail := t.template(f, "ResultSelector", d.resultSelector, result)
	if fail != nil {
		return fail
	}
	if t.stateOf(f).handling() != nil { // only these states have a ResultSelector
		t.inspect(stageSelector, selected)
	}
	combined, fail := t.combine(f, d.resultPath, selected)
	if fail != nil {
		return fail
	}
	t.inspect(stageResultPath, combined)
	return t.depart(f, d, next, result, combined)
}

// combine puts a result into the state's input where ResultPath says.
func (t *turn) combine(f *frame, resultPath pathField, result any) (any, *failure) {
	if resultPath.path == nil && !resultPath.none {
		return result, nil
	}
	raw := f.Input.value
	if resultPath.none {
		return raw, nil
	}
	combined, err := resultPath.path.Put(raw, result)
	if err != nil {
		return nil, &failure{Error: errReferencePathConflict,
			Cause: "Unable to apply ReferencePath " + resultPath.path.String() + " to input " + string(encode(raw))}
	}
	return combined, nil
}

// depart evaluates Assign against assignInput and OutputPath against output, checks the sizes and leaves the state.
func (t *turn) depart(f *frame, d *dataFlow, next string, assignInput, output any) *failure {
	if d.query != nil {
		return t.query(f).conclude(d.query, next, f.Input.value)
	}
	assigned, fail := t.assignments(f, d.assign, assignInput)
	if fail != nil {
		return fail
	}
	output, err := d.outputPath.find(t, f, output)
	if err != nil {
		return f.runtime("%v", err)
	}
	if !value.Fits(output, MaxDataBytes) {
		return tooLarge(f.State)
	}
	t.leave(f, next, output, assigned)
	return nil
}
