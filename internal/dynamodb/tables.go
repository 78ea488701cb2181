package dynamodb

import (
	"encoding/json"
	"errors"
	"maps"
	"sync"
)

// maxItemBytes is the size of an item (developer guide, service quotas). We measure its JSON, which is a little longer.
const maxItemBytes = 400 << 10

// Tables are the tables of an account.
type Tables struct {
	mu     sync.Mutex
	tables map[string]*table
	watch  func(Change) // nil when nobody watches
}

// Change is a change of a table, or of one of its items: the value is it as JSON, nil when it is deleted.
type Change struct {
	Table string
	Key   string // of the item; "" for the table itself
	Value json.RawMessage
}

// Watch calls f for each change from now on, in their order. f must not use the tables.
func (t *Tables) Watch(f func(Change)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watch = f
}

// Restore makes a change of which Watch told once.
func (t *Tables) Restore(c Change) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.Key == "" {
		var keys []string
		if err := json.Unmarshal(c.Value, &keys); err != nil {
			return err
		}
		t.add(c.Table, keys)
		return nil
	}
	on, ok := t.tables[c.Table]
	if !ok {
		return errors.New("an item of a table that does not exist")
	}
	var it item
	if err := json.Unmarshal(c.Value, &it); err != nil {
		return err
	}
	on.items[c.Key] = it
	return nil
}

// tell tells a watcher of a change. The tables are locked.
func (t *Tables) tell(c Change) {
	if t.watch != nil {
		t.watch(c)
	}
}

type table struct {
	keys  []string // the names of the key's attributes: partition key, sort key
	items map[string]item
	tell  func(key string, value json.RawMessage) // of a change of an item
}

// Add adds a table, unless there is one of that name, with the names of its partition key and, if it has one, its
// sort key.
func (t *Tables) Add(name string, keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tables[name] == nil {
		t.add(name, keys)
		schema, _ := json.Marshal(keys) // texts can always be written
		t.tell(Change{Table: name, Value: schema})
	}
}

// add adds a table. The tables are locked.
func (t *Tables) add(name string, keys []string) {
	if t.tables == nil {
		t.tables = map[string]*table{}
	}
	t.tables[name] = &table{keys: keys, items: map[string]item{}, tell: func(key string, value json.RawMessage) {
		t.tell(Change{Table: name, Key: key, Value: value})
	}}
}

// operation is one of the operations on a table that is locked. It returns the response.
type operation func(t *table, r *request) (map[string]item, error)

var operations = map[string]operation{
	"GetItem":    (*table).get,
	"PutItem":    (*table).put,
	"UpdateItem": (*table).update,
	"DeleteItem": (*table).delete,
}

// Has reports whether there is an operation of that name.
func Has(name string) bool { return operations[name] != nil }

// Do performs an operation (GetItem, PutItem, UpdateItem or DeleteItem) with a request in DynamoDB's JSON and returns
// the response. Errors are *Error.
func (t *Tables) Do(name string, body []byte) (json.RawMessage, error) {
	run, ok := operations[name]
	if !ok {
		return nil, &Error{Code: "UnknownOperationException"}
	}
	r, err := parseRequest(body)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	on, ok := t.tables[r.TableName]
	if !ok {
		return nil, &Error{Code: "ResourceNotFoundException", Message: "Requested resource not found"}
	}
	response, err := run(on, r)
	if err != nil {
		return nil, err
	}
	return encode(response)
}

// key returns the key of an item in one text.
func (t *table) key(it item) (string, error) {
	var parts []string
	for _, name := range t.keys {
		v, ok := it[name]
		if !ok || v.kind != "S" && v.kind != "N" && v.kind != "B" {
			return "", invalid("The provided key element does not match the schema")
		}
		if v.text == "" {
			return "", invalid("One or more parameter values are not valid. The AttributeValue for a key " +
				"attribute cannot contain an empty string value. Key: " + name)
		}
		parts = append(parts, v.kind, v.text)
	}
	written, err := json.Marshal(parts)
	return string(written), err
}

// keyOf returns the key of a request, which must hold nothing else.
func (t *table) keyOf(r *request) (string, error) {
	if r.Key == nil {
		return "", nullAt("key")
	}
	if len(r.Key) != len(t.keys) {
		return "", invalid("The provided key element does not match the schema")
	}
	return t.key(r.Key)
}

func (t *table) get(r *request) (map[string]item, error) {
	key, err := t.keyOf(r)
	if err != nil {
		return nil, err
	}
	shown, err := r.projection()
	if err != nil {
		return nil, err
	}
	if err := r.checkUsed(); err != nil {
		return nil, err
	}
	if it, ok := t.items[key]; ok {
		return map[string]item{"Item": shown(it)}, nil
	}
	return map[string]item{}, nil
}

func (t *table) put(r *request) (map[string]item, error) {
	if r.Item == nil {
		return nil, nullAt("item")
	}
	key, err := t.key(r.Item)
	if err != nil {
		return nil, invalid("One or more parameter values were invalid: Missing the key " + t.keys[0] + " in the item")
	}
	if err := t.allowed(key, r, "NONE", "ALL_OLD"); err != nil {
		return nil, err
	}
	return t.replace(key, r, r.Item)
}

func (t *table) delete(r *request) (map[string]item, error) {
	key, err := t.keyOf(r)
	if err != nil {
		return nil, err
	}
	if err := t.allowed(key, r, "NONE", "ALL_OLD"); err != nil {
		return nil, err
	}
	old := t.items[key]
	delete(t.items, key)
	t.tell(key, nil)
	return returned(r, old, nil, nil), nil
}

func (t *table) update(r *request) (map[string]item, error) {
	key, err := t.keyOf(r)
	if err != nil {
		return nil, err
	}
	changes, err := r.update()
	if err != nil {
		return nil, err
	}
	if err := t.checkPaths(changes); err != nil {
		return nil, err
	}
	if err := t.allowed(key, r, "NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"); err != nil {
		return nil, err
	}
	old := t.items[key]
	changed := maps.Clone(r.Key)
	maps.Copy(changed, old)
	for _, c := range changes {
		if changed, err = c.apply(old, changed); err != nil {
			return nil, err
		}
	}
	return t.replace(key, r, changed, changes...)
}

// replace replaces the old item with a new one.
func (t *table) replace(key string, r *request, it item, changes ...change) (map[string]item, error) {
	written, err := json.Marshal(it)
	if err != nil || len(written) > maxItemBytes {
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	old := t.items[key]
	t.items[key] = it
	t.tell(key, written)
	return returned(r, old, it, changes), nil
}
