package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// visitor opens the page whose address is printed, and then interrupts the program.
type visitor struct {
	t      *testing.T
	ctx    context.Context
	stop   context.CancelFunc
	out    bytes.Buffer
	answer string
}

// Write implements io.Writer.
func (v *visitor) Write(p []byte) (int, error) {
	v.out.Write(p)
	if v.answer == "" && strings.Contains(v.out.String(), "Ctrl-C") {
		v.answer = "none"
		go func() { // the page is served when this is printed
			defer v.stop()
			v.answer = v.visit()
		}()
	}
	return len(p), nil
}

func (v *visitor) visit() string {
	address := regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/#(\S+)`).FindStringSubmatch(v.out.String())
	if address == nil {
		return v.out.String()
	}
	r, err := http.NewRequestWithContext(v.ctx, http.MethodGet, address[1]+"/api/project", nil)
	if err != nil {
		return err.Error()
	}
	r.Header.Set("X-Page-Token", address[2])
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}

// TestPage opens the page, also by way of call, asks it for the project, and stops it with Ctrl-C.
func TestPage(t *testing.T) {
	for _, args := range [][]string{
		{"page", "../../examples/wait"},
		{"call", "../../examples/wait", "--page", "--scenario", "../../examples/wait/scenario.yaml"},
	} {
		ctx, stop := context.WithCancel(t.Context())
		v := &visitor{t: t, ctx: t.Context(), stop: stop}
		var errs bytes.Buffer
		if code := run(ctx, args, plainTerminal(v, &errs)); code != exitGood {
			t.Errorf("%v: exit code %d: %s", args, code, errs.String())
		}
		if !strings.Contains(v.answer, `"scenario":"scenario.yaml"`) {
			t.Errorf("%v: %s", args, v.answer)
		}
	}
}

func TestPageRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"leave out --fast, --json": {"call", "../../examples/wait", "--page", "--fast", "--json"},
		"connect-async.yaml":       {"page", t.TempDir()},
		"--port":                   {"page", "../../examples/wait", "--port", "99999"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, plainTerminal(&out, &errs)); code != exitUsage ||
			!strings.Contains(errs.String(), want) {
			t.Errorf("%v: exit code %d: %s", args, code, errs.String())
		}
	}
}
