package jsonata

import (
	"cmp"
	"fmt"
	"testing"
)

func TestUnknownFunctions(t *testing.T) {
	for text, want := range map[string]string{
		`$sum($x) + $Sum($x)`: "[{Sum 15}]",
		`$eval("1")`:          "[{eval 5}]",
		`($f := function($g) { $g($x) }; $f($string))`: "[]",
		`$x ~> $foo(1)`:                "[{foo 10}]",
		`$x[$nope(a)].(b ~> $count())`: "[{nope 8}]",
	} {
		x, err := Parse(text, StepFunctions)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(append([]Reference{}, x.UnknownFunctions()...)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestVariables(t *testing.T) {
	for text, want := range map[string]string{
		`$x + $states.input.a.$y`:                "[{x 2} {y 23}]",
		`($a := $b; $a)`:                         "[{b 9}]",
		`function($p) { $p + $q }`:               "[{q 22}]",
		`$sum($items) ~> $f`:                     "[{items 11} {f 18}]",
		`$unknown(1)`:                            "[]",
		`$states.input.a@$l#$i.($l & $i)`:        "[]",
		`$x[$ = $$.y]`:                           "[{x 2}]",
		`$map($states.input.l, $string)[$limit]`: "[{limit 37}]",
		`$states.input ~> |a|{"b": $z}, [$w]|`:   "[{z 28} {w 34}]",
		`$states.input.l{k: $v}^($o)`:            "[{o 26} {v 21}]",
	} {
		x, err := Parse(text, StepFunctions)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(append([]Reference{}, x.Variables()...)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestKind checks the kind that shows without data, and that what the expression gives is of that kind.
func TestKind(t *testing.T) {
	for text, want := range map[string]string{
		`'a'`: "string", `1`: "number", `-(1)`: "number", `true`: "boolean", `null`: "null", `[1]`: "array",
		`{"a": 1}`: "object", `function() { 1 }`: "function", `/a/`: "function", `$power(?, 2)`: "function",
		`1 + 1`: "number", `1 & 1`: "string", `1 in [1]`: "boolean", `1 < 2 and true`: "boolean",
		`($x := 1; $x & "")`: "string", `$x := [1]`: "array", `true ? 1 : 2`: "number", `true ? 1 : "a"`: "",
		`true ? 'a'`: "string", `$count([])`: "number", `[1, 2] ~> $sum`: "number", `1 ~> $string()`: "string",
		`$match("a", /a/)`: "", `$map([1], $string)`: "", `$lookup({"a": 1}, "a")`: "", `[1][0]`: "",
		`($count := function($x) { "a" }; $count(1))`: "", `$trim ~> $uppercase`: "", `$uuid()`: "string",
		`{"a": 1}.a`: "", `()`: "", `$merge([{"a": 1}])`: "object", `$contains("a", "a")`: "boolean",
		`$states.input.a ~> $sum`: "number", `$states`: "", `$nope(1)`: "", `(1; [2])`: "array",
		`$parse("1")`: "", `"a"[]`: "",
	} {
		x, err := Parse(text, StepFunctions)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.Kind(); got != want {
			t.Errorf("%s is of kind %q, want %q", text, got, want)
		}
		shows := map[byte]string{'"': "string", '[': "array", '{': "object", 't': "boolean", 'f': "boolean",
			'a': "function", 'n': "null"}
		if got := evaluate(t, text); want != "" && cmp.Or(shows[got[0]], "number") != want {
			t.Errorf("%s gives %s, want a %s", text, got, want)
		}
	}
}

func TestReferences(t *testing.T) {
	for _, c := range []struct{ text, context, states string }{
		{`$states.input.a`, "[]", "[input]"},
		{`phone`, "[phone]", "[]"},
		{`a.b + $sum(c)`, "[a c]", "[]"},
		{`$ & $$`, "[$ $$]", "[]"},
		{`$x[total > 10]`, "[]", "[]"},
		{`$x[$$.a]`, "[$$]", "[]"},
		{`$x.(a + $)`, "[]", "[]"},
		{`function($v) { name }`, "[name]", "[]"},
		{`$x ~> | a | {"b": c} |`, "[]", "[]"},
		{`$x^(a){b: c}`, "[]", "[]"},
		{`{"a": b, c: 1}`, "[b c]", "[]"},
		{`*`, "[*]", "[]"},
		{`[1, d][0]`, "[d]", "[]"},
		{`$states.result.x & $states.errorOutput`, "[]", "[result errorOutput]"},
	} {
		x, err := Parse(c.text, StepFunctions)
		if err != nil {
			t.Fatal(err)
		}
		names := func(list []Reference) string {
			found := []string{}
			for _, r := range list {
				found = append(found, r.Name)
			}
			return fmt.Sprint(found)
		}
		if got := names(x.TopLevel()); got != c.context {
			t.Errorf("%s refers to %s, want %s", c.text, got, c.context)
		}
		if got := names(x.StatesFields()); got != c.states {
			t.Errorf("%s asks $states for %s, want %s", c.text, got, c.states)
		}
	}
}
