package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// quickFunction is a command of the test program: a function of the project testdata/quick, for calls with a real
// process, so that no test has to build one. It does at once what its parameter "do" says.
const quickFunction = "quick-function"

type quickEvent struct {
	Details struct {
		Parameters map[string]string
	}
	Execution struct{ ID, Name string } `json:"execution"`
}

func runQuickFunction() { lambda.Start(handleQuick) }

func handleQuick(ctx context.Context, e quickEvent) (any, error) {
	switch e.Details.Parameters["do"] {
	case "fail":
		return nil, errors.New("no such account")
	case "exit":
		os.Exit(3)
	case "hang":
		<-ctx.Done()
		select {}
	case "large":
		return strings.Repeat("x", 40_000), nil
	case "garbage":
		fmt.Println("\x00\xff{not json")
		return "just a text", nil
	}
	if e.Execution.Name == "" {
		return map[string]string{"seen": "no execution"}, nil
	}
	return map[string]string{"seen": "its execution"}, nil
}

// writeQuickProject copies the project testdata/quick from this package's folder. Its function is this test program,
// and has a time limit.
func writeQuickProject(from, dir, limit string) error {
	program, err := exec.LookPath(quickFunction)
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(from, "testdata", "quick"))); err != nil {
		return err
	}
	file := filepath.Join(dir, "connect-async.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	replaced := strings.NewReplacer(quickFunction, filepath.ToSlash(program), "5m", limit).Replace(string(text))
	return os.WriteFile(file, []byte(replaced), 0o600)
}

func quickProject(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "quick")
	if err := writeQuickProject(".", dir, "5m"); err != nil {
		t.Fatal(err)
	}
	return dir
}
