package dynamodb

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"
)

func TestTablesComeAndGo(t *testing.T) {
	tables := New(Options{
		Region: "eu-west-1", AccountID: "123456789012",
		Now:   func() time.Time { return time.UnixMilli(1_764_212_645_500) },
		NewID: func() string { return "an-id" },
	})
	const described = `"TableName":"calls","TableId":"an-id",
		"TableArn":"arn:aws:dynamodb:eu-west-1:123456789012:table/calls",
		"CreationDateTime":1764212645.5,"ItemCount":0,"TableSizeBytes":0,
		"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
		"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6,"NumberOfDecreasesToday":0}`
	const create = `{"TableName":"calls","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
		"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}}`
	tables.Add("by-hand", "id")
	play(t, tables, []exchange{
		{
			operation: "CreateTable",
			request:   create,
			want:      `{"TableDescription":{"TableStatus":"CREATING",` + described + `}}`,
		},
		{operation: "CreateTable", request: create, want: "ResourceInUseException: Table already exists: calls"},
		{
			operation: "DescribeTable",
			request:   `{"TableName":"calls"}`,
			want:      `{"Table":{"TableStatus":"ACTIVE",` + described + `}}`,
		},
		{
			operation: "ListTables",
			request:   `{"Limit":1}`,
			want:      `{"TableNames":["by-hand"],"LastEvaluatedTableName":"by-hand"}`,
		},
		{operation: "ListTables", request: `{"ExclusiveStartTableName":"by-hand"}`, want: `{"TableNames":["calls"]}`},
		{operation: "DescribeTimeToLive", request: `{"TableName":"calls"}`,
			want: `{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}`},
		{
			operation: "UpdateTimeToLive",
			request:   `{"TableName":"calls","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"expires"}}`,
			want:      `{"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"expires"}}`,
		},
		{operation: "DescribeTimeToLive", request: `{"TableName":"calls"}`,
			want: `{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"expires"}}`},
		{operation: "DeleteTable", request: `{"TableName":"calls"}`,
			want: `{"TableDescription":{"TableStatus":"DELETING",` + described + `}}`},
		{operation: "DescribeTable", request: `{"TableName":"calls"}`,
			want: "ResourceNotFoundException: Requested resource not found: Table: calls not found"},
		{operation: "ListTables", request: `{}`, want: `{"TableNames":["by-hand"]}`},
	})
}

