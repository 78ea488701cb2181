package backend

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/connect-async/connect-async/internal/async"
)

var _ async.Contacts = (*Results)(nil)

// pendingListed adds the record of a start with TransactWriteItems, together with its entry in the contact's item.
func (r *Results) pendingListed(ctx context.Context, record async.Record, w async.Write) (async.Record, error) {
	list := record.List()
	items := []types.TransactWriteItem{
		{Put: &types.Put{
			TableName:                           &r.table,
			Item:                                attributes(w.Item),
			ConditionExpression:                 &w.Condition,
			ExpressionAttributeNames:            w.Names(),
			ExpressionAttributeValues:           attributes(w.Values),
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		{Update: &types.Update{
			TableName:                 &r.table,
			Key:                       key(async.ContactKey(record.Contact)),
			UpdateExpression:          &list.Update,
			ExpressionAttributeNames:  list.Names(),
			ExpressionAttributeValues: attributes(list.Values),
		}},
	}
	_, err := r.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return async.Record{}, serviceError(err)
	}
	for _, reason := range cancelled.CancellationReasons {
		switch code := aws.ToString(reason.Code); code {
		case "", "None":
		case "ConditionalCheckFailed":
			return async.ReadItem(record.Execution, valuesOf(reason.Item)), nil
		default: // TransactionConflict, ThrottlingError and others, each of which has a cause of its own
			return async.Record{}, &async.ServiceError{Code: code, Message: aws.ToString(reason.Message), Status: 400,
				Err: err}
		}
	}
	return async.Record{}, serviceError(err)
}

// Contact implements async.Contacts with a strongly consistent GetItem.
func (r *Results) Contact(ctx context.Context, id string) (c async.Contact, found bool, err error) {
	out, err := r.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &r.table,
		Key:            key(async.ContactKey(id)),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil || out.Item == nil {
		return c, false, serviceError(err)
	}
	return async.ReadContact(id, valuesOf(out.Item)), true, nil
}

// Close implements async.Contacts with a conditional DeleteItem.
func (r *Results) Close(ctx context.Context, c async.Contact) error {
	w := c.Delete()
	_, err := r.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &r.table,
		Key:                       key(async.ContactKey(c.ID)),
		ConditionExpression:       &w.Condition,
		ExpressionAttributeNames:  w.Names(),
		ExpressionAttributeValues: attributes(w.Values),
	})
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return nil
	}
	return serviceError(err)
}

// Waiting implements async.Contacts with a Scan of the index that has contacts only.
func (r *Results) Waiting(ctx context.Context, before, now time.Time) (ids []string, err error) {
	w := async.WaitingContacts(before, now)
	in := &dynamodb.ScanInput{
		TableName:                 &r.table,
		IndexName:                 aws.String(async.ContactsIndex),
		FilterExpression:          &w.Condition,
		ExpressionAttributeNames:  w.Names(),
		ExpressionAttributeValues: attributes(w.Values),
	}
	for {
		out, err := r.client.Scan(ctx, in)
		if err != nil {
			return nil, serviceError(err)
		}
		for _, item := range out.Items {
			ids = append(ids, valuesOf(item).Texts[async.ItemContact])
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return ids, nil
		}
	}
}
