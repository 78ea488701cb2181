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
	answers map[string]string
	asked   []string // method, path with query, and the Region and service in the signature
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=key/")
	scope = strings.Join(strings.Split(scope, "/")[1:3], "/")
	e.asked = append(e.asked, r.Method+" "+r.URL.RequestURI()+" "+scope)
	request := r.URL.RequestURI() + " " + r.Header.Get("X-Amz-Target") + " " + string(body)
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

func cloudOf(t *testing.T, e *endpoint) *remote.Cloud {
	t.Helper()
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	isolate(t)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	c, err := remote.NewCloud(t.Context(), os.Getenv, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answered are what each method makes of an answer of the service.
var answered = []struct {
	name, word, answer string
	ask                func(ctx context.Context, c *remote.Cloud) (any, error)
	want               any
}{
	{
		"an account", "GetCallerIdentity", `<GetCallerIdentityResponse><GetCallerIdentityResult>` +
			`<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Account(ctx) }, "111122223333",
	},
	{
		"a function", "/configuration", `{"FunctionArn":"a","Role":"r","State":"Active","Timeout":60,` +
			`"Environment":{"Variables":{"INPUT":"event"}}}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Function(ctx, "bank-async") },
		remote.Function{ARN: "a", Role: "r", State: "Active", Timeout: time.Minute,
			Environment: map[string]string{"INPUT": "event"}},
	},
	{
		"a policy", "/policy", `{"Policy":"{}"}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Policy(ctx, "f") }, "{}",
	},
	{
		"a state machine", "DescribeStateMachine", `{"type":"STANDARD","status":"ACTIVE","roleArn":"r",` +
			`"definition":"{}","loggingConfiguration":{"includeExecutionData":true},"creationDate":1}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.StateMachine(ctx, "m") },
		remote.StateMachine{Type: "STANDARD", Status: "ACTIVE", Role: "r", Definition: "{}", LogsData: true},
	},
	{
		"an invocation", "/invocations", `{"status":"CREATED"}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) {
			answer, err := c.Invoke(ctx, "f", []byte("{}"))
			return string(answer), err
		}, `{"status":"CREATED"}`,
	},
	{
		"a decision", "SimulatePrincipalPolicy", `<R><SimulatePrincipalPolicyResult><EvaluationResults><member>` +
			`<EvalDecision>implicitDeny</EvalDecision></member></EvaluationResults>` +
			`</SimulatePrincipalPolicyResult></R>`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Simulate(ctx, "r", "a:b", "x") },
		"implicitDeny",
	},
	{
		"associated functions", "/lambda-functions/", `{"LambdaFunctions":["a","b"]}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.AssociatedFunctions(ctx, "i/1") },
		[]string{"a", "b"},
	},
	{
		"a rule", "AWSEvents.", `{"State":"ENABLED","EventPattern":"{}","Targets":[{"Id":"1","Arn":"a",` +
			`"DeadLetterConfig":{"Arn":"q"}}]}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Rule(ctx, "bank-ends") },
		remote.Rule{State: "ENABLED", Pattern: "{}", Target: "a", DeadLetters: "q"},
	},
	{
		"where failures go", "/event-invoke-config", `{"DestinationConfig":{"OnFailure":{"Destination":"q"}}}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.OnFailure(ctx, "f") }, "q",
	},
	{
		"messages of a queue", "AmazonSQS.", `{"QueueUrl":"u","Attributes":{"ApproximateNumberOfMessages":"3"}}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.Messages(ctx, "bank-ends-failed") }, 3,
	},
	{
		"contact flows", "/contact-flows-summary/", `{"ContactFlowSummaryList":[{"Id":"f1","Name":"bank-flow"}]}`,
		func(ctx context.Context, c *remote.Cloud) (any, error) { return c.ContactFlows(ctx, "i") },
		map[string]string{"bank-flow": "f1"},
	},
}

func TestCloudReadsAnswers(t *testing.T) {
	for _, test := range answered {
		t.Run(test.name, func(t *testing.T) {
			c := cloudOf(t, &endpoint{answers: map[string]string{test.word: test.answer}})
			got, err := test.ask(t.Context(), c)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			_, err = test.ask(t.Context(), cloudOf(t, &endpoint{})) // which STS would refuse in XML
			var coded interface{ ErrorCode() string }
			if !errors.As(err, &coded) || test.word != "GetCallerIdentity" &&
				coded.ErrorCode() != "ResourceNotFoundException" {
				t.Errorf("a service that refuses: %v", err)
			}
		})
	}
}

func TestCloudReadsTables(t *testing.T) {
	const description = `{"Table":{"KeySchema":[{"AttributeName":"execution","KeyType":"HASH"}]}}`
	for ttl, want := range map[string]string{
		`{"TimeToLiveDescription":{"AttributeName":"expires","TimeToLiveStatus":"ENABLED"}}`:  "expires",
		`{"TimeToLiveDescription":{"AttributeName":"expires","TimeToLiveStatus":"DISABLED"}}`: "",
	} {
		c := cloudOf(t, &endpoint{answers: map[string]string{"DescribeTable": description, "DescribeTimeToLive": ttl}})
		if key, expires, err := c.Table(t.Context(), "bank-results"); err != nil || key != "execution" ||
			expires != want {
			t.Errorf("%s: %q %q %v", ttl, key, expires, err)
		}
	}
}

func TestCloudReadsConcurrency(t *testing.T) {
	settings := `{"AccountLimit":{"ConcurrentExecutions":1000}}`
	for reserved, want := range map[string]int{`{"ReservedConcurrentExecutions":50}`: 50, `{}`: -1} {
		c := cloudOf(t, &endpoint{answers: map[string]string{"/account-settings": settings, "/concurrency": reserved}})
		if limit, got, err := c.Concurrency(t.Context(), "f"); err != nil || limit != 1000 || got != want {
			t.Errorf("%s: %d %d %v", reserved, limit, got, err)
		}
		if _, got, err := c.Concurrency(t.Context(), ""); err != nil || got != -1 {
			t.Errorf("without a function: %d %v", got, err)
		}
	}
}

// TestCloudSignsForTheService checks the Region and the service in the signatures of requests that no client of the SDK
// makes.
func TestCloudSignsForTheService(t *testing.T) {
	e := &endpoint{answers: map[string]string{"/contact-flows/": `{"ContactFlow":{"Status":"PUBLISHED",` +
		`"Content":"{}"}}`}}
	c := cloudOf(t, e)
	if status, content, err := c.ContactFlow(t.Context(), "i", "f 1"); err != nil || status != "PUBLISHED" ||
		content != "{}" {
		t.Errorf("%q %q %v", status, content, err)
	}
	_, _ = c.Simulate(t.Context(), "r", "a:b", "x")
	want := []string{"GET /contact-flows/i/f%201 eu-west-1/connect", "POST / us-east-1/iam"}
	if diff := cmp.Diff(want, e.asked); diff != "" || c.Region() != "eu-west-1" {
		t.Errorf("%s\n%s", c.Region(), diff)
	}
}
