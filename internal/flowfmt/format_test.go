package flowfmt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// formatted formats a text twice: the second time changes nothing.
func formatted(t testing.TB, file, text string) string {
	t.Helper()
	once, err := flowfmt.Format(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	twice, err := flowfmt.Format(file, once)
	if err != nil || string(twice) != string(once) {
		t.Errorf("%s: formatted twice it differs (%v):\n%s", file, err, cmp.Diff(string(once), string(twice)))
	}
	return string(once)
}

func TestFormat(t *testing.T) {
	got := formatted(t, "flow.json", "\xef\xbb\xbf"+`{"Actions": [
		{"Transitions": {}, "Type": "DisconnectParticipant", "Identifier": "bye"},
		{"Identifier": "lost", "Type": "DisconnectParticipant", "Other": 1.50},
		"not an action",
		{"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "<speak>Sorry & bye</speak>"},
			"Transitions": {"NextAction": "bye", "Errors": []}},
		{"Parameters": {"LambdaInvocationAttributes": {"z": "1", "a": "2"}, "InvocationTimeLimitSeconds": "3",
			"LambdaFunctionARN": "arn"}, "Identifier": "ask", "Type": "InvokeLambdaFunction",
			"Transitions": {"Conditions": [
				{"Condition": {"Operands": ["b"], "Operator": "Equals"}, "NextAction": "bye"},
				{"Condition": {"Operands": ["a"], "Operator": "Equals"}, "NextAction": "bye"}],
			"Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"},
				{"NextAction": "bye", "ErrorType": "NoMatchingCondition"}], "NextAction": "bye"}}
	], "own": [1e2, {"b": null, "a": true}], "StartAction": "ask", "Version": "2019-10-30",
	"Metadata": {"ActionMetadata": {"bye": {"position": {"y": 2.0, "x": 1}}, "gone": {}, "ask": {}},
		"entryPointPosition": {"x": 40, "y": 40}, "zeta": {}, "name": "n"}}`)
	want := `{
  "Version": "2019-10-30",
  "StartAction": "ask",
  "Metadata": {
    "entryPointPosition": {"x": 40, "y": 40},
    "ActionMetadata": {
      "ask": {},
      "bye": {"position": {"x": 1, "y": 2.0}},
      "gone": {}
    },
    "name": "n",
    "zeta": {}
  },
  "Actions": [
    {
      "Identifier": "ask",
      "Type": "InvokeLambdaFunction",
      "Parameters": {
        "InvocationTimeLimitSeconds": "3",
        "LambdaFunctionARN": "arn",
        "LambdaInvocationAttributes": {
          "z": "1",
          "a": "2"
        }
      },
      "Transitions": {
        "NextAction": "bye",
        "Errors": [
          {"NextAction": "bye", "ErrorType": "NoMatchingCondition"},
          {"NextAction": "sorry", "ErrorType": "NoMatchingError"}
        ],
        "Conditions": [
          {"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": ["b"]}},
          {"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": ["a"]}}
        ]
      }
    },
    {
      "Identifier": "bye",
      "Type": "DisconnectParticipant",
      "Transitions": {}
    },
    {
      "Identifier": "sorry",
      "Type": "MessageParticipant",
      "Parameters": {
        "Text": "<speak>Sorry & bye</speak>"
      },
      "Transitions": {
        "NextAction": "bye",
        "Errors": []
      }
    },
    {
      "Identifier": "lost",
      "Type": "DisconnectParticipant",
      "Other": 1.50
    },
    "not an action"
  ],
  "own": [1e2, {"b": null, "a": true}]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestKeysWrittenTwice keeps both: the last one counts, for every reader.
func TestKeysWrittenTwice(t *testing.T) {
	got := formatted(t, "flow.json", `{"Actions": [{"Identifier": "a"}], "Actions": [{"Identifier": "b", "Type": "T",
		"Type": "U"}], "StartAction": "b"}`)
	for _, text := range []string{`"a"`, `"b"`, `"T",`, `"U"`} {
		if !strings.Contains(got, text) {
			t.Errorf("%s is lost: %s", text, got)
		}
	}
	last := strings.Index(got, `"U"`)
	if strings.Index(got, `"a"`) > last || strings.Index(got, `"T"`) > last {
		t.Errorf("another one is the last: %s", got)
	}
}

func TestRefused(t *testing.T) {
	for text, code := range map[string]string{
		"": source.CodeSyntax, "{": source.CodeSyntax, "[]": flowlang.CodeNotAFlow, "{}": flowlang.CodeNotAFlow,
		`{"modules": [], "start": "1"}`:                          flowlang.CodeLegacy,
		`{"Actions": [], "StartAction": "\ud83d"}`:               flowfmt.CodeHalfCharacter,
		`{"Actions": [], "StartAction": "a", "StartAction": ""}`: "", // twice, which is read as others read it
		`{"Actions": [], "StartAction": "\ud83d\ude00"}`:         "",
		`{"Actions": 3, "Metadata": [], "StartAction": null}`:    "",
	} {
		_, err := flowfmt.Format("flow.json", []byte(text))
		finding, _ := errors.AsType[source.Finding](err)
		if finding.Code != code || err != nil && finding.Code == "" {
			t.Errorf("%s: %v, want code %q", text, err, code)
		}
	}
}

// value is a document as any JSON reader has it, with its actions by identifier and their errors by type, in any order.
func value(t testing.TB, text []byte) any {
	t.Helper()
	var doc map[string]any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	actions, _ := doc["Actions"].([]any)
	for _, item := range actions {
		action, _ := item.(map[string]any)
		transitions, _ := action["Transitions"].(map[string]any)
		if errors, ok := transitions["Errors"].([]any); ok {
			transitions["Errors"] = counted(errors)
		}
	}
	if _, ok := doc["Actions"].([]any); ok {
		doc["Actions"] = counted(actions)
	}
	return doc
}

// counted counts the items of a list, whatever their order.
func counted(list []any) map[string]int {
	count := map[string]int{}
	for _, item := range list {
		count[fmt.Sprint(item)]++
	}
	return count
}

func TestNothingIsLost(t *testing.T) {
	files := testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := formatted(t, filepath.Base(file), string(text))
		if !reflect.DeepEqual(value(t, []byte(got)), value(t, text)) {
			t.Errorf("%s: something was lost or added", file)
		}
	}
}

// shuffled writes a document with its keys, actions and errors in another order.
func shuffled(r *rand.Rand, n *source.Node, key string) *source.Node {
	copied := *n
	copied.Items, copied.Members = nil, nil
	for _, item := range n.Items {
		copied.Items = append(copied.Items, shuffled(r, item, ""))
	}
	for _, m := range n.Members {
		copied.Members = append(copied.Members, source.Member{Key: m.Key, Value: shuffled(r, m.Value, m.Key)})
	}
	if key == "Actions" || key == "Errors" {
		r.Shuffle(len(copied.Items), func(i, j int) {
			copied.Items[i], copied.Items[j] = copied.Items[j], copied.Items[i]
		})
	}
	if free := map[string]bool{"LambdaInvocationAttributes": true, "Attributes": true}; !free[key] {
		r.Shuffle(len(copied.Members), func(i, j int) {
			copied.Members[i], copied.Members[j] = copied.Members[j], copied.Members[i]
		})
	}
	return &copied
}

// TestOneForm checks that a flow whose actions are all reached has one form, whatever the order in which it is written.
func TestOneForm(t *testing.T) {
	const file = "../../examples/balance/flow.json"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		t.Fatal(err)
	}
	want := formatted(t, file, string(text))
	for seed := range testrun.Count(t, 10, 200) {
		other, err := shuffled(rand.New(rand.NewPCG(uint64(seed), 1)), doc, "").MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if got := formatted(t, file, string(other)); got != want {
			t.Fatalf("seed %d: %s", seed, cmp.Diff(want, got))
		}
	}
}

// FuzzFormat checks that whatever can be formatted is the same the second time, and the same value.
func FuzzFormat(f *testing.F) {
	f.Add(`{"Actions": [{"Identifier": "a", "Identifier": "b", "Transitions": {"NextAction": "a"}}],
		"StartAction": "b"}`)
	f.Add(`{"Actions": [[], {"Transitions": {"Errors": [1, {}], "Conditions": {}}}],
		"Metadata": {"ActionMetadata": 1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		once, err := flowfmt.Format("flow.json", []byte(text))
		if err != nil {
			return
		}
		twice, err := flowfmt.Format("flow.json", once)
		if err != nil || string(twice) != string(once) {
			t.Fatalf("%q becomes %q, then %q (%v)", text, once, twice, err)
		}
	})
}
