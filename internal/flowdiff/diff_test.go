package flowdiff_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

func read(t testing.TB, file, text string) *flowlang.Flow {
	t.Helper()
	f, err := flowlang.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func said(t testing.TB, d flowdiff.Diff) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const before = `{"Version": "2019-10-30", "StartAction": "ask", "Metadata": {"name": "Menu", "type": "contactFlow",
	"ActionMetadata": {"ask": {"position": {"x": 1, "y": 2}}}}, "Actions": [
	{"Identifier": "ask", "Type": "GetParticipantInput", "Parameters": {"Text": "Press 1", "StoreInput": "False",
		"InputTimeLimitSeconds": "5"}, "Transitions": {"NextAction": "sorry",
		"Conditions": [{"NextAction": "sales", "Condition": {"Operator": "Equals", "Operands": ["1"]}},
			{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["2"]}}],
		"Errors": [{"NextAction": "sorry", "ErrorType": "NoMatchingCondition"},
			{"NextAction": "sorry", "ErrorType": "InputTimeLimitExceeded"},
			{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "sales", "Type": "MessageParticipant", "Parameters": {"Text": "Sales"}, "Transitions": {
		"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "Sorry"}, "Transitions": {
		"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`

const newID = "94222dbd-e0c8-4de8-851e-872aa967d5d9"

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name    string
		replace []string
		want    string
	}{
		{"nothing", nil, ""},
		{"an error leads elsewhere", []string{`"bye", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "sales"`, `"sorry", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "sales"`}, "ask: NoMatchingError now leads to sorry (before: bye)\n"},
		{"a branch without an action", []string{`"sales", "Condition"`, `"nobody", "Condition"`},
			"ask: 1 now leads to nobody (before: sales)\n"},
		{"a text", []string{`"Sorry"`, `"I am \"sorry\""`},
			`sorry: Text is now "I am \"sorry\"" (before: "Sorry")` + "\n"},
		{"parameters come and go", []string{`"StoreInput": "False"`, `"StoreInputs": {"a": [1, 2]}`},
			"ask: StoreInputs is new: {\"a\":[1,2]}\nask: StoreInput is gone (before: \"False\")\n"},
		{"a copy that is never taken", []string{`"NextAction": "sorry",
		"Conditions"`, `"NextAction": "bye",
		"Conditions"`}, ""},
		{"a copy that is no longer there", []string{`"NextAction": "sorry",
		"Conditions"`, `"Conditions"`}, "ask: NextAction is gone (before: sorry)\n"},
		{"a copy that leads nowhere", []string{`"NextAction": "sorry",
		"Conditions"`, `"NextAction": "nobody",
		"Conditions"`}, "ask: NextAction now leads to nobody (before: sorry)\n"},
		{"no operator", []string{`"Operator": "Equals", "Operands": ["1"]`, `"Operands": ["1"]`},
			"ask: 1.Condition.Operator is gone (before: \"Equals\")\n"},
		{"a branch is gone", []string{`,
			{"NextAction": "sorry", "ErrorType": "InputTimeLimitExceeded"}`, ""},
			"ask: InputTimeLimitExceeded is gone (before: sorry)\n"},
		{"conditions change places", []string{`"sales", "Condition": {"Operator": "Equals", "Operands": ["1"]`,
			`"sorry", "Condition": {"Operator": "Equals", "Operands": ["2"]`,
			`"sorry", "Condition": {"Operator": "Equals", "Operands": ["2"]}}]`,
			`"sales", "Condition": {"Operator": "Equals", "Operands": ["1"]}}]`},
			"ask: conditions are now compared in the order 2, 1 (before: 1, 2)\n"},
		{"an operator", []string{`{"Operator": "Equals", "Operands": ["1"]}`,
			`{"Operator": "NumberLessThan", "Operands": ["1"]}`},
			"ask: NumberLessThan 1 is new and leads to sales\nask: 1 is gone (before: sales)\n"},
		{"another start", []string{`"StartAction": "ask"`, `"StartAction": "sales"`},
			"The flow now starts at sales (before: ask)\n"},
		{"no start", []string{`"StartAction": "ask", `, ``}, "The flow now starts at nowhere (before: ask)\n"},
		{"type, name and version", []string{"contactFlow", "customerQueue", `"Menu"`, `"Queue"`, "2019-10-30", "2020"},
			"The flow is now of type CUSTOMER_QUEUE (before: CONTACT_FLOW)\n" +
				"The flow: name is now \"Queue\" (before: \"Menu\")\n" +
				"The flow: Version is now \"2020\" (before: \"2019-10-30\")\n"},
		{"a block moved", []string{`"x": 1`, `"x": 2`}, "The designer shows ask elsewhere.\n"},
		{"renamed", []string{"sales", "selling"}, "sales is now called selling\n"},
		{"renamed by the console", []string{`"bye"`, `"` + newID + `"`},
			"bye is now called DisconnectParticipant 94222dbd\n"},
		{"another type", []string{`"bye", "Type": "DisconnectParticipant"`, `"bye", "Type": "EndFlowExecution"`},
			"bye is now of type EndFlowExecution (before: DisconnectParticipant)\n"},
		{"an action comes between", []string{`"NextAction": "sales"`, `"NextAction": "` + newID + `"`, `"Actions": [`,
			`"Actions": [{"Identifier": "` + newID + `", "Type": "MessageParticipant", "Parameters": {
				"Text": "One moment"}, "Transitions": {"NextAction": "sales", "Errors": [
				{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},`},
			"MessageParticipant 94222dbd is new: MessageParticipant\n    Text: \"One moment\"\n" +
				"    NextAction leads to sales\n    NoMatchingError leads to bye\n" +
				"ask: 1 now leads to MessageParticipant 94222dbd (before: sales)\n"},
		{"an action goes", []string{`"NextAction": "sales"`, `"NextAction": "sorry"`,
			`{"Identifier": "sales", "Type": "MessageParticipant", "Parameters": {"Text": "Sales"}, "Transitions": {
		"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},`, ``},
			"ask: 1 now leads to sorry (before: sales)\nsales is gone: MessageParticipant\n"},
	} {
		after := before
		for i := 0; i < len(c.replace); i += 2 {
			if !strings.Contains(after, c.replace[i]) {
				t.Fatalf("%s: there is no %q", c.name, c.replace[i])
			}
			after = strings.ReplaceAll(after, c.replace[i], c.replace[i+1])
		}
		d := flowdiff.Compare(read(t, "before.json", before), read(t, "after.json", after))
		if diff := cmp.Diff(c.want, said(t, d)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if same := c.want == "" || strings.HasPrefix(c.want, "The designer"); d.Same() != same {
			t.Errorf("%s: Same() = %t", c.name, d.Same())
		}
	}
}

