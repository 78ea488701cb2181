package jsonata

import (
	"fmt"
	"testing"
)

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
