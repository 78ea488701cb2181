package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxItemBytes is the size of an item (developer guide, service quotas).
const maxItemBytes = 400 << 10

// response is the answer to a request.
type response map[string]any

func (t *Tables) getItem(on *table, r *request) (any, error) {
	place, err := on.placeOf(r.Key)
	if err != nil {
		return nil, err
	}
	answer, size := on.get(r, place)
	if isCounted(r.ReturnConsumedCapacity) {
		answer[consumedCapacity] = on.reads(&on.index, size, r.ConsistentRead).as(r.ReturnConsumedCapacity)
	}
	return answer, nil
}

// get answers with what is in a place, and returns the size of the item, too.
func (t *table) get(r *request, place string) (answer response, size int) {
	answer = response{}
	if found, ok := t.rows.Get(place); ok {
		answer["Item"], size = r.show(found.item), found.size
	}
	return answer, size
}

// write is a change of an item that may be made: its request was checked, and its condition holds.
type write struct {
	on      *table
	request *request
	place   string
	key     item
	old     *row // nil when there is none
	changed *row // nil when it is deleted
}

// plan finds out what a request that changes an item does; nothing is changed yet.
type plan func(on *table, r *request) (write, error)

func planPut(on *table, r *request) (write, error) {
	if r.Item == nil {
		return write{}, nullAt("item")
	}
	if err := on.checkItem(r.Item); err != nil {
		return write{}, err
	}
	place, _ := on.place(r.Item) // it has been checked
	w := write{on: on, request: r, place: place, key: r.Item}
	if err := w.allowed("NONE", "ALL_OLD"); err != nil {
		return w, err
	}
	return w, w.becomes(r.Item)
}

func planDelete(on *table, r *request) (write, error) {
	place, err := on.placeOf(r.Key)
	if err != nil {
		return write{}, err
	}
	w := write{on: on, request: r, place: place, key: r.Key}
	return w, w.allowed("NONE", "ALL_OLD")
}

// planCheck is a condition without a change.
func planCheck(on *table, r *request) (write, error) {
	w, err := planDelete(on, r)
	w.changed = w.old
	return w, err
}

func planUpdate(on *table, r *request) (write, error) {
	place, err := on.placeOf(r.Key)
	if err != nil {
		return write{}, err
	}
	if err := on.checkChanges(r.changes); err != nil {
		return write{}, err
	}
	w := write{on: on, request: r, place: place, key: r.Key}
	if err := w.allowed("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"); err != nil {
		return w, err
	}
	old, changed := w.old.content(), maps.Clone(r.Key)
	maps.Copy(changed, old)
	for _, c := range r.changes {
		if changed, err = c.apply(old, changed); err != nil {
			return w, err
		}
	}
	for _, x := range on.secondary {
		if err := x.checkItem(changed); err != nil {
			return w, err
		}
	}
	return w, w.becomes(changed)
}

// conditionFailed is the code of the refusal of a write whose condition does not hold.
const conditionFailed = "ConditionalCheckFailedException"

// allowed looks up the old item and reports why the write must not happen: its parameters are wrong, or its condition
// does not hold.
func (w *write) allowed(returnValues ...string) error {
	r := w.request
	if r.ReturnValues != "" && !slices.Contains(returnValues, r.ReturnValues) {
		return invalid(fmt.Sprintf("Return values set to invalid value: %s, allowed: %s",
			r.ReturnValues, strings.Join(returnValues, ", ")))
	}
	w.old, _ = w.on.rows.Get(w.place)
	old := w.old.content()
	if r.condition(old) {
		return nil
	}
	refused := &Error{Code: conditionFailed, Message: "The conditional request failed"}
	if r.ReturnValuesOnConditionCheckFailure == "ALL_OLD" && old != nil {
		refused.Item, _ = encode(old) // an item can always be written
	}
	return refused
}

// becomes sets the new item.
func (w *write) becomes(it item) error {
	w.changed = &row{item: it, size: sizeOf(it)}
	for _, v := range it {
		if v.nesting() > maxNesting {
			return errNesting
		}
	}
	if w.changed.size <= maxItemBytes {
		return nil
	}
	if w.request.changes != nil {
		return invalid("Item size to update has exceeded the maximum allowed size")
	}
	return invalid("Item size has exceeded the maximum allowed size")
}

// checkChanges refuses an update of the key, and two changes in one place.
func (t *table) checkChanges(changes []change) error {
	paths := make([]path, len(changes))
	for i, c := range changes {
		paths[i] = c.path
		if slices.ContainsFunc(t.keys, func(k key) bool { return k.name == c.path[0].name }) {
			return invalid(badValue + "Cannot update attribute " + c.path[0].name +
				". This attribute is part of the key")
		}
	}
	return checkDisjoint(updateKind, paths)
}

// commit makes the change of a write.
func (t *Tables) commit(w write) {
	if w.changed == w.old {
		return
	}
	w.on.set(w.place, w.changed)
	t.tellItem(w.on, w.key, w.changed)
}

// writes makes an operation of the plan of a write.
func writes(plan plan) func(*Tables, *table, *request) (any, error) {
	return func(t *Tables, on *table, r *request) (any, error) {
		w, err := plan(on, r)
		if err != nil {
			return nil, err
		}
		t.commit(w)
		answer := response{}
		if attributes := w.returned(); len(attributes) > 0 {
			answer["Attributes"] = attributes
		}
		if isCounted(r.ReturnConsumedCapacity) {
			answer[consumedCapacity] = w.units().as(r.ReturnConsumedCapacity)
		}
		if r.ReturnItemCollectionMetrics == "SIZE" && on.hasCollections() {
			answer["ItemCollectionMetrics"] = w.collection()
		}
		return answer, nil
	}
}

// returned is what ReturnValues asks for.
func (w write) returned() item {
	var paths []path
	for _, c := range w.request.changes {
		paths = append(paths, c.path)
	}
	switch w.request.ReturnValues {
	case "ALL_OLD":
		return w.old.content()
	case "ALL_NEW":
		return w.changed.content()
	case "UPDATED_OLD":
		return project(w.old.content(), paths)
	case "UPDATED_NEW":
		return project(w.changed.content(), paths)
	}
	return nil
}
