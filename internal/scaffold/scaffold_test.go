package scaffold_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
)

// TestFunctionsAreRecognised writes a project for a function of each language, and reads it.
func TestFunctionsAreRecognised(t *testing.T) {
	for _, test := range []struct{ file, content, runtime, handler string }{
		{"main.go", "package main", "go", ""},
		{"bootstrap", "#!/bin/sh", "provided.al2023", ""},
		{"lambda_function.py", "def lambda_handler(event, context): pass", "python3.13",
			"lambda_function.lambda_handler"},
		{"app.py", "def handler(event, context): pass", "python3.13", "app.handler"},
		{"index.mjs", "export const handler = async () => ({})", "nodejs22.x", "index.handler"},
	} {
		dir := t.TempDir()
		write(t, dir, "my function!/"+test.file, []byte(test.content))
		files, err := scaffold.Project{
			Dir: dir, Name: "shop", Function: filepath.Join(dir, "my function!"), Style: "poll", Language: "en",
			As: "flow",
		}.Files()
		if err != nil {
			t.Errorf("%s: %v", test.file, err)
			continue
		}
		for _, f := range files {
			write(t, dir, f.Name, f.Content)
		}
		p, found := project.Read(dir)
		if p == nil {
			t.Errorf("%s: %v", test.file, found)
			continue
		}
		got := p.Functions[0]
		if got.Name != "my-function" || got.Runtime != test.runtime || got.Handler != test.handler {
			t.Errorf("%s: %+v", test.file, got)
		}
		if _, err := os.Stat(got.Code); err != nil {
			t.Error(err)
		}
	}
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
