package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsrequest"
	"github.com/connect-async/connect-async/internal/clock"
)

// signedClient sends the requests for which no client of the SDK is linked: a few each of IAM, Amazon Connect,
// CloudWatch, DynamoDB, EventBridge, SQS, Service Quotas and Polly. What asks gives the shapes and their source.
type signedClient struct {
	service, endpoint, region string
	jsonVersion               string // of the AWS JSON protocol
	credentials               aws.CredentialsProvider
	clock                     clock.Clock
	retry                     retry
}

// retry says when a request is repeated that failed. The zero retry repeats none.
type retry struct {
	again func(error) bool // whether the same request may succeed a little later
	tries int              // how often a request is made, at most
	pause time.Duration    // before the second try; each further one is twice as long
}

// newSigned completes a client with the user's credentials, and with the endpoint that a variable names for all
// services or for this one.
func newSigned(cfg aws.Config, getenv func(string) string, c clock.Clock, client signedClient) signedClient {
	if cfg.BaseEndpoint != nil {
		client.endpoint = *cfg.BaseEndpoint
	}
	if given := getenv(awsrequest.EndpointVariable(client.service)); given != "" {
		client.endpoint = given
	}
	client.endpoint = strings.TrimSuffix(client.endpoint, "/")
	client.credentials, client.clock = cfg.Credentials, c
	return client
}

// regionalHost is where a service is asked in a Region.
func regionalHost(service, region string) string {
	return service + "." + region + "." + arn.DNSSuffix(region)
}

// maxAnswer bounds what is read of an answer: BatchGetItem of DynamoDB returns 16 MB of items.
const maxAnswer = 32 << 20

// longestAnswer is how long a request may take.
const longestAnswer = 30 * time.Second

func (c signedClient) send(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	headers := http.Header{}
	if contentType != "" {
		headers.Set("Content-Type", contentType)
	}
	return c.sendWith(ctx, method, path, headers, body)
}

func (c signedClient) sendWith(ctx context.Context, method, path string, headers http.Header,
	body []byte) ([]byte, error) {
	pause := c.retry.pause
	for try := 1; ; try++ {
		answer, err := c.sendOnce(ctx, method, path, headers, body)
		if try >= c.retry.tries || !c.retry.again(err) {
			return answer, err
		}
		if slept := c.clock.Sleep(ctx, pause); slept != nil {
			return nil, slept
		}
		pause *= 2
	}
}

// isThrottled reports whether a service refused a request because there were too many.
func isThrottled(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (strings.HasPrefix(api.ErrorCode(), "Throttling") ||
		api.ErrorCode() == "TooManyRequestsException" || api.ErrorCode() == "RequestLimitExceeded")
}

func (c signedClient) sendOnce(ctx context.Context, method, path string, headers http.Header,
	body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = headers.Clone()
	sender := awsrequest.Sender{Client: &http.Client{Timeout: longestAnswer}, Credentials: c.credentials,
		Service: c.service, Region: c.region, MaxAnswer: maxAnswer}
	answer, err := sender.Send(ctx, request, body, c.clock.Now())
	if err == nil && answer.IsRefusal() {
		err = answerError(answer)
	}
	return answer.Body, err
}

// refusal is an error that a service answered with.
type refusal struct {
	smithy.GenericAPIError
	status   int
	problems []string // that Connect has with a flow
}

// answerError reads the error of either protocol.
func answerError(answer awsrequest.Answer) error {
	var query struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	var rest struct{ Problems []struct{ Message string } }
	out := &refusal{status: answer.Status}
	if out.Code, out.Message = answer.Refusal(); xml.Unmarshal(answer.Body, &query) == nil && query.Code != "" {
		out.Code, out.Message = query.Code, query.Message
	} else if json.Unmarshal(answer.Body, &rest) == nil {
		for _, p := range rest.Problems {
			out.problems = append(out.problems, p.Message)
		}
	}
	out.Code = cmp.Or(out.Code, answer.Line)
	return out
}

// post makes a request of the AWS JSON protocol, which names its operation in a header.
func (c signedClient) post(ctx context.Context, target string, body []byte) ([]byte, error) {
	headers := http.Header{"Content-Type": {"application/x-amz-json-" + c.jsonVersion}, "X-Amz-Target": {target}}
	return c.sendWith(ctx, http.MethodPost, "/", headers, body)
}

// call makes a request of the AWS JSON protocol, and reads the answer.
func (c signedClient) call(ctx context.Context, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	answer, err := c.post(ctx, target, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}
