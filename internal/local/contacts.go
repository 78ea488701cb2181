package local

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

var _ async.Contacts = Results{}

// pendingListed adds the record of a start in one transaction with its entry in the contact's item.
func (r Results) pendingListed(ctx context.Context, record async.Record, put object) (old async.Record, err error) {
	w := record.List()
	put["TableName"] = r.Table
	_, err = r.do(ctx, "pending", "TransactWriteItems", object{"TransactItems": []any{
		object{"Put": put},
		object{"Update": object{
			"TableName":                 r.Table,
			"Key":                       key(async.ContactKey(record.Contact)),
			"UpdateExpression":          w.Update,
			"ExpressionAttributeNames":  w.Names(),
			"ExpressionAttributeValues": attributes(w.Values),
		}},
	}})
	refused, ok := errors.AsType[*Error](err)
	if !ok || len(refused.Reasons) == 0 {
		return old, err
	}
	var reasons []struct {
		Code string
		Item item
	}
	if err := json.Unmarshal(refused.Reasons, &reasons); err != nil {
		return old, err
	}
	for _, reason := range reasons {
		if reason.Code == "ConditionalCheckFailed" {
			return async.ReadItem(record.Execution, reason.Item.values()), nil
		}
	}
	return old, err
}

// Contact implements async.Contacts.
func (r Results) Contact(ctx context.Context, id string) (c async.Contact, found bool, err error) {
	response, err := r.do(ctx, "contact", "GetItem", object{"Key": key(async.ContactKey(id)), "ConsistentRead": true})
	if err != nil {
		return c, false, err
	}
	var got struct{ Item item }
	if err := json.Unmarshal(response, &got); err != nil || got.Item == nil {
		return c, false, err
	}
	return async.ReadContact(id, got.Item.values()), true, nil
}

// Close implements async.Contacts.
func (r Results) Close(ctx context.Context, c async.Contact) error {
	w := c.Delete()
	_, err := r.do(ctx, "close", "DeleteItem", object{
		"Key":                       key(async.ContactKey(c.ID)),
		"ConditionExpression":       w.Condition,
		"ExpressionAttributeNames":  w.Names(),
		"ExpressionAttributeValues": attributes(w.Values),
	})
	return unlessRefused(err)
}

// Waiting implements async.Contacts. The table here has no index of contacts: it is small.
func (r Results) Waiting(ctx context.Context, before, now time.Time) (ids []string, err error) {
	w := async.WaitingContacts(before, now)
	request := object{
		"FilterExpression":          w.Condition,
		"ExpressionAttributeNames":  w.Names(),
		"ExpressionAttributeValues": attributes(w.Values),
	}
	for {
		response, err := r.do(ctx, "waiting", "Scan", request)
		if err != nil {
			return nil, err
		}
		var page struct {
			Items            []item
			LastEvaluatedKey json.RawMessage
		}
		if err := json.Unmarshal(response, &page); err != nil {
			return nil, err
		}
		for _, found := range page.Items {
			ids = append(ids, found.values().Texts[async.ItemContact])
		}
		if page.LastEvaluatedKey == nil {
			return ids, nil
		}
		request["ExclusiveStartKey"] = page.LastEvaluatedKey
	}
}
