package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestFirstCalls goes from a function to hearing its own result, as a new user does: at most five commands each, in
// real time, and no file is edited. The quick tests of init play the same projects with stand-ins.
func TestFirstCalls(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "python3")
	testrun.Need(t, "node")
	lambda := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		event, _ := io.ReadAll(r.Body)
		if !strings.HasSuffix(r.URL.Path, ":function:slow/invocations") || !strings.Contains(string(event), "A-17") {
			http.Error(w, `{"errorType": "unexpected"}`, http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, `{"state": "on its way"}`)
	}))
	defer lambda.Close()
	t.Run("scripts", func(t *testing.T) { // which run side by side, and end before the server
		testscript.Run(t, testscript.Params{
			Dir: filepath.Join("testdata", "first"),
			Setup: func(env *testscript.Env) error {
				env.Setenv("AWS_ENDPOINT_URL_LAMBDA", lambda.URL)
				env.Setenv("AWS_REGION", "us-east-1")
				env.Setenv("AWS_ACCESS_KEY_ID", "key")
				env.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
				return nil
			},
		})
	})
}
