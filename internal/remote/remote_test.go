package remote_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
)

const arn = "arn:aws:lambda:eu-west-1:111122223333:function:slow:live"

// aws is Lambda's API as far as one answer goes; it records what it was asked.
type aws struct {
	status int
	header map[string]string
	body   string
	asked  []*http.Request
	bodies []string
}

func (a *aws) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
	w.Header().Set("X-Amzn-Requestid", "the-id")
	for key, value := range a.header {
		w.Header().Set(key, value)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// client returns a client of that API, with made-up credentials and without the user's own configuration.
func client(t *testing.T, a *aws) *remote.Client {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	isolate(t)
	t.Setenv("AWS_ENDPOINT_URL_LAMBDA", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	c, err := remote.New(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func isolate(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "none")
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, empty)
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
}

func TestInvokeFunction(t *testing.T) {
	a := &aws{status: 200, header: map[string]string{"X-Amz-Function-Error": "Unhandled",
		"X-Amz-Log-Result": "UkVQT1JU"}, body: `{"errorType":"E"}`}
	r := function.NewRemote(clock.Real{}, client(t, a), arn).Do(context.Background(),
		function.Request{Payload: []byte(`{"a":1}`), ClientContext: "{}"})
	if r.Err != nil || r.FunctionError != "Unhandled" || r.ErrorType != "E" || string(r.Log) != "REPORT" ||
		r.RequestID != "the-id" {
		t.Errorf("%+v", r)
	}
	asked := a.asked[0]
	if asked.URL.Path != "/2015-03-31/functions/"+arn+"/invocations" || a.bodies[0] != `{"a":1}` ||
		asked.Header.Get("X-Amz-Client-Context") != "e30=" {
		t.Errorf("asked %s %s %v", asked.URL, a.bodies[0], asked.Header)
	}
	if !strings.Contains(asked.Header.Get("Authorization"), "/eu-west-1/lambda/aws4_request") {
		t.Errorf("the Region of the ARN is not used: %s", asked.Header.Get("Authorization"))
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		status int
		kind   string
		want   error
		code   string
	}{
		{429, "TooManyRequestsException", function.ErrTooManyRequests, ""},
		{413, "RequestTooLargeException", function.ErrRequestTooLarge, ""},
		{404, "ResourceNotFoundException", nil, function.RemoteMissing},
		{403, "AccessDeniedException", nil, function.RemoteDenied},
		{403, "ExpiredTokenException", nil, function.RemoteDenied},
		{500, "ServiceException", nil, ""},
	}
	for _, test := range tests {
		a := &aws{status: test.status, header: map[string]string{"X-Amzn-Errortype": test.kind},
			body: `{"message":"text"}`}
		_, err := client(t, a).InvokeFunction(context.Background(), arn, nil, "")
		var finding source.Finding
		if errors.As(err, &finding); err == nil || finding.Code != test.code || test.want != nil &&
			!errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.kind, err)
		}
		if len(a.asked) != 1 {
			t.Errorf("%s: asked %d times; what may have run is not repeated", test.kind, len(a.asked))
		}
	}
}

func TestNoCredentials(t *testing.T) {
	isolate(t)
	_, err := remote.New(context.Background(), "")
	var finding source.Finding
	if !errors.As(err, &finding) || finding.Code != remote.CredentialsMissing || finding.Remedy == "" {
		t.Errorf("got %v", err)
	}
}

// TestNoCredentialsIsSilent checks that the SDK prints nothing of its own when no credentials are found, not even where
// it asks the instance's metadata service.
func TestNoCredentialsIsSilent(t *testing.T) {
	isolate(t)
	metadata := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(metadata.Close)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	printed := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(printed)
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = file
	_, err = remote.New(context.Background(), "")
	os.Stderr = stderr
	_ = file.Close()
	if text, _ := os.ReadFile(printed); err == nil || len(text) > 0 {
		t.Errorf("%v, printed %q", err, text)
	}
}
