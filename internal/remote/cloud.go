package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/clock"
)

// Cloud is what a deployed set-up is asked about, with the user's own credentials. It holds connections only and needs
// no Close.
type Cloud struct {
	region, account string // the account once it was asked for

	lambda     *lambda.Client
	states     *sfn.Client
	dynamodb   *dynamodb.Client
	sts        *sts.Client
	iam        signedClient
	connect    signedClient
	events     signedClient
	logs       signedClient
	monitoring signedClient // CloudWatch's alarms and dashboards
	polly      signedClient
	quotas     signedClient
	sqs        signedClient
	tagging    signedClient
}

// NewCloud reads the user's AWS configuration, as every AWS tool does: variables, ~/.aws, single sign-on.
// AWS_ENDPOINT_URL and, by service, AWS_ENDPOINT_URL_LAMBDA and the like lead to endpoints that are not AWS's. region
// is the one to ask, "" for that of the configuration. getenv reads variables; the clock dates signatures.
func NewCloud(ctx context.Context, region string, getenv func(string) string, c clock.Clock) (*Cloud, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}), config.WithRegion(region))
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errors.New("there is no Region: set AWS_REGION")
	}
	own := func(service, host, region, jsonVersion string) signedClient {
		return newSigned(cfg, getenv, c, signedClient{service: service, endpoint: "https://" + host, region: region,
			jsonVersion: jsonVersion, retry: cloudRetry})
	}
	regional := func(service, jsonVersion string) signedClient {
		return own(service, regionalHost(service, cfg.Region), cfg.Region, jsonVersion)
	}
	iamHost, iamRegion := iamEndpoint(cfg.Region)
	return &Cloud{
		region:     cfg.Region,
		lambda:     lambda.NewFromConfig(cfg),
		states:     sfn.NewFromConfig(cfg),
		dynamodb:   dynamodb.NewFromConfig(cfg),
		sts:        sts.NewFromConfig(cfg),
		iam:        own("iam", iamHost, iamRegion, ""),
		connect:    regional("connect", ""),
		events:     regional("events", "1.1"),
		logs:       regional("logs", "1.1"),
		monitoring: regional("monitoring", "1.0"),
		polly:      regional("polly", ""),
		quotas:     regional("servicequotas", "1.1"),
		sqs:        regional("sqs", "1.0"),
		tagging:    regional("tagging", "1.1"),
	}, nil
}

// cloudRetry is for requests of a Cloud that are refused because there are too many.
var cloudRetry = retry{again: isThrottled, tries: 3, pause: time.Second}

// iamEndpoint is the endpoint of IAM, one for each partition, and the Region in its signatures. Source: AWS General
// Reference, "AWS Identity and Access Management endpoints and quotas".
func iamEndpoint(region string) (host, signed string) {
	switch arn.Partition(region) {
	case arn.GovCloud:
		return "iam.us-gov.amazonaws.com", "us-gov-west-1"
	case arn.China:
		return "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"
	}
	return "iam.amazonaws.com", "us-east-1"
}

// arn is the ARN of something of the account in the Region, for errors.
func (c *Cloud) arn(service, resource string) string {
	return arn.ARN{Partition: arn.Partition(c.region), Service: service, Region: c.region, Account: c.account,
		Resource: resource}.String()
}

// functionARN is the ARN of a function of that name; an ARN, which may have a version or alias, stays what it is.
func (c *Cloud) functionARN(name string) string {
	if _, isARN := arn.Parse(name); isARN {
		return name
	}
	return c.arn("lambda", "function:"+name)
}

// roleARN is the ARN of a role without its path, which IAM takes for what it allows.
func (c *Cloud) roleARN(name string) string {
	return arn.ARN{Partition: arn.Partition(c.region), Service: "iam", Account: c.account, Resource: "role/" + name}.
		String()
}

// Region is the Region that is asked.
func (c *Cloud) Region() string { return c.region }

// Account returns the id of the account to which the credentials belong. Errors name ARNs of it afterwards.
func (c *Cloud) Account(ctx context.Context) (string, error) {
	out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", asked("sts:GetCallerIdentity", "*", err)
	}
	c.account = aws.ToString(out.Account)
	return c.account, nil
}