// TestTablesChange changes throughput, billing, indexes and tags.
func TestTablesChange(t *testing.T) {
	tables := New(Options{Region: "eu-west-1", AccountID: "1"})
	do(t, tables, "CreateTable", `{"TableName":"calls",
		"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
		"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}}`)
	do(t, tables, "PutItem", `{"TableName":"calls","Item":{"id":{"S":"a"},"state":{"S":"open"}}}`)
	do(t, tables, "PutItem", `{"TableName":"calls","Item":{"id":{"S":"b"},"state":{"N":"1"}}}`)
	update := func(rest string) string { return `{"TableName":"calls",` + rest + `}` }
	const create = `"AttributeDefinitions":[{"AttributeName":"state","AttributeType":"S"}],
		"GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"by-state","Projection":{"ProjectionType":"ALL"},
			"KeySchema":[{"AttributeName":"state","KeyType":"HASH"}]}}]`
	for _, rest := range []string{
		`"ProvisionedThroughput":{"ReadCapacityUnits":6,"WriteCapacityUnits":5}`,
		`"BillingMode":"PAY_PER_REQUEST"`, create,
	} {
		do(t, tables, "UpdateTable", update(rest))
	}
	const arn = `"ResourceArn":"arn:aws:dynamodb:eu-west-1:1:table/calls"`
	play(t, tables, []exchange{
		{operation: "Scan", request: `{"TableName":"calls","IndexName":"by-state","ProjectionExpression":"id"}`,
			want: `{"Count":1,"ScannedCount":1,"Items":[{"id":{"S":"a"}}]}`},
		{operation: "UpdateTable", request: update(create),
			want: "ValidationException: Attempting to create an index which already exists"},
		{operation: "UpdateTable", request: `{"TableName":"calls"}`,
			want: "ValidationException: At least one of ProvisionedThroughput, BillingMode"},
		{
			operation: "UpdateTable",
			request:   update(`"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}`),
			want:      bad + "Neither ReadCapacityUnits nor WriteCapacityUnits",
		},
		{operation: "UpdateTable", request: update(`"GlobalSecondaryIndexUpdates":[{}]`),
			want: bad + "One of GlobalSecondaryIndexUpdate.Update"},
		{operation: "UpdateTable", request: update(`"GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"none"}}]`),
			want: "ResourceNotFoundException"},
		{operation: "UpdateTable", request: `{"TableName":"none","BillingMode":"PAY_PER_REQUEST"}`,
			want: "ResourceNotFoundException"},
		{operation: "TagResource", request: `{` + arn + `,"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}`,
			want: `{}`},
		{operation: "TagResource", request: `{` + arn + `,"Tags":[{"Key":"a","Value":"3"}]}`, want: `{}`},
		{operation: "UntagResource", request: `{` + arn + `,"TagKeys":["b"]}`, want: `{}`},
		{operation: "ListTagsOfResource", request: `{` + arn + `}`, want: `{"Tags":[{"Key":"a","Value":"3"}]}`},
		{operation: "ListTagsOfResource", request: `{"ResourceArn":"arn:aws:dynamodb:eu-west-1:1:table/none"}`,
			want: "AccessDeniedException"},
		{operation: "TagResource", request: `{"ResourceArn":"calls"}`, want: "ValidationException: Invalid TableArn"},
	})
	do(t, tables, "UpdateTable", update(`"GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"by-state"}}]`))
	play(t, tables, []exchange{
		{operation: "Scan", request: `{"TableName":"calls","IndexName":"by-state"}`,
			want: "ValidationException: The table does not have the specified index: by-state"},
		{operation: "Scan", request: `{"TableName":"calls","Select":"COUNT"}`, want: `{"Count":2,"ScannedCount":2}`},
	})
}

