package lint_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/testrun"
)

// object is a decoded JSON object.
type object = map[string]any

// plant changes a flow so that publishing refuses it. It returns false when the flow has no place for this fault.
type plant struct {
	name  string
	rules []string // one of which must find it
	into  func(doc object) bool
}

func actions(doc object) []any { return doc["Actions"].([]any) }

// each calls change for the actions in turn until one was changed.
func each(doc object, change func(a, params, transitions object) bool) bool {
	for _, item := range actions(doc) {
		a := item.(object)
		params, _ := a["Parameters"].(object)
		transitions, _ := a["Transitions"].(object)
		if transitions != nil && change(a, params, transitions) {
			return true
		}
	}
	return false
}

// add appends an action that a fault can be planted in, so that every flow has a place for it.
func add(doc object, kind string, params object, transitions object) object {
	a := object{"Identifier": "planted", "Type": kind, "Parameters": params, "Transitions": transitions}
	doc["Actions"] = append(actions(doc), a)
	return a
}

func first(doc object) string { return actions(doc)[0].(object)["Identifier"].(string) }

func errorsTo(next string, types ...string) []any {
	list := []any{}
	for _, t := range types {
		list = append(list, object{"ErrorType": t, "NextAction": next})
	}
	return list
}

func conditionTo(next, operator string, operands ...any) object {
	return object{"NextAction": next, "Condition": object{"Operator": operator, "Operands": operands}}
}

// TestRecordedFlowsPlantedFaults plants every kind of fault into every flow (when not heavy, into every fourth), one at
// a time: each is found as an error that was not there before.
func TestRecordedFlowsPlantedFaults(t *testing.T) {
	files := testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json")
	planted := 0
	for i, file := range files {
		before := count(lintText(t, file, readFile(t, file)))
		for j, p := range plants {
			if (i+j)%4 > 0 && !testrun.IsHeavy() {
				continue
			}
			doc := decode(t, readFile(t, file))
			if !p.into(doc) {
				t.Errorf("%s: no place for: %s", filepath.Base(file), p.name)
				continue
			}
			text, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			planted++
			after := count(lintText(t, file, text))
			if !slices.ContainsFunc(p.rules, func(rule string) bool { return after[rule] > before[rule] }) {
				t.Errorf("%s: not found: %s", filepath.Base(file), p.name)
			}
		}
	}
	t.Logf("%d faults of %d kinds planted in %d flows", planted, len(plants), len(files))
}

// count counts errors by rule.
func count(found []lint.Finding) map[string]int {
	errors := map[string]int{}
	for _, f := range found {
		if f.Severity == "error" {
			errors[f.Rule]++
		}
	}
	return errors
}

func decode(t *testing.T, text []byte) object {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var doc object
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}
