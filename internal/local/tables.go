package local

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/dynamodb"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/standin"
)

// tableTask performs a task that is a request to a table.
func (a *Account) tableTask(ctx context.Context, c asl.InvokeTask) function.Result {
	response, err := a.tableRequest(ctx, standin.Operation(c.Action), c.Input.JSON())
	if err == nil && strings.Contains(c.Action, "Table") {
		response = withTextTimes(response)
	}
	return function.Result{Payload: response, Err: err}
}

// TextTime is a time, given in seconds since 1970, as the results of aws-sdk tasks have it: with milliseconds, unless
// they are 0.
func TextTime(seconds float64) string {
	at := time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	if at.Nanosecond() == 0 {
		return at.Format("2006-01-02T15:04:05Z")
	}
	return at.Format("2006-01-02T15:04:05.000Z")
}

// withTextTimes writes the times in a description of a table, which are seconds on the wire, as tasks of the AWS SDK
// return them.
func withTextTimes(description json.RawMessage) json.RawMessage {
	var document any
	if json.Unmarshal(description, &document) != nil {
		return description
	}
	var visit func(name string, v any) any
	visit = func(name string, v any) any {
		switch v := v.(type) {
		case float64:
			if strings.HasSuffix(name, "DateTime") {
				return TextTime(v)
			}
		case map[string]any:
			for name, member := range v {
				v[name] = visit(name, member)
			}
		case []any:
			for i, element := range v {
				v[i] = visit("", element)
			}
		}
		return v
	}
	return written(visit("", document))
}

// TableRequest makes a request to the account's DynamoDB tables, in the service's JSON: any operation that
// dynamodb.Has. Errors are *Error.
func (a *Account) TableRequest(operation string, request json.RawMessage) (json.RawMessage, error) {
	return a.durableRequest(context.Background(), operation, request)
}

// durableRequest is TableRequest with a time limit.
func (a *Account) durableRequest(
	ctx context.Context, operation string, request json.RawMessage,
) (json.RawMessage, error) {
	response, err := a.tableRequest(ctx, operation, request)
	if lost := a.Committed(); lost != nil {
		return nil, lost
	}
	return response, err
}

// tableRequest is for those who must not wait until the change is durable.
func (a *Account) tableRequest(
	ctx context.Context, operation string, request json.RawMessage,
) (json.RawMessage, error) {
	if a.options.Tables != nil {
		return a.options.Tables.Do(ctx, operation, request)
	}
	response, err := a.tables.Do(operation, request)
	if refused, ok := errors.AsType[*dynamodb.Error](err); ok {
		return nil, &Error{Code: refused.Code, Message: refused.Message, Item: refused.Item,
			Reasons: refused.Reasons}
	}
	return response, err
}

// AddTable adds a DynamoDB table with the names of its partition key and, if it has one, its sort key.
func (a *Account) AddTable(name string, keys ...string) { a.tables.Add(name, keys...) }

// tableChanged saves a change of a table or of one of its items.
func (a *Account) tableChanged(c dynamodb.Change) {
	change := Change{Space: spaceTables, Key: c.Table, Value: c.Value}
	if c.Key != "" {
		change.Space, change.Key = spaceItems, c.Table+itemSeparator+c.Key
	}
	a.save(change)
}

// itemSeparator is between the name of a table and the key of an item; no name of a table has it.
const itemSeparator = "/"
