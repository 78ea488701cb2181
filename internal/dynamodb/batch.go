package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The most that one request can be about (API reference of BatchGetItem and BatchWriteItem).
const maxBatchGet, maxBatchWrite = 100, 25

// maxBatchAnswer is how many bytes of items BatchGetItem returns at once.
const maxBatchAnswer = 16 << 20

// errDuplicates is the refusal of a batch that is about one item twice.
var errDuplicates = invalid("Provided list of item keys contains duplicates")

type batchGetRequest struct {
	RequestItems           map[string]*getMany
	ReturnConsumedCapacity string
}

// getMany asks for items of one table.
type getMany struct {
	Keys                     []item
	ProjectionExpression     *string           `json:",omitempty"`
	ExpressionAttributeNames map[string]string `json:",omitempty"`
	AttributesToGet          []string          `json:",omitempty"`
	ConsistentRead           bool              `json:",omitempty"`
}

// request is that of GetItem that means the same.
func (m getMany) request(table string) *request {
	return &request{
		TableName: &table, ConsistentRead: m.ConsistentRead, legacy: legacy{AttributesToGet: m.AttributesToGet},
		expressions: expressions{ProjectionExpression: m.ProjectionExpression,
			ExpressionAttributeNames: m.ExpressionAttributeNames},
	}
}

func (t *Tables) batchGet(b *batchGetRequest) (any, error) {
	if len(b.RequestItems) == 0 {
		return nil, invalid("The requestItems parameter is required for BatchGetItem")
	}
	count := 0
	for _, name := range slices.Sorted(maps.Keys(b.RequestItems)) {
		if b.RequestItems[name] == nil || b.RequestItems[name].Keys == nil {
			return nil, nullAt("requestItems." + name + ".member.keys")
		}
		if count += len(b.RequestItems[name].Keys); count > maxBatchGet {
			return nil, tooMany("RequestItems."+name+".member.Keys", maxBatchGet)
		}
	}
	responses, rest, bytes := response{}, response{}, 0
	var bill bill
	for _, name := range slices.Sorted(maps.Keys(b.RequestItems)) {
		many := b.RequestItems[name]
		found, unread, err := t.getMany(name, many, &bytes, &bill)
		if err != nil {
			return nil, err
		}
		responses[name] = found
		if len(unread) > 0 {
			again := *many
			again.Keys = unread
			rest[name] = again
		}
	}
	answer := response{"Responses": responses, "UnprocessedKeys": rest}
	if isCounted(b.ReturnConsumedCapacity) {
		bill.into(answer, b.ReturnConsumedCapacity, 1)
	}
	return answer, nil
}

// tooMany is the refusal of a list that is too long.
func tooMany(member string, most int) error {
	return invalid(fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must "+
		"have length less than or equal to %d", member, most))
}

// getMany reads items of one table, until the answer is full: bytes counts those of the whole answer.
func (t *Tables) getMany(name string, many *getMany, bytes *int, bill *bill) (found, unread []item, err error) {
	r := many.request(name)
	on, err := t.prepared(r, projectionKind)
	if err != nil {
		return nil, nil, err
	}
	found = []item{}
	seen := map[string]bool{}
	for _, key := range many.Keys {
		place, err := on.placeOf(key)
		if err != nil {
			return nil, nil, err
		}
		if seen[place] {
			return nil, nil, errDuplicates
		}
		seen[place] = true
		answer, size := on.get(r, place)
		if *bytes+size > maxBatchAnswer {
			unread = append(unread, key)
			continue
		}
		*bytes += size
		if it, ok := answer["Item"].(item); ok {
			found = append(found, it)
		}
		bill.add(on.reads(&on.index, size, r.ConsistentRead))
	}
	return found, unread, nil
}

type batchWriteRequest struct {
	RequestItems                map[string][]writeOne
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// writeOne puts or deletes an item.
type writeOne struct {
	PutRequest    *struct{ Item item }
	DeleteRequest *struct{ Key item }
}

func (t *Tables) batchWrite(b *batchWriteRequest) (any, error) {
	if len(b.RequestItems) == 0 {
		return nil, invalid("The requestItems parameter is required for BatchWriteItem")
	}
	if err := checkBatch(b.RequestItems); err != nil {
		return nil, err
	}
	var all []write
	for _, name := range slices.Sorted(maps.Keys(b.RequestItems)) {
		planned, err := t.planMany(name, b.RequestItems[name])
		if err != nil {
			return nil, err
		}
		all = append(all, planned...)
	}
	for _, w := range all {
		t.commit(w)
	}
	answer := response{"UnprocessedItems": response{}}
	if isCounted(b.ReturnConsumedCapacity) {
		billOf(all).into(answer, b.ReturnConsumedCapacity, 1)
	}
	if b.ReturnItemCollectionMetrics == "SIZE" {
		answer.collections(all)
	}
	return answer, nil
}

// checkBatch refuses a batch that is too long for a table, or empty.
func checkBatch(requests map[string][]writeOne) error {
	total := 0
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		list := requests[name]
		total += len(list)
		if len(list) > 0 && total <= maxBatchWrite {
			continue
		}
		var shown []string
		for _, one := range list {
			verb := "DeleteRequest"
			if one.PutRequest != nil {
				verb = "PutRequest"
			}
			shown = append(shown, "WriteRequest("+verb+")")
		}
		var p problems
		p.add(fmt.Sprintf("'{%s=[%s]}'", name, strings.Join(shown, ", ")), "requestItems", fmt.Sprintf(
			"Map value must satisfy constraint: [Member must have length less than or equal to %d, Member must have "+
				"length greater than or equal to 1]", maxBatchWrite))
		return p.err()
	}
	return nil
}

// planMany plans the writes to one table, of which no two may be about one item.
func (t *Tables) planMany(name string, list []writeOne) ([]write, error) {
	on, err := t.find(&name)
	if err != nil {
		return nil, err
	}
	var planned []write
	seen := map[string]bool{}
	for _, one := range list {
		var w write
		var err error
		r := &request{TableName: &name, parsed: parsed{condition: always}}
		switch {
		case (one.PutRequest == nil) == (one.DeleteRequest == nil):
			return nil, invalid("Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest")
		case one.PutRequest != nil:
			r.Item = one.PutRequest.Item
			w, err = planPut(on, r)
		default:
			r.Key = one.DeleteRequest.Key
			w, err = planDelete(on, r)
		}
		if err != nil {
			return nil, err
		}
		if seen[w.place] {
			return nil, errDuplicates
		}
		seen[w.place] = true
		planned = append(planned, w)
	}
	return planned, nil
}

// collections adds the collections that writes changed, by table.
func (a response) collections(all []write) {
	metrics := response{}
	for _, w := range all {
		if w.on.hasCollections() {
			name := w.on.definition.TableName
			list, _ := metrics[name].([]response)
			metrics[name] = append(list, w.collection())
		}
	}
	if len(metrics) > 0 {
		a["ItemCollectionMetrics"] = metrics
	}
}
