package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestPage opens the page, also by way of call, asks it for the project, and stops it with Ctrl-C.
func TestPage(t *testing.T) {
	for _, args := range [][]string{
		{"page", "../../examples/wait"},
		{"call", "../../examples/wait", "--page", "--scenario", "../../examples/wait/scenario.yaml"},
	} {
		out := startServer(t, args...)
		address, token, _ := strings.Cut(out.find(t, `(http://127\.0\.0\.1:\d+/#\S+)[^/]*Ctrl-C`), "/#")
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/api/project", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Page-Token", token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(text), `"scenario":"scenario.yaml"`) {
			t.Errorf("%v: %s", args, text)
		}
		out.stop()
	}
}

func TestPageRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"leave out --fast, --json": {"call", "../../examples/wait", "--page", "--fast", "--json"},
		"connect-async.yaml":       {"page", t.TempDir()},
		"--port":                   {"page", "../../examples/wait", "--port", "99999"},
	} {
		if code, _, errs := typed(t, args...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%v: exit code %d: %s", args, code, errs)
		}
	}
}
