package jsonata

import (
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
