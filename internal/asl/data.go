package asl

import (
	"encoding/json"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// dataFlow holds the fields that move data through a state. All are optional.
type dataFlow struct {
	inputPath, outputPath, resultPath pathField
	parameters, resultSelector        *jsonpath.Template
	assign                            *jsonpath.Template
}

// pathField is InputPath, OutputPath or ResultPath: absent (path nil), null (none) or a path.
type pathField struct {
	path *jsonpath.Path
	none bool
}

// find applies InputPath or OutputPath: $ when absent, {} when null.
func (p pathField) find(data *jsonpath.Data) (any, error) {
	switch {
	case p.none:
		return map[string]any{}, nil
	case p.path == nil:
		return data.Input, nil
	}
	return p.path.Find(data)
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

// decode reads data that the execution itself wrote or that NewExecution and the events have checked.
func decode(data json.RawMessage) any {
	value, _ := jsonpath.Decode(data)
	return value
}

// encode writes a value that came from decode or from a template; such values always encode.
func encode(value any) json.RawMessage {
	data, _ := jsonpath.Encode(value)
	return data
}

// input returns the state's input after InputPath.
func (t *turn) input(f *frame, d *dataFlow) (any, *failure) {
	value, err := d.inputPath.find(t.data(f, decode(f.Input)))
	if err != nil {
		return nil, f.runtime("%v", err)
	}
	return value, nil
}

// inputOnce is input, worked out once in a turn for each time that a state was entered: a Map state asks for every iteration.
func (t *turn) inputOnce(f *frame, d *dataFlow) (any, *failure) {
	if value, ok := t.inputs[f.Entered]; ok {
		return value, nil
	}
	value, fail := t.input(f, d)
	if fail == nil {
		if t.inputs == nil {
			t.inputs = map[int64]any{}
		}
		t.inputs[f.Entered] = value
	}
	return value, fail
}

// template evaluates a payload template, or returns input when there is none.
func (t *turn) template(f *frame, field string, template *jsonpath.Template, input any) (any, *failure) {
	if template == nil {
		return input, nil
	}
	value, err := template.Evaluate(t.data(f, input))
	if err != nil {
		return nil, f.evaluation(field, err, input)
	}
	return value, nil
}

// conclude takes the result of a state through ResultSelector, ResultPath and OutputPath and leaves the state. Assign sees
// the result itself (AWS developer guide, variables).
func (t *turn) conclude(f *frame, d *dataFlow, next string, result any) *failure {
	selected, fail := t.template(f, "ResultSelector", d.resultSelector, result)
	if fail != nil {
		return fail
	}
	combined, fail := t.combine(f, d.resultPath, selected)
	if fail != nil {
		return fail
	}
	return t.depart(f, d, next, result, combined)
}

// combine puts a result into the state's input where ResultPath says.
func (t *turn) combine(f *frame, resultPath pathField, result any) (any, *failure) {
	if resultPath.path == nil && !resultPath.none {
		return result, nil
	}
	raw := decode(f.Input)
	if resultPath.none {
		return raw, nil
	}
	combined, err := resultPath.path.Put(raw, result)
	if err != nil {
		return nil, &failure{Error: errReferencePathConflict, Cause: "Unable to apply ReferencePath " + resultPath.path.String() + " to input " + string(encode(raw))}
	}
	return combined, nil
}

// depart evaluates Assign against assignInput and OutputPath against output, checks the sizes and leaves the state.
func (t *turn) depart(f *frame, d *dataFlow, next string, assignInput, output any) *failure {
	assigned, fail := t.assignments(f, d.assign, assignInput)
	if fail != nil {
		return fail
	}
	output, err := d.outputPath.find(t.data(f, output))
	if err != nil {
		return f.runtime("%v", err)
	}
	data := encode(output)
	if len(data) > MaxDataBytes {
		return tooLarge(f.State)
	}
	t.leave(f, next, data, assigned)
	return nil
}
