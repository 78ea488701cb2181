package backend

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go/middleware"

	"github.com/connect-async/connect-async/internal/async"
)

// Executions is Step Functions. It implements async.Executions.
type Executions struct{ client *sfn.Client }

var _ async.Executions = (*Executions)(nil)

// NewExecutions makes the client.
func NewExecutions(s Settings) *Executions {
	return &Executions{client: sfn.New(sfn.Options{
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
