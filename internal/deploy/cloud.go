package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"github.com/connect-async/connect-async/internal/clock"
)

// Cloud is what Verify asks of AWS, with the user's own credentials. It holds connections only and needs no Close.
type Cloud struct {
	region   string
	clock    clock.Clock
	lambda   *lambda.Client
	states   *sfn.Client
	dynamodb *dynamodb.Client
	sts      *sts.Client
	iam      signedClient
	connect  signedClient
}

// NewCloud reads the user's AWS configuration, as every AWS tool does: variables, ~/.aws, single sign-on. AWS_ENDPOINT_URL and, by
// service, AWS_ENDPOINT_URL_LAMBDA and the like lead to endpoints that are not AWS's. getenv reads variables.
func NewCloud(ctx context.Context, getenv func(string) string, c clock.Clock) (*Cloud, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errors.New("there is no Region: set AWS_REGION")
	}
	own := func(service, host, region string) signedClient {
		endpoint := "https://" + host
		if cfg.BaseEndpoint != nil {
			endpoint = *cfg.BaseEndpoint
		}
		if given := getenv("AWS_ENDPOINT_URL_" + strings.ToUpper(service)); given != "" {
			endpoint = given
		}
		return signedClient{service, strings.TrimSuffix(endpoint, "/"), region, cfg.Credentials, c}
	}
	return &Cloud{region: cfg.Region, clock: c, lambda: lambda.NewFromConfig(cfg), states: sfn.NewFromConfig(cfg), dynamodb: dynamodb.NewFromConfig(cfg),
		sts: sts.NewFromConfig(cfg), iam: own("iam", "iam.amazonaws.com", "us-east-1"),
		connect: own("connect", "connect."+cfg.Region+".amazonaws.com", cfg.Region)}, nil
}

// partition is the part of AWS in which the Region lies.
func (c *Cloud) partition() string {
	switch {
	case strings.HasPrefix(c.region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(c.region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func (c *Cloud) account(ctx context.Context) (string, error) {
	out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.Account), nil
}

// functionState is a Lambda function as it is deployed.
type functionState struct {
	arn, role, state string
	timeout          time.Duration
	environment      map[string]string
}

func (c *Cloud) functionOf(ctx context.Context, name string) (functionState, error) {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
	if err != nil {
		return functionState{}, err
	}
	f := functionState{arn: aws.ToString(out.FunctionArn), role: aws.ToString(out.Role), state: string(out.State),
		timeout: time.Duration(aws.ToInt32(out.Timeout)) * time.Second}
	if out.Environment != nil {
		f.environment = out.Environment.Variables
	}
	return f, nil
}

// machineState is a state machine as it is deployed.
type machineState struct {
	kind, status, role, definition string
	logsData                       bool
}

func (c *Cloud) stateMachine(ctx context.Context, arn string) (machineState, error) {
	out, err := c.states.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &arn})
	if err != nil {
		return machineState{}, err
	}
	m := machineState{kind: string(out.Type), status: string(out.Status), role: aws.ToString(out.RoleArn), definition: aws.ToString(out.Definition)}
	m.logsData = out.LoggingConfiguration != nil && out.LoggingConfiguration.IncludeExecutionData
	return m, nil
}

// table returns a table's partition key and the attribute by which it forgets, "" when it does not.
func (c *Cloud) table(ctx context.Context, name string) (key, forgets string, err error) {
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
	if d := ttl.TimeToLiveDescription; d != nil && (d.TimeToLiveStatus == "ENABLED" || d.TimeToLiveStatus == "ENABLING") {
		forgets = aws.ToString(d.AttributeName)
	}
	return key, forgets, nil
}

func (c *Cloud) policyOf(ctx context.Context, arn string) (resourcePolicy, error) {
	var p resourcePolicy
	out, err := c.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &arn})
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(aws.ToString(out.Policy)), &p)
}

// concurrency returns the account's concurrent executions and what is reserved for the function, -1 for nothing.
func (c *Cloud) concurrency(ctx context.Context, arn string) (limit, reserved int, err error) {
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

func (c *Cloud) invoke(ctx context.Context, arn string, payload []byte) (map[string]any, error) {
	out, err := c.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &arn, Payload: payload})
	if err != nil {
		return nil, err
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("the async function failed (%s)", *out.FunctionError)
	}
	var reply map[string]any
	return reply, json.Unmarshal(out.Payload, &reply)
}

// reasonOf is an error as the service words it, without the SDK's own wrapping.
func reasonOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}

func isDenied(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "AccessDenied")
}
