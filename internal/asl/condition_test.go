package asl

import (
	"fmt"
	"testing"
)

func TestConditions(t *testing.T) {
	const input = `{"s":"abc","n":5,"f":5.0,"b":true,"t":"2026-01-02T03:04:05Z","u":"2026-01-02T04:04:05+01:00",
		"z":null,"l":[],"s2":"abd","star":"a*c","n2":6}`
	tests := []struct {
		rule string
		want bool
	}{
		{`"Variable":"$.s","StringEquals":"abc"`, true},
		{`"Variable":"$.n","StringEquals":"5"`, false},
		{`"Variable":"$.s","StringEqualsPath":"$.s2"`, false},
		{`"Variable":"$.s","StringLessThan":"abd"`, true},
		{`"Variable":"$.s","StringLessThanPath":"$.s2"`, true},
		{`"Variable":"$.s","StringLessThanEquals":"abc"`, true},
		{`"Variable":"$.s","StringGreaterThan":"ab"`, true},
		{`"Variable":"$.s","StringGreaterThanEquals":"abd"`, false},
		{`"Variable":"$.s","StringMatches":"a*"`, true},
		{`"Variable":"$.s","StringMatches":"*b*"`, true},
		{`"Variable":"$.s","StringMatches":"a*d"`, false},
		{`"Variable":"$.s","StringMatches":"a\\*c"`, false},
		{`"Variable":"$.star","StringMatches":"a\\*c"`, true},
		{`"Variable":"$.s","StringMatches":"a.c"`, false},
		{`"Variable":"$.n","StringMatches":"*"`, false},
		{`"Variable":"$.n","NumericEquals":5.0`, true},
		{`"Variable":"$.n","NumericEqualsPath":"$.f"`, true},
		{`"Variable":"$.s","NumericEquals":5`, false},
		{`"Variable":"$.n","NumericEqualsPath":"$.s"`, false},
		{`"Variable":"$.n","NumericLessThan":5`, false},
		{`"Variable":"$.n","NumericLessThanPath":"$.n2"`, true},
		{`"Variable":"$.n","NumericLessThanEquals":5`, true},
		{`"Variable":"$.n","NumericGreaterThan":4.9`, true},
		{`"Variable":"$.n","NumericGreaterThanEquals":5.1`, false},
		{`"Variable":"$.b","BooleanEquals":true`, true},
		{`"Variable":"$.b","BooleanEquals":false`, false},
		{`"Variable":"$.s","BooleanEquals":false`, false},
		{`"Variable":"$.b","BooleanEqualsPath":"$.b"`, true},
		{`"Variable":"$.t","TimestampEquals":"2026-01-02T03:04:05.000Z"`, true},
		{`"Variable":"$.t","TimestampEqualsPath":"$.u"`, true},
		{`"Variable":"$.t","TimestampLessThan":"2026-01-02T03:04:06Z"`, true},
		{`"Variable":"$.t","TimestampLessThanEqualsPath":"$.u"`, true},
		{`"Variable":"$.t","TimestampGreaterThan":"2026-01-02T03:04:05Z"`, false},
		{`"Variable":"$.t","TimestampGreaterThanEquals":"2026-01-02T03:04:05Z"`, true},
		{`"Variable":"$.s","TimestampLessThan":"2026-01-02T03:04:05Z"`, false},
		{`"Variable":"$.z","IsNull":true`, true},
		{`"Variable":"$.s","IsNull":false`, true},
		{`"Variable":"$.no","IsPresent":false`, true},
		{`"Variable":"$.z","IsPresent":true`, true},
		{`"Variable":"$.n","IsNumeric":true`, true},
		{`"Variable":"$.s","IsString":true`, true},
		{`"Variable":"$.b","IsBoolean":true`, true},
		{`"Variable":"$.t","IsTimestamp":true`, true},
		{`"Variable":"$.s","IsTimestamp":true`, false},
		{`"And":[{"Variable":"$.n","IsNumeric":true},{"Variable":"$.n","NumericGreaterThan":4}]`, true},
		{`"And":[{"Variable":"$.n","IsString":true},{"Variable":"$.no","NumericGreaterThan":4}]`, false},
		{`"Or":[{"Variable":"$.n","IsString":true},{"Not":{"Variable":"$.s","StringEquals":"x"}}]`, true},
		{`"Or":[{"Variable":"$.n","IsNumeric":true},{"Variable":"$.no","NumericGreaterThan":4}]`, true},
		{`"Not":{"And":[{"Variable":"$.n","IsNumeric":true}]}`, false},
		{`"Variable":"$$.State.Name","StringEquals":"A"`, true},
	}
	for _, test := range tests {
		states := `"A":{"Type":"Choice","Choices":[{` + test.rule + `,"Next":"T"}],"Default":"F"},
			"T":{"Type":"Pass","Result":true,"End":true},
			"F":{"Type":"Pass","Result":false,"End":true}`
		d := start(t, machineOf(states), input)
		d.run(day)
		if want := fmt.Sprintf("SUCCEEDED %v", test.want); d.ending() != want {
			t.Errorf("%s: %s", test.rule, d.ending())
		}
	}
}

func TestChoiceAssigns(t *testing.T) {
	states := `
		"A":{"Type":"Choice","Assign":{"x.$":"$.n"},"Default":"B",
			"Choices":[{"Variable":"$.n","NumericEquals":1,"Assign":{"x":"rule"},"Next":"B"}]},
		"B":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}`
	for input, want := range map[string]string{`{"n":1}`: `SUCCEEDED {"x":"rule"}`, `{"n":2}`: `SUCCEEDED {"x":2}`} {
		if got := outcomeOf(t, machineOf(states), input); got != want {
			t.Errorf("%s: %s", input, got)
		}
	}
}
