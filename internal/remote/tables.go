package remote

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"github.com/connect-async/connect-async/internal/clock"
)

// Tables is DynamoDB as it is reached at an address: the service itself, or a local version of it. Its protocol is AWS
// JSON 1.0 (the SDK's service model, DynamoDB 2012-08-10).
type Tables struct{ client signedClient }

// LocalCredentials are those for a DynamoDB on this machine, which takes any, and may keep other tables for others.
type LocalCredentials struct{ ID, Secret, Region string }

// NewTables returns DynamoDB at an address. For one on this machine, requests are signed with the given credentials;
// for every other one with the user's own. The clock dates signatures.
func NewTables(ctx context.Context, endpoint string, onThisMachine *LocalCredentials, c clock.Clock) (*Tables, error) {
	t := &Tables{client: signedClient{
		service: "dynamodb", endpoint: strings.TrimSuffix(endpoint, "/"), jsonVersion: "1.0", clock: c,
	}}
	if own := onThisMachine; own != nil {
		t.client.region = own.Region
		t.client.credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: own.ID, SecretAccessKey: own.Secret}, nil
		})
		return t, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, err
	}
	t.client.region, t.client.credentials = regionAt(endpoint, cfg.Region), cfg.Credentials
	if t.client.region == "" {
		return nil, errors.New("there is no Region: set AWS_REGION")
	}
	return t, nil
}

// regionAt is the Region in an address of the service, such as https://dynamodb.eu-west-1.amazonaws.com; otherwise it
// is the user's.
func regionAt(endpoint, otherwise string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return otherwise
	}
	parts := strings.Split(u.Hostname(), ".")
	if len(parts) > 3 && parts[0] == "dynamodb" && parts[2] == "amazonaws" {
		return parts[1]
	}
	return otherwise
}

// TablesError is an error of DynamoDB.
type TablesError struct {
	Code    string
	Message string
	Item    json.RawMessage // the item whose condition did not hold, if it was asked for
	Reasons json.RawMessage // why each action of a transaction was not done
}

// Error implements error.
func (r *TablesError) Error() string { return r.Code + ": " + r.Message }

// Do makes a request in DynamoDB's JSON. An error that DynamoDB answered is a *TablesError.
func (t *Tables) Do(ctx context.Context, operation string, request json.RawMessage) (json.RawMessage, error) {
	answer, err := t.client.post(ctx, "DynamoDB_20120810."+operation, request)
	if err == nil {
		return answer, nil
	}
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		return nil, err
	}
	r := &TablesError{Code: refused.Code, Message: refused.Message}
	var details struct{ Item, CancellationReasons json.RawMessage }
	if json.Unmarshal(answer, &details) == nil {
		r.Item, r.Reasons = details.Item, details.CancellationReasons
	}
	return nil, r
}
