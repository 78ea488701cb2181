package statesapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/connect-async/connect-async/internal/dynamodb"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/loopback"
	"github.com/connect-async/connect-async/internal/value"
)

// The sizes of requests (AWS developer guides, service quotas).
const (
	maxBody      = 1 << 20
	maxTableBody = 16 << 20 // of BatchWriteItem
)

// api serves an account.
type api struct {
	account *local.Account
	await   func(ctx context.Context, when func(func())) error // until something has happened
}

// New returns the API of an account. Requests that do not come from a program on this machine get 403.
func New(account *local.Account) http.Handler {
	return loopback.Only(&api{account: account, await: await})
}

// operation answers a request with what is written as JSON; nil stands for {}.
type operation func(a *api, ctx context.Context, body []byte) (any, error)

// operations are those of Step Functions that are served.
var operations = map[string]operation{
	"CreateStateMachine":               read((*api).createStateMachine),
	"UpdateStateMachine":               read((*api).updateStateMachine),
	"DeleteStateMachine":               read((*api).deleteStateMachine),
	"DescribeStateMachine":             read((*api).describeStateMachine),
	"DescribeStateMachineForExecution": read((*api).describeStateMachineForExecution),
	"ListStateMachines":                read((*api).listStateMachines),
	"ValidateStateMachineDefinition":   read((*api).validateStateMachineDefinition),
	"PublishStateMachineVersion":       read((*api).publishStateMachineVersion),
	"ListStateMachineVersions":         read((*api).listStateMachineVersions),
	"DeleteStateMachineVersion":        read((*api).deleteStateMachineVersion),
	"CreateStateMachineAlias":          read((*api).createStateMachineAlias),
	"DescribeStateMachineAlias":        read((*api).describeStateMachineAlias),
	"UpdateStateMachineAlias":          read((*api).updateStateMachineAlias),
	"ListStateMachineAliases":          read((*api).listStateMachineAliases),
	"DeleteStateMachineAlias":          read((*api).deleteStateMachineAlias),
	"StartExecution":                   read((*api).startExecution),
	"StartSyncExecution":               read((*api).startSyncExecution),
	"StopExecution":                    read((*api).stopExecution),
	"DescribeExecution":                read((*api).describeExecution),
	"ListExecutions":                   read((*api).listExecutions),
	"GetExecutionHistory":              read((*api).getExecutionHistory),
	"SendTaskSuccess":                  read((*api).sendTaskSuccess),
	"SendTaskFailure":                  read((*api).sendTaskFailure),
	"SendTaskHeartbeat":                read((*api).sendTaskHeartbeat),
	"RedriveExecution":                 read((*api).redriveExecution),
	"TestState":                        read((*api).testState),
	"CreateActivity":                   read((*api).createActivity),
	"DescribeActivity":                 read((*api).describeActivity),
	"ListActivities":                   read((*api).listActivities),
	"DeleteActivity":                   read((*api).deleteActivity),
	"GetActivityTask":                  read((*api).getActivityTask),
	"TagResource":                      read((*api).tagResource),
	"UntagResource":                    read((*api).untagResource),
	"ListTagsForResource":              read((*api).listTagsForResource),
}

// read makes an operation of a method that takes its request decoded.
func read[Request any](method func(*api, context.Context, Request) (any, error)) operation {
	return func(a *api, ctx context.Context, body []byte) (any, error) {
		var request Request
		if err := json.Unmarshal(body, &request); err != nil {
			return nil, &local.Error{Code: "SerializationException", Message: value.Unfit(err, "the request")}
		}
		return method(a, ctx, request)
	}
}

// What the header X-Amz-Target of a request begins with.
const (
	targetStates = "AWSStepFunctions."
	targetTables = "DynamoDB_20120810."
)

// ServeHTTP implements http.Handler.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("x-amzn-RequestId", a.account.NewID())
	target := r.Header.Get("X-Amz-Target")
	name, toTables := strings.CutPrefix(target, targetTables)
	limit := int64(maxBody)
	if toTables {
		limit = maxTableBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		writeError(w, http.StatusRequestEntityTooLarge, &local.Error{Code: "RequestEntityTooLargeException",
			Message: fmt.Sprintf("Request is too large; the limit is %d MB.", limit>>20)})
		return
	} else if err != nil {
		return // the client is gone
	}
	if toTables && dynamodb.Has(name) {
		response, err := a.account.TableRequest(name, body)
		write(w, response, err, tableTypes)
		return
	}
	if strings.HasPrefix(target, "DynamoDB") {
		writeError(w, http.StatusBadRequest, &local.Error{Code: "UnknownOperationException", Message: "this local " +
			"endpoint does not serve " + target + "; run DynamoDB, and start connect-async serve --dynamodb URL"})
		return
	}
	run, ok := operations[strings.TrimPrefix(target, targetStates)]
	if !ok || !strings.HasPrefix(target, targetStates) || r.Method != http.MethodPost {
		writeError(w, http.StatusBadRequest, &local.Error{Code: "UnknownOperationException",
			Message: "this local endpoint does not serve " + strings.TrimSpace(r.Method+" "+target)})
		return
	}
	response, err := run(a, r.Context(), body)
	if lost := a.account.Committed(); lost != nil {
		err = lost
	}
	write(w, response, err, stateTypes)
}