func TestTablesThatCannotBe(t *testing.T) {
	var exchanges []exchange
	for _, test := range []struct{ rest, want string }{
		{`"KeySchema":[]`, "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint"},
		{`"KeySchema":[{"AttributeName":"x","KeyType":"HASH"}]`,
			"Invalid KeySchema: Some index key attribute have no definition"},
		{`"KeySchema":[{"AttributeName":"id","KeyType":"RANGE"}]`,
			"Invalid KeySchema: The first KeySchemaElement is not"},
		{`"KeySchema":[{"AttributeName":"id","KeyType":"SORT"}]`,
			"1 validation error detected: Value 'SORT' at 'keySchema.1.member.keyType' failed to satisfy constraint"},
		{`"BillingMode":"PROVISIONED"`, badValue + "ReadCapacityUnits and WriteCapacityUnits"},
		{`"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}`,
			badValue + "Neither ReadCapacityUnits"},
		{`"BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":1}`,
			"1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits'"},
		{`"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
			{"AttributeName":"y","AttributeType":"S"}]`,
			badValue + "Number of attributes in KeySchema does not exactly match"},
		{`"GlobalSecondaryIndexes":[{"IndexName":"one","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}]`,
			badValue + "Unknown ProjectionType: null"},
		{`"LocalSecondaryIndexes":[{"IndexName":"one","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
			"Projection":{"ProjectionType":"ALL"}}]`,
			badValue + "Table KeySchema does not have a range key"},
	} {
		request := map[string]json.RawMessage{}
		for _, text := range []string{
			`{"TableName":"calls","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
				"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`, "{" + test.rest + "}",
		} {
			if err := json.Unmarshal([]byte(text), &request); err != nil {
				t.Fatal(err)
			}
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		exchanges = append(exchanges, exchange{operation: "CreateTable", request: string(body),
			want: "ValidationException: " + test.want})
	}
	play(t, New(Options{}), exchanges)
}

// TestKeysOfIndexes refuses items that an index could not hold.
func TestKeysOfIndexes(t *testing.T) {
	play(t, newOrders(t), []exchange{
		{
			operation: "PutItem",
			request:   `{"TableName":"orders","Item":{"customer":{"S":"a"},"at":{"N":"1"},"price":{"S":"x"}}}`,
			want: bad + "Type mismatch for Index Key price " +
				"Expected: N Actual: S IndexName: by-state",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"orders","Item":{"customer":{"S":"a"},"at":{"S":"1"}}}`,
			want: bad + "Type mismatch for key at expected: N " +
				"actual: S",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"orders","Key":{"customer":{"S":"a"},"at":{"N":"1"}},
				"UpdateExpression":"SET #s = :s",
				"ExpressionAttributeNames":{"#s":"state"},"ExpressionAttributeValues":{":s":{"S":""}}}`,
			want: "ValidationException: One or more parameter values are not valid. A value specified for",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"orders","Key":{"customer":{"S":"a"},"at":{"S":"1"}}}`,
			want:      "ValidationException: The provided key element does not match the schema",
		},
	})
}

// TestRestore makes tables of the changes that others told of: they answer alike.
func TestRestore(t *testing.T) {
	first, kept := New(Options{}), map[[2]string]Change{}
	first.Watch(func(c Change) {
		if key := [2]string{c.Table, c.Key}; c.Value == nil {
			delete(kept, key)
		} else {
			kept[key] = c
		}
	})
	first.Add("by-hand", "id", "at")
	do(t, first, "CreateTable", createOrders)
	do(t, first, "UpdateTimeToLive",
		`{"TableName":"orders","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"expires"}}`)
	for i := range 20 {
		do(t, first, "PutItem", fmt.Sprintf(`{"TableName":"orders","Item":{"customer":{"S":"c%d"},"at":{"N":"%d"},
			"state":{"S":"open"},"price":{"N":"%d"},"b":{"B":"AP8="},"bs":{"BS":["AP8=","AQ=="]}}}`, i%3, i, -i))
		do(t, first, "PutItem", fmt.Sprintf(`{"TableName":"by-hand","Item":{"id":{"B":"AP8="},"at":{"N":"%d"}}}`, i))
	}
	do(t, first, "DeleteItem", `{"TableName":"orders","Key":{"customer":{"S":"c0"},"at":{"N":"3"}}}`)
	do(t, first, "CreateTable", `{"TableName":"gone","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`)
	do(t, first, "PutItem", `{"TableName":"gone","Item":{"id":{"S":"x"}}}`)
	do(t, first, "DeleteTable", `{"TableName":"gone"}`)

	second := New(Options{})
	for _, tables := range []bool{true, false} {
		for c := range maps.Values(kept) {
			if tables == (c.Key == "") {
				if err := second.Restore(c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, x := range []struct{ operation, request string }{
		{"ListTables", `{}`},
		{"DescribeTable", `{"TableName":"orders"}`},
		{"DescribeTimeToLive", `{"TableName":"orders"}`},
		{"Scan", `{"TableName":"orders"}`},
		{"Scan", `{"TableName":"by-hand"}`},
		{"Scan", `{"TableName":"orders","IndexName":"by-state"}`},
		{"Scan", `{"TableName":"orders","IndexName":"by-price"}`},
	} {
		want, err := first.Do(x.operation, []byte(x.request))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := second.Do(x.operation, []byte(x.request)); err != nil || string(got) != string(want) {
			t.Errorf("%s %s\ngot  %s %v\nwant %s", x.operation, x.request, got, err, want)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	tables := newTables()
	for _, c := range []Change{
		{Table: "x", Value: json.RawMessage(`["id"]`)},
		{Table: "x", Value: json.RawMessage(`{}`)},
		{Table: "none", Key: "k", Value: json.RawMessage(`{}`)},
		{Table: "t", Key: "k", Value: json.RawMessage(`{"x":{"S":"a"}}`)},
		{Table: "t", Key: "k", Value: json.RawMessage(`{"id":{"Q":"a"}}`)},
	} {
		if err := tables.Restore(c); err == nil {
			t.Errorf("%s %s is restored", c.Table, c.Value)
		}
	}
}
