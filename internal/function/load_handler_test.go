package function_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestLoad loads functions without invoking them: one that is ready, one that is too slow and one that ends.
func TestLoad(t *testing.T) {
	for _, test := range []struct{ name, do, want string }{
		{"ready", "", ""},
		{"too slow", "SLOW_START=1", "Sandbox.Timedout: it was not ready within 0.05 s"},
		{"ends", "FAIL_AT_START=no configuration", "Runtime.ExitError: Runtime exited with error: exit status 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spec := function.Spec{Code: goHandler, Runtime: "provided.al2023", Timeout: ample, InitTimeout: ample}
			if test.do != "" {
				spec.Env = []string{test.do}
			}
			if test.name == "too slow" {
				spec.InitTimeout = 50 * time.Millisecond
			}
			f := open(t, spec)
			failure, err := f.Load(t.Context())
			switch {
			case err != nil:
				t.Error(err)
			case test.want == "" && failure != nil:
				t.Error(failure.Words())
			case test.want != "" && (failure == nil || !strings.HasPrefix(failure.Words(), test.want)):
				t.Errorf("%+v, expected %s", failure, test.want)
			}
		})
	}
}

// TestLoadImports loads modules that cannot be imported.
func TestLoadImports(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "python3")
	dir := folder(t, "app.py", "import no_such_thing\n", "good.py", "def handler(event, context):\n    return 1\n")
	for handler, want := range map[string]string{
		"app.handler": "Runtime.ImportModuleError", "good.other": "Runtime.HandlerNotFound", "good.handler": "",
	} {
		f := open(t, function.Spec{Code: dir, Runtime: "python3.13", Handler: handler})
		failure, err := f.Load(t.Context())
		if err != nil || (failure == nil) != (want == "") || failure != nil && failure.Type != want {
			t.Errorf("%s: %+v %v, expected %s", handler, failure, err, want)
		}
	}
}
