package backend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/connect-async/connect-async/internal/awsrequest"
)

// Settings are what both clients have in common. The zero Settings reach nothing.
type Settings struct {
	region      string
	credentials aws.CredentialsProvider
	endpoints   map[string]string // by the name of a service in signatures, empty for AWS's own
	fips        aws.FIPSEndpointState
	client      *awshttp.BuildableClient
}

// SettingsFromEnv reads the standard variables of the AWS SDKs that Lambda sets: AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; AWS_USE_FIPS_ENDPOINT; and AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SFN,
// AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_EVENTBRIDGE, AWS_ENDPOINT_URL_CONNECT. Each error
// names the variable.
func SettingsFromEnv(getenv func(string) string) (Settings, []error) {
	var errs []error
	region := getenv("AWS_REGION")
	if region == "" {
		region = getenv("AWS_DEFAULT_REGION")
	}
	if region == "" {
		errs = append(errs, errNoRegion)
	}
	s := Settings{
		region: region, credentials: credentialsFromEnv(getenv), endpoints: map[string]string{}, client: newClient(),
	}
	var err error
	if s.fips, err = fipsFromEnv(getenv); err != nil {
		errs = append(errs, err)
	}
	for _, service := range []string{"states", "dynamodb", "sqs", "events", "connect"} {
		variable := awsrequest.EndpointVariable(service)
		if getenv(variable) == "" {
			variable = "AWS_ENDPOINT_URL"
		}
		endpoint := getenv(variable)
		if u, err := url.Parse(endpoint); err != nil || (endpoint != "" && (u.Scheme == "" || u.Host == "")) {
			errs = append(errs, fmt.Errorf("%s: %q is not a URL such as http://localhost:4566", variable, endpoint))
		}
		if endpoint != "" && s.fips == aws.FIPSEndpointStateEnabled {
			errs = append(errs, fmt.Errorf("%s: an endpoint of your own cannot be AWS's FIPS endpoint: set this "+
				"variable or %s", variable, envUseFIPS))
		}
		s.endpoints[service] = endpoint
	}
	return s, errs
}

const envUseFIPS = "AWS_USE_FIPS_ENDPOINT"

// fipsFromEnv says whether to use the endpoints with validated cryptography. The SDK's own configuration, which is not
// loaded, reads the variable in the same way.
func fipsFromEnv(getenv func(string) string) (aws.FIPSEndpointState, error) {
	switch value := getenv(envUseFIPS); strings.ToLower(value) {
	case "":
		return aws.FIPSEndpointStateUnset, nil
	case "true":
		return aws.FIPSEndpointStateEnabled, nil
	case "false":
		return aws.FIPSEndpointStateDisabled, nil
	default:
		return aws.FIPSEndpointStateUnset, fmt.Errorf("%s: %q is not one of true, false", envUseFIPS, value)
	}
}

var errNoRegion = errors.New(
	"AWS_REGION: is not set; Lambda sets it, elsewhere set it to the region of the state machine")

// newClient keeps enough connections for the callers of one environment: Lambda gives it one event at a time.
func newClient() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 4 })
}

// endpoint is nil for AWS's own.
func (s Settings) endpoint(service string) *string {
	return unlessEmpty(s.endpoints[service])
}

// errNoCredentials is permanent: nothing but a new configuration helps.
var errNoCredentials = errors.New("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set")

// credentialsFromEnv takes the role's credentials, which Lambda keeps valid for the life of the process.
func credentialsFromEnv(getenv func(string) string) aws.CredentialsProvider {
	c := aws.Credentials{
		AccessKeyID:     getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		if c.AccessKeyID == "" || c.SecretAccessKey == "" {
			return aws.Credentials{}, errNoCredentials
		}
		return c, nil
	})
}
