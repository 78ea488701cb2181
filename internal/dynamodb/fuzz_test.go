package dynamodb

import (
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// FuzzExpressions reads expressions of every kind: what is refused is refused in the service's way.
func FuzzExpressions(f *testing.F) {
	f.Add("attribute_not_exists(#a) OR #a = :a", "SET #a = :a REMOVE b[0].c ADD n :n", "id = :a")
	f.Add("NOT (a BETWEEN :a AND :n)", "SET a = if_not_exists(a, :a) + :n", "(id = :a) AND (at > :n)")
	f.Add("((((", "DELETE s :a, s :n", ":a = id AND begins_with(at, :a)")
	f.Fuzz(func(t *testing.T, condition, update, key string) {
		tables := newTables()
		for operation, request := range map[string]map[string]any{
			"UpdateItem": {"TableName": "t", "Key": map[string]any{"id": map[string]any{"S": "a"}},
				"ConditionExpression": condition, "UpdateExpression": update},
			"Query": {"TableName": "two", "KeyConditionExpression": key, "FilterExpression": condition},
			"Scan":  {"TableName": "two", "FilterExpression": condition, "ProjectionExpression": key},
		} {
			request["ExpressionAttributeNames"] = map[string]string{"#a": "a"}
			request["ExpressionAttributeValues"] = map[string]value{
				":a": {kind: "S", text: "x"}, ":n": {kind: "N", text: "1"},
			}
			body, err := json.Marshal(request)
			if err != nil {
				t.Skip()
			}
			mustRefuseWell(t, tables, operation, body)
		}
	})
}

// FuzzRequests makes requests of any form.
func FuzzRequests(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `{"TableName":"orders"}`, `{"RequestItems":{"orders":[{"PutRequest":null}]}}`,
		`{"TransactItems":[{"Put":{"TableName":"t","Item":{}}}]}`, createOrders,
		`{"TableName":"orders","KeyConditions":{"customer":{"ComparisonOperator":"EQ","AttributeValueList":[]}}}`,
		`{"TableName":"orders","Item":{"customer":{"S":"a"},"at":{"N":"-1.5e-7"}},"Expected":{"a":{"Exists":true}}}`,
		`{"RequestItems":{"t":{"Keys":[{}]}}}`, `{"TableName":"t","TimeToLiveSpecification":{}}`,
	} {
		f.Add([]byte(body))
	}
	names := slices.Sorted(maps.Keys(operations))
	f.Fuzz(func(t *testing.T, body []byte) {
		tables := newOrders(t)
		tables.Add("t", "id")
		for _, operation := range names {
			mustRefuseWell(t, tables, operation, body)
		}
	})
}

func mustRefuseWell(t *testing.T, tables *Tables, operation string, body []byte) {
	t.Helper()
	if _, err := tables.Do(operation, body); err != nil {
		if refused, ok := errors.AsType[*Error](err); !ok || refused.Code == "" || refused.Message == "" {
			t.Errorf("%s %s: %v is not an error of the service", operation, body, err)
		}
	}
}

// FuzzNumbers compares numbers with those of math/big: they are equal when their texts are, and their places in a
// table are in their order.
func FuzzNumbers(f *testing.F) {
	f.Add("1", "1.0")
	f.Add("-0.5e-3", "-5E-4")
	f.Add("9.9999999999999999999999999999999999999E+125", "-1E-130")
	f.Add("00100", ".5")
	f.Fuzz(func(t *testing.T, first, second string) {
		a, err := parseNumber(first)
		if err != nil {
			t.Skip()
		}
		b, err := parseNumber(second)
		if err != nil {
			t.Skip()
		}
		x, ok := new(big.Rat).SetString(a.String())
		y, alsoOK := new(big.Rat).SetString(b.String())
		if !ok || !alsoOK {
			t.Fatalf("%q or %q is not a number", a, b)
		}
		want := x.Cmp(y)
		if got := strings.Compare(a.order(), b.order()); got != want {
			t.Errorf("the places of %q and %q are in order %d, not %d", a, b, got, want)
		}
		if (a.String() == b.String()) != (want == 0) {
			t.Errorf("%q and %q", a, b)
		}
		if again, err := parseNumber(a.String()); err != nil || again != a {
			t.Errorf("%q is read as %v, %v", a, again, err)
		}
	})
}
