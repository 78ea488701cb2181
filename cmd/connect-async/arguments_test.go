package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestEmptyArguments gives every verb that takes a path an empty one, as a script does whose variable is not set.
func TestEmptyArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, verb := range []string{
		"call", "test", "init", "verify", "lint", "export terraform", "export testcase", "fmt", "diff", "draw",
		"serve", "invoke",
	} {
		var out bytes.Buffer
		code := run(t.Context(), append(strings.Fields(verb), ""), plainTerminal(&out, &out))
		if code != exitUsage || out.String() != "connect-async: an argument is empty: name a file or folder, or "+
			"leave it out.\n" {
			t.Errorf("%s: exit code %d: %s", verb, code, out.String())
		}
	}
}
