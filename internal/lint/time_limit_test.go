package lint_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
)

// TestCancelWithoutTimeLimit: a block that waits 3 s gives up on a cancel that may take 8.
func TestCancelWithoutTimeLimit(t *testing.T) {
	const cancel = `{"Version": "2019-10-30", "StartAction": "cancel", "Metadata": {}, "Actions": [
		{"Identifier": "cancel", "Type": "InvokeLambdaFunction",
		 "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "BLOCK",
		 "LambdaInvocationAttributes": {"action": "cancel", "job": "balance" SENT}},
		 "Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`
	for _, c := range []struct {
		block, sent string
		want        int
	}{
		{"3", "", 1}, {"8", "", 0}, {"3", `, "time_limit": "3"`, 0}, {"3", `, "time_limit": "4"`, 1},
		{"3", `, "time_limit": "$.Attributes.limit"`, 0}, {"${limit}", "", 0},
	} {
		text := strings.NewReplacer("BLOCK", c.block, "SENT", c.sent).Replace(cancel)
		doc, err := lint.Read("flow.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, f := range lint.Run(lint.Setup{Flow: doc.Flows[0]}) {
			if f.Code == "time-limit" {
				got++
			}
		}
		if got != c.want {
			t.Errorf("block %s, %s: %d findings, want %d", c.block, c.sent, got, c.want)
		}
	}
}
