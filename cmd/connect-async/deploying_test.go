package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/testrun"
)

var shBlock = regexp.MustCompile("(?ms)^```sh ?(\\w*)\n(.*?)^```$")

// TestDeployingDocument goes through docs/deploying.md in an empty folder, as a reader does: our own commands are run,
// and the commands of a tool must be those of the README that its export has written. verify needs AWS, and must fail
// for lack of it alone.
func TestDeployingDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/deploying.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if !testrun.IsHeavy() {
		root = smallSource(t)
	}
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "key",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	if err := os.WriteFile("harmless.json", []byte(`{"Details": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ran := map[string]bool{}
	for _, block := range shBlock.FindAllStringSubmatch(string(text), -1) {
		tool, commands := block[1], block[2]
		if tool != "" {
			readme, err := os.ReadFile(filepath.Join(tool, "README.md"))
			if err != nil || !strings.Contains(string(readme), strings.TrimSpace(commands)) {
				t.Errorf("the README of %s does not have these commands (%v):\n%s", tool, err, commands)
			}
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(commands), "\n") {
			ran[runDocumented(t, root, line)] = true
		}
	}
	for _, verb := range []string{"init", "lint", "test", "call", "cost", "build", "export", "verify"} {
		if !ran[verb] {
			t.Errorf("the document does not show %s", verb)
		}
	}
}

// smallSource is the source of an async function that does nothing, which is built quickly.
func smallSource(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/script/build-zip.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "small")
}

// runDocumented runs a command of ours and returns its verb.
func runDocumented(t *testing.T, root, line string) string {
	t.Helper()
	const instance = "arn:aws:connect:us-east-1:111122223333:instance/i"
	arguments := strings.Fields(strings.ReplaceAll(line, `"$instance_arn"`, instance))
	if len(arguments) < 2 || arguments[0] != "connect-async" {
		t.Fatalf("this test cannot run %q", line)
	}
	arguments = arguments[1:]
	want := exitGood
	switch arguments[0] {
	case "build":
		arguments = append(arguments, "--source", root) // a release has the package beside the command
	case "verify":
		want = exitFailed
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), arguments, plainTerminal(&out, &errs)); code != want {
		t.Errorf("%s: exit code %d\n%s%s", line, code, out.String(), errs.String())
	}
	return arguments[0]
}
