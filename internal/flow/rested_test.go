package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRestedOnWhatDecided holds that an assumption is reported where its value decided, also one that is not the default and lets
// pass what the default would have stopped; and that it is not where both would have done the same.
func TestRestedOnWhatDecided(t *testing.T) {
	const (
		fn  = `InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}`
		row = `a ` + fn + ` >b
			b ` + fn + ` >c
			c ` + fn + ` >bye` + bye
		list  = `a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8","ResponseValidation":{"ResponseType":"JSON"}} >bye` + bye
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
		"21 s in a row under 30 s":      {scenario{flow: row, replies: sevenSeconds}, "chain_limit_seconds", "30", true},
		"21 s in a row without a limit": {scenario{flow: row, replies: sevenSeconds}, "chain_limit_seconds", "0", true},
		"15 s in a row under 30 s":      {scenario{flow: row, replies: fiveSeconds}, "chain_limit_seconds", "30", false},
		"40 KB under 64 KB":             {scenario{flow: list, replies: large}, "response_limit_bytes", "65536", true},
		"small under 64 KB":             {scenario{flow: list, replies: small}, "response_limit_bytes", "65536", false},
		"40 KB under 32 KB":             {scenario{flow: list, replies: large}, "response_limit_bytes", "32768", true},
		"a list that is indexed":        {scenario{flow: list, replies: lists}, "external_arrays", "index", true},
		"a list that is empty":          {scenario{flow: list, replies: lists}, "external_arrays", "empty", true},
		"no list":                       {scenario{flow: list, replies: small}, "external_arrays", "index", false},
		"fields left out":               {scenario{flow: list, replies: small}, "absent_fields", "left_out", true},
		"few actions under the guard":   {scenario{flow: round}, "action_guard", "5000", false},
		"more actions than the default": {scenario{flow: longLoop}, "action_guard", "5000", true},
	} {
		test.scenario.assume = map[string]string{test.assumption: test.value}
		rested := test.scenario.play(t).contact.Rested()
		if slices.Contains(rested, test.assumption) != test.rests {
			t.Errorf("%s: rested on %v", name, rested)
		}
	}
}

// longLoop runs some 1,200 actions: three loops, one inside the other.
const longLoop = `a Loop {"LoopCount":"10"} >bye ContinueLooping=b DoneLooping=bye
	b Loop {"LoopCount":"100"} >a ContinueLooping=b DoneLooping=a` + bye