// recorded are the recorded flows.
func recorded(t testing.TB) []*flowlang.Flow {
	var flows []*flowlang.Flow
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := flowlang.Read(file, doc)
		if err != nil {
			t.Fatal(err)
		}
		flows = append(flows, f)
	}
	return flows
}

// TestSameFlows compares recorded flows with themselves, in canonical form, and with all their identifiers replaced, as
// the console does at an import.
func TestSameFlows(t *testing.T) {
	for _, f := range recorded(t) {
		file := filepath.Base(f.File)
		if got := said(t, flowdiff.Compare(f, f)); got != "" {
			t.Errorf("%s differs from itself: %s", file, got)
		}
		formatted := read(t, file, string(flowfmt.Flow(f)))
		if got := said(t, flowdiff.Compare(f, formatted)); got != "" {
			t.Errorf("%s differs from its canonical form: %s", file, got)
		}
		d := flowdiff.Compare(f, renamed(t, f))
		for _, r := range d.Renamed {
			if r.New != "new "+r.Old {
				t.Errorf("%s: %s is taken for %s", file, r.New, r.Old)
			}
		}
		if len(d.Changes) > 0 || len(d.Renamed) != len(f.Actions) {
			t.Errorf("%s, renamed (%d of %d): %s", file, len(d.Renamed), len(f.Actions), said(t, d))
		}
	}
}

