// Package awsrequest sends requests to services of AWS for which no client of the SDK is linked: it signs them, and
// reads answers and refusals. The caller knows the shapes of requests and answers, and their source.
//
// It imports nothing of this module, and of the AWS SDK only its signer. It keeps nothing.
package awsrequest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// EndpointVariable is the environment variable that leads a service to another endpoint, by the service's name in
// signatures. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints", whose names are not those.
func EndpointVariable(service string) string {
	identifiers := map[string]string{
		"events": "EVENTBRIDGE", "logs": "CLOUDWATCH_LOGS", "monitoring": "CLOUDWATCH",
		"servicequotas": "SERVICE_QUOTAS", "states": "SFN", "tagging": "RESOURCE_GROUPS_TAGGING_API",
	}
	return "AWS_ENDPOINT_URL_" + cmp.Or(identifiers[service], strings.ToUpper(service))
}

// Client sends a request, such as an http.Client.
type Client interface {
	Do(*http.Request) (*http.Response, error)
}

// Sender sends requests to one service in one Region, in the name of its credentials.
type Sender struct {
	Client          Client
	Credentials     aws.CredentialsProvider
	Service, Region string // in the signature
	MaxAnswer       int64  // bytes of an answer that are read
}

// Answer is what a service answered.
type Answer struct {
	Status int
	Line   string // the status with its words
	Header http.Header
	Body   []byte
}

// Send signs a request with its body, and sends it. An answer that refuses the request is not an error.
func (s Sender) Send(ctx context.Context, request *http.Request, body []byte, now time.Time) (Answer, error) {
	credentials, err := s.Credentials.Retrieve(ctx)
	if err != nil {
		return Answer{}, err
	}
	hash := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), s.Service, s.Region, now)
	if err != nil {
		return Answer{}, err
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, s.MaxAnswer))
	return Answer{Status: response.StatusCode, Line: response.Status, Header: response.Header, Body: text}, err
}

// IsRefusal reports whether the request was not served.
func (a Answer) IsRefusal() bool { return a.Status >= 300 }

// Refusal is the error of a service that answers in JSON: its code, which is in a header or in the body, and its words.
// Both are empty where it says none, as a proxy does.
func (a Answer) Refusal() (code, message string) {
	var said struct {
		Type    string `json:"__type"`
		Message string
	}
	_ = json.Unmarshal(a.Body, &said)
	code, _, _ = strings.Cut(a.Header.Get("X-Amzn-Errortype"), ":") // a URI may follow
	if code == "" {
		code = said.Type[strings.LastIndex(said.Type, "#")+1:] // com.amazonaws.sqs#QueueDoesNotExist
	}
	return code, said.Message
}
