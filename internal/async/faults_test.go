package async

import (
	"context"
	"strings"
	"testing"
)

// TestPermanentFaultsNameOperationAndRemedy checks that whoever reads the cause knows what to fix.
func TestPermanentFaultsNameOperationAndRemedy(t *testing.T) {
	for _, c := range []struct{ op, operation, code, remedy string }{
		{
			op:        "Start",
			operation: "states:StartExecution",
			code:      "AccessDeniedException",
			remedy:    "allow states:StartExecution in the policy",
		},
		{
			op:        "Start",
			operation: "states:StartExecution",
			code:      "StateMachineDoesNotExist",
			remedy:    "check STATE_MACHINE_ARN",
		},
		{
			op:        "Describe",
			operation: "states:DescribeExecution",
			code:      "KmsAccessDeniedException",
			remedy:    "check the key",
		},
		{
			op:        "Stop",
			operation: "states:StopExecution",
			code:      "AccessDeniedException",
			remedy:    "allow states:StopExecution in the policy",
		},
		{
			op:        "Pending",
			operation: "dynamodb:PutItem",
			code:      "AccessDeniedException",
			remedy:    "allow dynamodb:PutItem in the policy",
		},
		{op: "Get", operation: "dynamodb:GetItem", code: "ResourceNotFoundException", remedy: "check RESULTS_TABLE"},
	} {
		w := newWorld()
		w.before = func(_ context.Context, op string) error {
			if op == c.op {
				return &ServiceError{Code: c.code, Status: 400}
			}
			return nil
		}
		env := map[string]string{}
		if c.op == "Pending" || c.op == "Get" {
			env = withTable
		}
		f := newFlow(t, w, env)
		play(t, w, func() {
			reply := f.call(parametersOf{})
			if reply["status"] == "CREATED" {
				reply = f.call(parametersOf{"execution_id": reply["execution_id"], "action": "cancel"})
			}
			expect(t, reply, "sfn_error="+c.code)
			if cause := reply["sfn_cause"]; !strings.HasPrefix(cause, c.operation+" answered "+c.code+": ") ||
				!strings.Contains(cause, c.remedy) {
				t.Errorf("%s: the cause is %s", c.op, cause)
			}
		})
	}
}

// TestFaultsOfTheService: from status 500 on the same call may succeed later, and may have succeeded already.
func TestFaultsOfTheService(t *testing.T) {
	for status, want := range map[int]bool{499: false, 500: true, 503: true} {
		err := &ServiceError{Code: "Strange", Status: status}
		if retryable(err) != want || unsettled(err) != want {
			t.Errorf("status %d: retryable %v, unsettled %v", status, retryable(err), unsettled(err))
		}
	}
}

// TestRemedies of the codes that have one of their own.
func TestRemedies(t *testing.T) {
	for code, want := range map[string]string{
		"StateMachineDoesNotExist": "STATE_MACHINE_ARN", "StateMachineDeleting": "STATE_MACHINE_ARN",
		"InvalidArn": "STATE_MACHINE_ARN", "ResourceNotFoundException": "RESULTS_TABLE",
		codeDoesNotExist: "start it again", "StateMachineTypeNotSupported": "STANDARD", "Strange": "function's log",
	} {
		if got := faultCause("states:X", &ServiceError{Code: code}); !strings.Contains(got, want) {
			t.Errorf("%s: %s", code, got)
		}
	}
	for operation, code := range map[string]string{"connect:StartTaskContact": "ResourceNotFoundException",
		"sqs:SendMessage": "QueueDoesNotExist", "events:PutEvents": "ResourceNotFoundException"} {
		if got := faultCause(operation, &ServiceError{Code: code}); !strings.Contains(got, "deliver_to") {
			t.Errorf("%s: %s", operation, got)
		}
	}
}