// renamed is a flow with other identifiers.
func renamed(t testing.TB, f *flowlang.Flow) *flowlang.Flow {
	t.Helper()
	names := map[string]string{}
	for _, a := range f.Actions {
		names[a.Identifier] = "new " + a.Identifier
	}
	text, err := f.Doc.ReplaceStrings(names).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return read(t, f.File, string(text))
}

// TestAnyTwoFlows compares any two recorded flows: none fails, and there is a difference unless there is none.
func TestAnyTwoFlows(t *testing.T) {
	flows := recorded(t)
	r := rand.New(rand.NewPCG(1, 1))
	for range testrun.Count(t, 100, 4000) {
		a, b := flows[r.IntN(len(flows))], flows[r.IntN(len(flows))]
		d := flowdiff.Compare(a, b)
		back := flowdiff.Compare(b, a)
		said(t, d)
		if d.Same() != back.Same() {
			t.Errorf("%s and %s: the same: %t, the other way round %t", a.File, b.File, d.Same(), back.Same())
		}
	}
}

// TestEveryBranchCounts leads one branch of a recorded flow elsewhere: that, and nothing else, is different.
func TestEveryBranchCounts(t *testing.T) {
	flows := recorded(t)
	for seed := range testrun.Count(t, 60, 3000) {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		f := flows[r.IntN(len(flows))]
		a := f.Actions[r.IntN(len(f.Actions))]
		drawn := a.Drawn()
		if len(drawn) == 0 {
			continue
		}
		b := drawn[r.IntN(len(drawn))]
		changed, err := flowlang.Read(f.File, replaced(f.Doc, b.Target, "elsewhere"))
		if err != nil {
			t.Fatal(err)
		}
		d := flowdiff.Compare(f, changed)
		want := fmt.Sprintf("%s now leads to elsewhere (before: ", b.Name)
		if len(d.Changes) != 1 || !strings.Contains(said(t, d), want) {
			t.Fatalf("seed %d, %s: want %q, got %s", seed, f.File, want, said(t, d))
		}
	}
}

// replaced is a document with one of its texts replaced.
func replaced(n, old *source.Node, text string) *source.Node {
	copied := *n
	if n == old {
		copied.Text = text
	}
	copied.Items, copied.Members = nil, nil
	for _, item := range n.Items {
		copied.Items = append(copied.Items, replaced(item, old, text))
	}
	for _, m := range n.Members {
		m.Value = replaced(m.Value, old, text)
		copied.Members = append(copied.Members, m)
	}
	return &copied
}

// FuzzCompare checks that any two flows can be compared, and that none differs from itself.
func FuzzCompare(f *testing.F) {
	f.Add(before, before)
	f.Add(`{"StartAction": "a", "Actions": [{"Type": "A"}, {"Type": "A", "Parameters": {"Text": "b"}},
		{"Identifier": "a", "Type": "A"}, {"Identifier": "a", "Type": "B"}]}`, before)
	f.Add(before, `{"StartAction": "a", "Actions": [{"Identifier": "a", "Type": 1, "Parameters": [1, {"b": null}],
		"Transitions": {"NextAction": "a", "Errors": [{}, 1], "Conditions": [{"Condition": 1}]}}, {"Identifier": "a"}],
		"Metadata": {"ActionMetadata": {"a": {"position": 1}}, "name": 1}}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		var flows []*flowlang.Flow
		for _, text := range []string{a, b} {
			flow, err := flowlang.Parse("flow.json", []byte(text))
			if err != nil {
				return
			}
			flows = append(flows, flow)
		}
		said(t, flowdiff.Compare(flows[0], flows[1]))
		if got := said(t, flowdiff.Compare(flows[0], flows[0])); got != "" {
			t.Errorf("%s differs from itself: %s", a, got)
		}
	})
}
