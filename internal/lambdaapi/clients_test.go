package lambdaapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/testrun"
)

func decodeJSON(from io.Reader, into any) error { return json.NewDecoder(from).Decode(into) }

const handlerText = `def handler(event, context):
    print("called")
    if event.get("fail"):
        raise ValueError("as asked")
    return {"event": event, "arn": context.invoked_function_arn}
`

// real serves a real Python function and returns the endpoint.
func real(t *testing.T) string {
	t.Helper()
	testrun.Need(t, "python3")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.py"), []byte(handlerText), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := function.New(clock.Real{}, function.Spec{
		Name:    "balance",
		Code:    dir,
		Runtime: "python3.13",
		Handler: "app.handler",
		Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	api := lambdaapi.New(lambdaapi.Options{
		Clock:     clock.Real{},
		Functions: []lambdaapi.Function{{Spec: f.Spec(), Invoke: f.Do}},
	})
	server := httptest.NewServer(api)
	t.Cleanup(func() {
		server.Close()
		api.Close()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

// run runs a client of AWS against the endpoint, with made-up credentials and no configuration of the user's.
func run(t *testing.T, endpoint string, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	cmd := testrun.Command(t, args[0], args[1:]...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+endpoint,
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1", "AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	return out.String(), errs.String(), err == nil
}

func TestCommandLine(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "aws")
	endpoint := real(t)
	payload := filepath.Join(t.TempDir(), "event.json") // the same for both generations of the command line
	if err := os.WriteFile(payload, []byte(`{"a":"é"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	invoke := []string{
		"aws", "--endpoint-url", endpoint, "lambda", "invoke", "--log-type", "Tail", "--payload", "fileb://" + payload,
	}
	stdout, stderr, ok := run(t, endpoint,
		append(invoke, "--function-name", "balance", "--qualifier", "live", "/dev/stdout")...)
	for _, want := range []string{
		`"StatusCode": 200`, `"ExecutedVersion": "$LATEST"`, `"LogResult": "`, `function:balance:live`, "é",
	} {
		if !ok || !strings.Contains(stdout, want) {
			t.Errorf("the output lacks %s: %s%s", want, stdout, stderr)
		}
	}
	_, stderr, ok = run(t, endpoint, append(invoke, "--function-name", "nobody", "/dev/stdout")...)
	want := "An error occurred (ResourceNotFoundException) when calling the Invoke operation: " +
		"Function not found: " + arnPrefix + "nobody"
	if ok || !strings.Contains(stderr, want) {
		t.Errorf("got %s, want %s", stderr, want)
	}
	stdout, stderr, ok = run(t, endpoint, "aws", "--endpoint-url", endpoint, "lambda", "list-functions")
	if !ok || !strings.Contains(stdout, `"FunctionName": "balance"`) {
		t.Errorf("%s%s", stdout, stderr)
	}
}

const botoScript = `import base64, boto3, json, os
client = boto3.client("lambda", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
arn = "arn:aws:lambda:us-east-1:000000000000:function:balance"
r = client.invoke(FunctionName=arn, Payload=b'{"a": 1}', LogType="Tail",
                  ClientContext=base64.b64encode(b'{"custom":{}}').decode())
assert r["StatusCode"] == 200 and "FunctionError" not in r and r["ExecutedVersion"] == "$LATEST", r
assert json.load(r["Payload"]) == {"event": {"a": 1}, "arn": arn}
log = base64.b64decode(r["LogResult"]).decode()
assert "called\n" in log and "REPORT RequestId: " + r["ResponseMetadata"]["RequestId"] in log, log
r = client.invoke(FunctionName="balance", Payload=b'{"fail": true}')
assert r["StatusCode"] == 200 and r["FunctionError"] == "Unhandled", r
error = json.load(r["Payload"])
assert error["errorType"] == "ValueError" and error["errorMessage"] == "as asked", error
assert error["requestId"] == r["ResponseMetadata"]["RequestId"], error
assert client.invoke(FunctionName="balance", InvocationType="Event")["StatusCode"] == 202
assert client.invoke(FunctionName="balance", InvocationType="DryRun")["StatusCode"] == 204
try:
    client.invoke(FunctionName="nobody")
except client.exceptions.ResourceNotFoundException as e:
    assert e.response["Error"]["Message"].startswith("Function not found: "), e.response
else:
    assert False
try:
    client.invoke(FunctionName="balance", Payload=b'{"a"')
except client.exceptions.InvalidRequestContentException as e:
    assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 400
else:
    assert False
assert client.get_function(FunctionName="balance")["Configuration"]["FunctionArn"] == arn
assert client.get_function_configuration(FunctionName="balance")["Timeout"] == 20
pages = client.get_paginator("list_functions").paginate()
assert [f["FunctionName"] for p in pages for f in p["Functions"]] == ["balance"]
print("fine")
`

func TestBoto(t *testing.T) {
	testrun.Heavy(t)
	if testrun.Command(t, "python3", "-c", "import boto3").Run() != nil {
		testrun.Missing(t, "boto3 for python3")
	}
	endpoint := real(t)
	if stdout, stderr, ok := run(t, endpoint, "python3", "-c", botoScript); !ok || stdout != "fine\n" {
		t.Errorf("%s%s", stdout, stderr)
	}
}

// TestGoSDK asks what the heavy tests ask with other clients.
func TestGoSDK(t *testing.T) {
	endpoint := real(t)
	client := lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: &endpoint, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		})})
	ctx := context.Background()
	out, err := client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String("balance"),
		Qualifier:    aws.String("live"),
		Payload:      []byte(`{"fail":true}`),
		LogType:      types.LogTypeTail,
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.StatusCode != 200 || aws.ToString(out.FunctionError) != "Unhandled" ||
		aws.ToString(out.ExecutedVersion) != "$LATEST" || out.LogResult == nil ||
		!strings.Contains(string(out.Payload), "as asked") {
		t.Errorf("%+v %s", out, out.Payload)
	}
	_, err = client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("nobody")})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) || !strings.HasPrefix(missing.ErrorMessage(), "Function not found: ") {
		t.Errorf("got %v", err)
	}
	_, err = client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("balance"), Payload: []byte(`{`)})
	var content *types.InvalidRequestContentException
	if !errors.As(err, &content) {
		t.Errorf("got %v", err)
	}
	got, err := client.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("balance")})
	if err != nil || got.Configuration.State != types.StateActive || aws.ToInt32(got.Configuration.Timeout) != 20 {
		t.Errorf("%+v %v", got, err)
	}
	settings, err := client.GetFunctionConfiguration(ctx,
		&lambda.GetFunctionConfigurationInput{FunctionName: aws.String("balance")})
	if err != nil || settings.State != types.StateActive || aws.ToInt32(settings.Timeout) != 20 {
		t.Errorf("%+v %v", settings, err)
	}
	var names []string
	for pages := lambda.NewListFunctionsPaginator(client, &lambda.ListFunctionsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Functions {
			names = append(names, aws.ToString(f.FunctionName))
		}
	}
	if !slices.Equal(names, []string{"balance"}) {
		t.Errorf("the functions are %q", names)
	}
}
