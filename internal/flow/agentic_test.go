package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// agentic lets an agentic bot take an order.
const agentic = `
	bot ConnectParticipantWithAgenticCX {
		"AgentConfiguration":{"WorkspaceId":"w","ApplicationId":"a","Alias":"live",
			"ContextVariables":{"name":"$.Attributes.name"}},
		"AudioFillerConfiguration":{"Enabled":"true"}}
		>done Escalation=agent !NoMatchingError=failed !NoMatchingCondition=failed !InputTimeLimitExceeded=failed
	done MessageParticipant {"Text":"You ordered $.AgenticCX.ContextVariables.dish."} >bye
	agent MessageParticipant {"Text":"I am getting somebody."} >bye
	failed MessageParticipant {"Text":"Sorry."} >bye` + bye

// TestAgentic plays the conversation with an agentic bot as the scenario says it goes.
func TestAgentic(t *testing.T) {
	for name, test := range map[string]struct {
		channel flow.Channel
		outcome flow.Outcome
		want    string
		after   time.Duration
	}{
		"ends normally": {want: "You ordered ."},
		"ends normally, with a variable": {
			outcome: flow.Outcome{
				Data:  map[string]string{"$.AgenticCX.ContextVariables.dish": "soup"},
				Takes: time.Minute,
			},
			want: "You ordered soup.", after: time.Minute,
		},
		"escalates":    {outcome: flow.Outcome{Result: flowlang.Escalation}, want: "I am getting somebody."},
		"is too quiet": {outcome: flow.Outcome{Error: flowlang.InputTimeLimitExceeded}, want: "Sorry."},
		"not in tasks": {channel: flow.Task, want: "Sorry."},
	} {
		t.Run(name, func(t *testing.T) {
			d := scenario{
				options: flow.Options{Channel: test.channel, World: world("bot", test.outcome)},
				flow:    agentic,
			}.play(t)
			if got := heard(d); got != test.want {
				t.Errorf("heard %q, want %q", got, test.want)
			}
			if d.now < test.after {
				t.Errorf("ended after %v, want %v at least", d.now, test.after)
			}
		})
	}
}

// TestAgenticIsPublished: all three errors are required, and at most 10 variables.
func TestAgenticIsPublished(t *testing.T) {
	for _, test := range []struct{ fields, want string }{
		{
			`"Parameters":{"AgentConfiguration":{}},"Transitions":{"NextAction":"end","Errors":[]}`,
			"missing-parameter missing-error missing-error missing-error",
		},
		{
			`"Parameters":{"AgentConfiguration":{"ContextVariables":{` +
				strings.Repeat(`"x":"$.Attributes.x",`, 10) + `"y":""}}}`,
			"missing-parameter parameter-combination empty-value next-action " +
				"missing-error missing-error missing-error",
		},
	} {
		_, got := findings(t, `{"Version":"2019-10-30","StartAction":"end","Actions":[
			{"Identifier":"end","Type":"DisconnectParticipant"},
			{"Identifier":"bot","Type":"ConnectParticipantWithAgenticCX",`+test.fields+`}]}`)
		for _, code := range slices.Compact(slices.Sorted(strings.FieldsSeq(test.want))) {
			if strings.Count(got, " "+code) != strings.Count(" "+test.want, " "+code) {
				t.Errorf("%s: found %s, want %s", test.fields, got, test.want)
			}
		}
	}
}
