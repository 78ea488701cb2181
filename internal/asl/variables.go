package asl

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// variable looks a variable up in the frame and in those around it.
func (t *turn) variable(f *frame, name string) (any, bool) {
	for ; f != nil; f = t.r.Frames[f.Parent] {
		if value, ok := f.Variables[name]; ok {
			return decode(value), true
		}
	}
	return nil, false
}

// assignments evaluates an Assign field, with the variables as they are before it, and checks the sizes.
func (t *turn) assignments(f *frame, template *jsonpath.Template, input any) (map[string]json.RawMessage, *failure) {
	if template == nil {
		return nil, nil
	}
	values, fail := t.template(f, "Assign", template, input)
	if fail != nil {
		return nil, fail
	}
	assigned := map[string]json.RawMessage{}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(values.(map[string]any))) {
		assigned[name] = encode(values.(map[string]any)[name])
		if total += len(assigned[name]); total > maxVariableBytes {
			return nil, f.inState(errDataLimitExceeded, "The size of the variables in 'Assign' exceeds the maximum number of bytes service limit.")
		}
	}
	if t.variableBytes()+total > maxAllVariablesBytes {
		return nil, f.inState(errDataLimitExceeded, "The size of all variables exceeds the maximum number of bytes service limit.")
	}
	return assigned, nil
}

// assign gives the frame's variables their new values.
func (t *turn) assign(f *frame, assigned map[string]json.RawMessage) {
	if len(assigned) > 0 && f.Variables == nil {
		f.Variables = map[string]json.RawMessage{}
	}
	maps.Copy(f.Variables, assigned)
}

// variableBytes returns the size of all variables of the execution.
func (t *turn) variableBytes() int {
	total := 0
	for _, f := range t.r.Frames {
		for _, value := range f.Variables {
			total += len(value)
		}
	}
	return total
}
