package remote

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// Rule is a rule of EventBridge as it is deployed, with its first target.
type Rule struct {
	State, Pattern      string
	Target, DeadLetters string // ARNs; empty when there is none
}

// Rule returns a rule of the default event bus.
func (c *Cloud) Rule(ctx context.Context, name string) (Rule, error) {
	var described struct{ State, EventPattern string }
	err := c.events.call(ctx, "AWSEvents.DescribeRule", map[string]any{"Name": name}, &described)
	if err != nil {
		return Rule{}, err
	}
	var listed struct {
		Targets []struct {
			ARN              string
			DeadLetterConfig struct{ ARN string }
		}
	}
	err = c.events.call(ctx, "AWSEvents.ListTargetsByRule", map[string]any{"Rule": name}, &listed)
	rule := Rule{State: described.State, Pattern: described.EventPattern}
	if err == nil && len(listed.Targets) > 0 {
		rule.Target, rule.DeadLetters = listed.Targets[0].ARN, listed.Targets[0].DeadLetterConfig.ARN
	}
	return rule, err
}

// OnFailure returns where Lambda puts events for which a function failed, "" when it drops them.
func (c *Cloud) OnFailure(ctx context.Context, function string) (destination string, err error) {
	out, err := c.lambda.GetFunctionEventInvokeConfig(ctx,
		&lambda.GetFunctionEventInvokeConfigInput{FunctionName: &function})
	if err != nil || out.DestinationConfig == nil || out.DestinationConfig.OnFailure == nil {
		return "", err
	}
	return aws.ToString(out.DestinationConfig.OnFailure.Destination), nil
}

// Messages returns about how many messages a queue has.
func (c *Cloud) Messages(ctx context.Context, queue string) (int, error) {
	var found struct{ QueueURL string }
	err := c.sqs.call(ctx, "AmazonSQS.GetQueueUrl", map[string]any{"QueueName": queue}, &found)
	if err != nil {
		return 0, err
	}
	const count = "ApproximateNumberOfMessages"
	var out struct{ Attributes map[string]string }
	err = c.sqs.call(ctx, "AmazonSQS.GetQueueAttributes",
		map[string]any{"QueueUrl": found.QueueURL, "AttributeNames": []string{count}}, &out)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out.Attributes[count])
}

// call makes a request of the AWS JSON protocol, which names its operation in a header.
func (c signedClient) call(ctx context.Context, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	headers := http.Header{"Content-Type": {"application/x-amz-json-" + c.jsonVersion}, "X-Amz-Target": {target}}
	answer, err := c.sendWith(ctx, http.MethodPost, "/", headers, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}
