package backend

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/connect-async/connect-async/internal/async"
)

// Results is the results table. It implements async.Results.
type Results struct {
	client *dynamodb.Client
	table  string
}

var (
	_ async.Results = (*Results)(nil)
	_ async.Items   = (*Results)(nil)
)

// NewResults makes the client of a table.
func NewResults(s Settings, table string) *Results {
	return &Results{client: dynamodb.New(dynamodb.Options{
		Region:       s.region,
		Credentials:  s.credentials,
		BaseEndpoint: s.endpoint("dynamodb"),
		HTTPClient:   s.client,
		Retryer:      aws.NopRetryer{},
		APIOptions:   []func(*middleware.Stack) error{oneTry},
		EndpointOptions: dynamodb.EndpointResolverOptions{
			UseFIPSEndpoint: s.fips,
		},
	}), table: table}
}

// Pending implements async.Results with a conditional PutItem, which returns the item that was there.
func (r *Results) Pending(ctx context.Context, record async.Record, now time.Time) (old async.Record, err error) {
	w := record.Add(now)
	if record.Contact != "" {
		return r.pendingListed(ctx, record, w)
	}
	_, err = r.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &r.table,
		Item:                                attributes(w.Item),
		ConditionExpression:                 &w.Condition,
		ExpressionAttributeNames:            w.Names(),
		ExpressionAttributeValues:           attributes(w.Values),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return async.ReadItem(record.Execution, valuesOf(refused.Item)), nil
	}
	return old, serviceError(err)
}

// Get implements async.Results with a strongly consistent GetItem.
func (r *Results) Get(ctx context.Context, execution string) (record async.Record, found bool, err error) {
	out, err := r.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &r.table,
		Key:            key(execution),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil || out.Item == nil {
		return async.Record{}, false, serviceError(err)
	}
	return async.ReadItem(execution, valuesOf(out.Item)), true, nil
}

// Finish implements async.Results with a conditional UpdateItem, and a second one for a record with the same end.
func (r *Results) Finish(ctx context.Context, record async.Record, now time.Time) error {
	refused, err := r.update(ctx, record, record.SetEnd(now))
	if fill := record.FillEnd(); refused && fill.Update != "" {
		_, err = r.update(ctx, record, fill)
	}
	return err
}

// Doubted implements async.Results.
func (r *Results) Doubted(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, record, record.SetDoubt())
	return err
}

// Newest implements async.Results.
func (r *Results) Newest(ctx context.Context, record async.Record, now time.Time) error {
	_, err := r.update(ctx, record, record.SetNewest(now))
	return err
}

// Forget implements async.Results.
func (r *Results) Forget(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, record, record.SetForgotten())
	return err
}

// NoteData implements async.Results.
func (r *Results) NoteData(ctx context.Context, record async.Record) error {
	_, err := r.update(ctx, record, record.SetData())
	return err
}

// update is a conditional UpdateItem. refused says that the condition did not hold, which is not an error.
func (r *Results) update(ctx context.Context, record async.Record, w async.Write) (refused bool, err error) {
	_, err = r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &r.table,
		Key:                       key(record.Execution),
		UpdateExpression:          &w.Update,
		ConditionExpression:       unlessEmpty(w.Condition),
		ExpressionAttributeNames:  w.Names(),
		ExpressionAttributeValues: attributes(w.Values),
	})
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return true, nil
	}
	return false, serviceError(err)
}

// unlessEmpty is a text that a request has only if there is one.
func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Decide implements async.Results.
func (r *Results) Decide(ctx context.Context, d async.Decision) (made bool, err error) {
	refused, err := r.update(ctx, async.Record{Execution: d.Execution}, d.SetOutcome())
	return err == nil && !refused, err
}

// Item implements async.Items.
func (r *Results) Item(ctx context.Context, of string) (item async.Values, found bool, err error) {
	out, err := r.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &r.table, Key: key(of),
		ConsistentRead: aws.Bool(true)})
	if err != nil || out.Item == nil {
		return item, false, serviceError(err)
	}
	return valuesOf(out.Item), true, nil
}

// Change implements async.Items.
func (r *Results) Change(ctx context.Context, of string, w async.Write) (made bool, err error) {
	refused, err := r.update(ctx, async.Record{Execution: of}, w)
	return err == nil && !refused, err
}

func key(execution string) map[string]types.AttributeValue {
	return attributes(async.Values{Texts: map[string]string{async.ItemExecution: execution}})
}

// attributes puts values into the SDK's form.
func attributes(v async.Values) map[string]types.AttributeValue {
	out := map[string]types.AttributeValue{}
	for name, text := range v.Texts {
		out[name] = &types.AttributeValueMemberS{Value: text}
	}
	for name, number := range v.Numbers {
		out[name] = &types.AttributeValueMemberN{Value: strconv.FormatInt(number, 10)}
	}
	for name, set := range v.Sets {
		out[name] = &types.AttributeValueMemberSS{Value: set}
	}
	return out
}

// valuesOf are the texts, numbers and sets of texts of an item.
func valuesOf(item map[string]types.AttributeValue) async.Values {
	v := async.Values{Texts: map[string]string{}, Numbers: map[string]int64{}, Sets: map[string][]string{}}
	for name, value := range item {
		switch value := value.(type) {
		case *types.AttributeValueMemberS:
			v.Texts[name] = value.Value
		case *types.AttributeValueMemberN:
			number, _ := strconv.ParseFloat(value.Value, 64) // text that cannot be read counts as missing
			v.Numbers[name] = int64(number)
		case *types.AttributeValueMemberSS:
			v.Sets[name] = value.Value
		}
	}
	return v
}
