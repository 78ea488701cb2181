package dynamodb

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// exchange is a request and what must come back: a response, or the error's code and the beginning of its message.
type exchange struct{ operation, request, want string }

func play(t *testing.T, tables *Tables, exchanges []exchange) {
	t.Helper()
	for i, x := range exchanges {
		response, err := tables.Do(x.operation, []byte(x.request))
		got := string(response)
		if refused, ok := errors.AsType[*Error](err); ok {
			got = refused.Error()
			if strings.HasPrefix(got, x.want) && x.want != "" {
				continue
			}
		}
		if !sameJSON(got, x.want) {
			t.Errorf("%d: %s %s\ngot  %s\nwant %s", i, x.operation, x.request, got, x.want)
		}
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	first, _ := json.Marshal(x)
	second, _ := json.Marshal(y)
	return string(first) == string(second)
}

func newTables() *Tables {
	tables := New(Options{})
	tables.Add("t", "id")
	tables.Add("two", "id", "at")
	return tables
}

func TestItemsComeAndGo(t *testing.T) {
	play(t, newTables(), []exchange{
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}}}`, want: `{}`},
		{
			operation: "PutItem",
			request: `{"TableName":"t",
				"Item":{"id":{"S":"a"},"n":{"N":"1.50"},"l":{"L":[{"BOOL":true},{"NULL":true}]},
				"m":{"M":{"x":{"SS":["b","a"]}}}}}`,
			want: `{}`,
		},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}},"ConsistentRead":true}`,
			want: `{"Item":{"id":{"S":"a"},"n":{"N":"1.5"},"l":{"L":[{"BOOL":true},{"NULL":true}]},
				"m":{"M":{"x":{"SS":["a","b"]}}}}}`},
		{
			operation: "GetItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"ProjectionExpression":"#n, l[1], m.x, zz",
				"ExpressionAttributeNames":{"#n":"n"}}`,
			want: `{"Item":{"n":{"N":"1.5"},"l":{"L":[{"NULL":true}]},"m":{"M":{"x":{"SS":["a","b"]}}}}}`,
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD","ProjectionExpression":""}`,
			want: `{"Attributes":{"id":{"S":"a"},"n":{"N":"1.5"},"l":{"L":[{"BOOL":true},{"NULL":true}]},
				"m":{"M":{"x":{"SS":["a","b"]}}}}}`,
		},
		{
			operation: "DeleteItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD"}`,
			want:      `{"Attributes":{"id":{"S":"a"}}}`,
		},
		{
			operation: "DeleteItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD"}`,
			want:      `{}`,
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"two","Item":{"id":{"S":"a"},"at":{"N":"1"},"v":{"S":"one"}}}`,
			want:      `{}`,
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"two","Item":{"id":{"S":"a"},"at":{"N":"2"},"v":{"S":"two"}}}`,
			want:      `{}`,
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"two","Key":{"id":{"S":"a"},"at":{"N":"1.0"}}}`,
			want:      `{"Item":{"id":{"S":"a"},"at":{"N":"1"},"v":{"S":"one"}}}`,
		},
	})
}

func TestRefusals(t *testing.T) {
	play(t, newTables(), []exchange{
		{operation: "ExecuteStatement", request: `{}`, want: "UnknownOperationException"},
		{
			operation: "GetItem",
			request:   `{"TableName":"none","Key":{"id":{"S":"a"}}}`,
			want:      "ResourceNotFoundException: Requested resource not found",
		},
		{operation: "GetItem", request: `{`, want: "SerializationException: The request is not JSON: "},
		{operation: "GetItem", request: `[]`, want: "SerializationException: The request cannot be a JSON array"},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","Key":{"id":"a"}}`,
			want:      "SerializationException: The parameter Key cannot be a JSON string",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":5}`,
			want:      "SerializationException: The parameter TableName cannot be a JSON number",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","AttributesToGet":"id"}`,
			want:      "SerializationException: The parameter AttributesToGet cannot be a JSON string",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":5}}}`,
			want:      `ValidationException: An attribute value of type N must be a string, such as {"N": "5"}`,
		},
		{
			operation: "GetItem",
			request:   `{"Key":{}}`,
			want:      "ValidationException: 1 validation error detected: Value null at 'tableName'",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t"}`,
			want:      "ValidationException: 1 validation error detected: Value null at 'item'",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t"}`,
			want:      "ValidationException: 1 validation error detected: Value null at 'key'",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","Key":{"other":{"S":"a"}}}`,
			want:      "ValidationException: The provided key element does not match the schema",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"},"x":{"S":"a"}}}`,
			want:      "ValidationException: The provided key element does not match",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","Key":{"id":{"S":""}}}`,
			want:      "ValidationException: One or more parameter values are not valid",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"x":{"S":"a"}}}`,
			want:      "ValidationException: One or more parameter values were invalid: Missing the key id",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a","N":"1"}}}`,
			want:      "ValidationException: Supplied AttributeValue has more than one datatypes",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":"1e999999999"}}}`,
			want:      "ValidationException: The parameter cannot be converted",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":"` + strings.Repeat("1", 39) + `"}}}`,
			want:      "ValidationException: Attempting to store more than 38",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"NS":["1","1.0"]}}}`,
			want:      "ValidationException: One or more parameter values were invalid: Input collection",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"X":"1"}}}`,
			want:      "ValidationException",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"},"b":{"S":"` + strings.Repeat("b", 400<<10) + `"}}}`,
			want:      "ValidationException: Item size",
		},
		{
			operation: "PutItem",
			request:   `{"TableName":"t","Item":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW"}`,
			want:      "ValidationException: Return values set to invalid value",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET id = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"}}}`,
			want: "ValidationException: One or more parameter values were invalid: Cannot update attribute id",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a = :v, a.b = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"}}}`,
			want: "ValidationException: Invalid UpdateExpression: Two document paths overlap",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a = :v SET b = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"}}}`,
			want: "ValidationException: Invalid UpdateExpression: Syntax error",
		},
		{
			operation: "UpdateItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a = b"}`,
			want:      "ValidationException: The provided expression refers",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a.b = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"}}}`,
			want: "ValidationException: The document path provided",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"},":w":{"S":"c"}}}`,
			want: "ValidationException: Value provided in ExpressionAttributeValues unused in expressions: " +
				"keys: {:w}",
		},
		{
			operation: "UpdateItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET a = :v"}`,
			want:      "ValidationException: Invalid UpdateExpression: An expression attribute value",
		},
		{
			operation: "GetItem",
			request:   `{"TableName":"t","Key":{"id":{"S":"a"}},"ProjectionExpression":"a b"}`,
			want:      "ValidationException: Invalid ProjectionExpression: Syntax error",
		},
		{
			operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET Status = :v",
				"ExpressionAttributeValues":{":v":{"S":"b"}}}`,
			want: "ValidationException: Invalid UpdateExpression: Attribute name is a reserved keyword; " +
				"reserved keyword: Status",
		},
		{operation: "GetItem", request: `{"TableName":"t","Key":{"id":{"S":"a"}}}`, want: `{}`}, // nothing was written
	})
}

