package dynamodb

import (
	"encoding/json"
	"slices"
)

// The bytes that one unit of capacity reads and writes (developer guide, read and write operations).
const readUnit, writeUnit = 4 << 10, 1 << 10

// consumption is what a request consumed of a table and of its indexes.
type consumption struct {
	on      *table
	table   float64
	indexes map[*index]float64
}

// units are how many units a number of bytes takes, at least one.
func units(bytes, unit int) float64 { return float64(max(1, (bytes+unit-1)/unit)) }

// reads is what reading bytes of an index, or of the table by its own key, consumes.
func (t *table) reads(x *index, bytes int, consistent bool) consumption {
	consumed := units(bytes, readUnit)
	if !consistent {
		consumed /= 2
	}
	if x == &t.index {
		return consumption{on: t, table: consumed}
	}
	return consumption{on: t, indexes: map[*index]float64{x: consumed}}
}

// units is what a write consumes.
func (w write) units() consumption {
	bytes := 0
	for _, r := range []*row{w.old, w.changed} {
		if r != nil {
			bytes = max(bytes, r.size)
		}
	}
	c := consumption{on: w.on, table: units(bytes, writeUnit), indexes: map[*index]float64{}}
	for _, x := range w.on.secondary {
		if n := x.written(w.old) + x.written(w.changed); n > 0 {
			c.indexes[x] = n
		}
	}
	return c
}

// written is what writing an item to the index, or deleting it there, consumes.
func (x *index) written(r *row) float64 {
	if r == nil {
		return 0
	}
	if _, ok := x.place(r.item); !ok {
		return 0
	}
	return units(sizeOf(x.shows(r.item)), writeUnit)
}

// bill is what a request consumed of several tables, in the order in which it came to them.
type bill []consumption

// add adds what a part of the request consumed.
func (b *bill) add(c consumption) {
	at := slices.IndexFunc(*b, func(of consumption) bool { return of.on == c.on })
	if at < 0 {
		*b = append(*b, consumption{on: c.on, indexes: map[*index]float64{}})
		at = len(*b) - 1
	}
	total := &(*b)[at]
	total.table += c.table
	for x, n := range c.indexes {
		total.indexes[x] += n
	}
}

// billOf is what writes consumed.
func billOf(all []write) (b bill) {
	for _, w := range all {
		b.add(w.units())
	}
	return b
}

// into adds the bill to an answer. Everything counts as often as times says; also are further names of the units.
func (b bill) into(answer response, wanted string, times float64, also ...string) {
	var consumed []response
	for _, c := range b {
		c.table *= times
		for x := range c.indexes {
			c.indexes[x] *= times
		}
		consumed = append(consumed, c.as(wanted, also...))
	}
	if consumed != nil {
		answer[consumedCapacity] = consumed
	}
}

// consumedCapacity is the member of an answer that says what was consumed.
const consumedCapacity = "ConsumedCapacity"

// isCounted reports whether ReturnConsumedCapacity asks for what was consumed.
func isCounted(wanted string) bool { return wanted == "TOTAL" || wanted == "INDEXES" }

// as returns the consumption as ReturnConsumedCapacity asks for it. also are further names of the units:
// ReadCapacityUnits or WriteCapacityUnits, which only transactions give.
func (c consumption) as(wanted string, also ...string) response {
	count := func(n float64) response {
		counted := response{"CapacityUnits": n}
		for _, name := range also {
			counted[name] = n
		}
		return counted
	}
	total := c.table
	global, local := response{}, response{}
	for x, n := range c.indexes {
		total += n
		if x.global {
			global[x.name] = count(n)
		} else {
			local[x.name] = count(n)
		}
	}
	answer := count(total)
	answer["TableName"] = c.on.definition.TableName
	if wanted == "TOTAL" {
		return answer
	}
	answer["Table"] = count(c.table)
	if len(global) > 0 {
		answer["GlobalSecondaryIndexes"] = global
	}
	if len(local) > 0 {
		answer["LocalSecondaryIndexes"] = local
	}
	return answer
}

// hasCollections reports whether items with one partition key make a collection: they do where there is a local index.
func (t *table) hasCollections() bool { return len(t.definition.LocalSecondaryIndexes) > 0 }

// collection is what ReturnItemCollectionMetrics asks for: an estimate within a gigabyte.
func (w write) collection() response {
	return response{
		"ItemCollectionKey":   pick(w.key, []string{w.on.keys[0].name}),
		"SizeEstimateRangeGB": json.RawMessage("[0,1]"),
	}
}
