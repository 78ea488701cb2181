package dynamodb

import (
	"fmt"
	"testing"
)

// BenchmarkPutItem replaces items of a table of 10,000.
func BenchmarkPutItem(b *testing.B) {
	tables := newTables()
	requests := make([][]byte, 10_000)
	for i := range requests {
		requests[i] = fmt.Appendf(nil, `{"TableName":"t","Item":{"id":{"S":"caller-%d"},"state":{"S":"PENDING"},
			"started":{"N":"1764212645"},"result":{"M":{"balance":{"N":"42.10"},"currency":{"S":"EUR"}}}}}`, i)
		if _, err := tables.Do("PutItem", requests[i]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := tables.Do("PutItem", requests[i%len(requests)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQuery reads 10 of 10,000 items by partition and sort key.
func BenchmarkQuery(b *testing.B) {
	tables := newTables()
	for i := range 10_000 {
		do(b, tables, "PutItem", fmt.Sprintf(`{"TableName":"two","Item":{"id":{"S":"caller-%d"},"at":{"N":"%d"}}}`,
			i%10, i))
	}
	request := []byte(`{"TableName":"two","KeyConditionExpression":"id = :i AND #a >= :a","Limit":10,
		"ExpressionAttributeNames":{"#a":"at"},"ExpressionAttributeValues":{":i":{"S":"caller-7"},":a":{"N":"5000"}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tables.Do("Query", request); err != nil {
			b.Fatal(err)
		}
	}
}
