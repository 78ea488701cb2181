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

func text(s string) object { return object{"S": s} }

func number(n int64) object { return object{"N": strconv.FormatInt(n, 10)} }

func timeText(t time.Time) object { return text(t.UTC().Format(async.ItemTime)) }

// Pending implements async.Results.
func (r Results) Pending(ctx context.Context, record async.Record, now time.Time) (old async.Record, err error) {
	_, err = r.do(ctx, "pending", "PutItem", object{
		"Item": object{
			async.ItemExecution: text(record.Execution),
			async.ItemStatus:    text(record.Status),
			async.ItemStarted:   timeText(record.Started),
			async.ItemTimeout:   number(int64(record.Timeout / time.Second)),
			async.ItemExpires:   number(record.Expires.Unix()),
		},
		"ConditionExpression":      async.ItemIsNew,
		"ExpressionAttributeNames": async.ItemNames(async.ItemExecution, async.ItemExpires),
		"ExpressionAttributeValues": object{
			":now": number(now.Unix()),
		},
		"ReturnValuesOnConditionCheckFailure": "ALL_OLD",
	})
	if refused, ok := errors.AsType[*Error](err); ok && len(refused.Item) > 0 {
		var found item
		if err := json.Unmarshal(refused.Item, &found); err != nil {
			return old, err
		}
		return found.record(record.Execution), nil
	}
	return old, unlessRefused(err)
}

// Get implements async.Results.
func (r Results) Get(ctx context.Context, execution string) (record async.Record, found bool, err error) {
	response, err := r.do(ctx, "get", "GetItem", object{
		"Key":            object{async.ItemExecution: text(execution)},
		"ConsistentRead": true,
	})
	if err != nil {
		return record, false, err
	}
	var got struct{ Item item }
	if err := json.Unmarshal(response, &got); err != nil || got.Item == nil {
		return record, false, err
	}
	return got.Item.record(execution), true, nil
}

// item is an item of the table.
type item map[string]struct{ S, N string }

// record is what the item holds.
func (i item) record(execution string) async.Record {
	at := func(name string) time.Time { t, _ := time.Parse(time.RFC3339, i[name].S); return t }
	whole := func(name string) int64 { n, _ := strconv.ParseInt(i[name].N, 10, 64); return n }
	record := async.Record{
		Execution: execution,
		Status:    i[async.ItemStatus].S,
		Output:    i[async.ItemOutput].S,
		Error:     i[async.ItemError].S,
		Cause:     i[async.ItemCause].S,
		Started:   at(async.ItemStarted),
		Timeout:   time.Duration(whole(async.ItemTimeout)) * time.Second,
		Ended:     at(async.ItemEnded),
		Asked:     at(async.ItemAsked),
		Answered:  at(async.ItemAnswered),
		Cancelled: at(async.ItemCancelled),
		Data:      i[async.ItemData].S,
		Newest:    int(whole(async.ItemNewest)),
	}
	if expires := whole(async.ItemExpires); expires != 0 {
		record.Expires = time.Unix(expires, 0).UTC()
	}
	return record
}

// Finish implements async.Results.
func (r Results) Finish(ctx context.Context, record async.Record, now time.Time) error {
	set, parts, names := record.SetEnd()
	values := endValues(record, parts)
	values[":expires"], values[":now"] = number(record.Expires.Unix()), number(now.Unix())
	values[":pending"] = text(async.StatusPending)
	refused, err := r.updateIf(ctx, "finish", record.Execution, async.ItemEndsBefore, set, names, values)
	if !refused {
		return err
	}
	fill, parts, names := record.FillEnd()
	if fill == "" {
		return nil
	}
	_, err = r.updateIf(ctx, "finish", record.Execution, async.ItemEndsThen, fill, names, endValues(record, parts))
	return err
}

// endValues are the values of an end and its parts.
func endValues(record async.Record, parts []async.Part) object {
	values := object{":status": text(record.Status), ":ended": timeText(record.Ended)}
	for _, p := range parts {
		values[":"+p.Name] = text(p.Text)
	}
	return values
}

// Doubted implements async.Results.
func (r Results) Doubted(ctx context.Context, record async.Record) error {
	update, names := async.SetItemDoubt, []string{async.ItemStatus, async.ItemAsked, async.ItemAnswered}
	values := object{
		":asked":    timeText(record.Asked),
		":answered": timeText(record.Answered),
		":pending":  text(async.StatusPending),
	}
	if !record.Cancelled.IsZero() {
		update, names = update+async.SetItemCancelled, append(names, async.ItemCancelled)
		values[":cancelled"] = timeText(record.Cancelled)
	}
	_, err := r.updateIf(ctx, "doubted", record.Execution, async.ItemIsPending, update, names, values)
	return err
}

// updateIf changes an item on a condition. refused says that the condition did not hold.
func (r Results) updateIf(ctx context.Context, operation, execution, condition, update string, names []string,
	values object) (refused bool, err error) {
	_, err = r.do(ctx, operation, "UpdateItem", object{
		"Key":                       object{async.ItemExecution: text(execution)},
		"UpdateExpression":          update,
		"ConditionExpression":       condition,
		"ExpressionAttributeNames":  async.ItemNames(names...),
		"ExpressionAttributeValues": values,
	})
	return err != nil && unlessRefused(err) == nil, unlessRefused(err)
}

// Newest implements async.Results.
func (r Results) Newest(ctx context.Context, record async.Record, now time.Time) error {
	_, err := r.do(ctx, "newest", "UpdateItem", object{
		"Key":                      object{async.ItemExecution: text(record.Execution)},
		"UpdateExpression":         async.SetItemNewest,
		"ConditionExpression":      async.ItemIsOlder,
		"ExpressionAttributeNames": async.ItemNames(async.ItemNewest, async.ItemExpires),
		"ExpressionAttributeValues": object{
			":newest":  number(int64(record.Newest)),
			":expires": number(record.Expires.Unix()),
			":now":     number(now.Unix()),
		},
	})
	return unlessRefused(err)
}

// Forget implements async.Results.
func (r Results) Forget(ctx context.Context, record async.Record) error {
	_, err := r.do(ctx, "forget", "UpdateItem", object{
		"Key":                      object{async.ItemExecution: text(record.Execution)},
		"UpdateExpression":         async.SetItemForget,
		"ConditionExpression":      async.ItemIsOurs,
		"ExpressionAttributeNames": async.ItemNames(async.ItemStatus, async.ItemStarted, async.ItemExpires),
		"ExpressionAttributeValues": object{
			":expires": number(record.Expires.Unix()),
			":pending": text(async.StatusPending),
			":started": timeText(record.Started),
		},
	})
	return unlessRefused(err)
}

// NoteData implements async.Results.
func (r Results) NoteData(ctx context.Context, record async.Record) error {
	_, err := r.do(ctx, "notedata", "UpdateItem", object{
		"Key":                       object{async.ItemExecution: text(record.Execution)},
		"UpdateExpression":          async.SetItemData,
		"ConditionExpression":       async.ItemExists,
		"ExpressionAttributeNames":  async.ItemNames(async.ItemExecution, async.ItemData),
		"ExpressionAttributeValues": object{":data": text(record.Data)},
	})
	return unlessRefused(err)
}

// do makes a request to the table.
func (r Results) do(ctx context.Context, operation, action string,
	request object) (response json.RawMessage, err error) {
	request["TableName"] = r.Table
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	err = r.Account.request(ctx, DynamoDB, operation, func(Fault) error {
		var err error
		response, err = r.Account.TableRequest(action, body)
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
