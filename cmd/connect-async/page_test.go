package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/page"
	"github.com/connect-async/connect-async/internal/testrun"
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

// TestPagePlaysLoads: the page says of many callers what the command says, with a plot, and reads no files for it.
func TestPagePlaysLoads(t *testing.T) {
	o := pageOptions{dir: "../../examples/wait", prices: priceOptions{region: "us-east-1"}}
	for want, q := range map[string]page.LoadQuestion{
		`"day.csv" does not say how callers arrive`: {Arrivals: "day.csv"},
		`"/etc/passwd" is not a distribution`:       {Arrivals: "burst 4 1m", Takes: "/etc/passwd"},
		`"b=page.go" is not a distribution`:         {Arrivals: "burst 4 1m", Takes: "b=page.go"},
		"at most 20000 callers":                     {Arrivals: "burst 30000 1m"},
		"unknown results":                           {Arrivals: "burst 4 1m", Results: "soon"},
	} {
		if _, err := o.load(t.Context(), q); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", q, err, want)
		}
	}
	testrun.Heavy(t)
	for _, capacity := range []bool{false, true} {
		q := page.LoadQuestion{Arrivals: "burst 4 10s", Takes: "20s", Results: "table", Capacity: capacity}
		answer, err := o.load(t.Context(), q)
		if err != nil || !strings.Contains(answer.Text, "hear") || !strings.Contains(string(answer.Plot), "<svg") {
			t.Errorf("%+v (%v)", answer, err)
		}
	}
}
