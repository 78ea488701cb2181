package jsonpath

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/value"
)

func evaluate(t testing.TB, text, input string) (string, error) {
	t.Helper()
	expression, err := ParseExpression(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	result, err := expression.Evaluate(data(t, input))
	if err != nil {
		return "", err
	}
	return string(value.Encode(result)), nil
}

// TestFunctionExamples evaluates the example of every function in the table.
func TestFunctionExamples(t *testing.T) {
	for _, f := range functions {
		got, err := evaluate(t, f.example, `{}`)
		if err != nil || f.result != "" && got != f.result {
			t.Errorf("%s gives %s (%v), want %s", f.example, got, err, f.result)
		}
		if !strings.HasPrefix(f.example, f.name+"(") || f.doc == "" {
			t.Errorf("the entry of %s is incomplete", f.name)
		}
	}
	if len(functions) != 18 {
		t.Errorf("there are %d functions, want 18", len(functions))
	}
}

func TestFunctions(t *testing.T) {
	const input = `{"s": "x,y.z", "n": 3.5, "list": [1, 2, 2, {"a": 1}], "o": {"b": [1, "t"], "a": null},
		"big": 9223372036854775807}`
	tests := []struct{ text, want string }{
		{`States.Array()`, `[]`},
		{`States.Array($.n, 'a', -1.50, true, null, States.Array())`, `[3.5,"a",-1.50,true,null,[]]`},
		{`States.ArrayPartition($.list, 3)`, `[[1,2,2],[{"a":1}]]`},
		{`States.ArrayContains($.list, States.StringToJson('{"a":1.0}'))`, `true`},
		{`States.ArrayRange(5, 1, -2)`, `[5,3,1]`},
		{`States.ArrayRange(5, 1, 2)`, `[]`},
		{
			`States.ArrayRange(9223372036854775000, 9223372036854775807, 500)`,
			`[9223372036854775000,9223372036854775500]`,
		},
		{`States.ArrayUnique($.list)`, `[1,2,{"a":1}]`},
		{`States.Hash($.o, 'SHA-1')`, `"002873059213683fde67556f80bd8ebebb59861e"`},
		{`States.StringToJson(' ')`, `null`},
		{`States.JsonToString($.o)`, `"{\"b\":[1,\"t\"],\"a\":null}"`},
		{`States.MathAdd(2.5, -2.5)`, `1`},
		{`States.StringSplit($.s, '.,')`, `["x","y","z"]`},
		{`States.Format('{}-{}', $.o, $.list)`, `"{b=[1, t], a=null}-[1, 2, 2, {a=1}]"`},
		{`States.Format('it\'s \\ \{\}')`, `"it's \\ {}"`},
		{`States.Format($.s)`, `"x,y.z"`},
		{`States.MathRandom(5, 6)`, `5`},
		{`States.MathRandom(0, 1000000, 7)`, `985182`},
		{`States.Array( 1 , 2 ) `, `[1,2]`},
		{`States.ArrayGetItem($.list[0:2], 1)`, `2`},
	}
	for _, test := range tests {
		got, err := evaluate(t, test.text, input)
		if err != nil || got != test.want {
			t.Errorf("%s gives %s (%v), want %s", test.text, got, err, test.want)
		}
	}
}

func TestFunctionErrors(t *testing.T) {
	tests := []struct{ text, reason string }{
		{`States.ArrayLength('a')`, `argument 1 must be an array, but is a value of type string`},
		{`States.ArrayPartition(States.Array(1), 0)`, `the size of a part must be positive, but is 0`},
		{`States.ArrayRange(0, 5000, 1)`, `the array would have more than 1000 elements`},
		{`States.ArrayRange(0, 1, 0)`, `the step must not be 0`},
		{`States.Base64Decode('***')`, `the text is not valid Base64`},
		{
			`States.Hash('a', 'MD4')`,
			`the algorithm "MD4" does not exist; there are MD5, SHA-1, SHA-256, SHA-384, SHA-512`,
		},
		{
			`States.JsonMerge(States.Array(), States.Array(), false)`,
			`argument 1 must be an object, but is a value of type array`,
		},
		{
			`States.JsonMerge(States.StringToJson('{}'), States.StringToJson('{}'), true)`,
			`argument 3 must be false: only shallow merging exists`,
		},
		{`States.StringToJson('{')`, `the text is not valid JSON: unexpected end of the JSON text`},
		{`States.MathAdd(9223372036854775807, 1)`, `the sum is too large`},
		{`States.MathAdd(1e300, 1)`, `argument 1 must be an integer, but is a value of type number`},
		{`States.MathRandom(2, 2)`, `the first number must be less than the second`},
		{`States.Format('{}')`, `the template has more {} than there are values`},
		{`States.Format('', 1)`, `the template has 0 {}, but there are 1 values`},
	}
	for _, test := range tests {
		_, err := evaluate(t, test.text, `{}`)
		var function *FunctionError
		if !errors.As(err, &function) || function.Reason != test.reason || function.Call != test.text {
			t.Errorf("%s: %v, want %s", test.text, err, test.reason)
		}
	}
}

func TestUUID(t *testing.T) {
	got, err := evaluate(t, `States.UUID()`, `{}`)
	version4 := regexp.MustCompile(`^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`)
	if err != nil || !version4.MatchString(got) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestParseExpressionRefuses(t *testing.T) {
	deep := strings.Repeat("States.Array(", 11) + strings.Repeat(")", 11)
	texts := []string{
		``, `x`, `'text'`, `States.Nothing()`, `States.Array`, `States.Array(`, `States.Array(1`,
		`States.Array(1,)`, `States.Array(1 2)`, `States.Array('a)`, `States.Array("a")`, `States.Array(a)`,
		`States.UUID(1)`, `States.Hash('a')`, `States.Array()x`, `$.a b`, deep,
	}
	for _, text := range texts {
		if _, err := ParseExpression(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestTemplate(t *testing.T) {
	text := `{"a.$": "$.x", "b": [{"c.$": "States.Array($$.State.Name, $v)"}, "$.x"], "d": {"e": 1.0}, "f.$.g": "$.x"}`
	template, faults := ParseTemplate(decoded(t, text))
	if faults != nil {
		t.Fatal(faults)
	}
	got, err := template.Evaluate(data(t, `{"x": {"y": 1}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":{"y":1},"b":[{"c":["S",{"k":"v"}]},"$.x"],"d":{"e":1.0},"f.$.g":"$.x"}`
	if encoded := string(value.Encode(got)); encoded != want {
		t.Errorf("got %s, want %s", encoded, want)
	}
}

func TestTemplateErrors(t *testing.T) {
	_, faults := ParseTemplate(decoded(t, `{"b":[{"c.$":"x"}],"a.$":1}`))
	if len(faults) != 2 || faults[0].Field() != "c.$" || faults[1].Field() != "a.$" || len(faults[0].Keys) != 3 {
		t.Errorf("got %v", faults)
	}
	template, _ := ParseTemplate(decoded(t, `[{"b":{"c.$":"$.no"}}]`))
	_, err := template.Evaluate(data(t, `{}`))
	var field *FieldError
	var missing *NotFoundError
	if !errors.As(err, &field) || !errors.As(err, &missing) || field.Field() != "c.$" || missing.Path != "$.no" {
		t.Errorf("got %v", err)
	}
}

func FuzzParseExpression(f *testing.F) {
	for _, function := range functions {
		f.Add(function.example)
	}
	f.Add(`States.Format('\{{}', $.a[?(@.b)])`)
	f.Fuzz(func(t *testing.T, text string) {
		expression, err := ParseExpression(text)
		if err != nil {
			return
		}
		result, err := expression.Evaluate(data(t, store))
		if err != nil {
			return
		}
		if encoded := value.Encode(result); !json.Valid(encoded) {
			t.Fatalf("%q gives what is not JSON: %s", text, encoded)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add(`{"a.$": "$.limit", "b": [{"c.$": "States.UUID()"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := value.Decode([]byte(text))
		if err != nil {
			return
		}
		if template, faults := ParseTemplate(parsed); len(faults) == 0 {
			_, _ = template.Evaluate(data(t, store))
		}
	})
}
