package style

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
)

// builder collects the actions of a flow. The first is where the flow starts.
type builder struct {
	options Options
	texts   Texts
	actions []action
}

// action is one action in the form of the Amazon Connect Flow language.
type action struct {
	Identifier  string
	Type        string
	Parameters  object
	Transitions transitions
}

type transitions struct {
	NextAction string        `json:",omitempty"`
	Errors     []errorBranch `json:",omitempty"`
	Conditions []condition   `json:",omitempty"`
}

type errorBranch struct{ NextAction, ErrorType string }

type condition struct {
	NextAction string
	Condition  struct {
		Operator string
		Operands []string
	}
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	key   string
	value any
}

func pair(key string, value any) member { return member{key: key, value: value} }

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := encode(m.key)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode writes a value as JSON, with < and > as they are: flows hold SSML.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// sorted is a map as an object with its keys in order.
func sorted(values map[string]string) object {
	var o object
	for _, key := range slices.Sorted(maps.Keys(values)) {
		o = append(o, pair(key, values[key]))
	}
	return o
}

// add adds an action. What a branch leads to is the identifier of an action that may be added later.
func (b *builder) add(identifier, actionType string, parameters object, t transitions) {
	if parameters == nil {
		parameters = object{}
	}
	b.actions = append(b.actions, action{Identifier: identifier, Type: actionType, Parameters: parameters,
		Transitions: t})
}

// to is a branch for success and one for every error.
func to(next, onError string) transitions {
	return transitions{NextAction: next,
		Errors: []errorBranch{{NextAction: onError, ErrorType: flowlang.NoMatchingError}}}
}

// equals is the condition that a result is a text.
func equals(operand, next string) condition {
	c := condition{NextAction: next}
	c.Condition.Operator, c.Condition.Operands = flowlang.Equals, []string{operand}
	return c
}

// moduleSettings is what the content of every module holds. It has no effect: the module's results are declared beside
// its content, in the Settings of CreateContactFlowModule.
var moduleSettings = object{
	pair("InputParameters", []string{}),
	pair("OutputParameters", []string{}),
	pair("Transitions", []object{
		{pair("DisplayName", "Success"), pair("ReferenceName", "Success"), pair("Description", "")},
		{pair("DisplayName", "Error"), pair("ReferenceName", "Error"), pair("Description", "")},
	}),
}

// document writes the flow, with its actions where the designer shows them well.
func (b *builder) document() ([]byte, error) {
	points, err := b.places()
	if err != nil {
		return nil, err
	}
	var places object
	for i, a := range b.actions {
		places = append(places, pair(a.Identifier, object{pair("position", position(points[i])),
			pair("isFriendlyName", true)}))
	}
	metadata := object{
		pair("entryPointPosition", position(layout.Entry)),
		pair("ActionMetadata", places),
		pair("Annotations", []string{}),
		pair("name", b.options.Name),
		pair("description", b.options.Description),
	}
	if b.options.Type != flowlang.Module { // a module is known by its Settings
		metadata = append(metadata, pair("type", b.options.Type.MetadataName()))
	}
	doc := object{pair("Version", flowlang.Version), pair("StartAction", b.actions[0].Identifier),
		pair("Metadata", metadata), pair("Actions", b.actions)}
	if b.options.Type == flowlang.Module {
		doc = append(doc, pair("Settings", moduleSettings))
	}
	text, err := encode(doc)
	if err != nil {
		return nil, err
	}
	return flowfmt.Format(b.options.Name, text)
}

func position(p layout.Point) object { return object{pair("x", p.X), pair("y", p.Y)} }

// places are the places of the actions.
func (b *builder) places() ([]layout.Point, error) {
	text, err := encode(object{pair("StartAction", b.actions[0].Identifier), pair("Actions", b.actions)})
	if err != nil {
		return nil, err
	}
	f, err := flowlang.Parse(b.options.Name, text)
	if err != nil {
		return nil, err
	}
	return layout.Flow(f), nil
}
