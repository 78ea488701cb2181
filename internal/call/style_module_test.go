package call_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
)

// callerFlow calls a module and says how it ended.
func callerFlow() string {
	var conditions, says []string
	for _, result := range []string{"SUCCESS", "FAILURE", "NOT_DELIVERABLE", "GAVE_UP", "NO_SERVICE", "CANCELLED",
		"NOT_CANCELLED"} {
		conditions = append(conditions,
			fmt.Sprintf(`{"NextAction": %[1]q, "Condition": {"Operator": "Equals", "Operands": [%[1]q]}}`, result))
		says = append(says, fmt.Sprintf(`{"Identifier": %[1]q, "Type": "MessageParticipant",
			"Parameters": {"Text": "%[1]s $.Modules.ResultData.balance$.Modules.ResultData.error"},
			"Transitions": {"NextAction": "bye"}}`, result))
	}
	return fmt.Sprintf(`{"Version": "2019-10-30", "StartAction": "module", "Metadata": {"type": "contactFlow"},
		"Actions": [
			{"Identifier": "module", "Type": "InvokeFlowModule", "Parameters": {"FlowModuleId": "the-module"},
				"Transitions": {
					"NextAction": "bye",
					"Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"},
						{"NextAction": "bye", "ErrorType": "NoMatchingCondition"}],
					"Conditions": [%s]}},
			%s, {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
		strings.Join(conditions, ", "), strings.Join(says, ", "))
}

// TestModulesReturnEveryOutcome drops the module of every style into a caller's flow, which then knows what became of
// the work.
func TestModulesReturnEveryOutcome(t *testing.T) {
	large := json.RawMessage(fmt.Sprintf(`{"balance":%q}`, strings.Repeat("x", 33<<10)))
	deny := local.Fault{Service: local.StepFunctions, Operation: "start", Error: "AccessDeniedException"}
	blind := local.Fault{Service: local.StepFunctions, Operation: "describe", Error: "ThrottlingException"}
	for _, o := range []style.Options{{Style: style.Poll, Prompt: music}, {Style: style.Wait}, {Style: style.Chat}} {
		o.Type, o.Returns = flowlang.Module, map[string]string{"balance": "$.External.balance"}
		p := styled(t, o, "describe")
		module, main := p.Flows[0].File, filepath.Join(t.TempDir(), "main.json")
		if err := os.WriteFile(main, []byte(callerFlow()), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			want    string
			outcome scenario.Outcome
			faults  []local.Fault
			press   string
		}{
			{want: "SUCCESS 42.10", outcome: scenario.Outcome{Returns: json.RawMessage(`{"balance":"42.10"}`)}},
			{want: "FAILURE Boom", outcome: scenario.Outcome{Error: "Boom"}},
			{want: "NOT_DELIVERABLE", outcome: scenario.Outcome{Returns: large}},
			{want: "NO_SERVICE", faults: []local.Fault{deny}},
			{want: "GAVE_UP", faults: []local.Fault{blind}},
			{want: "CANCELLED", press: "1"},
		} {
			given := stylish(o)
			given.Assumptions.ActionGuard = 100_000
			returning(&given, time.Minute, test.outcome)
			given.Faults, given.Flows = test.faults, map[string]string{"the-module": module}
			if test.press != "" && o.Style != style.Poll {
				continue // only a poll offers a way out
			}
			if test.press != "" {
				given.Callers[0].Does = []scenario.Step{{Heard: "press 1", Press: test.press}}
			}
			s := playOnce(t, call.Options{Project: p, Scenario: given, Flow: main, Virtual: true})
			if !slices.Contains(s.Heard, test.want) {
				t.Errorf("%s: %q is not heard, but %q", o.Style, test.want, s.Heard)
			}
		}
	}
}
