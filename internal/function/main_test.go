package function_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// goHandler is this test program under a name by which it is a Lambda function, so that no test has to build one.
var goHandler string

const handlerName = "bootstrap.exe" // a name that runs everywhere

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == handlerName {
		startHandler()
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if path, ok := os.LookupEnv(holdEnv); ok && path != "" {
		goHandler = path
		hold()
		return 1
	}
	folder, err := os.MkdirTemp("", "function-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	goHandler = filepath.Join(folder, handlerName)
	if err := copyProgram(goHandler); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	testrun.PreferPrograms()
	os.Setenv("A_SECRET_OF_THE_USER", "must not reach a function")
	return m.Run()
}

// copyProgram puts this test program under another name: as a link where that is possible.
func copyProgram(to string) error {
	program, err := os.Executable()
	if err != nil || os.Link(program, to) == nil {
		return err
	}
	text, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o700)
}

// ample is a time limit for functions that must not reach it, however busy the machine is.
const ample = 15 * time.Minute

// language is a way to write the handler of the behaviour tests.
type language struct {
	name string
	spec function.Spec
	need string // the interpreter
}

func languages() []language {
	return []language{
		{name: "go", spec: function.Spec{Code: goHandler, Runtime: "provided.al2023", Timeout: ample}},
		{
			name: "python",
			spec: function.Spec{
				Code:    "testdata/python",
				Handler: "handler.lambda_handler",
				Runtime: "python3.13",
				Timeout: ample,
			},
			need: "python3",
		},
		{
			name: "node",
			spec: function.Spec{
				Code:    "testdata/node",
				Handler: "handler.handler",
				Runtime: "nodejs22.x",
				Timeout: ample,
			},
			need: "node",
		},
	}
}

// needed skips a test when the interpreter is missing.
func (l language) needed(t testing.TB) {
	t.Helper()
	if l.need != "" {
		testrun.Need(t, l.need)
	}
}

// open makes a function that is closed at the end of the test.
func open(t testing.TB, spec function.Spec) *function.Function {
	t.Helper()
	f, err := function.New(clock.Real{}, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// each runs a test for every language whose interpreter is here; when not heavy, for Go and at most one other, which
// one depends on the test.
func each(t *testing.T, f func(t *testing.T, l language)) {
	quick := []string{"none", "python", "node"}[len(t.Name())%3]
	for _, l := range languages() {
		if l.name != "go" && l.name != quick && !testrun.IsHeavy() {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			l.needed(t)
			f(t, l)
		})
	}
}

// eventually waits for something that the kernel or another process does.
func eventually(t testing.TB, done func() bool, format string, args ...any) {
	t.Helper()
	for ctx := testrun.Deadline(t); !done(); {
		if (clock.Real{}).Sleep(ctx, 5*time.Millisecond) != nil {
			t.Fatalf(format, args...)
		}
	}
}