// TestConditions asks conditions about one item.
func TestConditions(t *testing.T) {
	tables := newTables()
	play(t, tables, []exchange{{
		operation: "PutItem",
		request: `{"TableName":"t","Item":{"id":{"S":"a"},"s":{"S":"hello"},"n":{"N":"10"},
			"l":{"L":[{"S":"x"},{"N":"2"}]},
			"ns":{"NS":["1","2"]},"m":{"M":{"deep":{"M":{"er":{"BOOL":true}}}}},"b":{"B":"AAEC"}}}`,
		want: `{}`,
	}})
	const values = `{":s":{"S":"hello"},":he":{"S":"he"},":n9":{"N":"9.0"},":n10":{"N":"10.0"},":t":{"BOOL":true},
		":x":{"S":"x"},":two":{"N":"2"},":N":{"S":"N"},":set":{"NS":["2","1"]}}`
	for _, test := range []struct {
		condition string
		want      bool
	}{
		{"attribute_exists(s)", true}, {"attribute_exists(m.deep.er)", true}, {"attribute_exists(m.zz.er)", false},
		{"attribute_exists(l[1])", true}, {"attribute_exists(l[2])", false}, {"attribute_not_exists(zz)", true},
		{"attribute_type(n, :N)", true}, {"attribute_type(s, :N)", false},
		{"begins_with(s, :he)", true}, {"begins_with(n, :he)", false}, {"begins_with(zz, :he)", false},
		{"contains(s, :he)", true}, {"contains(l, :x)", true}, {"contains(ns, :two)", true},
		{"contains(ns, :x)", false},
		{"n = :n10", true}, {"n <> :n10", false}, {"n > :n9", true}, {"n < :n9", false}, {"n >= :n10", true},
		{"n <= :n10", true},
		{"s > :he", true}, {"s < :n9", false}, {"s > :n9", false}, {"s <> :n9", true}, {"zz <> :n9", true},
		{"ns = :set", true},
		{"n BETWEEN :n9 AND :n10", true}, {"n between :n10 and :n9", false},
		{"n IN (:n9, :n10)", true}, {"n IN (:n9)", false},
		{"NOT n = :n9", true}, {"n = :n9 OR s = :s AND m.deep.er = :t", true},
		{"(n = :n9 OR s = :s) AND attribute_exists(zz)", false},
		{"size(s) < :n9", true}, {"size(l) = :two", true}, {"size(b) < :two", false}, {"size(zz) = :two", false},
	} {
		used := map[string]json.RawMessage{}
		var all map[string]json.RawMessage
		if err := json.Unmarshal([]byte(values), &all); err != nil {
			t.Fatal(err)
		}
		for name, v := range all {
			if strings.Contains(test.condition+" ", name+" ") || strings.Contains(test.condition, name+")") ||
				strings.Contains(test.condition, name+",") {
				used[name] = v
			}
		}
		request := map[string]any{
			"TableName":           "t",
			"Key":                 json.RawMessage(`{"id":{"S":"a"}}`),
			"ConditionExpression": test.condition,
		}
		if len(used) > 0 {
			request["ExpressionAttributeValues"] = used
		}
		body, _ := json.Marshal(request)
		_, err := tables.Do("UpdateItem", body)
		refused, _ := errors.AsType[*Error](err)
		if refused != nil && refused.Code != "ConditionalCheckFailedException" || (refused == nil) != test.want {
			t.Errorf("%s: %v", test.condition, err)
		}
	}
}

