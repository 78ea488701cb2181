package dynamodb

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tidwall/btree"
)

// table is a table with its items.
type table struct {
	definition definition
	index               // of its own key: all items by their places
	secondary  []*index // by which items can be found, too
	bytes      int      // of all items
}

// row is an item in a table. It is not written to.
type row struct {
	item item
	size int
}

// content is the item of a row, nil for no row.
func (r *row) content() item {
	if r == nil {
		return nil
	}
	return r.item
}

// key is an attribute of a key. Without a kind, which only tables have that were added without one, it takes values of
// every kind that a key can have.
type key struct{ name, kind string }

func (k key) takes(v value) bool {
	if k.kind == "" {
		return v.kind == "S" || v.kind == "N" || v.kind == "B"
	}
	return v.kind == k.kind
}

// index is an order in which items can be read: by partition key and, if it has one, sort key.
type index struct {
	name   string // "" for that of the table itself
	global bool
	keys   []key
	order  []key    // keys and, in a secondary index, the table's, which tell items with the same keys apart
	names  []string // of the attributes in order, each once
	shown  []string // the attributes that it has, unless it has all: names, and what it projects
	all    bool
	rows   btree.Map[string, *row]
}

// newTable makes an empty table of a definition that has been checked.
func newTable(d definition) *table {
	keys := d.keys(d.KeySchema)
	t := &table{definition: d, index: index{keys: keys, order: keys, names: namesOf(keys), all: true}}
	for _, x := range d.GlobalSecondaryIndexes {
		t.secondary = append(t.secondary, t.newIndex(d, x, true))
	}
	for _, x := range d.LocalSecondaryIndexes {
		t.secondary = append(t.secondary, t.newIndex(d, x, false))
	}
	return t
}

func (t *table) newIndex(d definition, x indexDefinition, global bool) *index {
	keys := d.keys(x.KeySchema)
	order := slices.Concat(keys, t.keys)
	names := namesOf(order)
	return &index{name: x.IndexName, global: global, keys: keys, order: order, names: names,
		shown: slices.Concat(names, x.Projection.NonKeyAttributes), all: x.Projection.ProjectionType == "ALL"}
}

// namesOf are the names of the attributes of keys, each once.
func namesOf(keys []key) (names []string) {
	for _, k := range keys {
		if !slices.Contains(names, k.name) {
			names = append(names, k.name)
		}
	}
	return names
}

// place is where an item is in the index; ok is false when it lacks a part of the key, and so is not in the index.
func (x *index) place(it item) (place string, ok bool) {
	for i, k := range x.order {
		v, ok := it[k.name]
		if !ok || !k.takes(v) {
			return "", false
		}
		if i == 0 {
			place = partition(v)
		} else {
			place += v.order()
		}
	}
	return place, true
}

// keyOf is the part of an item that tells it from all others of the index.
func (x *index) keyOf(it item) item { return pick(it, x.names) }

// shows is the part of an item that is in the index.
func (x *index) shows(it item) item {
	if x.all {
		return it
	}
	return pick(it, x.shown)
}

func pick(it item, names []string) item {
	picked := make(item, len(names))
	for _, name := range names {
		if v, ok := it[name]; ok {
			picked[name] = v
		}
	}
	return picked
}

// set puts an item into a place that may have one, nil to have none there, and returns the one that was there.
func (t *table) set(place string, changed *row) (old *row) {
	if changed == nil {
		old, _ = t.rows.Delete(place)
	} else {
		old, _ = t.rows.Set(place, changed)
		t.bytes += changed.size
	}
	if old != nil {
		t.bytes -= old.size
	}
	for _, x := range t.secondary {
		x.replace(old, changed)
	}
	return old
}

// replace puts a new item into the index, and takes the old one out; either may be nil.
func (x *index) replace(old, changed *row) {
	if old != nil {
		if place, ok := x.place(old.item); ok {
			x.rows.Delete(place)
		}
	}
	if changed != nil {
		if place, ok := x.place(changed.item); ok {
			x.rows.Set(place, changed)
		}
	}
}

// emptyKey is the refusal of a key that is an empty text.
func emptyKey(name string) error {
	return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot " +
		"contain an empty string value. Key: " + name)
}

// errSchema is the refusal of a key that is not one of the table's.
var errSchema = invalid("The provided key element does not match the schema")

// placeOf returns the place of the item with a key, which must hold nothing else.
func (t *table) placeOf(given item) (string, error) {
	if given == nil {
		return "", nullAt("key")
	}
	place, ok := t.place(given)
	if !ok || len(given) != len(t.keys) {
		return "", errSchema
	}
	return place, t.checkKeySizes(given)
}

// The longest keys in bytes (developer guide, service quotas).
const maxPartitionKey, maxSortKey = 2048, 1024

// checkKeySizes refuses keys that are empty or too long.
func (t *table) checkKeySizes(it item) error {
	for i, k := range t.keys {
		switch v := it[k.name]; {
		case v.text == "":
			return emptyKey(k.name)
		case i == 0 && len(v.text) > maxPartitionKey:
			return invalid(fmt.Sprintf(badValue+"Size of hashkey has exceeded the maximum size limit of%d bytes",
				maxPartitionKey))
		case i == 1 && len(v.text) > maxSortKey:
			return invalid(fmt.Sprintf(badValue+"Aggregated size of all range keys has exceeded the size limit of %d "+
				"bytes", maxSortKey))
		}
	}
	return nil
}

// checkItem refuses an item without the table's key, or with a key of an index that has another type.
func (t *table) checkItem(it item) error {
	for _, k := range t.keys {
		v, ok := it[k.name]
		if !ok {
			return invalid(badValue + "Missing the key " + k.name + " in the item")
		}
		if !k.takes(v) {
			return invalid(fmt.Sprintf(badValue+"Type mismatch for key %s expected: %s actual: %s",
				k.name, k.expected(), v.kind))
		}
	}
	if err := t.checkKeySizes(it); err != nil {
		return err
	}
	for _, x := range t.secondary {
		if err := x.checkItem(it); err != nil {
			return err
		}
	}
	return nil
}

// expected is what kind the key has, for an error.
func (k key) expected() string {
	if k.kind == "" {
		return "S, N or B"
	}
	return k.kind
}

// checkItem refuses keys of the index that have another type, or are empty.
func (x *index) checkItem(it item) error {
	for _, k := range x.keys {
		switch v, ok := it[k.name]; {
		case !ok:
		case !k.takes(v):
			return invalid(fmt.Sprintf(badValue+"Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
				k.name, k.kind, v.kind, x.name))
		case v.text == "":
			return invalid(fmt.Sprintf("One or more parameter values are not valid. A value specified for a "+
				"secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty "+
				"string value. IndexName: %s, IndexKey: %s", x.name, k.name))
		}
	}
	return nil
}

// journalKey is the key of an item in one text.
func (t *table) journalKey(it item) string {
	var parts []any
	for _, k := range t.keys {
		parts = append(parts, it[k.name].kind, it[k.name].data())
	}
	written, _ := json.Marshal(parts) // texts can always be written
	return string(written)
}
