// Package remote is the command line's AWS SDK, with the user's own credentials: a Client invokes functions where they
// are deployed, a Cloud says what is deployed, an Instance reads and writes the flows of an instance of Amazon Connect,
// slowly enough for others who ask it, and Tables is a DynamoDB that tasks are sent to.
//
// It imports internal/arn, internal/awsfacts, internal/awsrequest, internal/clock, internal/flowlang,
// internal/function, internal/source and the AWS SDK. It is apart from internal/backend so that the deployed async
// function, which links backend, does not carry these clients. Client, Cloud and Tables hold connections only and need
// no Close.
package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/source"
)

// CredentialsMissing is the code of the finding that no AWS credentials could be found.
const CredentialsMissing = "function.remote-credentials"

// Client is Lambda's API. It is a function.Invoker and safe for concurrent use.
type Client struct{ api *lambda.Client }

// New reads the user's AWS configuration, as every AWS tool does: variables, ~/.aws, single sign-on. Profile may be
// empty. The Region comes from the ARN of each function. Without credentials the error is a source.Finding.
func New(ctx context.Context, profile string) (*Client, error) {
	cfg, err := withCredentials(ctx, "a deployed function cannot be invoked", config.WithSharedConfigProfile(profile))
	if err != nil {
		return nil, err
	}
	// One attempt only: a call that failed may have run, and whether it may run twice is not ours to decide.
	return &Client{api: lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.RetryMaxAttempts = 1 })}, nil
}

// withCredentials reads the user's AWS configuration. Without credentials the error is a source.Finding, which says all
// there is to say, beginning with what is impossible then: the SDK's own warnings are not printed.
func withCredentials(ctx context.Context, impossible string, option config.LoadOptionsFunc) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}), option)
	if err == nil {
		_, err = cfg.Credentials.Retrieve(ctx)
	}
	if err != nil {
		return cfg, source.Finding{Code: CredentialsMissing, Severity: source.Error, File: "AWS configuration",
			Message: impossible + " without usable AWS credentials: " + err.Error(),
			Remedy:  "Log in (aws sso login, aws configure), or set AWS_PROFILE."}
	}
	return cfg, nil
}

// InvokeFunction implements function.Invoker.
func (c *Client) InvokeFunction(ctx context.Context, name string, payload []byte,
	clientContext string) (function.RemoteAnswer, error) {
	in := &lambda.InvokeInput{FunctionName: &name, Payload: payload, LogType: types.LogTypeTail}
	if clientContext != "" {
		in.ClientContext = aws.String(base64.StdEncoding.EncodeToString([]byte(clientContext)))
	}
	out, err := c.api.Invoke(ctx, in, func(o *lambda.Options) {
		if region := arn.Region(name); region != "" {
			o.Region = region
		}
	})
	if err != nil {
		return function.RemoteAnswer{}, explain(name, err)
	}
	answer := function.RemoteAnswer{Payload: out.Payload, FunctionError: aws.ToString(out.FunctionError)}
	answer.RequestID, _ = middleware.GetRequestIDMetadata(out.ResultMetadata)
	answer.Log, _ = base64.StdEncoding.DecodeString(aws.ToString(out.LogResult)) // the log is a help only
	return answer, nil
}

// explain gives the errors that a caller of Invoke can do something about their names.
func explain(arn string, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("invoke %s: %w", arn, err)
	}
	switch code := api.ErrorCode(); {
	case code == "TooManyRequestsException":
		return fmt.Errorf("%w (%s)", function.ErrTooManyRequests, api.ErrorMessage())
	case code == "RequestTooLargeException":
		return function.ErrRequestTooLarge
	case code == missing:
		return source.Finding{Code: function.RemoteMissing, Severity: source.Error, File: arn,
			Message: "the function is not deployed there: " + api.ErrorMessage(),
			Remedy:  "Correct the ARN, or deploy the function."}
	case isDenied(code):
		return source.Finding{Code: function.RemoteDenied, Severity: source.Error, File: arn,
			Message: "AWS refuses the call: " + api.ErrorMessage(),
			Remedy:  "Allow lambda:InvokeFunction on this ARN for your credentials, or renew them."}
	}
	return fmt.Errorf("invoke %s: %w", arn, err)
}

// missing is the code of the error of what does not exist.
const missing = "ResourceNotFoundException"

// isDenied reports whether AWS refuses a request because of its credentials.
func isDenied(code string) bool {
	switch code {
	case "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException":
		return true
	}
	return false
}
