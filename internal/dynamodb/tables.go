package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Options are what tables need to know of their account. All may be left out.
type Options struct {
	Region    string
	AccountID string
	Now       func() time.Time
	NewID     func() string
}

// Tables are the tables of an account.
type Tables struct {
	options Options

	mu     sync.Mutex
	tables map[string]*table
	watch  func(Change)    // nil when nobody watches
	done   map[string]done // transactions that were made, by token
}

// New returns an account's tables, of which there are none yet.
func New(o Options) *Tables {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Time{} }
	}
	if o.NewID == nil {
		o.NewID = func() string { return "" }
	}
	return &Tables{options: o, tables: map[string]*table{}, done: map[string]done{}}
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

// Restore makes a change of which Watch told once. A table comes before its items.
func (t *Tables) Restore(c Change) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.Key == "" {
		var d definition
		if err := json.Unmarshal(c.Value, &d); err != nil {
			return err
		}
		if len(d.KeySchema) == 0 {
			return errors.New("a table without a key")
		}
		t.tables[c.Table] = newTable(d)
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
	place, ok := on.place(it)
	if !ok {
		return errors.New("an item without the key of its table")
	}
	on.set(place, &row{item: it, size: sizeOf(it)})
	return nil
}

// tellTable tells a watcher of a new or changed table. The tables are locked.
func (t *Tables) tellTable(d definition) {
	if t.watch == nil {
		return
	}
	written, _ := json.Marshal(d) // a definition can always be written
	t.watch(Change{Table: d.TableName, Value: written})
}

// tellItem tells a watcher of an item that has changed, or, for nil, is deleted. The tables are locked.
func (t *Tables) tellItem(on *table, key item, changed *row) {
	if t.watch == nil {
		return
	}
	c := Change{Table: on.definition.TableName, Key: on.journalKey(key)}
	if changed != nil {
		c.Value, _ = encode(changed.item) // an item can always be written
	}
	t.watch(c)
}

// Add adds a table, unless there is one of that name, with the names of its partition key and, if it has one, its
// sort key. They take values of every type that a key can have.
func (t *Tables) Add(name string, keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tables[name] == nil {
		t.add(declared(name, keys))
	}
}

// add adds a table of a definition that has been checked. The tables are locked.
func (t *Tables) add(d definition) *table {
	d.Created = float64(t.options.Now().UnixMilli()) / 1000
	added := newTable(d)
	t.tables[d.TableName] = added
	t.tellTable(d)
	return added
}

// operation answers a request with what is written as JSON.
type operation func(t *Tables, body []byte) (any, error)

var operations = map[string]operation{
	"GetItem":            onItem((*Tables).getItem, projectionKind),
	"PutItem":            onItem(writes(planPut), conditionKind),
	"UpdateItem":         onItem(writes(planUpdate), updateKind, conditionKind),
	"DeleteItem":         onItem(writes(planDelete), conditionKind),
	"Query":              onItem((*Tables).query, projectionKind, filterKind, keyKind),
	"Scan":               onItem((*Tables).scan, projectionKind, filterKind),
	"BatchGetItem":       reads((*Tables).batchGet),
	"BatchWriteItem":     reads((*Tables).batchWrite),
	"TransactGetItems":   reads((*Tables).transactGet),
	"TransactWriteItems": reads((*Tables).transactWrite),
	"CreateTable":        reads((*Tables).createTable),
	"DescribeTable":      reads((*Tables).describeTable),
	"ListTables":         reads((*Tables).listTables),
	"UpdateTable":        reads((*Tables).updateTable),
	"DeleteTable":        reads((*Tables).deleteTable),
	"UpdateTimeToLive":   reads((*Tables).updateTimeToLive),
	"DescribeTimeToLive": reads((*Tables).describeTimeToLive),
	"TagResource":        reads((*Tables).tagResource),
	"UntagResource":      reads((*Tables).untagResource),
	"ListTagsOfResource": reads((*Tables).listTags),
}

// reads makes an operation of a method that takes its request decoded, with the tables locked.
func reads[Request any](method func(*Tables, *Request) (any, error)) operation {
	return func(t *Tables, body []byte) (any, error) {
		r := new(Request)
		if err := decode(body, r); err != nil {
			return nil, err
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		return method(t, r)
	}
}

// onItem makes an operation of a method that reads or writes one table, with expressions of the given kinds.
func onItem(method func(*Tables, *table, *request) (any, error), kinds ...string) operation {
	return reads(func(t *Tables, r *request) (any, error) {
		on, err := t.prepared(r, kinds...)
		if err != nil {
			return nil, err
		}
		return method(t, on, r)
	})
}

// prepared prepares a request about items, and finds its table. The tables are locked.
func (t *Tables) prepared(r *request, kinds ...string) (*table, error) {
	if err := r.prepare(kinds...); err != nil {
		return nil, err
	}
	return t.find(r.TableName)
}

// find returns the table of a name or ARN. The tables are locked.
func (t *Tables) find(name *string) (*table, error) {
	on, ok := t.tables[tableNamed(name)]
	if !ok {
		return nil, errNoTable
	}
	return on, nil
}

// Has reports whether there is an operation of that name.
func Has(name string) bool { return operations[name] != nil }

// Do performs an operation with a request in DynamoDB's JSON and returns the response. Errors are *Error.
func (t *Tables) Do(name string, body []byte) (json.RawMessage, error) {
	run, ok := operations[name]
	if !ok {
		return nil, &Error{Code: "UnknownOperationException", Message: fmt.Sprintf("%s is not served", name)}
	}
	response, err := run(t, body)
	if err != nil {
		return nil, err
	}
	return encode(response)
}
