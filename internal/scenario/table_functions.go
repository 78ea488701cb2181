package scenario

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

var outcomeFields = form.Fields[Outcome]{
	form.At("takes", "how long the function takes: a time span, or a range of which any time may be taken",
		func(o *Outcome) *Takes { return &o.Takes }, takesForm()).Otherwise("no time").Example("12s"),
	form.At("returns", "what the function returns: any value", func(o *Outcome) *json.RawMessage { return &o.Returns },
		anything()).Otherwise("null").Example(`{balance: "42.10"}`),
	failsField,
	form.At("throttled", "Lambda refuses the invocation", func(o *Outcome) *bool { return &o.Throttled }, form.Bool()),
}

func defaultOutcome() Outcome { return Outcome{Returns: json.RawMessage("null")} }

var outcomeItem = form.Entry(outcomeFields, defaultOutcome, nil)

// failsField is the error that a function raises.
var failsField = failure(
	func(o *Outcome) *string { return &o.Error }, func(o *Outcome) *string { return &o.Message },
)

// failure is a field of an error, whose type and message belong to T itself.
func failure[T any](errorType, message func(*T) *string) form.Field[T] {
	return raised("the error that the function raises", "Error", errorType, form.Fields[T]{
		form.At("error", "the errorType of the error document", errorType, form.Text()).Default("Error").
			Example("NoSuchAccount"),
		form.At("message", "the errorMessage of the error document", message, form.Text()).
			Example("There is no such account"),
	})
}

// raised is the field fails of an error whose parts belong to T itself. Its name is the usual one unless it is written.
func raised[T any](doc, usual string, name func(*T) *string, l form.Fields[T]) form.Field[T] {
	fails := form.Part("fails", doc, l)
	read := fails.Read
	fails.Read = func(f form.File, in *source.Reader, to *T) {
		if in.Node("fails") != nil {
			*name(to) = usual
			read(f, in, to)
		}
	}
	return fails
}

// takesForm is a time span, or the two ends of a range.
func takesForm() form.Form[Takes] {
	ends := form.Fields[Takes]{
		form.At("from", "the shortest", func(t *Takes) *time.Duration { return &t.Low }, form.Duration()),
		form.At("to", "the longest", func(t *Takes) *time.Duration { return &t.High }, form.Duration()),
	}
	return form.Form[Takes]{
		Schema: func(Takes) *form.Schema {
			return form.Either(form.Duration().Schema(0), ends.Schema(&Takes{}))
		},
		Read: func(f form.File, in *source.Reader, key string, to *Takes) {
			if !in.Node(key).Is(source.Object) {
				d := in.Duration(key, 0)
				*to = Takes{Low: d, High: d}
				return
			}
			spread := in.Object(key)
			ends.Read(f, spread, to)
			if to.High < to.Low {
				spread.Report(source.CodeBadValue, spread.Place("to"), "the range ends before it begins",
					"Write takes: {from: SHORTEST, to: LONGEST}.")
			}
		},
		Write: func(f form.File, value, _ Takes) any {
			if value.Low == value.High {
				return form.Spell(value.Low)
			}
			return ends.Write(f, &value, &Takes{})
		},
	}
}

// anything is the form of any JSON value.
func anything() form.Form[json.RawMessage] {
	return form.Form[json.RawMessage]{
		Schema: func(json.RawMessage) *form.Schema { return &form.Schema{Words: "any value"} },
		Read: func(_ form.File, in *source.Reader, key string, to *json.RawMessage) {
			if node := in.Node(key); node != nil {
				*to, _ = json.Marshal(node) // a Node always marshals
			}
		},
		Write: func(f form.File, value, _ json.RawMessage) any {
			node, err := source.ParseJSON(f.Name, value)
			if err != nil {
				return nil // what is not JSON cannot be returned
			}
			return node
		},
	}
}

// standInItem is one outcome for all invocations, or a list of them under calls.
var standInItem = func() form.Item[StandIn] {
	calls := form.List(outcomeItem)
	return form.Item[StandIn]{
		Schema: func() *form.Schema { return form.Either(standInSchemas()...) },
		Read: func(f form.File, m source.Member) StandIn {
			in := source.Read(f.Name, m.Value, f.Found)
			s := StandIn{Always: !in.Bool("real", true)}
			calls.Read(f, in, "calls", &s.Outcomes)
			if len(s.Outcomes) > 0 {
				in.Done()
				return s
			}
			only := defaultOutcome()
			outcomeFields.Read(f, in, &only)
			s.Outcomes = []Outcome{only}
			return s
		},
		Write: func(f form.File, s StandIn) any {
			written := form.Mapping{}
			if s.Always {
				written = append(written, form.Member{Key: "real", Value: false})
			}
			if len(s.Outcomes) != 1 {
				return append(written, form.Member{Key: "calls", Value: calls.Write(f, s.Outcomes, nil)})
			}
			only, _ := outcomeItem.Write(f, s.Outcomes[0]).(form.Mapping)
			return append(written, only...)
		},
	}
}()

// standInSchemas describe a stand-in with one outcome, and one with several.
func standInSchemas() []*form.Schema {
	really := form.Bool().Schema(true)
	really.Description = "false: use the stand-in in real time, too, where the function itself could be run"
	calls := form.List(outcomeItem).Schema(nil)
	calls.Description = "what each invocation comes to, one after the other; the last one repeats"
	calls.MinItems = 1
	one := outcomeItem.Schema()
	one.Properties = append(one.Properties, form.Property{Key: "real", Schema: really})
	return []*form.Schema{one, {
		Types: []string{"object"}, Closed: true, Required: []string{"calls"},
		Properties: []form.Property{{Key: "calls", Schema: calls}, {Key: "real", Schema: really}},
	}}
}
