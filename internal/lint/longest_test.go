package lint_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/lint"
)

// TestServes checks how long a function a flow waits for. A check is served 100 ms after it was made, and a held one
// is served for the last time 150 ms before hold_seconds are over, as the async function does it.
func TestServes(t *testing.T) {
	const id, count = `"execution_id": "$.FlowAttributes.id"`, `, "count": "$.FlowAttributes.count"`
	check := func(parameters, limit string) string {
		return `[{"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {
			"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "` + limit + `",
			"LambdaInvocationAttributes": {"action": "check", ` + parameters + `,
			"response_type": "STRING_MAP"},
			"ResponseValidation": {"ResponseType": "STRING_MAP"}},
			"Transitions": {"NextAction": "keep",
			"Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}}]`
	}
	for _, test := range []struct {
		name  string
		check string
		want  string
	}{
		{"60 checks", check(id+count+`, "count_max": "60"`, "3"), "up to 183.4 s for a function (61 checks)"},
		{"a default", check(id+count, "3"),
			"up to 18.0 s for a function (6 checks)"},
		{"held", check(id+count+`, "hold_seconds": "2"`, "3"),
			"up to 26.7 s for a function (6 checks)"},
		{"the limit cuts the hold", check(id+count+`, "hold_seconds": "4"`, "3"),
			"up to 6.8 s for a function (1 check)"},
		{"no count", check(id, "3"), "for a function of any length"},
		{"a start before it", check(`"execution_id": "$.Attributes.a"`+count, "3"),
			"up to 18.0 s for a function (6 checks)"},
		{"a count that is always the first", check(id+`, "count": "$.Attributes.count"`, "3"),
			"for a function of any length"},
		{"an id that is not an execution's", check(`"execution_id": "abc"`+count, "3"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := read(t, "flow.json", polling(t, test.check)).Flows[0]
			text := lint.Serves(lint.Setup{Flow: f, Recordings: map[string]time.Duration{"music": 3 * time.Second}})
			_, waits, _ := strings.Cut(strings.TrimSuffix(text, "."), " waits ")
			if waits != test.want {
				t.Errorf("it waits %s, want %s", waits, test.want)
			}
		})
	}
}