// TestUpdates applies updates to one item, each to what the one before it left.
func TestUpdates(t *testing.T) {
	var exchanges []exchange
	for _, test := range []struct{ update, values, want string }{
		{"SET n = :v, s = :s", `{":v":{"N":"1"},":s":{"S":"x"}}`, `"n":{"N":"1"},"s":{"S":"x"}`},
		{"SET n = n + :v, s = n", `{":v":{"N":"0.1"}}`, `"n":{"N":"1.1"},"s":{"N":"1"}`},
		{"SET n = n - :v", `{":v":{"N":"1.1"}}`, `"n":{"N":"0"},"s":{"N":"1"}`},
		{
			"SET n = if_not_exists(n, :v), m = if_not_exists(m, :m)",
			`{":v":{"N":"7"},":m":{"M":{}}}`,
			`"n":{"N":"0"},"s":{"N":"1"},"m":{"M":{}}`,
		},
		{"SET m.a = :v, l = list_append(:l, :l)", `{":v":{"N":"7"},":l":{"L":[{"N":"1"}]}}`,
			`"n":{"N":"0"},"s":{"N":"1"},"m":{"M":{"a":{"N":"7"}}},"l":{"L":[{"N":"1"},{"N":"1"}]}`},
		{
			"SET l[0] = :v, l[9] = :w REMOVE m, n",
			`{":v":{"N":"0"},":w":{"N":"9"}}`,
			`"s":{"N":"1"},"l":{"L":[{"N":"0"},{"N":"1"},{"N":"9"}]}`,
		},
		{"REMOVE l[0], s, zz", `null`, `"l":{"L":[{"N":"1"},{"N":"9"}]}`},
		{"ADD n :v, s :s REMOVE l", `{":v":{"N":"5"},":s":{"SS":["a","b"]}}`, `"n":{"N":"5"},"s":{"SS":["a","b"]}`},
		{
			"add n :v, s :s delete zz :s",
			`{":v":{"N":"-6"},":s":{"SS":["b","c"]}}`,
			`"n":{"N":"-1"},"s":{"SS":["a","b","c"]}`,
		},
		{"DELETE s :s", `{":s":{"SS":["b","c"]}}`, `"n":{"N":"-1"},"s":{"SS":["a"]}`},
		{"DELETE s :s", `{":s":{"SS":["a"]}}`, `"n":{"N":"-1"}`},
	} {
		exchanges = append(exchanges, exchange{operation: "UpdateItem",
			request: `{"TableName":"t","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW","UpdateExpression":"` +
				test.update + `","ExpressionAttributeValues":` + test.values + `}`,
			want: `{"Attributes":{"id":{"S":"a"},` + test.want + `}}`})
	}
	play(t, newTables(), exchanges)
}

