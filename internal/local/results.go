package local

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

// Results is a results table of the account as the async function sees it. Its items are those that the async
// function writes in AWS, and that the state machine of a job writes.
type Results struct {
	Account *Account
	Table   string // added with AddResultsTable
}

// AddResultsTable adds a table for results.
func (a *Account) AddResultsTable(name string) { a.AddTable(name, async.ItemExecution) }

type object = map[string]any

// Pending implements async.Results.
func (r Results) Pending(ctx context.Context, record async.Record, now time.Time) (old async.Record, err error) {
	w := record.Add(now)
	put := object{
		"Item":                                attributes(w.Item),
		"ConditionExpression":                 w.Condition,
		"ExpressionAttributeNames":            w.Names(),
		"ExpressionAttributeValues":           attributes(w.Values),
		"ReturnValuesOnConditionCheckFailure": "ALL_OLD",
	}
	if record.Contact != "" {
		return r.pendingListed(ctx, record, put)
	}
	_, err = r.do(ctx, "pending", "PutItem", put)
	if refused, ok := errors.AsType[*Error](err); ok && len(refused.Item) > 0 {
		var found item
		if err := json.Unmarshal(refused.Item, &found); err != nil {
			return old, err
		}
		return async.ReadItem(record.Execution, found.values()), nil
	}
	return old, unlessRefused(err)
}

// Get implements async.Results.
func (r Results) Get(ctx context.Context, execution string) (record async.Record, found bool, err error) {
	response, err := r.do(ctx, "get", "GetItem", object{"Key": key(execution), "ConsistentRead": true})
	if err != nil {
		return record, false, err
	}
	var got struct{ Item item }
	if err := json.Unmarshal(response, &got); err != nil || got.Item == nil {
		return record, false, err
	}
	return async.ReadItem(execution, got.Item.values()), true, nil
}

// item is an item of the table.
type item map[string]struct {
	S, N *string
	SS   []string
}

// values are the item's texts, numbers and sets of texts.
func (i item) values() async.Values {
	v := async.Values{Texts: map[string]string{}, Numbers: map[string]int64{}, Sets: map[string][]string{}}
	for name, value := range i {
		switch {
		case value.SS != nil:
			v.Sets[name] = value.SS
		case value.S != nil:
			v.Texts[name] = *value.S
		case value.N != nil:
			number, _ := strconv.ParseFloat(*value.N, 64) // text that cannot be read counts as missing
			v.Numbers[name] = int64(number)
		}
	}
	return v
}

// Finish implements async.Results.
func (r Results) Finish(ctx context.Context, record async.Record, now time.Time) error {
	refused, err := r.update(ctx, "finish", record, record.SetEnd(now))
	if fill := record.FillEnd(); refused && fill.Update != "" {
		_, err = r.update(ctx, "finish", record, fill)
	}
	return err
}

// Doubted implements async.Results.
func (r Results) Doubted(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, "doubted", record, record.SetDoubt())
	return err
}

// Newest implements async.Results.
func (r Results) Newest(ctx context.Context, record async.Record, now time.Time) error {
	_, err := r.update(ctx, "newest", record, record.SetNewest(now))
	return err
}

// Forget implements async.Results.
func (r Results) Forget(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, "forget", record, record.SetForgotten())
	return err
}

// NoteData implements async.Results.
func (r Results) NoteData(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, "notedata", record, record.SetData())
	return err
}

// Decide implements async.Results.
func (r Results) Decide(ctx context.Context, d async.Decision) (made bool, err error) {
	refused, err := r.update(ctx, "decide", async.Record{Execution: d.Execution}, d.SetOutcome())
	return err == nil && !refused, err
}

// update changes an item on a condition. refused says that the condition did not hold, which is not an error.
func (r Results) update(ctx context.Context, operation string, record async.Record,
	w async.Write) (refused bool, err error) {
	request := object{
		"Key":                       key(record.Execution),
		"UpdateExpression":          w.Update,
		"ExpressionAttributeNames":  w.Names(),
		"ExpressionAttributeValues": attributes(w.Values),
	}
	if w.Condition != "" {
		request["ConditionExpression"] = w.Condition
	}
	_, err = r.do(ctx, operation, "UpdateItem", request)
	return err != nil && unlessRefused(err) == nil, unlessRefused(err)
}

// Item implements async.Items.
func (r Results) Item(ctx context.Context, of string) (values async.Values, found bool, err error) {
	response, err := r.do(ctx, "item", "GetItem", object{"Key": key(of), "ConsistentRead": true})
	if err != nil {
		return values, false, err
	}
	var got struct{ Item item }
	if err := json.Unmarshal(response, &got); err != nil || got.Item == nil {
		return values, false, err
	}
	return got.Item.values(), true, nil
}

// Change implements async.Items.
func (r Results) Change(ctx context.Context, of string, w async.Write) (made bool, err error) {
	refused, err := r.update(ctx, "change", async.Record{Execution: of}, w)
	return err == nil && !refused, err
}

func key(execution string) object {
	return attributes(async.Values{Texts: map[string]string{async.ItemExecution: execution}})
}

// attributes puts values into DynamoDB's JSON.
func attributes(v async.Values) object {
	out := object{}
	for name, text := range v.Texts {
		out[name] = object{"S": text}
	}
	for name, number := range v.Numbers {
		out[name] = object{"N": strconv.FormatInt(number, 10)}
	}
	for name, set := range v.Sets {
		out[name] = object{"SS": set}
	}
	return out
}

// do makes a request to the table.
func (r Results) do(ctx context.Context, operation, action string,
	request object) (response json.RawMessage, err error) {
	if action != "TransactWriteItems" { // which has it in each of its parts
		request["TableName"] = r.Table
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	err = r.Account.request(ctx, DynamoDB, operation, func(Fault) error {
		var err error
		response, err = r.Account.durableRequest(ctx, action, body)
		return serviceError(err)
	})
	return response, err
}

// unlessRefused reports an error, unless the item was there and its condition said to leave it alone.
func unlessRefused(err error) error {
	if refused, ok := errors.AsType[*async.ServiceError](err); ok && refused.Code == "ConditionalCheckFailedException" {
		return nil
	}
	return err
}
