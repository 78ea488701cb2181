package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// replaceIn replaces a text in a file, which must have it.
func replaceIn(t *testing.T, file, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
	// Another length, since the time of a change may be the same. Some files are programs.
	testrun.WriteProgram(t, file, strings.Replace(string(text), old, replacement, 1))
}

// quickWithVariables is the quick project with an env_file, and its function behind a script that can be changed.
func quickWithVariables(t *testing.T) (dir string) {
	t.Helper()
	dir = quickProject(t)
	file := filepath.Join(dir, "connect-async.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "code: ")
	program, _, _ := strings.Cut(rest, ",")
	replaceIn(t, file, program, "bootstrap, env_file: .env")
	writeFiles(t, dir, map[string]string{".env": "DO=print\n"})
	testrun.WriteProgram(t, filepath.Join(dir, "bootstrap"), "#!/bin/sh\nexec '"+program+"'\n")
	return dir
}

// TestServeNoticesChanges changes code, variables and the project file under a running server.
func TestServeNoticesChanges(t *testing.T) {
	t.Parallel()
	dir := quickWithVariables(t)
	out := startServe(t, dir)
	url := out.endpoint(t, "SFN")
	start(t, url, "test-quick", "one", "")
	out.find(t, `RETURNED +\d+\.\d s  function quick\n`)

	replaceIn(t, filepath.Join(dir, ".env"), "DO=print", "DO print")
	out.find(t, `BROKEN +env_file of the function quick\n +.*\.env:1:1: error: .*\n +Write KEY=VALUE\.\n`)
	start(t, url, "test-quick", "two", "")
	out.find(t, `REFUSED +\d+\.\d s  function quick  .*\.env:1:1: error: .* \[function\.env-file-invalid\]`)
	replaceIn(t, filepath.Join(dir, ".env"), "DO print", "DO=nothing")
	replaceIn(t, filepath.Join(dir, "bootstrap"), "exec", "# changed\nexec")
	out.find(t, `CHANGED +code and env_file of the function quick\n|CHANGED .*\n(.*\n)*.*CHANGED +code `)
	start(t, url, "test-quick", "three", "")
	out.find(t, `SUCCEEDED .*  test-quick  three\n`)

	file := filepath.Join(dir, "connect-async.yaml")
	replaceIn(t, file, "steps: [quick]", "steps: [nobody]")
	out.find(t, `BROKEN +.*connect-async\.yaml\n +.*: error: unknown function "nobody"`)
	start(t, url, "test-quick", "four", "")
	out.find(t, `SUCCEEDED .*  test-quick  four\n`)
	replaceIn(t, file, "{quick: {steps: [nobody]", "{other: {steps: [quick]")
	out.find(t, `CHANGED +.*connect-async\.yaml\n`)
	start(t, url, "test-other", "five", "")
	out.find(t, `SUCCEEDED .*  test-other  five\n`)
	answer := post(t, url, "AWSStepFunctions.ListStateMachines", "{}")
	if machines := answer["stateMachines"].([]any); len(machines) != 1 {
		t.Errorf("%v", answer)
	}
}
