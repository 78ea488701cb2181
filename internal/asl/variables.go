package asl

import (
	"maps"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// variable is a variable's value and its size as JSON.
type variable struct {
	data
	size int
}

func newVariable(v any) variable { return variable{data: data{value: v}, size: value.Size(v)} }

// UnmarshalJSON implements json.Unmarshaler.
func (v *variable) UnmarshalJSON(text []byte) error {
	v.size = len(text)
	return v.data.UnmarshalJSON(text)
}

// variable looks a variable up in the frame and in those around it.
func (t *turn) variable(f *frame, name string) (any, bool) {
	for ; f != nil; f = t.r.Frames[f.Parent] {
		if v, ok := f.Variables[name]; ok {
			return v.value, true
		}
	}
	return nil, false
}

// assignments evaluates an Assign field, with the variables as they are before it, and checks the sizes.
func (t *turn) assignments(f *frame, template *jsonpath.Template, input any) (map[string]variable, *failure) {
	if template == nil {
		return nil, nil
	}
	values, fail := t.template(f, "Assign", template, input)
	if fail != nil {
		return nil, fail
	}
	return t.toVariables(f, values)
}

// toVariables makes variables of the values that an Assign gave, and checks their sizes.
func (t *turn) toVariables(f *frame, values any) (map[string]variable, *failure) {
	assigned := map[string]variable{}
	total := 0
	for name, v := range values.(*value.Object).All() {
		assigned[name] = newVariable(v)
		if total += assigned[name].size; total > maxVariableBytes {
			return nil, f.inState(errDataLimitExceeded,
				"The size of the variables in 'Assign' exceeds the maximum number of bytes service limit.")
		}
	}
	if t.variableBytes()+total > maxAllVariablesBytes {
		return nil, f.inState(errDataLimitExceeded,
			"The size of all variables exceeds the maximum number of bytes service limit.")
	}
	return assigned, nil
}

// assign gives the frame's variables their new values.
func (t *turn) assign(f *frame, assigned map[string]variable) {
	if len(assigned) > 0 && f.Variables == nil {
		f.Variables = map[string]variable{}
	}
	maps.Copy(f.Variables, assigned)
}

// variableBytes returns the size of all variables of the execution.
func (t *turn) variableBytes() int {
	total := 0
	for _, f := range t.r.Frames {
		for _, v := range f.Variables {
			total += v.size
		}
	}
	return total
}
