package verify_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/verify"
)

// TestWithoutCredentialsIsSilent checks that the SDK prints nothing of its own where it looks for credentials at the
// metadata service and finds none: the check says it.
func TestWithoutCredentialsIsSilent(t *testing.T) {
	metadata := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(metadata.Close)
	for name, value := range map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "",
		"AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_MAX_ATTEMPTS": "1",
		"AWS_ENDPOINT_URL": metadata.URL, "AWS_EC2_METADATA_DISABLED": "false",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.URL} {
		t.Setenv(name, value)
	}
	printed := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(printed)
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = file
	asked, err := remote.NewCloud(t.Context(), "", os.Getenv, clock.Real{})
	os.Stderr = stderr
	if err != nil {
		t.Fatal(err)
	}
	checks := verify.Run(t.Context(), verifiable(t), cloud{Cloud: asked}, clock.Real{}, verify.Options{})
	_ = file.Close()
	text, err := os.ReadFile(printed)
	if err != nil || len(text) > 0 || len(checks) != 1 || checks[0].State != verify.Unknown {
		t.Errorf("%v, printed %q, %+v", err, text, checks)
	}
}
