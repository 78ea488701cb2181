package scenario

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

var outcomeFields = fields[Outcome]{
	at("takes", "how long it takes: a time span, or a range with from and to",
		func(o *Outcome) *Takes { return &o.Takes }, takesForm()),
	at("returns", "what the function returns", func(o *Outcome) *json.RawMessage { return &o.Returns }, anything()),
	failsField,
	at("throttled", "Lambda refuses the invocation", func(o *Outcome) *bool { return &o.Throttled }, truth()),
}

func defaultOutcome() Outcome { return Outcome{Returns: json.RawMessage("null")} }

var outcomeItem = objectItem(outcomeFields, defaultOutcome, nil)

// failsField is the error that a function raises.
var failsField = failure(
	func(o *Outcome) *string { return &o.Error }, func(o *Outcome) *string { return &o.Message },
)

// failure is a field of an error, whose type and message belong to T itself.
func failure[T any](errorType, message func(*T) *string) field[T] {
	l := fields[T]{
		at("error", "the errorType of the error document", errorType, text()),
		at("message", "the errorMessage of the error document", message, text()),
	}
	fails := part("fails", "the error that the function raises", l)
	fails.read = func(f file, in *source.Reader, to *T) {
		if in.Node("fails") != nil {
			*errorType(to) = "Error"
			l.read(f, in.Object("fails"), to)
		}
	}
	return fails
}

// takesForm is a time span, or the two ends of a range.
func takesForm() form[Takes] {
	ends := fields[Takes]{
		at("from", "the shortest", func(t *Takes) *time.Duration { return &t.Low }, duration()),
		at("to", "the longest", func(t *Takes) *time.Duration { return &t.High }, duration()),
	}
	return form[Takes]{
		schema: schema{"anyOf": []schema{timeSpan, ends.schema()}},
		read: func(f file, in *source.Reader, key string, to *Takes) {
			if !in.Node(key).Is(source.Object) {
				d := in.Duration(key, 0)
				*to = Takes{Low: d, High: d}
				return
			}
			spread := in.Object(key)
			ends.read(f, spread, to)
			if to.High < to.Low {
				spread.Report(source.CodeBadValue, spread.Place("to"), "the range ends before it begins",
					"Write takes: {from: SHORTEST, to: LONGEST}.")
			}
		},
		write: func(f file, value, _ Takes) any {
			if value.Low == value.High {
				return spell(value.Low)
			}
			return ends.write(f, &value, &Takes{})
		},
	}
}

// anything is the form of any JSON value.
func anything() form[json.RawMessage] {
	return form[json.RawMessage]{
		schema: schema{},
		read: func(_ file, in *source.Reader, key string, to *json.RawMessage) {
			if node := in.Node(key); node != nil {
				*to, _ = json.Marshal(node) // a Node always marshals
			}
		},
		write: func(f file, value, _ json.RawMessage) any {
			node, err := source.ParseJSON(f.name, value)
			if err != nil {
				return nil // what is not JSON cannot be returned
			}
			return node
		},
	}
}

// standInItem is one outcome for all invocations, or a list of them under calls.
var standInItem = func() item[StandIn] {
	calls := list(outcomeItem)
	const really = "false: do this in real time, too, where the function could be run"
	one, several := outcomeFields.schema(), fields[Outcome]{}.schema()
	for _, s := range []schema{one, several} {
		s["properties"].(schema)["real"] = schema{"type": "boolean", "description": really}
	}
	several["required"] = []string{"calls"}
	several["properties"].(schema)["calls"] = schema{
		"type": "array", "items": outcomeItem.schema, "minItems": 1,
		"description": "what each invocation comes to, one after the other; the last repeats",
	}
	return item[StandIn]{
		schema: schema{"anyOf": []schema{one, several}},
		read: func(f file, node *source.Node) StandIn {
			in := source.Read(f.name, node, f.found)
			s := StandIn{Always: !in.Bool("real", true)}
			calls.read(f, in, "calls", &s.Outcomes)
			if len(s.Outcomes) > 0 {
				in.Done()
				return s
			}
			only := defaultOutcome()
			outcomeFields.read(f, in, &only)
			s.Outcomes = []Outcome{only}
			return s
		},
		write: func(f file, s StandIn) any {
			written := mapping{}
			if s.Always {
				written = append(written, member{key: "real", value: false})
			}
			if len(s.Outcomes) != 1 {
				return append(written, member{key: "calls", value: calls.write(f, s.Outcomes, nil)})
			}
			only, _ := outcomeItem.write(f, s.Outcomes[0]).(mapping)
			return append(written, only...)
		},
	}
}()
