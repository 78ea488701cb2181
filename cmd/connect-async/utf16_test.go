package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestUTF16IsNamed gives verbs files as PowerShell writes them: each is said to be UTF-16, also when it was only found
// in a folder.
func TestUTF16IsNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	text := "\xff\xfe"
	for _, c := range `{"StartAction": "a"}` {
		text += string([]byte{byte(c), 0})
	}
	for _, file := range []string{"flow.json", "project.yaml", "folder/flow.json"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS("shop", os.DirFS("folder")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("shop/flow.json", "shop/connect-async.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{
		"lint shop", "lint flow.json", "lint folder", "lint project.yaml", "call project.yaml", "call --flow flow.json",
		"serve project.yaml", "fmt flow.json", "invoke f project.yaml", "cost project.yaml",
		"standin --from flow.json",
	} {
		var out bytes.Buffer
		code := run(t.Context(), strings.Fields(command), plainTerminal(&out, &out))
		if code != exitUsage || strings.Count(out.String(), ":1:1: error: the text is UTF-16 [syntax]") != 1 {
			t.Errorf("%s: exit code %d: %s", command, code, out.String())
		}
	}
}