func TestReturnValuesOfUpdates(t *testing.T) {
	update := func(n, returned string) string {
		return `{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET n = :n",
			"ExpressionAttributeValues":{":n":{"N":"` + n + `"}},"ReturnValues":"` + returned + `"}`
	}
	play(t, newTables(), []exchange{
		{operation: "UpdateItem", request: update("1", "UPDATED_OLD"), want: `{}`},
		{operation: "UpdateItem", request: update("2", "UPDATED_OLD"), want: `{"Attributes":{"n":{"N":"1"}}}`},
		{operation: "UpdateItem", request: update("3", "UPDATED_NEW"), want: `{"Attributes":{"n":{"N":"3"}}}`},
		{
			operation: "UpdateItem",
			request:   update("4", "ALL_OLD"),
			want:      `{"Attributes":{"id":{"S":"a"},"n":{"N":"3"}}}`,
		},
		{operation: "UpdateItem", request: update("5", "NONE"), want: `{}`},
	})
}

func TestNesting(t *testing.T) {
	nested := func(levels int) string {
		return `{"TableName":"t","Item":{"id":{"S":"a{\"["},"v":` + strings.Repeat(`{"M":{"v":`, levels-1) +
			`{"S":"deep"}` + strings.Repeat(`}}`, levels-1) + `}}`
	}
	play(t, newTables(), []exchange{
		{operation: "PutItem", request: nested(32), want: `{}`},
		{
			operation: "PutItem",
			request:   nested(34),
			want:      "ValidationException: Nesting Levels have exceeded supported limits",
		},
		{
			operation: "PutItem",
			request:   nested(50_000),
			want:      "ValidationException: Nesting Levels have exceeded supported limits",
		},
	})
}

func TestConditionFailsWithItem(t *testing.T) {
	tables := newTables()
	play(t, tables, []exchange{
		{operation: "PutItem", request: `{"TableName":"t","Item":{"id":{"S":"a"},"v":{"S":"one"}}}`, want: `{}`},
	})
	_, err := tables.Do("PutItem",
		[]byte(`{"TableName":"t","Item":{"id":{"S":"a"}},"ConditionExpression":"attribute_not_exists(id)",
			"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}`))
	refused, ok := errors.AsType[*Error](err)
	if !ok || refused.Code != "ConditionalCheckFailedException" ||
		!sameJSON(string(refused.Item), `{"id":{"S":"a"},"v":{"S":"one"}}`) {
		t.Errorf("got %v", err)
	}
}
