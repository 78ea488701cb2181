package function_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// folder makes a folder of files, given as name and text in turn.
func folder(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(dir, files[i]), files[i+1])
	}
	return dir
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNewRefusesBadSetUp(t *testing.T) {
	empty := t.TempDir()
	tests := []struct {
		name string
		spec function.Spec
		path string // of the environment; "" leaves it
		code string
	}{
		{name: "no code", spec: function.Spec{Name: "f"}, code: function.CodeMissing},
		{
			name: "code that is not there",
			spec: function.Spec{Code: filepath.Join(empty, "nothing")},
			code: function.CodeMissing,
		},
		{name: "a folder that shows no runtime", spec: function.Spec{Code: empty}, code: function.RuntimeUnknown},
		{
			name: "a runtime that cannot run here",
			spec: function.Spec{Code: empty, Runtime: "java21"},
			code: function.RuntimeUnknown,
		},
		{
			name: "no bootstrap",
			spec: function.Spec{Code: empty, Runtime: "provided.al2023"},
			code: function.CodeMissing,
		},
		{name: "no Go file", spec: function.Spec{Code: empty, Runtime: "go"}, code: function.CodeMissing},
		{
			name: "no Go toolchain",
			spec: function.Spec{Code: "testdata/go"},
			path: empty,
			code: function.ToolchainMissing,
		},
		{
			name: "no Python",
			spec: function.Spec{Code: "testdata/python", Handler: "handler.lambda_handler"},
			path: empty,
			code: function.InterpreterMissing,
		},
		{
			name: "a variable without a value",
			spec: function.Spec{Code: "testdata/go", Env: []string{"A"}},
			code: function.SpecInvalid,
		},
		{
			name: "a reserved variable",
			spec: function.Spec{Code: "testdata/go", Env: []string{"_HANDLER=x"}},
			code: function.VariableReserved,
		},
		{name: "a negative limit", spec: function.Spec{Code: "testdata/go", Timeout: -1}, code: function.SpecInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.path != "" {
				t.Setenv("PATH", test.path)
			}
			_, err := function.New(clock.Real{}, test.spec)
			expectFinding(t, err, test.code)
		})
	}
}

func expectFinding(t *testing.T, err error, code string) source.Finding {
	t.Helper()
	var finding source.Finding
	if !errors.As(err, &finding) {
		t.Fatalf("got %v, want a finding %s", err, code)
	}
	if finding.Code != code || finding.Remedy == "" || finding.File == "" && code != function.CodeMissing {
		t.Errorf("got %+v, want code %s, a place and a remedy", finding, code)
	}
	return finding
}

const rawHandler = `package main

import (
	"net/http"
	"os"
)

// A module without dependencies: it speaks the Runtime API itself.
func main() {
	base := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		event, err := http.Get(base + "next")
		if err != nil {
			os.Exit(1)
		}
		id := event.Header.Get("Lambda-Runtime-Aws-Request-Id")
		answer, err := http.Post(base+id+"/response", "application/json", event.Body)
		if err != nil || answer.StatusCode != http.StatusAccepted {
			os.Exit(2)
		}
		answer.Body.Close()
		event.Body.Close()
	}
}
`

const tinyProgram = "package main\n\nfunc main() {}\n"

// TestGoIsFound builds a program that ends at once: that it ran, and how it ended, is reported.
func TestGoIsFound(t *testing.T) {
	t.Setenv("GOOS", "plan9") // what the user builds for otherwise does not matter here
	t.Setenv("GOARCH", "arm")
	module := []string{"go.mod", "module example.com/f\n\ngo 1.24\n"}
	root := folder(t, append(module, "main.go", tinyProgram)...)
	within := folder(t, append(module, "cmd/f/main.go", tinyProgram)...)
	for _, spec := range []function.Spec{
		{Code: root}, {Code: filepath.Join(root, "main.go")},
		{Runtime: "provided.al2023", Code: filepath.Join(within, "cmd", "f")},
	} {
		if spec.Code == root && !testrun.IsHeavy() {
			continue
		}
		expectFailure(t, open(t, spec).Invoke(testrun.Deadline(t), []byte(`{}`)), endedAtOnce)
	}
}

var endedAtOnce = failure{"Runtime.ExitError", "RequestId: ID Error: Runtime exited without providing a reason"}

// TestGoIsBuilt builds functions that answer; TestGoIsFound builds what ends at once.
func TestGoIsBuilt(t *testing.T) {
	testrun.Heavy(t)
	t.Parallel()
	tests := []struct {
		name string
		spec function.Spec
	}{
		{"a package within a module", function.Spec{Code: "testdata/go"}},
		{
			"the root of a module",
			function.Spec{Code: folder(t, "go.mod", "module example.com/f\n\ngo 1.24\n", "main.go", rawHandler)},
		},
		{"a folder within another module", function.Spec{
			Runtime: "provided.al2023",
			Code: filepath.Join(
				folder(t, "go.mod", "module example.com/f\n\ngo 1.24\n", "cmd/f/main.go", rawHandler), "cmd", "f"),
		}},
		{"a file", function.Spec{Code: "testdata/go/main.go"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := open(t, test.spec)
			if err := f.Prepare(testrun.Deadline(t)); err != nil {
				t.Fatal(err)
			}
			r := f.Invoke(testrun.Deadline(t), []byte(`{"do":"value"}`))
			if r.Err != nil || r.FunctionError != "" {
				t.Errorf("%v %s", r.Err, r.Payload)
			}
			// The module in testdata may be edited while the test runs, which starts a new environment.
			edited := strings.HasPrefix(test.spec.Code, "testdata")
			if !edited && r.InitDuration != 0 {
				t.Errorf("init %v: want an environment that is warm", r.InitDuration)
			}
		})
	}
}

func TestGoThatCannotBeBuilt(t *testing.T) {
	t.Parallel()
	dir := folder(t, "go.mod", "module example.com/f\n\ngo 1.24\n", "main.go",
		"package main\n\nfunc main() {\n\tundefined()\n}\n")
	f := open(t, function.Spec{Code: dir})
	finding := expectFinding(t, f.Prepare(testrun.Deadline(t)), function.BuildFailed)
	if finding.File != filepath.Join(dir, "main.go") || finding.Line != 4 || finding.Column != 2 {
		t.Errorf("the place is %s:%d:%d", finding.File, finding.Line, finding.Column)
	}
	if !strings.Contains(finding.Message, "./main.go:4:2: undefined: undefined") {
		t.Errorf("the compiler's lines are missing: %s", finding.Message)
	}
	expectFinding(t, f.Invoke(testrun.Deadline(t), []byte(`{}`)).Err, function.BuildFailed)
	write(t, filepath.Join(dir, "main.go"), tinyProgram)
	expectFailure(t, f.Invoke(testrun.Deadline(t), []byte(`{}`)), endedAtOnce) // after the correction
}

func TestGoPackageThatIsNoProgram(t *testing.T) {
	t.Parallel()
	f := open(t, function.Spec{Code: folder(t, "go.mod", "module example.com/f\n\ngo 1.24\n", "f.go", "package f\n")})
	expectFinding(t, f.Prepare(testrun.Deadline(t)), function.BuildFailed)
}

// program makes a folder with an executable bootstrap.
func program(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	testrun.WriteProgram(t, filepath.Join(dir, "bootstrap"), text)
	return dir
}

func TestProgramThatCannotRunHere(t *testing.T) {
	t.Parallel()
	f := open(t, function.Spec{Code: program(t, "not a program")})
	expectFinding(t, f.Invoke(testrun.Deadline(t), []byte(`{}`)).Err, function.StartFailed)
}
