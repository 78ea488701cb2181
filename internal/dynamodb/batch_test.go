package dynamodb

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// How errors begin that the tests expect.
const (
	bad       = "ValidationException: " + badValue
	cancelled = "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for " +
		"specific reasons "
)

func TestBatches(t *testing.T) {
	play(t, newTables(), []exchange{
		{
			operation: "BatchWriteItem",
			request: `{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"a"},"v":{"N":"1"}}}},
				{"PutRequest":{"Item":{"id":{"S":"b"}}}},{"DeleteRequest":{"Key":{"id":{"S":"c"}}}}]},
				"ReturnConsumedCapacity":"TOTAL"}`,
			want: `{"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"t","CapacityUnits":3}]}`,
		},
		{
			operation: "BatchGetItem",
			request: `{"RequestItems":{"t":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"none"}}],"ProjectionExpression":"v"},
				"two":{"Keys":[{"id":{"S":"a"},"at":{"N":"1"}}]}}}`,
			want: `{"Responses":{"t":[{"v":{"N":"1"}}],"two":[]},"UnprocessedKeys":{}}`,
		},
		{operation: "BatchGetItem", request: `{}`,
			want: "ValidationException: The requestItems parameter is required for BatchGetItem"},
		{operation: "BatchGetItem", request: `{"RequestItems":{"t":null}}`,
			want: "ValidationException: 1 validation error detected: Value null at 'requestItems.t.member.keys'"},
		{operation: "BatchGetItem", request: `{"RequestItems":{"t":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"a"}}]}}}`,
			want: "ValidationException: Provided list of item keys contains duplicates"},
		{operation: "BatchGetItem", request: `{"RequestItems":{"none":{"Keys":[{"id":{"S":"a"}}]}}}`,
			want: "ResourceNotFoundException: Requested resource not found"},
		{operation: "BatchWriteItem", request: `{}`,
			want: "ValidationException: The requestItems parameter is required for BatchWriteItem"},
		{operation: "BatchWriteItem", request: `{"RequestItems":{"t":[]}}`,
			want: "ValidationException: 1 validation error detected: Value '{t=[]}' at 'requestItems'"},
		{operation: "BatchWriteItem", request: `{"RequestItems":{"t":[{}]}}`, want: "ValidationException"},
		{
			operation: "BatchWriteItem",
			request: `{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"new"}}}},
				{"DeleteRequest":{"Key":{"id":{"S":"new"}}}}]}}`,
			want: "ValidationException: Provided list of item keys contains duplicates",
		},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"new"}}}`, want: `{}`},
	})
}

func TestBatchesHaveLimits(t *testing.T) {
	writes := strings.Repeat(`{"PutRequest":{"Item":{"id":{"S":"a"}}}},`, maxBatchWrite) +
		`{"PutRequest":{"Item":{"id":{"S":"b"}}}}`
	keys := strings.Repeat(`{"id":{"S":"a"}},`, maxBatchGet) + `{"id":{"S":"b"}}`
	play(t, newTables(), []exchange{
		{operation: "BatchWriteItem", request: `{"RequestItems":{"t":[` + writes + `]}}`,
			want: "ValidationException: 1 validation error detected: Value '{t=[WriteRequest(PutRequest)"},
		{operation: "BatchGetItem", request: `{"RequestItems":{"t":{"Keys":[` + keys + `]}}}`,
			want: "ValidationException: 1 validation error detected: Value at 'RequestItems.t.member.Keys'"},
	})
}

// TestBatchGetItemReturnsTheRest asks for more than fits into what is left of an answer.
func TestBatchGetItemReturnsTheRest(t *testing.T) {
	tables := newTables()
	many := &getMany{}
	for _, id := range []string{"a", "b", "c"} {
		do(t, tables, "PutItem", `{"TableName":"t","Item":{"id":{"S":"`+id+`"}}}`) // 3 bytes
		many.Keys = append(many.Keys, item{"id": {kind: "S", text: id}})
	}
	bytes := maxBatchAnswer - 7
	found, rest, err := tables.getMany("t", many, &bytes, &bill{})
	if err != nil || len(found) != 2 || len(rest) != 1 || rest[0]["id"].text != "c" {
		t.Errorf("found %v, the rest %v, %v", found, rest, err)
	}
}

func TestTransactions(t *testing.T) {
	put := func(id, rest string) string {
		return `{"Put":{"TableName":"t","Item":{"id":{"S":"` + id + `"}}` + rest + `}}`
	}
	const isNew = `,"ConditionExpression":"attribute_not_exists(id)"`
	get := func(id string) string { return `{"Get":{"TableName":"t","Key":{"id":{"S":"` + id + `"}}}}` }
	transaction := func(actions ...string) string { return `{"TransactItems":[` + strings.Join(actions, ",") + `]}` }
	play(t, newTables(), []exchange{
		{operation: "TransactWriteItems", request: transaction(put("a", isNew), put("b", "")), want: `{}`},
		{
			operation: "TransactWriteItems",
			request: `{"ReturnConsumedCapacity":"TOTAL","TransactItems":[
				{"Update":{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"ADD n :n",
					"ExpressionAttributeValues":{":n":{"N":"1"}}}},
				{"Delete":{"TableName":"t","Key":{"id":{"S":"b"}}}},
				{"ConditionCheck":{"TableName":"t","Key":{"id":{"S":"c"}},
					"ConditionExpression":"attribute_not_exists(id)"}}]}`,
			want: `{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":6,"WriteCapacityUnits":6}]}`,
		},
		{
			operation: "TransactGetItems",
			request:   transaction(get("a"), get("b")),
			want:      `{"Responses":[{"Item":{"id":{"S":"a"},"n":{"N":"1"}}},{}]}`,
		},
		{
			operation: "TransactWriteItems",
			request:   transaction(put("d", ""), put("a", isNew)),
			want:      cancelled + "[None, ConditionalCheckFailed]",
		},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"d"}}}`, want: `{}`},
		{operation: "TransactWriteItems", request: transaction(put("d", ""), put("d", "")),
			want: "ValidationException: Transaction request cannot include multiple operations on one item"},
		{operation: "TransactGetItems", request: transaction(get("d"), get("d")),
			want: "ValidationException: Transaction request cannot include multiple operations on one item"},
		{operation: "TransactWriteItems", request: transaction(),
			want: "ValidationException: 1 validation error detected: Value '[]' at 'transactItems'"},
		{operation: "TransactWriteItems", request: transaction(`{}`),
			want: "ValidationException: TransactItems can only contain one of Check, Put, Update or Delete"},
		{operation: "TransactGetItems", request: transaction(`{}`),
			want: "ValidationException: 1 validation error detected: Value null at 'transactItems.1.member.get'"},
		{operation: "TransactWriteItems", request: transaction(put("d", `,"ConditionExpression":"("`)),
			want: "ValidationException: Invalid ConditionExpression: Syntax error"},
		{operation: "TransactGetItems", request: transaction(`{"Get":{"TableName":"t","Key":{}}}`),
			want: cancelled + "[ValidationError]"},
	})
}

func TestReasonsOfATransaction(t *testing.T) {
	tables := newTables()
	do(t, tables, "PutItem", `{"TableName":"t","Item":{"id":{"S":"a"},"v":{"S":"one"}}}`)
	_, err := tables.Do("TransactWriteItems", []byte(`{"TransactItems":[
		{"Put":{"TableName":"t","Item":{"id":{"S":"b"}}}},
		{"Put":{"TableName":"t","Item":{"id":{"S":"a"}},"ConditionExpression":"attribute_not_exists(id)",
			"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}}]}`))
	const want = `[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request failed",
		"Item":{"id":{"S":"a"},"v":{"S":"one"}}}]`
	if refused, ok := errors.AsType[*Error](err); !ok || !sameJSON(string(refused.Reasons), want) {
		t.Errorf("got %v", err)
	}
}

// TestTransactionsAreMadeOnce repeats a transaction under its token.
func TestTransactionsAreMadeOnce(t *testing.T) {
	now := time.Unix(0, 0)
	tables := New(Options{Now: func() time.Time { return now }})
	tables.Add("t", "id")
	count := func(by string) string {
		return `{"ClientRequestToken":"token","TransactItems":[{"Update":{"TableName":"t","Key":{"id":{"S":"a"}},
			"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"` + by + `"}}}}]}`
	}
	is := func(n string) exchange {
		return exchange{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}}}`,
			want: `{"Item":{"id":{"S":"a"},"n":{"N":"` + n + `"}}}`}
	}
	play(t, tables, []exchange{
		{operation: "TransactWriteItems", request: count("1"), want: `{}`},
		{operation: "TransactWriteItems", request: count("1"), want: `{}`},
		is("1"),
		{operation: "TransactWriteItems", request: count("2"), want: "IdempotentParameterMismatchException"},
	})
	now = now.Add(tokenLife)
	play(t, tables, []exchange{{operation: "TransactWriteItems", request: count("1"), want: `{}`}, is("2")})
}

func TestLegacyParameters(t *testing.T) {
	put := func(expected string) string {
		return `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":"1"},"s":{"SS":["x","y"]}},"Expected":` +
			expected + `}`
	}
	compared := func(name, operator, values string) string {
		return put(`{"` + name + `":{"ComparisonOperator":"` + operator + `","AttributeValueList":[` + values + `]}}`)
	}
	const refused = "ConditionalCheckFailedException"
	play(t, newTables(), []exchange{
		{operation: "PutItem", request: put(`{"id":{"Exists":false}}`), want: `{}`},
		{operation: "PutItem", request: put(`{"id":{"Exists":false}}`), want: refused},
		{operation: "PutItem", request: put(`{"id":{"Value":{"S":"a"}}}`), want: `{}`},
		{operation: "PutItem", request: compared("n", "BETWEEN", `{"N":"0"},{"N":"1"}`),
			want: `{}`},
		{operation: "PutItem", request: compared("n", "IN", `{"N":"0"},{"N":"2"}`),
			want: refused},
		{operation: "PutItem", request: compared("s", "NOT_CONTAINS", `{"S":"x"}`),
			want: refused},
		{operation: "PutItem", request: compared("s", "NULL", `{"S":"x"}`),
			want: bad + "Invalid number of argument(s) for the NULL"},
		{operation: "PutItem", request: put(`{"s":{}}`),
			want: bad + "Value or ComparisonOperator must be used"},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}},"AttributesToGet":["n","none"]}`,
			want: `{"Item":{"n":{"N":"1"}}}`},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}},"AttributesToGet":["n","n"]}`,
			want: bad + "Duplicate value in attribute name: n"},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW","AttributeUpdates":{
				"n":{"Action":"ADD","Value":{"N":"4"}},"s":{"Action":"DELETE","Value":{"SS":["x"]}},
				"new":{"Value":{"S":"v"}}}}`,
			want: `{"Attributes":{"id":{"S":"a"},"n":{"N":"5"},"s":{"SS":["y"]},"new":{"S":"v"}}}`,
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},
				"AttributeUpdates":{"n":{"Action":"DELETE"},"s":{"Action":"PUT"}}}`,
			want: "ValidationException: One or more parameter values were invalid: Only DELETE action is allowed",
		},
	})
}
