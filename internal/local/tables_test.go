package local_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// TestTablesThroughTheSDK performs tasks of aws-sdk:dynamodb one after another.
func TestTablesThroughTheSDK(t *testing.T) {
	const create = `{"TableName":"calls","BillingMode":"PAY_PER_REQUEST",
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
		"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		for _, test := range []struct{ action, request, want string }{
			{"createTable", create, `SUCCEEDED`},
			{"createTable", create, `FAILED DynamoDb.ResourceInUseException Table already exists: calls (Service: ` +
				`DynamoDb, Status Code: 400, Request ID: `},
			{"listTables", `{}`, `SUCCEEDED {"TableNames":["calls"]}`},
			{"query", `{"TableName":"calls","KeyConditionExpression":"id = :i",
				"ExpressionAttributeValues":{":i":{"S":"z"}}}`, `SUCCEEDED {"Count":0,"Items":[],"ScannedCount":0}`},
			{"putItem", `{"TableName":"calls","Item":{"id":{"S":"z"}},"ConditionExpression":"attribute_exists(id)"}`,
				`FAILED DynamoDb.ConditionalCheckFailedException The conditional request failed (Service: DynamoDb, `},
			{"transactWriteItems", `{"TransactItems":[{"Put":{"TableName":"calls","Item":{"id":{"S":"z"}}}}]}`,
				`SUCCEEDED {}`},
			{"batchWriteItem", `{"RequestItems":{"calls":[{"PutRequest":{"Item":{"id":{"S":"y"}}}}]}}`,
				`SUCCEEDED {"UnprocessedItems":{}}`},
			{"batchGetItem", `{"RequestItems":{"calls":{"Keys":[{"id":{"S":"y"}}]}}}`,
				`SUCCEEDED {"Responses":{"calls":[{"id":{"S":"y"}}]},"UnprocessedKeys":{}}`},
			{"scan", `{"TableName":"calls","Select":"COUNT"}`, `SUCCEEDED {"Count":2,"ScannedCount":2}`},
			{"scan", `{"TableName":"none"}`,
				`FAILED DynamoDb.ResourceNotFoundException Requested resource not found (`},
			{"scan", `{"TableName":"calls","Limit":0}`,
				`FAILED DynamoDb.DynamoDbException 1 validation error detected: `},
			{"transactWriteItems", `{"TransactItems":[{"Put":{"TableName":"calls","Item":{"id":{"S":"z"}},
				"ConditionExpression":"attribute_not_exists(id)"}}]}`,
				`FAILED DynamoDb.TransactionCanceledException Transaction cancelled, please refer cancellation ` +
					`reasons for specific reasons [ConditionalCheckFailed] (Service: DynamoDb, `},
			{"deleteTable", `{"TableName":"calls"}`, `SUCCEEDED`},
			{"describeTable", `{"TableName":"calls"}`, `FAILED DynamoDb.ResourceNotFoundException`},
		} {
			arn := createAny(t, a, task("arn:aws:states:::aws-sdk:dynamodb:"+test.action, test.request))
			d := finish(t, a, v, arn, `{}`)
			got := strings.TrimSpace(string(d.Status) + " " + string(d.Output) + d.Error + " " + d.Cause)
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("%s %s\ngot  %s\nwant %s", test.action, test.request, got, test.want)
			}
		}
	})
}

// TestTimesThroughTheSDK describes a table in a task, where times are texts.
func TestTimesThroughTheSDK(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddTable("calls", "id")
		describe := createAny(t, a, task("arn:aws:states:::aws-sdk:dynamodb:describeTable", `{"TableName":"calls"}`))
		d := finish(t, a, v, describe, `{}`)
		want := `"CreationDateTime":"` + local.TextTime(float64(v.Now().UnixMilli())/1000) + `"`
		if !strings.Contains(string(d.Output), want) {
			t.Errorf("got %s %s, without %s", d.Output, d.Cause, want)
		}
	})
}

// createAny creates a state machine with a name of its own.
func createAny(t *testing.T, a *local.Account, definition string) string {
	t.Helper()
	return create(t, a, "m-"+a.NewID(), asl.Standard, definition)
}
