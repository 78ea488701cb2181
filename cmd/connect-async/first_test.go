package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// firstCalls are scripts that go from a function to hearing its own result, as a new user does. No file is edited.
const firstCalls = "testdata/first"

var firstCommand = regexp.MustCompile(`(?m)^(! )?exec (connect-async.*)$`)

// TestFirstCallsAreShort counts the commands of each script: at most five. The scripts run in TestRelease; the tests of
// init play the same projects with stand-ins.
func TestFirstCallsAreShort(t *testing.T) {
	scripts, err := filepath.Glob(firstCalls + "/*.txtar")
	if err != nil || len(scripts) < 5 {
		t.Fatalf("%d scripts (%v)", len(scripts), err)
	}
	for _, script := range scripts {
		commands, _, _ := strings.Cut(string(readBytes(t, script)), "\n-- ")
		ran := firstCommand.FindAllString(commands, -1)
		if len(ran) == 0 || len(ran) > 5 || strings.Count(commands, "exec ") != len(ran) {
			t.Errorf("%s has %d commands:\n%s", script, len(ran), commands)
		}
		t.Logf("%s: %d commands", filepath.Base(script), len(ran))
	}
}

// makeFirstCalls runs the scripts with a release, in real time, with Python and Node and nothing else on the PATH.
func makeFirstCalls(t *testing.T, released string) {
	lambda := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		event, _ := io.ReadAll(r.Body)
		if !strings.HasSuffix(r.URL.Path, ":function:slow/invocations") || !strings.Contains(string(event), "A-17") {
			http.Error(w, `{"errorType": "unexpected"}`, http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, `{"state": "on its way"}`)
	}))
	defer lambda.Close()
	path := released + string(os.PathListSeparator) + pathWithoutGo(t, "python3", "node")
	t.Run("scripts", func(t *testing.T) { // which run side by side, and end before the server
		testscript.Run(t, testscript.Params{
			Dir: firstCalls,
			Setup: func(env *testscript.Env) error {
				env.Setenv("PATH", path)
				env.Setenv("AWS_ENDPOINT_URL_LAMBDA", lambda.URL)
				env.Setenv("AWS_REGION", "us-east-1")
				env.Setenv("AWS_ACCESS_KEY_ID", "key")
				env.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
				return nil
			},
		})
	})
}
