package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRestedOnWhatDecided checks that an assumption is reported where its value decided, also one that is not the
// default and lets pass what the default would have stopped; and that it is not where both would have done the same.
func TestRestedOnWhatDecided(t *testing.T) {
	const (
		fn  = `InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}`
		row = `a ` + fn + ` >b
			b ` + fn + ` >c
			c ` + fn + ` >bye` + bye
		short = `a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"3"} >bye` + bye
		list  = `
			a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8",
				"ResponseValidation":{"ResponseType":"JSON"}}
				>bye` + bye
		qualified = `a InvokeLambdaFunction {"LambdaFunctionARN":"arn:aws:lambda:us-east-1:1:function:f:live",
			"InvocationTimeLimitSeconds":"3"} >bye` + bye
		round = `a Loop {"LoopCount":"5"} >bye ContinueLooping=a DoneLooping=bye` + bye
	)
	sevenSeconds := []reply{{takes: 7 * time.Second, payload: `{}`}}
	fiveSeconds := []reply{{takes: 5 * time.Second, payload: `{}`}}
	large := []reply{{payload: `{"a":"` + strings.Repeat("x", 40_000) + `"}`}}
	small := []reply{{payload: `{"a":"x"}`}}
	lists := []reply{{payload: `{"a":{"b":["x"]}}`}}
	for name, test := range map[string]struct {
		scenario
		assumption, value string
		rests             bool
	}{
		"21 s in a row under 30 s": {
			scenario:   scenario{flow: row, replies: sevenSeconds},
			assumption: "chain_limit_seconds",
			value:      "30",
			rests:      true,
		},
		"21 s in a row without a limit": {
			scenario:   scenario{flow: row, replies: sevenSeconds},
			assumption: "chain_limit_seconds",
			value:      "0",
			rests:      true,
		},
		"2.99 s under 3 s": {
			scenario:   scenario{flow: short, replies: []reply{{takes: 2990 * time.Millisecond, payload: `{}`}}},
			assumption: "connect_time_ms",
			value:      "50",
			rests:      true,
		},
		"2.99 s under 3 s, when Connect takes no time": {
			scenario:   scenario{flow: short, replies: []reply{{takes: 2990 * time.Millisecond, payload: `{}`}}},
			assumption: "connect_time_ms",
			value:      "0",
			rests:      true,
		},
		"2.9 s under 3 s": {
			scenario:   scenario{flow: short, replies: []reply{{takes: 2900 * time.Millisecond, payload: `{}`}}},
			assumption: "connect_time_ms",
			value:      "50",
		},
		"an alias": {
			scenario: scenario{flow: qualified, replies: small}, assumption: "alias_association", value: "suffices",
			rests: true,
		},
		"an alias that is refused": {
			scenario: scenario{flow: qualified}, assumption: "alias_association", value: "error", rests: true,
		},
		"no alias": {
			scenario: scenario{flow: short, replies: small}, assumption: "alias_association", value: "error",
		},
		"4 s under 3 s": {
			scenario:   scenario{flow: short, replies: []reply{{takes: 4 * time.Second, payload: `{}`}}},
			assumption: "connect_time_ms",
			value:      "50",
		},
		"15 s in a row under 30 s": {
			scenario:   scenario{flow: row, replies: fiveSeconds},
			assumption: "chain_limit_seconds",
			value:      "30",
		},
		"40 KB under 64 KB": {
			scenario:   scenario{flow: list, replies: large},
			assumption: "response_limit_bytes",
			value:      "65536",
			rests:      true,
		},
		"small under 64 KB": {
			scenario:   scenario{flow: list, replies: small},
			assumption: "response_limit_bytes",
			value:      "65536",
		},
		"40 KB under 32 KB": {
			scenario:   scenario{flow: list, replies: large},
			assumption: "response_limit_bytes",
			value:      "32768",
			rests:      true,
		},
		"a list that is indexed": {
			scenario:   scenario{flow: list, replies: lists},
			assumption: "external_arrays",
			value:      "index",
			rests:      true,
		},
		"a list that is empty": {
			scenario:   scenario{flow: list, replies: lists},
			assumption: "external_arrays",
			value:      "empty",
			rests:      true,
		},
		"no list": {
			scenario:   scenario{flow: list, replies: small},
			assumption: "external_arrays",
			value:      "index",
		},
		"fields left out": {
			scenario:   scenario{flow: list, replies: small},
			assumption: "absent_fields",
			value:      "left_out",
			rests:      true,
		},
		"few actions under the guard": {scenario: scenario{flow: round}, assumption: "action_guard", value: "5000"},
		"more actions than the default": {
			scenario:   scenario{flow: longLoop},
			assumption: "action_guard",
			value:      "5000",
			rests:      true,
		},
	} {
		test.scenario.assume = map[string]string{test.assumption: test.value}
		rested := test.scenario.play(t).contact.Rested()
		if slices.Contains(rested, test.assumption) != test.rests {
			t.Errorf("%s: rested on %v", name, rested)
		}
	}
}

// longLoop runs some 1,200 actions: three loops, one inside the other.
const longLoop = `
	a Loop {"LoopCount":"10"} >bye ContinueLooping=b DoneLooping=bye
	b Loop {"LoopCount":"100"} >a ContinueLooping=b DoneLooping=a` + bye
