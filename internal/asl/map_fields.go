package asl

import (
	"encoding/json"
	"math"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// countField is a field such as MaxConcurrency, or the path form of it.
type countField struct {
	name  string // of the path form
	value int64
	path  *jsonpath.Path
	query payload
}

func (o *object) countField(key string) countField {
	if query := o.expressionIn(key); query != nil {
		return countField{query: query}
	}
	var field countField
	if !o.jsonata {
		o.atMostOne(key, key+"Path")
		field = countField{name: key + "Path", path: o.referencePath(key+"Path", false)}
	}
	if value := o.int(key, 0, math.MaxInt32); value != nil {
		field.value = *value
	}
	return field
}

func (c countField) evaluate(t *turn, f *frame, input any) (int64, *failure) {
	if c.query != nil {
		n, fail := t.query(f).number(c.query, 0, math.MaxInt32, false)
		return int64(n), fail
	}
	if c.path == nil {
		return c.value, nil
	}
	found, err := c.path.Find(t.data(f, input))
	if err != nil {
		return 0, f.runtime("%v", err)
	}
	n, err := json.Number(shown(found)).Int64()
	if err != nil || n < 0 {
		return 0, f.runtime("The %s field refers to value \"%s\" which is not a valid integer: %s",
			c.name, shown(found), c.path)
	}
	return n, nil
}

// tolerance is how many iterations may fail before the state does. AWS documents it for Distributed Map; the language
// allows it for every Map state.
type tolerance struct {
	count, percentage *countField
	percent           float64
}

func (o *object) tolerance() tolerance {
	var found tolerance
	if o.node.Get("ToleratedFailureCount") != nil || o.node.Get("ToleratedFailureCountPath") != nil {
		field := o.countField("ToleratedFailureCount")
		found.count = &field
	}
	if query := o.expressionIn("ToleratedFailurePercentage"); query != nil {
		found.percentage = &countField{query: query}
	} else if o.node.Get("ToleratedFailurePercentage") != nil || o.node.Get("ToleratedFailurePercentagePath") != nil {
		o.atMostOne("ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
		found.percent = o.float("ToleratedFailurePercentage", 0, 0, 100)
		found.percentage = &countField{name: "ToleratedFailurePercentagePath",
			path: o.referencePath("ToleratedFailurePercentagePath", false)}
	}
	return found
}

// evaluate returns how many of length iterations may fail, nil when the fields are absent. With both fields, the one
// that is exceeded first counts.
func (l tolerance) evaluate(t *turn, f *frame, input any, length int) (*int, *failure) {
	if l.count == nil && l.percentage == nil {
		return nil, nil
	}
	allowed := math.MaxInt32
	if l.count != nil {
		count, fail := l.count.evaluate(t, f, input)
		if fail != nil {
			return nil, fail
		}
		allowed = int(count)
	}
	if l.percentage != nil {
		percent, fail := l.percentOf(t, f, input)
		if fail != nil {
			return nil, fail
		}
		allowed = min(allowed, int(percent*float64(length)/100))
	}
	return &allowed, nil
}

func (l tolerance) percentOf(t *turn, f *frame, input any) (float64, *failure) {
	if l.percentage.query != nil {
		return t.query(f).number(l.percentage.query, 0, 100, true)
	}
	if l.percentage.path == nil {
		return l.percent, nil
	}
	found, err := l.percentage.path.Find(t.data(f, input))
	if err != nil {
		return 0, f.runtime("%v", err)
	}
	percent, err := json.Number(shown(found)).Float64()
	switch {
	case err != nil:
		return 0, f.runtime("The %s field refers to value \"%s\" which is not a valid float: %s",
			l.percentage.name, shown(found), l.percentage.path)
	case percent < 0 || percent > 100:
		return 0, f.runtime("ToleratedFailurePercentage must be between 0 and 100.")
	}
	return percent, nil
}

// itemBatcher puts several items into one iteration.
type itemBatcher struct {
	items, bytes countField
	input        *jsonpath.Template
	query        payload // instead of input in a state with JSONata
}

func (o *object) itemBatcher() *itemBatcher {
	if o.get("ItemBatcher") == nil {
		return nil
	}
	inner := o.object("ItemBatcher")
	b := &itemBatcher{items: inner.countField("MaxItemsPerBatch"), bytes: inner.countField("MaxInputBytesPerBatch")}
	if o.jsonata {
		b.query = inner.payload("BatchInput")
	} else {
		b.input = inner.template("BatchInput")
	}
	limits := []string{"MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
	if inner.count(limits) == 0 {
		inner.report("", codeSchema, "One of MaxItemsPerBatch and MaxInputBytesPerBatch is required",
			"Add one of the fields.")
	}
	inner.done()
	return b
}

// batches groups the items, each group an object with Items and, where it is given, BatchInput.
func (b *itemBatcher) batches(t *turn, f *frame, input any, items []any) ([]any, *failure) {
	maxItems, fail := b.items.evaluate(t, f, input)
	if fail != nil {
		return nil, fail
	}
	maxBytes, fail := b.bytes.evaluate(t, f, input)
	if fail != nil {
		return nil, fail
	}
	common, fail := b.common(t, f, input)
	if fail != nil {
		return nil, fail
	}
	batches := []any{}
	if maxBytes > 0 {
		maxBytes = max(maxBytes-int64(value.Size(common)), 1)
	}
	for start := 0; start < len(items); {
		end := batchEnd(items, start, maxItems, maxBytes)
		batches, start = append(batches, common.With(value.M("Items", items[start:end:end]))), end
	}
	return batches, nil
}

// common is what all batches have: BatchInput, where it is given.
func (b *itemBatcher) common(t *turn, f *frame, input any) (*value.Object, *failure) {
	var batchInput any
	var fail *failure
	switch {
	case b.query != nil:
		batchInput, fail = b.query.evaluate(t.query(f))
	case b.input != nil:
		batchInput, fail = t.template(f, "BatchInput", b.input, input)
	default:
		return value.NewObject(), nil
	}
	return value.NewObject(value.M("BatchInput", batchInput)), fail
}

// batchEnd returns the end of the batch that begins at start: at least one item, then as many as the limits allow.
func batchEnd(items []any, start int, maxItems, maxBytes int64) int {
	size := int64(len(`"Items":[]`))
	end := start
	for ; end < len(items); end++ {
		size += int64(value.Size(items[end])) + 1
		if end > start && (maxItems > 0 && int64(end-start) >= maxItems || maxBytes != 0 && size > maxBytes) {
			break
		}
	}
	return end
}
