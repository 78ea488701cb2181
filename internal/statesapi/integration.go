package statesapi

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/value"
)

// Perform lets the tasks of an account's state machines call the same operations, as aws-sdk:sfn.
func Perform(account *local.Account) {
	account.ServeStates(&integration{api: &api{account: account, await: account.Wait}})
}

// integration answers tasks. Names begin with a capital there, and times are texts.
type integration struct{ api *api }

// Do implements local.TaskService.
func (i *integration) Do(
	ctx context.Context, operation string, parameters json.RawMessage,
) (response json.RawMessage, err error) {
	request, err := requestOf(parameters)
	if err != nil {
		return nil, err
	}
	answer, err := operations[operation](i.api, ctx, request)
	if err != nil {
		return nil, err
	}
	return resultOf(answer)
}

// structured are the members of requests that are not texts.
var structured = []string{"maxResults", "reverseOrder", "includeExecutionData", "publish", "tags", "tagKeys",
	"routingConfiguration", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration",
	"mock", "stateConfiguration", "revealSecrets"}

// requestOf is the request that a task's parameters make. What has to be a text and is not is written as JSON
// (recorded for the Input of startExecution); null means that it was not given.
func requestOf(parameters json.RawMessage) (json.RawMessage, error) {
	decoded, err := value.Decode(parameters)
	object, isObject := decoded.(*value.Object)
	if err != nil || !isObject {
		return nil, &local.Error{Code: "ValidationException", Message: "The parameters must be an object."}
	}
	var members []value.Member
	for name, v := range object.All() {
		name = small(name)
		_, isText := v.(string)
		switch {
		case v == nil:
			continue
		case slices.Contains(structured, name):
			v = renamed(v, small)
		case !isText:
			v = string(value.Encode(v))
		}
		members = append(members, value.M(name, v))
	}
	return value.Encode(value.NewObject(members...)), nil
}

// resultOf is what a task gets of an answer; nil stands for {}.
func resultOf(answer any) (json.RawMessage, error) {
	if answer == nil {
		return json.RawMessage("{}"), nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	decoded, err := value.Decode(text)
	if err != nil {
		return nil, err
	}
	return value.Encode(renamed(decoded, capital)), nil
}

// renamed returns a value with other names of its members, in their order, and its times as texts. The names of
// variables stay.
func renamed(v any, rename func(string) string) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = renamed(item, rename)
		}
		return list
	case *value.Object:
		var members []value.Member
		for name, member := range v.All() {
			number, isNumber := member.(json.Number)
			switch {
			case isNumber && isTime(name):
				member = shownTime(number)
			case name != "assignedVariables":
				member = renamed(member, rename)
			}
			members = append(members, value.M(rename(name), member))
		}
		slices.SortFunc(members, func(a, b value.Member) int { return strings.Compare(a.Name, b.Name) })
		return value.NewObject(members...)
	}
	return v
}

func small(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToLower(name[:1]) + name[1:]
}

func capital(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// isTime reports whether a member of a response is a time: startDate, timestamp and the like.
func isTime(name string) bool { return strings.HasSuffix(name, "Date") || name == "timestamp" }

// shownTime is a time as the results of aws-sdk tasks have it.
func shownTime(seconds json.Number) any {
	s, err := seconds.Float64()
	if err != nil {
		return seconds
	}
	return local.TextTime(s)
}
