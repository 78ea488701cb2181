package dynamodb

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// createOrders is a table with both kinds of indexes.
const createOrders = `{"TableName":"orders","BillingMode":"PAY_PER_REQUEST",
	"AttributeDefinitions":[{"AttributeName":"customer","AttributeType":"S"},{"AttributeName":"at","AttributeType":"N"},
		{"AttributeName":"state","AttributeType":"S"},{"AttributeName":"price","AttributeType":"N"}],
	"KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"at","KeyType":"RANGE"}],
	"GlobalSecondaryIndexes":[{"IndexName":"by-state","Projection":{"ProjectionType":"KEYS_ONLY"},
		"KeySchema":[{"AttributeName":"state","KeyType":"HASH"},{"AttributeName":"price","KeyType":"RANGE"}]}],
	"LocalSecondaryIndexes":[{"IndexName":"by-price","Projection":{"ProjectionType":"INCLUDE",
		"NonKeyAttributes":["note"]},
		"KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"price","KeyType":"RANGE"}]}]}`

// do makes a request that must succeed, and decodes the answer.
func do(t testing.TB, tables *Tables, operation, request string) (answer struct {
	Items            []item
	Count            int
	ScannedCount     int
	LastEvaluatedKey json.RawMessage
}) {
	t.Helper()
	response, err := tables.Do(operation, []byte(request))
	if err != nil {
		t.Fatalf("%s %s: %v", operation, request, err)
	}
	if err := json.Unmarshal(response, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// newOrders returns the table with five items of two customers.
func newOrders(t testing.TB) *Tables {
	t.Helper()
	tables := New(Options{})
	do(t, tables, "CreateTable", createOrders)
	for _, it := range []string{
		`"customer":{"S":"a"},"at":{"N":"2"},"state":{"S":"open"},"price":{"N":"-5"},"note":{"S":"second"},
			"x":{"S":"y"}`,
		`"customer":{"S":"a"},"at":{"N":"10"},"state":{"S":"open"},"price":{"N":"100"}`,
		`"customer":{"S":"a"},"at":{"N":"1"},"state":{"S":"done"}`,
		`"customer":{"S":"b"},"at":{"N":"1.5"},"state":{"S":"open"},"price":{"N":"7"}`,
		`"customer":{"S":"b"},"at":{"N":"-1"}`,
	} {
		do(t, tables, "PutItem", `{"TableName":"orders","Item":{`+it+`}}`)
	}
	return tables
}

func TestQueries(t *testing.T) {
	query := func(rest string) string { return `{"TableName":"orders",` + rest + `}` }
	const ofA = `"KeyConditionExpression":"customer = :c","ExpressionAttributeValues":{":c":{"S":"a"}}`
	both := func(condition, values string) string {
		return query(`"KeyConditionExpression":"customer = :c AND ` + condition + `","ProjectionExpression":"#at",
			"ExpressionAttributeNames":{"#at":"at"},"ExpressionAttributeValues":{":c":{"S":"a"},` + values + `}`)
	}
	const one, two, ten = `{"at":{"N":"1"}}`, `{"at":{"N":"2"}}`, `{"at":{"N":"10"}}`
	page := func(n int, items ...string) string {
		return fmt.Sprintf(`{"Count":%d,"Items":[%s],"ScannedCount":%d}`, n, strings.Join(items, ","), n)
	}
	play(t, newOrders(t), []exchange{
		{operation: "Query", request: query(ofA + `,"Select":"COUNT"`), want: `{"Count":3,"ScannedCount":3}`},
		{
			operation: "Query",
			request:   `{"TableName":"arn:aws:dynamodb:eu-west-1:1:table/orders","Select":"COUNT",` + ofA + `}`,
			want:      `{"Count":3,"ScannedCount":3}`,
		},
		{operation: "Query", request: both("#at > :n", `":n":{"N":"1"}`), want: page(2, two, ten)},
		{operation: "Query", request: both("#at >= :n", `":n":{"N":"1.0"}`), want: page(3, one, two, ten)},
		{operation: "Query", request: both("#at < :n", `":n":{"N":"10"}`), want: page(2, one, two)},
		{operation: "Query", request: both("(#at <= :n)", `":n":{"N":"2"}`), want: page(2, one, two)},
		{operation: "Query", request: both(":n = #at", `":n":{"N":"2"}`), want: page(1, two)},
		{
			operation: "Query",
			request:   both("#at BETWEEN :n AND :m", `":n":{"N":"2"},":m":{"N":"11"}`),
			want:      page(2, two, ten),
		},
		{
			operation: "Query",
			request: query(ofA + `,"ScanIndexForward":false,"Limit":2,"ProjectionExpression":"#at",
				"ExpressionAttributeNames":{"#at":"at"}`),
			want: `{"Count":2,"Items":[` + ten + `,` + two + `],"ScannedCount":2,
				"LastEvaluatedKey":{"customer":{"S":"a"},"at":{"N":"2"}}}`,
		},
		{
			operation: "Query",
			request: query(ofA + `,"ScanIndexForward":false,"ProjectionExpression":"#at",
				"ExpressionAttributeNames":{"#at":"at"},"ExclusiveStartKey":{"customer":{"S":"a"},"at":{"N":"2"}}`),
			want: page(1, one),
		},
		{
			operation: "Query",
			request: query(`"KeyConditionExpression":"customer = :c","FilterExpression":"attribute_exists(price)",
				"ExpressionAttributeValues":{":c":{"S":"a"}},"Select":"COUNT","ReturnConsumedCapacity":"TOTAL"`),
			want: `{"Count":2,"ScannedCount":3,"ConsumedCapacity":{"TableName":"orders","CapacityUnits":0.5}}`,
		},
		{
			operation: "Query",
			request: query(`"IndexName":"by-state","KeyConditionExpression":"#s = :s AND price > :n",
				"ExpressionAttributeNames":{"#s":"state"},
				"ExpressionAttributeValues":{":s":{"S":"open"},":n":{"N":"0"}}`),
			want: `{"Count":2,"ScannedCount":2,"Items":[
				{"customer":{"S":"b"},"at":{"N":"1.5"},"state":{"S":"open"},"price":{"N":"7"}},
				{"customer":{"S":"a"},"at":{"N":"10"},"state":{"S":"open"},"price":{"N":"100"}}]}`,
		},
		{
			operation: "Query",
			request:   query(ofA + `,"IndexName":"by-price","Limit":1`),
			want: `{"Count":1,"ScannedCount":1,
				"LastEvaluatedKey":{"customer":{"S":"a"},"at":{"N":"2"},"price":{"N":"-5"}},
				"Items":[{"customer":{"S":"a"},"at":{"N":"2"},"price":{"N":"-5"},"note":{"S":"second"}}]}`,
		},
		{
			operation: "Query",
			request:   query(ofA + `,"IndexName":"by-price","Limit":1,"ProjectionExpression":"x"`),
			want: `{"Count":1,"ScannedCount":1,
				"LastEvaluatedKey":{"customer":{"S":"a"},"at":{"N":"2"},"price":{"N":"-5"}},
				"Items":[{"x":{"S":"y"}}]}`,
		},
		{
			operation: "Query",
			request: `{"TableName":"orders","Select":"COUNT","KeyConditions":{
				"customer":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]},
				"at":{"ComparisonOperator":"LE","AttributeValueList":[{"N":"2"}]}},
				"QueryFilter":{"note":{"ComparisonOperator":"NOT_NULL"}}}`,
			want: `{"Count":1,"ScannedCount":2}`,
		},
	})
}

// TestBinaryKeys finds binary sort keys by what they begin with, bytes that are no text included.
func TestBinaryKeys(t *testing.T) {
	tables := newTables()
	for _, at := range []string{"gA==", "gAE=", "gf8=", "/w==", "//8=", "fw=="} { // 80, 80 01, 81 ff, ff, ff ff, 7f
		do(t, tables, "PutItem", `{"TableName":"two","Item":{"id":{"S":"a"},"at":{"B":"`+at+`"}}}`)
	}
	for prefix, want := range map[string]int{"gA==": 2, "/w==": 2, "//8=": 1, "gQ==": 1, "": 6} {
		answer := do(t, tables, "Query", `{"TableName":"two","KeyConditionExpression":"id = :i AND begins_with(#a, :a)",
			"ExpressionAttributeNames":{"#a":"at"},
			"ExpressionAttributeValues":{":i":{"S":"a"},":a":{"B":"`+prefix+`"}}}`)
		if answer.Count != want {
			t.Errorf("%d keys begin with %q, not %d", answer.Count, prefix, want)
		}
	}
}

func TestQueryRefusals(t *testing.T) {
	var exchanges []exchange
	for _, test := range []struct{ rest, want string }{
		{`"Limit":1`, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."},
		{`"KeyConditionExpression":"#at = :n"`, "Query condition missed key schema element: customer"},
		{`"KeyConditionExpression":"customer = :s AND x = :n"`, "Query condition missed key schema element: at"},
		{`"KeyConditionExpression":"customer > :s"`, "Query key condition not supported"},
		{`"KeyConditionExpression":"customer = :n"`, badValue + "Condition parameter type"},
		{`"KeyConditionExpression":"customer = :s OR #at = :n"`,
			"Invalid operator used in KeyConditionExpression: OR"},
		{`"KeyConditionExpression":"customer <> :s"`, "Invalid operator used in KeyConditionExpression: <>"},
		{`"KeyConditionExpression":"contains(customer, :s)"`,
			"Invalid operator used in KeyConditionExpression: contains"},
		{`"KeyConditionExpression":"NOT customer = :s"`, "Invalid operator used in KeyConditionExpression: NOT"},
		{`"KeyConditionExpression":"customer.x = :s"`,
			"KeyConditionExpressions cannot have conditions on nested attributes"},
		{`"KeyConditionExpression":"customer = :s AND customer = :s"`,
			"KeyConditionExpressions must only contain one condition per key"},
		{`"KeyConditionExpression":"customer = :s AND #at = :n AND x = :n"`, "Conditions can be of length 1 or 2 only"},
		{`"KeyConditionExpression":"customer = :s AND #at BETWEEN :n AND :low"`,
			"Invalid KeyConditionExpression: The BETWEEN operator requires upper bound"},
		{`"KeyConditionExpression":"customer = :s AND begins_with(#at, :n)"`,
			"Invalid KeyConditionExpression: Incorrect operand type for operator or function"},
		{`"KeyConditionExpression":""`, "Invalid KeyConditionExpression: The expression can not be empty;"},
		{`"KeyConditionExpression":"customer = :s","FilterExpression":"#at > :n"`,
			"Filter Expression can only contain non-primary key attributes: Primary key attribute: at"},
		{`"KeyConditionExpression":"customer = :s","IndexName":"none"`,
			"The table does not have the specified index: none"},
		{`"KeyConditionExpression":"customer = :s","IndexName":"by-state","ConsistentRead":true`,
			"Consistent reads are not supported on global secondary indexes"},
		{`"KeyConditionExpression":"customer = :s","Select":"ALL_PROJECTED_ATTRIBUTES"`,
			"ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
		{`"KeyConditionExpression":"customer = :s","ExclusiveStartKey":{"customer":{"S":"b"},"at":{"N":"1"}}`,
			"The provided starting key is outside query boundaries"},
		{`"KeyConditionExpression":"customer = :s","ExclusiveStartKey":{"customer":{"S":"b"}}`,
			"The provided starting key is invalid"},
	} {
		var names, values []string
		if strings.Contains(test.rest, "#at") {
			names = append(names, `"#at":"at"`)
		}
		for placeholder, v := range map[string]string{":s": `{"S":"a"}`, ":n": `{"N":"5"}`, ":low": `{"N":"4"}`} {
			if strings.Contains(test.rest, placeholder) {
				values = append(values, `"`+placeholder+`":`+v)
			}
		}
		request := `{"TableName":"orders",` + test.rest
		if names != nil {
			request += `,"ExpressionAttributeNames":{` + strings.Join(names, ",") + `}`
		}
		if values != nil {
			request += `,"ExpressionAttributeValues":{` + strings.Join(values, ",") + `}`
		}
		exchanges = append(exchanges, exchange{operation: "Query", request: request + `}`,
			want: "ValidationException: " + test.want})
	}
	play(t, newOrders(t), exchanges)
}

// world is a table with random items, which it keeps a second time as a plain list.
type world struct {
	tables *Tables
	items  []item
	random *rand.Rand
}

// newWorld fills a table of which partitions have many items, and some items are in its indexes.
func newWorld(t testing.TB, seed uint64) *world {
	t.Helper()
	w := &world{tables: New(Options{}), random: rand.New(rand.NewPCG(seed, 1))}
	do(t, w.tables, "CreateTable", createOrders)
	byKey := map[string]item{}
	for range 150 {
		it := item{"customer": w.text(), "at": w.number(), "n": w.number()}
		for name, v := range map[string]value{"state": w.text(), "price": w.number(), "note": w.text()} {
			if w.random.IntN(3) > 0 {
				it[name] = v
			}
		}
		key := it["customer"].text + " " + it["at"].text
		if w.random.IntN(5) == 0 {
			w.change(t, "DeleteItem", map[string]any{"Key": pick(it, []string{"customer", "at"})})
			delete(byKey, key)
			continue
		}
		w.change(t, "PutItem", map[string]any{"Item": it})
		byKey[key] = it
	}
	for _, it := range byKey {
		w.items = append(w.items, it)
	}
	return w
}

func (w *world) text() value { return value{kind: "S", text: string(rune('a' + w.random.IntN(4)))} }

func (w *world) number() value {
	n, err := canonical(fmt.Sprintf("%de%d", w.random.IntN(41)-20, w.random.IntN(5)-2))
	if err != nil {
		panic(err)
	}
	return value{kind: "N", text: n}
}

func (w *world) change(t testing.TB, operation string, request map[string]any) {
	t.Helper()
	request["TableName"] = "orders"
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	do(t, w.tables, operation, string(body))
}

// pages reads all pages of a query or scan.
func (w *world) pages(t testing.TB, operation string, request map[string]any) (all []item) {
	t.Helper()
	request["TableName"] = "orders"
	for {
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		answer := do(t, w.tables, operation, string(body))
		all = append(all, answer.Items...)
		if answer.LastEvaluatedKey == nil {
			return all
		}
		request["ExclusiveStartKey"] = answer.LastEvaluatedKey
	}
}

// TestQueryIsAFilterOverAScan compares queries with what a filter leaves of the plain list, sorted by the sort key; and
// pages of any length return every item once.
func TestQueryIsAFilterOverAScan(t *testing.T) {
	operators := []string{"=", "<", "<=", ">", ">="}
	for seed := range uint64(testrun.Count(t, 2, 40)) {
		w := newWorld(t, seed)
		for range 25 {
			partition, sort, request := "customer", "at", map[string]any{}
			switch w.random.IntN(3) {
			case 1:
				partition, sort, request["IndexName"] = "state", "price", "by-state"
			case 2:
				sort, request["IndexName"], request["Select"] = "price", "by-price", "ALL_ATTRIBUTES"
			}
			hash, bound, operator := w.text(), w.number(), operators[w.random.IntN(len(operators))]
			backward := w.random.IntN(2) == 0
			request["KeyConditionExpression"] = "#p = :p AND #s " + operator + " :s"
			request["ExpressionAttributeNames"] = map[string]string{"#p": partition, "#s": sort}
			request["ExpressionAttributeValues"] = map[string]value{":p": hash, ":s": bound}
			request["ScanIndexForward"] = !backward
			request["Limit"] = 1 + w.random.IntN(7)
			got := w.pages(t, "Query", request)

			var want []item
			for _, it := range w.items {
				v, ok := it[sort]
				if p, has := it[partition]; has && ok && p.equal(hash) && comparators[operator](v, bound) {
					want = append(want, it)
				}
			}
			inOrder := slices.IsSortedFunc(got, func(a, b item) int {
				order, _ := a[sort].compare(b[sort])
				if backward {
					return -order
				}
				return order
			})
			if !inOrder || !sameItems(got, want) {
				t.Fatalf("seed %d: %v\ngot  %v\nwant %v", seed, request, keysIn(got), keysIn(want))
			}
		}
	}
}

// TestScanReturnsEveryItemOnce reads a table and an index in pages and segments.
func TestScanReturnsEveryItemOnce(t *testing.T) {
	for seed := range uint64(testrun.Count(t, 2, 40)) {
		w := newWorld(t, seed)
		for _, index := range []string{"", "by-state"} {
			want := w.items
			request := func() map[string]any { return map[string]any{"Limit": 1 + w.random.IntN(20)} }
			if index != "" {
				want = slices.DeleteFunc(slices.Clone(want), func(it item) bool {
					return it["state"].kind == "" || it["price"].kind == ""
				})
				request = func() map[string]any {
					return map[string]any{"IndexName": index, "Limit": 1 + w.random.IntN(20)}
				}
			}
			if got := w.pages(t, "Scan", request()); !sameItems(got, want) {
				t.Errorf("seed %d: a scan of %q has %d items, not %d", seed, index, len(got), len(want))
			}
			var got []item
			segments := 1 + w.random.IntN(6)
			for segment := range segments {
				r := request()
				r["Segment"], r["TotalSegments"] = segment, segments
				got = append(got, w.pages(t, "Scan", r)...)
			}
			if !sameItems(got, want) {
				t.Errorf("seed %d: %d segments of %q have %d items, not %d", seed, segments, index, len(got), len(want))
			}
		}
	}
}

func keysIn(items []item) []string {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = it["customer"].text + " " + it["at"].text
	}
	slices.Sort(keys)
	return keys
}

// sameItems reports whether two lists have the same items, each once.
func sameItems(a, b []item) bool {
	first, second := keysIn(a), keysIn(b)
	return slices.Equal(first, second) && len(slices.Compact(first)) == len(second)
}

// TestPagesOfOneMegabyte fills more than one page.
func TestPagesOfOneMegabyte(t *testing.T) {
	tables := newTables()
	for i := range 3 {
		on, it := tables.tables["two"], item{"id": {kind: "S", text: "a"}, "at": {kind: "N", text: fmt.Sprint(i)}}
		place, _ := on.place(it)
		on.set(place, &row{item: it, size: maxItemBytes})
	}
	const ofA = `{"TableName":"two","KeyConditionExpression":"id = :c","ExpressionAttributeValues":{":c":{"S":"a"}}`
	first := do(t, tables, "Query", ofA+`}`)
	second := do(t, tables, "Query", ofA+`,"ExclusiveStartKey":`+string(first.LastEvaluatedKey)+`}`)
	if first.Count != 2 || second.Count != 1 || second.LastEvaluatedKey != nil {
		t.Errorf("pages of %d and %d items, then %s", first.Count, second.Count, second.LastEvaluatedKey)
	}
}

// TestQueriesReadWhatTheyReturn queries tables of different sizes: it must not matter.
func TestQueriesReadWhatTheyReturn(t *testing.T) {
	allocations := func(items int) float64 {
		tables := newTables()
		on := tables.tables["two"]
		for i := range items {
			it := item{"id": {kind: "S", text: fmt.Sprint(i % 10)}, "at": {kind: "N", text: fmt.Sprint(i)}}
			place, _ := on.place(it)
			on.set(place, &row{item: it, size: sizeOf(it)})
		}
		request := []byte(`{"TableName":"two","KeyConditionExpression":"id = :i AND #a > :a","Limit":3,
			"ExpressionAttributeNames":{"#a":"at"},"ExpressionAttributeValues":{":i":{"S":"7"},":a":{"N":"5"}}}`)
		return testing.AllocsPerRun(5, func() { _, _ = tables.Do("Query", request) })
	}
	if small, large := allocations(50), allocations(3000); large > small+5 {
		t.Errorf("%v allocations in a small table, %v in a large one", small, large)
	}
}

func TestScanRefusals(t *testing.T) {
	scan := func(rest string) string { return `{"TableName":"orders",` + rest + `}` }
	play(t, newOrders(t), []exchange{
		{
			operation: "Scan",
			request:   scan(`"Segment":0`),
			want:      "ValidationException: The TotalSegments parameter is required",
		},
		{
			operation: "Scan",
			request:   scan(`"TotalSegments":1`),
			want:      "ValidationException: The Segment parameter is required",
		},
		{
			operation: "Scan",
			request:   scan(`"Segment":5,"TotalSegments":5`),
			want:      "ValidationException: The Segment parameter is zero-based and must be less than parameter",
		},
		{
			operation: "Scan",
			request:   scan(`"Limit":0`),
			want:      "ValidationException: 1 validation error detected: Value '0' at 'limit'",
		},
		{
			operation: "Scan",
			request:   scan(`"IndexName":"by-state","Select":"ALL_ATTRIBUTES"`),
			want:      bad + "Select type ALL_ATTRIBUTES is not supported",
		},
		{
			operation: "Scan",
			request:   scan(`"IndexName":"by-state","ProjectionExpression":"note"`),
			want:      bad + "Global secondary index by-state does not",
		},
		{
			operation: "Scan",
			request:   scan(`"ScanFilter":{"x":{"ComparisonOperator":"NULL"}},"ProjectionExpression":"x"`),
			want:      "ValidationException: Can not use both expression and non-expression parameters",
		},
		{operation: "Scan", request: scan(`"ScanFilter":{
			"note":{"ComparisonOperator":"NE","AttributeValueList":[{"S":"a"}]},
			"at":{"ComparisonOperator":"LT","AttributeValueList":[{"N":"0"}]}},
			"ConditionalOperator":"AND","Select":"COUNT"`),
			want: `{"Count":1,"ScannedCount":5}`},
	})
}
