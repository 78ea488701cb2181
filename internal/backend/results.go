package backend

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/connect-async/connect-async/internal/async"
)

// Results is the results table. It implements async.Results.
type Results struct {
	client *dynamodb.Client
	table  string
}

var _ async.Results = (*Results)(nil)

// NewResults makes the client of a table.
func NewResults(s Settings, table string) *Results {
	return &Results{client: dynamodb.New(dynamodb.Options{
		Region:       s.region,
		Credentials:  s.credentials,
		BaseEndpoint: s.endpoint("dynamodb"),
		HTTPClient:   s.client,
		Retryer:      aws.NopRetryer{},
		EndpointOptions: dynamodb.EndpointResolverOptions{
			UseFIPSEndpoint: s.fips,
		},
	}), table: table}
}

// Pending implements async.Results with a conditional PutItem, which returns the item that was there.
func (r *Results) Pending(ctx context.Context, record async.Record, now time.Time) (old async.Record, err error) {
	_, err = r.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &r.table,
		Item: map[string]types.AttributeValue{
			async.ItemExecution: text(record.Execution),
			async.ItemStatus:    text(record.Status),
			async.ItemStarted:   timeText(record.Started),
			async.ItemTimeout:   number(int64(record.Timeout / time.Second)),
			async.ItemExpires:   number(record.Expires.Unix()),
		},
		ConditionExpression:      aws.String(async.ItemIsNew),
		ExpressionAttributeNames: async.ItemNames(async.ItemExecution, async.ItemExpires),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":now": number(now.Unix()),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return recordIn(record.Execution, refused.Item), nil
	}
	return old, serviceError(err)
}

// Get implements async.Results with a strongly consistent GetItem.
func (r *Results) Get(ctx context.Context, execution string) (record async.Record, found bool, err error) {
	out, err := r.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &r.table,
		Key:            map[string]types.AttributeValue{async.ItemExecution: text(execution)},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil || out.Item == nil {
		return async.Record{}, false, serviceError(err)
	}
	return recordIn(execution, out.Item), true, nil
}

// recordIn is the record that an item holds.
func recordIn(execution string, item map[string]types.AttributeValue) async.Record {
	return async.Record{
		Execution: execution,
		Status:    textIn(item, async.ItemStatus),
		Output:    textIn(item, async.ItemOutput),
		Error:     textIn(item, async.ItemError),
		Cause:     textIn(item, async.ItemCause),
		Started:   timeIn(item, async.ItemStarted),
		Timeout:   time.Duration(numberIn(item, async.ItemTimeout)) * time.Second,
		Ended:     timeIn(item, async.ItemEnded),
		Expires:   epochIn(item, async.ItemExpires),
		Asked:     timeIn(item, async.ItemAsked),
		Answered:  timeIn(item, async.ItemAnswered),
		Cancelled: timeIn(item, async.ItemCancelled),
		Data:      textIn(item, async.ItemData),
		Newest:    int(numberIn(item, async.ItemNewest)),
	}
}

// Finish implements async.Results with a conditional UpdateItem, and a second one for a record with the same end.
func (r *Results) Finish(ctx context.Context, record async.Record, now time.Time) error {
	set, parts, names := record.SetEnd()
	values := endValues(record, parts)
	values[":expires"], values[":now"] = number(record.Expires.Unix()), number(now.Unix())
	values[":pending"] = text(async.StatusPending)
	refused, err := r.updateIf(ctx, record.Execution, async.ItemEndsBefore, set, names, values)
	if !refused {
		return err
	}
	fill, parts, names := record.FillEnd()
	if fill == "" {
		return nil
	}
	_, err = r.updateIf(ctx, record.Execution, async.ItemEndsThen, fill, names, endValues(record, parts))
	return err
}

// endValues are the values of an end and its parts.
func endValues(record async.Record, parts []async.Part) map[string]types.AttributeValue {
	values := map[string]types.AttributeValue{":status": text(record.Status), ":ended": timeText(record.Ended)}
	for _, p := range parts {
		values[":"+p.Name] = text(p.Text)
	}
	return values
}

