package remote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"

	"github.com/connect-async/connect-async/internal/clock"
)

// signedClient sends the few requests for which no client of the SDK is linked: one operation of IAM, those of Amazon
// Connect, two each of EventBridge and SQS, one of Polly. Shapes: the SDK's service models (IAM 2010-05-08, AWS Query;
// Connect 2017-08-08, REST with JSON; EventBridge 2015-10-07 and SQS 2012-11-05, AWS JSON 1.1 and 1.0).
type signedClient struct {
	service, endpoint, region string
	jsonVersion               string // of the AWS JSON protocol
	credentials               aws.CredentialsProvider
	clock                     clock.Clock
}

// newSigned completes a client with the user's credentials, and with the endpoint that a variable names for all
// services or for this one.
func newSigned(cfg aws.Config, getenv func(string) string, c clock.Clock, client signedClient) signedClient {
	if cfg.BaseEndpoint != nil {
		client.endpoint = *cfg.BaseEndpoint
	}
	if given := getenv("AWS_ENDPOINT_URL_" + strings.ToUpper(client.service)); given != "" {
		client.endpoint = given
	}
	client.endpoint = strings.TrimSuffix(client.endpoint, "/")
	client.credentials, client.clock = cfg.Credentials, c
	return client
}

// regionalHost is where a service is asked in a Region.
func regionalHost(service, region string) string { return service + "." + region + ".amazonaws.com" }

// maxAnswer bounds what is read of an answer; a flow has at most 256,000 characters, escaped.
const maxAnswer = 4 << 20

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
	request, err := http.NewRequestWithContext(ctx, method, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = headers
	credentials, err := c.credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), c.service, c.region,
		c.clock.Now())
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{Timeout: longestAnswer}).Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err == nil && response.StatusCode >= 300 {
		err = answerError(response, answer)
	}
	return answer, err
}

// refusal is an error that a service answered with.
type refusal struct {
	smithy.GenericAPIError
	status   int
	problems []string // that Connect has with a flow
}

// answerError reads the error of either protocol.
func answerError(response *http.Response, answer []byte) error {
	var query struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	var rest struct {
		Type     string `json:"__type"`
		Message  string
		Problems []struct{ Message string }
	}
	out := &refusal{status: response.StatusCode}
	out.Code, _, _ = strings.Cut(response.Header.Get("X-Amzn-Errortype"), ":") // a URI may follow
	if xml.Unmarshal(answer, &query) == nil && query.Code != "" {
		out.Code, out.Message = query.Code, query.Message
	} else if json.Unmarshal(answer, &rest) == nil {
		out.Message = rest.Message
		for _, p := range rest.Problems {
			out.problems = append(out.problems, p.Message)
		}
		if out.Code == "" {
			out.Code = rest.Type[strings.LastIndex(rest.Type, "#")+1:] // com.amazonaws.sqs#QueueDoesNotExist
		}
	}
	if out.Code == "" {
		out.Code = response.Status
	}
	return out
}

// Simulate asks IAM whether a role may do something: allowed, implicitDeny or explicitDeny.
func (c *Cloud) Simulate(ctx context.Context, role, action, resource string) (string, error) {
	form := url.Values{"Action": {"SimulatePrincipalPolicy"}, "Version": {"2010-05-08"}, "PolicySourceArn": {role},
		"ActionNames.member.1": {action}, "ResourceArns.member.1": {resource}}
	const contentType = "application/x-www-form-urlencoded; charset=utf-8"
	answer, err := c.iam.send(ctx, http.MethodPost, "/", contentType, []byte(form.Encode()))
	if err != nil {
		return "", err
	}
	var out struct {
		Decisions []string `xml:"SimulatePrincipalPolicyResult>EvaluationResults>member>EvalDecision"`
	}
	if err := xml.Unmarshal(answer, &out); err != nil {
		return "", err
	}
	if len(out.Decisions) != 1 {
		return "", fmt.Errorf("IAM gave %d decisions for one action", len(out.Decisions))
	}
	return out.Decisions[0], nil
}

// AssociatedFunctions returns the ARNs of the functions that flows of a Connect instance can choose.
func (c *Cloud) AssociatedFunctions(ctx context.Context, instance string) ([]string, error) {
	var arns []string
	err := c.pages(ctx, "/lambda-functions/"+url.PathEscape(instance), func(answer []byte) error {
		var page struct{ LambdaFunctions []string }
		err := json.Unmarshal(answer, &page)
		arns = append(arns, page.LambdaFunctions...)
		return err
	})
	return arns, err
}

// ContactFlows returns the ids of an instance's flows by name.
func (c *Cloud) ContactFlows(ctx context.Context, instance string) (map[string]string, error) {
	ids := map[string]string{}
	err := c.pages(ctx, "/contact-flows-summary/"+url.PathEscape(instance), func(answer []byte) error {
		var page struct {
			ContactFlowSummaryList []struct{ ID, Name string }
		}
		err := json.Unmarshal(answer, &page)
		for _, f := range page.ContactFlowSummaryList {
			ids[f.Name] = f.ID
		}
		return err
	})
	return ids, err
}

// pages reads a list page by page.
func (c *Cloud) pages(ctx context.Context, path string, read func(answer []byte) error) error {
	for token := ""; ; {
		query := url.Values{"maxResults": {"25"}}
		if token != "" {
			query.Set("nextToken", token)
		}
		answer, err := c.connect.send(ctx, http.MethodGet, path+"?"+query.Encode(), "", nil)
		if err != nil {
			return err
		}
		if err := read(answer); err != nil {
			return err
		}
		var next struct{ NextToken string }
		if err := json.Unmarshal(answer, &next); err != nil || next.NextToken == "" {
			return err
		}
		token = next.NextToken
	}
}

// ContactFlow returns the status and the content of a flow.
func (c *Cloud) ContactFlow(ctx context.Context, instance, id string) (status, content string, err error) {
	path := "/contact-flows/" + url.PathEscape(instance) + "/" + url.PathEscape(id)
	answer, err := c.connect.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return "", "", err
	}
	var out struct {
		ContactFlow struct{ Status, Content string }
	}
	err = json.Unmarshal(answer, &out)
	return out.ContactFlow.Status, out.ContactFlow.Content, err
}
