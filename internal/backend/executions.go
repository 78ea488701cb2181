package backend

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go/middleware"

	"github.com/connect-async/connect-async/internal/async"
)

// Executions is Step Functions. It implements async.Executions.
type Executions struct {
	client   *sfn.Client
	settings Settings
}

var (
	_ async.Executions = (*Executions)(nil)
	_ async.Histories  = (*Executions)(nil)
)

// NewExecutions makes the client.
func NewExecutions(s Settings) *Executions {
	return &Executions{settings: s, client: sfn.New(sfn.Options{
		Region:       s.region,
		Credentials:  s.credentials,
		BaseEndpoint: s.endpoint("states"),
		HTTPClient:   s.client,
		Retryer:      aws.NopRetryer{},
		APIOptions:   []func(*middleware.Stack) error{oneTry},
		EndpointOptions: sfn.EndpointResolverOptions{
			UseFIPSEndpoint: s.fips,
		},
	})}
}

var errNoARN = errors.New("backend: StartExecution answered without an executionArn")

// Start implements async.Executions with StartExecution.
func (e *Executions) Start(ctx context.Context, in async.StartInput) (string, error) {
	out, err := e.client.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &in.StateMachineARN,
		Name:            &in.Name,
		Input:           &in.Input,
	})
	if err != nil {
		return "", serviceError(err)
	}
	if aws.ToString(out.ExecutionArn) == "" {
		return "", serviceError(errNoARN)
	}
	return *out.ExecutionArn, nil
}

// Describe implements async.Executions with DescribeExecution.
func (e *Executions) Describe(ctx context.Context, executionARN string) (async.Execution, error) {
	out, err := e.client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &executionARN})
	if err != nil {
		return async.Execution{}, serviceError(err)
	}
	return async.Execution{
		Status:  string(out.Status),
		Input:   aws.ToString(out.Input),
		Output:  aws.ToString(out.Output),
		Error:   aws.ToString(out.Error),
		Cause:   aws.ToString(out.Cause),
		Started: aws.ToTime(out.StartDate),
		Stopped: aws.ToTime(out.StopDate),
	}, nil
}

// Stop implements async.Executions with StopExecution.
func (e *Executions) Stop(ctx context.Context, executionARN, errorName, cause string) error {
	_, err := e.client.StopExecution(ctx,
		&sfn.StopExecutionInput{ExecutionArn: &executionARN, Error: &errorName, Cause: &cause})
	return serviceError(err)
}

// historyPage is how many events are read of a history. A step of a chain that was tried as often as it may be has 20.
const historyPage = 100

// History implements async.Histories with GetExecutionHistory. The SDK's operation would add 60 shapes of events to the
// function, of which the names of states are needed.
func (e *Executions) History(ctx context.Context, executionARN string) ([]async.HistoryEvent, error) {
	var page struct {
		Events []struct {
			Timestamp                float64
			Type                     string
			StateEnteredEventDetails struct{ Name string }
			StateExitedEventDetails  struct{ Name string }
		}
	}
	err := e.settings.send(ctx, signed{
		service: "states", region: e.settings.region, method: http.MethodPost, path: "/",
		target: "AWSStepFunctions.GetExecutionHistory", version: "1.0",
		body: map[string]any{"executionArn": executionARN, "reverseOrder": true, "maxResults": historyPage,
			"includeExecutionData": false},
	}, &page)
	var events []async.HistoryEvent
	for _, event := range page.Events {
		events = append(events, async.HistoryEvent{
			Type: event.Type,
			Name: event.StateEnteredEventDetails.Name + event.StateExitedEventDetails.Name, // an event has one of them
			At:   timeOf(event.Timestamp),
		})
	}
	return events, err
}
