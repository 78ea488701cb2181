package remote_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/remote"
)

// endpoint answers requests by a word in their path, target or body, as the services' models have it, and keeps what
// came.
type endpoint struct {
	answers  map[string]string
	refusals int      // how many requests are refused first, because there are too many
	asked    []string // method, path with query, and the Region and service in the signature
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=key/")
	scope = strings.Join(strings.Split(scope, "/")[1:3], "/")
	e.asked = append(e.asked, r.Method+" "+r.URL.RequestURI()+" "+scope)
	request := r.URL.RequestURI() + " " + r.Header.Get("X-Amz-Target") + " " + string(body)
	if len(e.asked) <= e.refusals {
		w.Header().Set("X-Amzn-Errortype", "ThrottlingException")
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for word, answer := range e.answers {
		if strings.Contains(request, word) {
			w.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE([]byte(answer))))
			_, _ = io.WriteString(w, answer)
			return
		}
	}
	w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"message":"there is none"}`)
}

// cloudOf is a Cloud whose services are all a handler.
func cloudOf(t *testing.T, services http.Handler) *remote.Cloud {
	t.Helper()
	server := httptest.NewServer(services)
	t.Cleanup(server.Close)
	isolate(t)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	c, err := remote.NewCloud(t.Context(), "", os.Getenv, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// resource asks for a resource.
func resource(kind string, named map[string]string) func(context.Context, *remote.Cloud) (any, error) {
	return func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Resource(ctx, kind, named) }
}

type object = map[string]any

// answered are what each method makes of an answer of the service. What is asked last is what no word is for.
var answered = []struct {
	name    string
	answers map[string]string
	ask     func(ctx context.Context, c *remote.Cloud) (any, error)
	want    any
}{
	{
		"an account", map[string]string{"GetCallerIdentity": `<GetCallerIdentityResponse><GetCallerIdentityResult>` +
			`<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Account(ctx) }, "111122223333",
	},
	{
		"a wrapped function", map[string]string{"/configuration": `{"FunctionArn":"a","Timeout":60}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Function(ctx, "f") },
		remote.Function{ARN: "a", Timeout: time.Minute},
	},
	{
		"a function", map[string]string{"/configuration": `{"FunctionArn":"a","Role":"r","State":"Active",` +
			`"Timeout":60,"Runtime":"provided.al2023","Architectures":["arm64"],"MemorySize":128,` +
			`"TracingConfig":{"Mode":"Active"},"KMSKeyArn":"k","Environment":{"Variables":{"INPUT":"event"}}}`,
			"/concurrency": `{"ReservedConcurrentExecutions":50}`},
		resource("AWS::Lambda::Function", map[string]string{"FunctionName": "bank-async"}),
		object{"FunctionName": "bank-async", "Role": "r", "State": "Active", "Timeout": 60,
			"Runtime": "provided.al2023", "Architectures": []any{"arm64"}, "MemorySize": 128,
			"TracingConfig": object{"Mode": "Active"}, "KmsKeyArn": "k", "ReservedConcurrentExecutions": 50,
			"Environment": object{"Variables": object{"INPUT": "event"}}},
	},
	{
		"a permission, of several statements", map[string]string{"/policy": `{"Policy":"{\"Statement\":[` +
			`{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"a:b\"},` +
			`{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"s\",\"t\"]},\"Action\":[\"a:b\"],` +
			`\"Condition\":{\"ArnLike\":{\"aws:sourcearn\":[\"x\",\"y\"]},\"Bool\":{\"aws:SecureTransport\":true}}},` +
			`{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s\"},\"Action\":\"a:b\"}]}"}`},
		resource("AWS::Lambda::Permission", map[string]string{"FunctionName": "f", "Principal": "s", "Action": "a:b",
			"SourceArn": "x"}),
		object{"FunctionName": "f", "Principal": "s", "Action": "a:b", "SourceArn": "x"},
	},
	{
		"where failures go", map[string]string{"/event-invoke-config": `{"MaximumRetryAttempts":2,` +
			`"MaximumEventAgeInSeconds":60,"DestinationConfig":{"OnFailure":{"Destination":"q"}}}`},
		resource("AWS::Lambda::EventInvokeConfig", map[string]string{"FunctionName": "f"}),
		object{"FunctionName": "f", "Qualifier": "$LATEST", "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60,
			"DestinationConfig": object{"OnFailure": object{"Destination": "q"}}},
	},
	{
		"a state machine", map[string]string{"DescribeStateMachine": `{"type":"STANDARD","status":"ACTIVE",` +
			`"roleArn":"r","definition":"{}","creationDate":1,"name":"n","tracingConfiguration":{"enabled":true},` +
			`"encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k",` +
			`"kmsDataKeyReusePeriodSeconds":300},"loggingConfiguration":{"level":"ERROR","includeExecutionData":true,` +
			`"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"l"}}]}}`},
		resource("AWS::StepFunctions::StateMachine", map[string]string{"Arn": "m"}),
		object{"StateMachineName": "n", "StateMachineType": "STANDARD", "State": "ACTIVE", "RoleArn": "r",
			"DefinitionString": "{}", "TracingConfiguration": object{"Enabled": true},
			"EncryptionConfiguration": object{"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": "k",
				"KmsDataKeyReusePeriodSeconds": 300},
			"LoggingConfiguration": object{"Level": "ERROR", "IncludeExecutionData": true, "Destinations": []any{
				object{"CloudWatchLogsLogGroup": object{"LogGroupArn": "l"}}}}},
	},
	{
		"a table", map[string]string{"DescribeTable": `{"Table":{"KeySchema":[{"AttributeName":"execution",` +
			`"KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"execution","AttributeType":"S"}],` +
			`"TableStatus":"ACTIVE","BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},` +
			`"SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"k"}}}`,
			"DescribeTimeToLive": `{"TimeToLiveDescription":{"AttributeName":"expires",` +
				`"TimeToLiveStatus":"ENABLING"}}`},
		resource("AWS::DynamoDB::Table", map[string]string{"TableName": "t"}),
		object{"TableName": "t", "State": "ACTIVE", "BillingMode": "PAY_PER_REQUEST",
			"DeletionProtectionEnabled": false,
			"KeySchema":                 []any{object{"AttributeName": "execution", "KeyType": "HASH"}},
			"AttributeDefinitions":      []any{object{"AttributeName": "execution", "AttributeType": "S"}},
			"SSESpecification":          object{"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "k"},
			"TimeToLiveSpecification":   object{"AttributeName": "expires", "Enabled": true}},
	},
	{
		"a role", map[string]string{"GetRole": `<R><GetRoleResult><Role><Path>/a/</Path><AssumeRolePolicyDocument>` +
			`%7B%22a%22%3A%20%22b%2Bc%22%7D</AssumeRolePolicyDocument><PermissionsBoundary><PermissionsBoundaryArn>b` +
			`</PermissionsBoundaryArn></PermissionsBoundary><Tags><member><Key>team</Key><Value>voice` +
			`</Value></member></Tags></Role></GetRoleResult></R>`},
		resource("AWS::IAM::Role", map[string]string{"RoleName": "r"}),
		object{"RoleName": "r", "Path": "/a/", "AssumeRolePolicyDocument": `{"a": "b+c"}`, "PermissionsBoundary": "b",
			"Tags": map[string]string{"team": "voice"}},
	},
	{
		"a policy", map[string]string{"GetRolePolicy": `<R><GetRolePolicyResult><PolicyDocument>%7B%7D` +
			`</PolicyDocument></GetRolePolicyResult></R>`},
		resource("AWS::IAM::RolePolicy", map[string]string{"RoleName": "r", "PolicyName": "p"}),
		object{"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"},
	},
	{
		"a decision", map[string]string{"SimulatePrincipalPolicy": `<R><SimulatePrincipalPolicyResult>` +
			`<EvaluationResults><member><EvalDecision>implicitDeny</EvalDecision></member></EvaluationResults>` +
			`</SimulatePrincipalPolicyResult></R>`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Simulate(ctx, "r", "a:b", "x") },
		"implicitDeny",
	},
	{
		"a log group, among others", map[string]string{"DescribeLogGroups": `{"logGroups":[{"logGroupName":"g2"},` +
			`{"logGroupName":"g","retentionInDays":30,"kmsKeyId":"k"}]}`},
		resource("AWS::Logs::LogGroup", map[string]string{"LogGroupName": "g"}),
		object{"LogGroupName": "g", "RetentionInDays": 30, "KmsKeyId": "k"},
	},
	{
		"a saved query, among others", map[string]string{"DescribeQueryDefinitions": `{"queryDefinitions":[` +
			`{"name":"q2"},{"name":"q","queryString":"s","logGroupNames":["g"]}]}`},
		resource("AWS::Logs::QueryDefinition", map[string]string{"Name": "q"}),
		object{"Name": "q", "QueryString": "s", "LogGroupNames": []any{"g"}},
	},
	{
		"an alarm", map[string]string{"DescribeAlarms": `{"MetricAlarms":[{"AlarmName":"a","Period":60}]}`},
		resource("AWS::CloudWatch::Alarm", map[string]string{"AlarmName": "a"}),
		object{"AlarmName": "a", "Period": 60.0},
	},
	{
		"a dashboard", map[string]string{"GetDashboard": `{"DashboardBody":"{}"}`},
		resource("AWS::CloudWatch::Dashboard", map[string]string{"DashboardName": "d"}),
		object{"DashboardName": "d", "DashboardBody": "{}"},
	},
	{
		"a rule", map[string]string{"AWSEvents.": `{"State":"ENABLED","EventPattern":"{}","Description":"d",` +
			`"Targets":[{"Id":"1","Arn":"a","DeadLetterConfig":{"Arn":"q"}}]}`},
		resource("AWS::Events::Rule", map[string]string{"Name": "bank-ends"}),
		object{"Name": "bank-ends", "State": "ENABLED", "EventPattern": "{}", "Description": "d", "Targets": []any{
			object{"Id": "1", "Arn": "a", "DeadLetterConfig": object{"Arn": "q"}}}},
	},
	{
		"a queue", map[string]string{"AmazonSQS.": `{"QueueUrl":"u","Attributes":{"ApproximateNumberOfMessages":"3",` +
			`"Policy":"{}"}}`},
		resource("AWS::SQS::Queue", map[string]string{"QueueName": "q"}),
		object{"QueueName": "q", "Queues": []any{"u"}, "ApproximateNumberOfMessages": "3", "Policy": "{}",
			"PolicyDocument": "{}"},
	},
	{
		"an association", map[string]string{"/instance/1/lambda-functions": `{"LambdaFunctions":["a","b"]}`},
		resource("AWS::Connect::IntegrationAssociation", map[string]string{"InstanceId": "i/1", "IntegrationArn": "b"}),
		object{"InstanceId": "i/1", "IntegrationType": "LAMBDA_FUNCTION", "IntegrationArn": "b"},
	},
	{
		"a flow", map[string]string{"/contact-flows-summary/1": `{"ContactFlowSummaryList":[{"Id":"f1","Name":"x"},` +
			`{"Id":"f2","Name":"bank-flow"}]}`, "/contact-flows/1/f2": `{"ContactFlow":{"Arn":"a","Name":"bank-flow",` +
			`"Type":"CONTACT_FLOW","Status":"PUBLISHED","State":"ACTIVE","Content":"{}","Tags":{"team":"voice"}}}`},
		resource("AWS::Connect::ContactFlow", map[string]string{"InstanceArn": "i/1", "Name": "bank-flow"}),
		object{"InstanceArn": "i/1", "Arn": "a", "Name": "bank-flow", "Type": "CONTACT_FLOW", "Status": "PUBLISHED",
			"State": "ACTIVE", "Content": "{}", "Tags": map[string]string{"team": "voice"}},
	},
	{
		"a module", map[string]string{"/contact-flow-modules-summary/1": `{"ContactFlowModulesSummaryList":[` +
			`{"Id":"m1","Name":"m"}]}`, "/contact-flow-modules/1/m1": `{"ContactFlowModule":{"Arn":"a","Name":"m",` +
			`"Status":"PUBLISHED","State":"ACTIVE","Content":"{}","Settings":"{}"}}`},
		resource("AWS::Connect::ContactFlowModule", map[string]string{"InstanceArn": "i/1", "Name": "m"}),
		object{"InstanceArn": "i/1", "Arn": "a", "Name": "m", "Status": "PUBLISHED", "State": "ACTIVE", "Content": "{}",
			"Settings": "{}", "Tags": map[string]string(nil)},
	},
	{
		"tags", map[string]string{"GetResources": `{"ResourceTagMappingList":[{"ResourceARN":"a",` +
			`"Tags":[{"Key":"team","Value":"voice"},{"Key":"empty","Value":""}]}]}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Tags(ctx, []string{"b", "a"}) },
		map[string]map[string]string{"a": {"team": "voice", "empty": ""}},
	},
	{
		"the newest version", map[string]string{"/versions": `{"Versions":[{"Version":"$LATEST"},{"Version":"9"},` +
			`{"Version":"10"}]}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.NewestVersion(ctx, "f") }, "10",
	},
	{
		"concurrency", map[string]string{"/account-settings": `{"AccountLimit":{"ConcurrentExecutions":1000}}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Concurrency(ctx) }, 1000,
	},
	{
		"quotas", map[string]string{"ListServiceQuotas": `{"Quotas":[{"QuotaName":"a","Value":15},{"QuotaName":"b"}]}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Quotas(ctx, "states") },
		map[string]float64{"a": 15},
	},
	{
		"an entry of a log", map[string]string{"FilterLogEvents": `{"events":[{"message":"a"},{"message":"b"}]}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) {
			return c.Logged(ctx, "g", "{ $.a = 1 }", time.Unix(0, 0))
		}, "a",
	},
	{
		"an invocation", map[string]string{"/invocations": `{"status":"CREATED"}`},
		func(ctx context.Context, c *remote.Cloud) (any, error) {
			answer, err := c.Invoke(ctx, "f", []byte("{}"))
			return string(answer), err
		}, `{"status":"CREATED"}`,
	},
}

func TestCloudReadsAnswers(t *testing.T) {
	for _, test := range answered {
		t.Run(test.name, func(t *testing.T) {
			c := cloudOf(t, &endpoint{answers: test.answers})
			got, err := test.ask(t.Context(), c)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			_, err = test.ask(t.Context(), cloudOf(t, &endpoint{})) // which STS would refuse in XML
			var coded interface {
				ErrorCode() string
			}
			var named interface {
				Action() string
				Resource() string
			}
			if !errors.As(err, &coded) || !errors.As(err, &named) || test.name != "an account" &&
				coded.ErrorCode() != "ResourceNotFoundException" {
				t.Fatalf("a service that refuses: %v", err)
			}
			isNamed := func(a remote.Action) bool { return a.Name == named.Action() }
			if !slices.ContainsFunc(remote.VerifyActions, isNamed) || named.Resource() == "" {
				t.Errorf("refused is %s on %q", named.Action(), named.Resource())
			}
		})
	}
}

// TestCloudDoesNotFindWhatOthersHave checks that what a list does not have is an error that says so.
func TestCloudDoesNotFindWhatOthersHave(t *testing.T) {
	c := cloudOf(t, &endpoint{answers: map[string]string{
		"DescribeLogGroups": `{"logGroups":[{"logGroupName":"g2"}]}`, "DescribeQueryDefinitions": `{}`,
		"DescribeAlarms": `{"MetricAlarms":[]}`, "/lambda-functions": `{"LambdaFunctions":["a"]}`,
		"-summary/": `{}`, "/policy": `{"Policy":"{}"}`,
	}})
	for kind, named := range map[string]map[string]string{
		"AWS::Logs::LogGroup":                  {"LogGroupName": "g"},
		"AWS::Logs::QueryDefinition":           {"Name": "q"},
		"AWS::CloudWatch::Alarm":               {"AlarmName": "a"},
		"AWS::Connect::IntegrationAssociation": {"InstanceId": "i/1", "IntegrationArn": "b"},
		"AWS::Connect::ContactFlow":            {"InstanceArn": "i/1", "Name": "f"},
		"AWS::Connect::ContactFlowModule":      {"InstanceArn": "i/1", "Name": "m"},
		"AWS::Lambda::Permission":              {"FunctionName": "f", "Principal": "s", "Action": "a:b"},
	} {
		found, err := c.Resource(t.Context(), kind, named)
		var coded interface{ ErrorCode() string }
		if !errors.As(err, &coded) || coded.ErrorCode() != "ResourceNotFoundException" || found != nil {
			t.Errorf("%s: %v, %v", kind, found, err)
		}
	}
	if _, err := c.Resource(t.Context(), "AWS::X::Y", nil); err == nil || !strings.Contains(err.Error(), "AWS::X::Y") {
		t.Errorf("an unknown type: %v", err)
	}
}

// TestCloudCannotDecrypt: without the right to use the key, Lambda tells everything but the environment.
func TestCloudCannotDecrypt(t *testing.T) {
	c := cloudOf(t, &endpoint{answers: map[string]string{"/configuration": `{"FunctionArn":"a","KMSKeyArn":"the-key",` +
		`"Environment":{"Error":{"ErrorCode":"AccessDeniedException","Message":"no"}}}`}})
	_, err := c.Resource(t.Context(), "AWS::Lambda::Function", map[string]string{"FunctionName": "f"})
	var named interface {
		Action() string
		Resource() string
	}
	if codeOf(err) != "AccessDeniedException" || !errors.As(err, &named) || named.Action() != "kms:Decrypt" ||
		named.Resource() != "the-key" {
		t.Errorf("%v", err)
	}
}

// TestCloudAsksAgain checks that a request which is refused because there are too many is sent again, and how often.
func TestCloudAsksAgain(t *testing.T) {
	for refusals, want := range map[int]string{0: "", 2: "", 3: "ThrottlingException"} {
		e := &endpoint{answers: map[string]string{"GetDashboard": `{"DashboardBody":"{}"}`}, refusals: refusals}
		server := httptest.NewServer(e)
		t.Cleanup(server.Close)
		isolate(t)
		for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1",
			"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"} {
			t.Setenv(name, value)
		}
		c, err := remote.NewCloud(t.Context(), "", os.Getenv, hurried{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Resource(t.Context(), "AWS::CloudWatch::Dashboard", map[string]string{"DashboardName": "d"})
		if got := codeOf(err); got != want || len(e.asked) != min(refusals+1, 3) {
			t.Errorf("%d refusals: %q after %d requests", refusals, got, len(e.asked))
		}
	}
}

// hurried is the real clock, except that nobody sleeps.
type hurried struct{ clock.Real }

func (hurried) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func codeOf(err error) string {
	var coded interface{ ErrorCode() string }
	if errors.As(err, &coded) {
		return coded.ErrorCode()
	}
	return ""
}

// TestCloudSignsForTheService checks the Region and the service in the signatures of requests that no client of the SDK
// makes, in each partition. A Region that is given counts more than that of the configuration.
func TestCloudSignsForTheService(t *testing.T) {
	for region, iam := range map[string]string{"eu-west-1": "us-east-1", "us-gov-east-1": "us-gov-west-1",
		"cn-northwest-1": "cn-north-1"} {
		e := &endpoint{}
		cloudOf(t, e) // sets the variables
		c, err := remote.NewCloud(t.Context(), region, os.Getenv, clock.Real{})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Resource(t.Context(), "AWS::Connect::ContactFlow",
			map[string]string{"InstanceArn": "i/a b", "Name": "f"})
		_, _ = c.Simulate(t.Context(), "r", "a:b", "x")
		want := []string{"GET /contact-flows-summary/a%20b?maxResults=25 " + region + "/connect",
			"POST / " + iam + "/iam"}
		if diff := cmp.Diff(want, e.asked); diff != "" || c.Region() != region {
			t.Errorf("%s\n%s", c.Region(), diff)
		}
	}
}

// TestTagsAreAskedForInHundreds: the service takes no more ARNs in a request.
func TestTagsAreAskedForInHundreds(t *testing.T) {
	e := &endpoint{answers: map[string]string{"GetResources": `{"ResourceTagMappingList":[]}`}}
	for _, test := range []struct{ arns, requests int }{{1, 1}, {100, 1}, {101, 2}, {250, 3}} {
		e.asked = nil
		_, err := cloudOf(t, e).Tags(t.Context(), make([]string, test.arns))
		if err != nil || len(e.asked) != test.requests {
			t.Errorf("%d ARNs: %d requests, want %d (%v)", test.arns, len(e.asked), test.requests, err)
		}
	}
	if e.asked[0] != "POST / eu-west-1/tagging" {
		t.Errorf("asked %s", e.asked[0])
	}
}
