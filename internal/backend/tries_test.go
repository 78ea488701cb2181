package backend

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go/middleware"
)

// steps are those of a request of each client, as they are or as the SDK has them.
func steps(t *testing.T, asSDK bool) map[string][]string {
	t.Helper()
	_, settings := serve(t, answer{status: 200, body: "{}"})
	var seen []string
	look := func(own []func(*middleware.Stack) error) []func(*middleware.Stack) error {
		if asSDK {
			own = nil
		}
		return append(slices.Clone(own), func(stack *middleware.Stack) error {
			seen = slices.Concat(stack.Build.List(), stack.Finalize.List(), stack.Deserialize.List())
			return nil
		})
	}
	arn, table, found := executionARN, "results", map[string][]string{}
	_, _ = NewExecutions(settings).client.DescribeExecution(t.Context(),
		&sfn.DescribeExecutionInput{ExecutionArn: &arn}, func(o *sfn.Options) {
			o.APIOptions = look(o.APIOptions)
		})
	found["sfn"] = seen
	_, _ = NewResults(settings, table).client.DescribeTable(t.Context(),
		&dynamodb.DescribeTableInput{TableName: &table}, func(o *dynamodb.Options) {
			o.APIOptions = look(o.APIOptions)
		})
	found["dynamodb"] = seen
	return found
}

// TestOneTry checks that the steps that make sense of several tries only are left out, that the SDK has each of them,
// in one client at least, and that all others stay.
func TestOneTry(t *testing.T) {
	named := slices.Concat([]string{"ClientRequestID"}, around, []string{"RequestResponseLogger"})
	ours, had := steps(t, false), map[string]bool{}
	for client, all := range steps(t, true) {
		if len(all) < 15 {
			t.Errorf("%s has only the steps %q", client, all)
		}
		for _, id := range all {
			if slices.Contains(named, id) == slices.Contains(ours[client], id) {
				t.Errorf("%s: of %q are left %q", client, all, ours[client])
			}
			had[id] = true
		}
	}
	for _, id := range named {
		if !had[id] {
			t.Errorf("no client has a step %s", id)
		}
	}
}
