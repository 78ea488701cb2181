package jsonata

import (
	"strings"
	"testing"
)

// TestFunctionExamples evaluates the example of every function in the table.
func TestFunctionExamples(t *testing.T) {
	for _, b := range table {
		if !strings.Contains(b.example, "$"+b.name) || b.doc == "" {
			t.Errorf("the entry of $%s is incomplete", b.name)
		}
		got := evaluate(t, b.example)
		if b.result != "" && got != b.result || b.result == "" && strings.Contains(got, ":") && got[0] != '"' {
			t.Errorf("%s gives %s, want %s", b.example, got, b.result)
		}
	}
}

// TestStepFunctions checks what AWS does otherwise than the language's documentation (seen by floci-io/floci#2662 to
// #2745, or recorded).
func TestStepFunctions(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`$eval("1")`, "T1006: Attempted to invoke a non-function"},
		{`$parse("")`, "D3137: Invalid JSON"},
		{`$parse("1 2")`, "D3137: Invalid JSON"},
		{`$parse('{"a":1,"a":2}')`, "D3137: Invalid JSON"},
		{`$parse("1e400")`, "D3137: Invalid JSON"},
		{`$parse()`, "undefined"},
		{`$parse(null)`, `T0410: Argument 1 of function "parse" does not match function signature`},
		{`$parse("-0")`, "0"},
		{`$map(["[1]", "2"], $parse)`, "[[1],2]"},
		{`$range(1.9, 5.9, 2.9)`, "[1,3,5]"},
		{`$range(1, 9, 9)`, "1"},
		{`$range(5, 1, -2)`, "[5,3,1]"},
		{`$range(1, 5, 0)`, "undefined"},
		{`$range(1, 5)`, "undefined"},
		{`$range(1, 5, -1)`, "undefined"},
		{`$range(1)`, `T0410: Argument 2 of function "range" does not match function signature`},
		{`$partition([1,2,3], 2)`, "[[1,2],[3]]"},
		{`$partition([1,2], 5)`, "[[1,2]]"},
		{`$partition([1,2,3])`, "[[1,2,3]]"},
		{`$partition([1,2,3], 2.9)`, "[[1,2],[3]]"},
		{`$partition([1,2,3], 0)`, "undefined"},
		{`$partition([], 2)`, "undefined"},
		{`$partition([1], -1)`, "D3137: Second argument must be zero or greater"},
		{`$hash("a", "SHA-256")`, `"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"`},
		{`$hash("a")`, "undefined"},
		{`$hash("a", "sha-256")`, "D3137: Unsupported hash algorithm: sha-256"},
		{`$random(42)`, "0.7275636800328681"},
		{`$random(0)`, "0.730967787376657"},
		{`$random(7)`, "0.7306990420600421"},
		{`$uuid(1)`, `T0410: Argument 1 of function "uuid" does not match function signature`},
		{`1/0`, `"Infinity"`},
		{`{"a": [-1/0, 0/0]}`, `{"a":["-Infinity","NaN"]}`},
		{`9223372036854775807`, "9223372036854775807"},
		{`9223372036854775806 + 1`, "9223372036854775807"},
		{`9223372036854775807 + 1`, "9.223372036854776E18"},
		{`$string(9223372036854775807 + 1)`, `"9223372036854776000"`},
		{`1.0`, "1"},
		{`function($x) { $x }`, "a function"},
		{`[null][0]`, "null"},
		{`-0`, "0"},
		{`$string(0.1 + 0.2)`, `"0.3"`},
		{`0.1 + 0.2`, "0.30000000000000004"},
	} {
		if got := evaluate(t, c.text); got != c.want {
			t.Errorf("%s gives %s, want %s", c.text, got, c.want)
		}
	}
}
