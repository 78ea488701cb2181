package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/connect-async/connect-async/internal/testrun"
)

func TestMain(m *testing.M) {
	testscript.Main(testProgram{m}, map[string]func(){
		"connect-async-process": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			os.Exit(run(ctx, os.Args[1:], terminalOf(os.Getenv, os.Stdin, os.Stdout, os.Stderr)))
		},
		quickFunction:     runQuickFunction,
		recordingFunction: runRecordingFunction,
		deployTool:        runDeployTool,
	})
}

// testProgram is this program when it runs tests, and is not one of the commands above.
type testProgram struct{ *testing.M }

// Run lets more tests run at a time than there are processors, since parallel ones wait for real calls and processes.
// -parallel has the last word.
func (p testProgram) Run() int {
	testrun.PreferPrograms()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	return p.M.Run()
}

// TestScripts runs the command line as a user does, one script per topic.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	caches := goCaches(t)
	testscript.Run(t, testscript.Params{
		Dir:       filepath.Join(root, "cmd", "connect-async", "testdata", "script"), // commands change the folder
		Condition: condition,
		Cmds:      map[string]func(*testscript.TestScript, bool, []string){"connect-async": runHere},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			// The two projects differ in the time limit only.
			for name, limit := range map[string]string{"quick": "5m", "hasty": "1s"} {
				dir := filepath.Join(env.WorkDir, name)
				env.Setenv(strings.ToUpper(name), dir)
				if err := writeQuickProject(filepath.Join(root, "cmd", "connect-async"), dir, limit); err != nil {
					return err
				}
			}
			for name, folder := range caches {
				env.Setenv(name, folder)
			}
			return nil
		},
	})
}

// inFolder is held by the command of a script that has changed the working directory.
var inFolder sync.Mutex

// runHere is the command connect-async in a script. It runs within the test program, since a process takes longer to
// start than most commands take; connect-async-process is one, for what needs standard input, the environment or real
// time.
func runHere(ts *testscript.TestScript, fails bool, args []string) {
	inFolder.Lock()
	defer inFolder.Unlock()
	before, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	defer func() { ts.Check(os.Chdir(before)) }()
	code := run(context.Background(), args, plainTerminal(ts.Stdout(), ts.Stderr()))
	if fails != (code != 0) {
		ts.Fatalf("exit code %d", code)
	}
	if code != exitFailed {
		return
	}
	if cmd, _, err := newRoot(plainTerminal(io.Discard, io.Discard)).Find(args); err == nil {
		if _, documented := failedMeans[verbOf(cmd)]; !documented {
			ts.Fatalf("the help of %s does not say what exit code 1 means", verbOf(cmd))
		}
	}
}

// typed runs the command with arguments, and returns what it prints.
func typed(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, plainTerminal(&o, &e))
	return code, o.String(), e.String()
}

// scripts writes programs into a folder of their own, which it returns.
func scripts(t *testing.T, programs map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, script := range programs {
		testrun.WriteProgram(t, filepath.Join(folder, name), script)
	}
	return folder
}

// condition adds [heavy], for what is tested in CI only, and [root]: the user may read every file.
func condition(name string) (bool, error) {
	switch name {
	case "heavy":
		return testrun.IsHeavy(), nil
	case "root":
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// goCaches are the folders in which the go command finds what is built already; scripts have no home folder.
func goCaches(t *testing.T) map[string]string {
	t.Helper()
	out, err := testrun.Command(t, "go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS").Output()
	if err != nil {
		t.Fatal(err)
	}
	var caches map[string]string
	if err := json.Unmarshal(out, &caches); err != nil {
		t.Fatal(err)
	}
	return caches
}
