package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestReplayFromCloudWatch reads the log of a contact from a log group, and says what is wrong where there is none.
func TestReplayFromCloudWatch(t *testing.T) {
	const contact = "aaaaaaaa-0000-4000-8000-000000000001"
	const folder = "../../docs/replay/"
	entries := strings.Split(strings.TrimSpace(string(readBytes(t, folder+"call.log"))), "\n")
	var events []map[string]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		text, _ := json.Marshal(map[string]any{"events": events})
		_, _ = w.Write(text)
	}))
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": server.URL, "AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "key",
		"AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	args := []string{"replay", "--log-group", "/aws/connect/shop", "--contact", contact, "--flow",
		folder + "flow.json"}
	code, _, errs := typed(t, args...)
	if code != exitUsage || !strings.Contains(errs, "there is no entry of this contact in the last 24") ||
		!strings.Contains(errs, "--since") {
		t.Errorf("an empty log group: %d %s", code, errs)
	}
	for _, entry := range entries {
		events = append(events, map[string]string{"message": entry})
	}
	code, out, errs := typed(t, args...)
	if code != exitGood || !strings.Contains(out, `says        "Sorry, your order is still . Please call`) {
		t.Errorf("%d %s%s", code, out, errs)
	}
}

// TestReplayImageInDocs keeps the image of docs/replay.md in step.
func TestReplayImageInDocs(t *testing.T) {
	image := filepath.Join(t.TempDir(), "call.svg")
	code, _, errs := typed(t, "replay", "../../docs/replay/call.log", "--flow", "../../docs/replay/flow.json",
		"--svg", image)
	if code != exitGood {
		t.Fatalf("%d %s", code, errs)
	}
	testrun.Generated(t, "../../docs/replay/call.svg", string(readBytes(t, image)))
}