// Function is a Lambda function as it is deployed.
type Function struct {
	ARN     string
	Role    string // its ARN
	Timeout time.Duration
}

// Function returns the function with that ARN, which may have a version or alias.
func (c *Cloud) Function(ctx context.Context, name string) (Function, error) {
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
	if err != nil {
		return Function{}, asked("lambda:GetFunctionConfiguration", name, err)
	}
	return Function{
		ARN:     aws.ToString(out.FunctionArn),
		Role:    aws.ToString(out.Role),
		Timeout: time.Duration(aws.ToInt32(out.Timeout)) * time.Second,
	}, nil
}

// NewestVersion returns the version of a function that was published last, "" for none.
func (c *Cloud) NewestVersion(ctx context.Context, name string) (string, error) {
	newest, request := 0, lambda.ListVersionsByFunctionInput{FunctionName: &name}
	pages := lambda.NewListVersionsByFunctionPaginator(c.lambda, &request)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", asked("lambda:ListVersionsByFunction", c.functionARN(name), err)
		}
		for _, version := range page.Versions {
			number, _ := strconv.Atoi(aws.ToString(version.Version)) // $LATEST has none
			newest = max(newest, number)
		}
	}
	if newest == 0 {
		return "", nil
	}
	return strconv.Itoa(newest), nil
}

// Concurrency returns how many functions the account may run at once in the Region.
func (c *Cloud) Concurrency(ctx context.Context) (int, error) {
	settings, err := c.lambda.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil || settings.AccountLimit == nil {
		return 0, asked("lambda:GetAccountSettings", "*", err)
	}
	return int(settings.AccountLimit.ConcurrentExecutions), nil
}

// Quotas returns the quotas of a service in the account and the Region, by their names in Service Quotas, where the
// service has a code, such as states. Shape: the SDK's service model (Service Quotas 2019-06-24, AWS JSON 1.1).
func (c *Cloud) Quotas(ctx context.Context, service string) (map[string]float64, error) {
	quotas := map[string]float64{}
	request := map[string]any{"ServiceCode": service}
	for {
		var out struct {
			Quotas []struct {
				QuotaName string
				Value     *float64
			}
			NextToken string
		}
		err := c.quotas.call(ctx, "ServiceQuotasV20190624.ListServiceQuotas", request, &out)
		if err != nil {
			return nil, asked("servicequotas:ListServiceQuotas", "*", err)
		}
		for _, q := range out.Quotas {
			if q.Value != nil {
				quotas[q.QuotaName] = *q.Value
			}
		}
		if out.NextToken == "" {
			return quotas, nil
		}
		request["NextToken"] = out.NextToken
	}
}

// mostTagged is how many resources GetResources takes by their ARNs.
const mostTagged = 100

// Tags returns the tags of resources by their ARNs. One without tags may be missing. Shape: the SDK's service model
// (Resource Groups Tagging API 2017-01-26, AWS JSON 1.1).
func (c *Cloud) Tags(ctx context.Context, arns []string) (map[string]map[string]string, error) {
	tags := map[string]map[string]string{}
	for some := range slices.Chunk(arns, mostTagged) {
		var out struct {
			ResourceTagMappingList []struct {
				ResourceARN string
				Tags        []tag
			}
		}
		err := c.tagging.call(ctx, "ResourceGroupsTaggingAPI_20170126.GetResources",
			map[string]any{"ResourceARNList": some}, &out)
		if err != nil {
			return nil, asked("tag:GetResources", "*", err)
		}
		for _, r := range out.ResourceTagMappingList {
			tags[r.ResourceARN] = tagMap(r.Tags)
		}
	}
	return tags, nil
}

// tag is a tag as most services have it.
type tag struct {
	Key, Value string
}

func tagMap(list []tag) map[string]string {
	tags := map[string]string{}
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	return tags
}

// Invoke invokes a function and returns what it answered.
func (c *Cloud) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	out, err := c.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: payload})
	if err != nil {
		return nil, asked("lambda:InvokeFunction", function, err)
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("the function %s failed (%s)", function, *out.FunctionError)
	}
	return out.Payload, nil
}