// updateIf changes an item on a condition. refused says that the condition did not hold.
func (r *Results) updateIf(ctx context.Context, execution, condition, update string, names []string,
	values map[string]types.AttributeValue) (refused bool, err error) {
	_, err = r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &r.table,
		Key:                       map[string]types.AttributeValue{async.ItemExecution: text(execution)},
		UpdateExpression:          &update,
		ConditionExpression:       &condition,
		ExpressionAttributeNames:  async.ItemNames(names...),
		ExpressionAttributeValues: values,
	})
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return true, nil
	}
	return false, serviceError(err)
}

// Doubted implements async.Results with a conditional UpdateItem.
func (r *Results) Doubted(ctx context.Context, record async.Record) error {
	update, names := async.SetItemDoubt, []string{async.ItemStatus, async.ItemAsked, async.ItemAnswered}
	values := map[string]types.AttributeValue{
		":asked":    timeText(record.Asked),
		":answered": timeText(record.Answered),
		":pending":  text(async.StatusPending),
	}
	if !record.Cancelled.IsZero() {
		update, names = update+async.SetItemCancelled, append(names, async.ItemCancelled)
		values[":cancelled"] = timeText(record.Cancelled)
	}
	_, err := r.updateIf(ctx, record.Execution, async.ItemIsPending, update, names, values)
	return err
}

// Newest implements async.Results with a conditional UpdateItem.
func (r *Results) Newest(ctx context.Context, record async.Record, now time.Time) error {
	_, err := r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &r.table,
		Key:                      map[string]types.AttributeValue{async.ItemExecution: text(record.Execution)},
		UpdateExpression:         aws.String(async.SetItemNewest),
		ConditionExpression:      aws.String(async.ItemIsOlder),
		ExpressionAttributeNames: async.ItemNames(async.ItemNewest, async.ItemExpires),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":newest":  number(int64(record.Newest)),
			":expires": number(record.Expires.Unix()),
			":now":     number(now.Unix()),
		},
	})
	return unlessRefused(err)
}

// Forget implements async.Results with a conditional UpdateItem.
func (r *Results) Forget(ctx context.Context, record async.Record) error {
	_, err := r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &r.table,
		Key:                      map[string]types.AttributeValue{async.ItemExecution: text(record.Execution)},
		UpdateExpression:         aws.String(async.SetItemForget),
		ConditionExpression:      aws.String(async.ItemIsOurs),
		ExpressionAttributeNames: async.ItemNames(async.ItemStatus, async.ItemStarted, async.ItemExpires),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":expires": number(record.Expires.Unix()),
			":pending": text(async.StatusPending),
			":started": timeText(record.Started),
		},
	})
	return unlessRefused(err)
}

// NoteData implements async.Results with a conditional UpdateItem.
func (r *Results) NoteData(ctx context.Context, record async.Record) error {
	_, err := r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &r.table,
		Key:                       map[string]types.AttributeValue{async.ItemExecution: text(record.Execution)},
		UpdateExpression:          aws.String(async.SetItemData),
		ConditionExpression:       aws.String(async.ItemExists),
		ExpressionAttributeNames:  async.ItemNames(async.ItemExecution, async.ItemData),
		ExpressionAttributeValues: map[string]types.AttributeValue{":data": text(record.Data)},
	})
	return unlessRefused(err)
}

// unlessRefused reports an error, unless the item was there and its condition said to leave it alone.
func unlessRefused(err error) error {
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return nil
	}
	return serviceError(err)
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func timeText(t time.Time) types.AttributeValue { return text(t.UTC().Format(async.ItemTime)) }

func number(value int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(value, 10)}
}

// textIn is empty when the attribute is missing or no string.
func textIn(item map[string]types.AttributeValue, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func numberIn(item map[string]types.AttributeValue, name string) int64 {
	n, ok := item[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	value, err := strconv.ParseFloat(n.Value, 64)
	if err != nil {
		return 0
	}
	return int64(value)
}

// epochIn is zero when the attribute is missing or no number.
func epochIn(item map[string]types.AttributeValue, name string) time.Time {
	seconds := numberIn(item, name)
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// timeIn is zero when the attribute is missing or no time.
func timeIn(item map[string]types.AttributeValue, name string) time.Time {
	t, err := time.Parse(time.RFC3339, textIn(item, name))
	if err != nil {
		return time.Time{}
	}
	return t
}
