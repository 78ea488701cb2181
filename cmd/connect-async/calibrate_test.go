package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCalibrateAsksPolly asks an endpoint of our own for every text of a project, none of which refers to anything.
func TestCalibrateAsksPolly(t *testing.T) {
	asked := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Text, VoiceID, Engine string }
		body, _ := io.ReadAll(r.Body)
		if json.Unmarshal(body, &in) != nil || in.VoiceID != "Joanna" || in.Engine != "neural" || asked[in.Text] {
			t.Errorf("asked %s", body)
		}
		asked[in.Text] = true
		fmt.Fprintf(w, `{"time":0,"type":"sentence","value":%q}{"time":1500,"type":"viseme","value":"sil"}`, in.Text)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE":             filepath.Join(t.TempDir(), "no"),
		"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "no")} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"connect-async.yaml": `{name: bank, jobs: {b: {steps: [b]}},
flows: [{file: flow.json, type: inbound}, {file: stack.yaml, type: inbound}],
functions: {b: {arn: "arn:aws:lambda:us-east-1:111122223333:function:b"}}}`,
		"flow.json": `{"Version": "2019-10-30", "StartAction": "a", "Actions": [
{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Goodbye,  Ada."}},
{"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text": "$.External.a"}}]}`,
		"stack.yaml": `Resources: {F: {Type: "AWS::Connect::ContactFlow", Properties: {Type: CONTACT_FLOW, Content: '
{"Version": "2019-10-30", "StartAction": "a", "Actions": [
{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "In a template."}}]}'}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	o := calibrateOptions{dir: dir, voice: "Joanna", engine: "neural", language: "en"}
	if err := o.run(context.Background(), &terminal{out: &out, err: &out}, nil); err != nil {
		t.Fatal(err, out.String())
	}
	written, err := os.ReadFile(filepath.Join(dir, "lengths.json"))
	if err != nil || !asked["Goodbye, Ada."] || !asked["In a template."] ||
		!asked["Still with you, while I work on it."] ||
		!strings.Contains(string(written), `"Goodbye, Ada.": 1.5`) || asked["$.External.a"] {
		t.Errorf("%v, written %s", err, written)
	}
}
