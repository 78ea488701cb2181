package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/connect-async/connect-async/internal/clock"
)

// Cloud is what a deployed set-up is asked about, with the user's own credentials. It holds connections only and needs
// no Close.
type Cloud struct {
	region   string
	lambda   *lambda.Client
	states   *sfn.Client
	dynamodb *dynamodb.Client
	sts      *sts.Client
	iam      signedClient
	connect  signedClient
	events   signedClient
	sqs      signedClient
	polly    signedClient
}

// NewCloud reads the user's AWS configuration, as every AWS tool does: variables, ~/.aws, single sign-on.
// AWS_ENDPOINT_URL and, by service, AWS_ENDPOINT_URL_LAMBDA and the like lead to endpoints that are not AWS's. getenv
// reads variables; the clock dates signatures.
func NewCloud(ctx context.Context, getenv func(string) string, c clock.Clock) (*Cloud, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errors.New("there is no Region: set AWS_REGION")
	}
	own := func(service, host, region, jsonVersion string) signedClient {
		return newSigned(cfg, getenv, c, signedClient{service: service, endpoint: "https://" + host, region: region,
			jsonVersion: jsonVersion})
	}
	regional := func(service, jsonVersion string) signedClient {
		return own(service, regionalHost(service, cfg.Region), cfg.Region, jsonVersion)
	}
	return &Cloud{
		region:   cfg.Region,
		lambda:   lambda.NewFromConfig(cfg),
		states:   sfn.NewFromConfig(cfg),
		dynamodb: dynamodb.NewFromConfig(cfg),
		sts:      sts.NewFromConfig(cfg),
		iam:      own("iam", "iam.amazonaws.com", "us-east-1", ""),
		connect:  regional("connect", ""),
		events:   regional("events", "1.1"),
		sqs:      regional("sqs", "1.0"),
		polly:    regional("polly", ""),
	}, nil
}

// Region is the Region that is asked.
func (c *Cloud) Region() string { return c.region }

// Account returns the id of the account to which the credentials belong.
func (c *Cloud) Account(ctx context.Context) (string, error) {
	out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.Account), nil
}

// Function is a Lambda function as it is deployed.
type Function struct {
	ARN, Role, State string
	Timeout          time.Duration
	Environment      map[string]string
}

// Function returns the configuration of the function with that name or ARN.
func (c *Cloud) Function(ctx context.Context, name string) (Function, error) {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
	if err != nil {
		return Function{}, err
	}
	f := Function{
		ARN:     aws.ToString(out.FunctionArn),
		Role:    aws.ToString(out.Role),
		State:   string(out.State),
		Timeout: time.Duration(aws.ToInt32(out.Timeout)) * time.Second,
	}
	if out.Environment != nil {
		f.Environment = out.Environment.Variables
	}
	return f, nil
}

// StateMachine is a state machine as it is deployed.
type StateMachine struct {
	Type, Status, Role, Definition string
	LogsData                       bool // its log holds the input and output of executions
}

// StateMachine returns a state machine.
func (c *Cloud) StateMachine(ctx context.Context, arn string) (StateMachine, error) {
	out, err := c.states.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &arn})
	if err != nil {
		return StateMachine{}, err
	}
	return StateMachine{
		Type:       string(out.Type),
		Status:     string(out.Status),
		Role:       aws.ToString(out.RoleArn),
		Definition: aws.ToString(out.Definition),
		LogsData:   out.LoggingConfiguration != nil && out.LoggingConfiguration.IncludeExecutionData,
	}, nil
}

// Table returns a table's partition key and the attribute by which it forgets items, "" when it does not.
func (c *Cloud) Table(ctx context.Context, name string) (key, expires string, err error) {
	out, err := c.dynamodb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil || out.Table == nil {
		return "", "", err
	}
	for _, k := range out.Table.KeySchema {
		if k.KeyType == "HASH" {
			key = aws.ToString(k.AttributeName)
		}
	}
	ttl, err := c.dynamodb.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return key, "", err
	}
	if d := ttl.TimeToLiveDescription; d != nil &&
		(d.TimeToLiveStatus == "ENABLED" || d.TimeToLiveStatus == "ENABLING") {
		expires = aws.ToString(d.AttributeName)
	}
	return key, expires, nil
}

// Policy returns the policy of a function as JSON: who may invoke it.
func (c *Cloud) Policy(ctx context.Context, arn string) (string, error) {
	out, err := c.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &arn})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.Policy), nil
}

// Concurrency returns the account's concurrent executions and what is reserved for the function, -1 for nothing.
func (c *Cloud) Concurrency(ctx context.Context, arn string) (limit, reserved int, err error) {
	settings, err := c.lambda.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return 0, 0, err
	}
	if settings.AccountLimit != nil {
		limit = int(settings.AccountLimit.ConcurrentExecutions)
	}
	if arn == "" {
		return limit, -1, nil
	}
	out, err := c.lambda.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &arn})
	if err != nil || out.ReservedConcurrentExecutions == nil {
		return limit, -1, err
	}
	return limit, int(*out.ReservedConcurrentExecutions), nil
}

// Invoke invokes a function and returns what it answered.
func (c *Cloud) Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	out, err := c.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &arn, Payload: payload})
	if err != nil {
		return nil, err
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("the function %s failed (%s)", arn, *out.FunctionError)
	}
	return out.Payload, nil
}
