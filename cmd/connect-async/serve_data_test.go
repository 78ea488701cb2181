package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/journal"
)

// createMachine makes a state machine on a server.
func createMachine(t *testing.T, url, name, definition string) {
	t.Helper()
	post(t, url, "AWSStepFunctions.CreateStateMachine", string(asJSON(t, map[string]string{
		"name": name, "roleArn": "arn:aws:iam::000000000000:role/r", "definition": definition,
	})))
}

// TestServeData stops a server while executions wait, and has another one go on with them, their state machine and a
// table.
func TestServeData(t *testing.T) {
	t.Chdir(t.TempDir())
	out := startServe(t, "--data", "kept", "--table", "orders=id")
	url := out.endpoint(t, "SFN")
	createMachine(t, url, "token", `{"StartAt":"T","States":{"T":{"Type":"Task","End":true,
		"Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
		"Parameters":{"FunctionName":"nobody","InvocationType":"Event","Payload":{"token.$":"$$.Task.Token"}}}}}`)
	createMachine(t, url, "hour", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`)
	start(t, url, "hour", "one", "")
	waits := start(t, url, "token", "two", "")
	post(t, url, "DynamoDB_20120810.PutItem", `{"TableName":"orders","Item":{"id":{"S":"a"}}}`)
	token := taskToken(t, url, waits)
	out.stop()
	out.find(t, `Stopped\. Executions that go on with --data kept: 2\.\n`)

	out = startServe(t, "--data", "kept")
	url = out.endpoint(t, "SFN")
	out.find(t, `  data +kept, executions that go on: 2\n`)
	out.find(t, `state machine  arn:aws:states:us-east-1:000000000000:stateMachine:token\n`)
	post(t, url, "AWSStepFunctions.SendTaskSuccess", string(asJSON(t, map[string]string{
		"taskToken": token, "output": `{"said":"yes"}`,
	})))
	out.find(t, `SUCCEEDED .* token  two\n`)
	item := post(t, url, "DynamoDB_20120810.GetItem", `{"TableName":"orders","Key":{"id":{"S":"a"}}}`)
	if item["Item"] == nil {
		t.Errorf("the item is gone: %v", item)
	}
}

// taskToken waits until a task has been submitted, and returns its token.
func taskToken(t *testing.T, url, execution string) string {
	t.Helper()
	for t.Context().Err() == nil {
		history := post(t, url, "AWSStepFunctions.GetExecutionHistory", `{"executionArn":"`+execution+`"}`)
		text := string(asJSON(t, history["events"]))
		if !strings.Contains(text, "TaskSubmitted") {
			continue
		}
		_, rest, _ := strings.Cut(text, `\"token\":\"`)
		token, _, _ := strings.Cut(rest, `\"`)
		return token
	}
	return ""
}

// TestServeDataRefusals checks what is said of a file that cannot be used, and that it stays as it is.
func TestServeDataRefusals(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join("kept", journal.FileName)
	if err := os.Mkdir("kept", 0o700); err != nil {
		t.Fatal(err)
	}
	refused := func(code string, args ...string) {
		t.Helper()
		before, _ := os.ReadFile(file)
		exit, _, errs := typed(t, append([]string{"serve", "--port", "0", "--lambda-port", "0"}, args...)...)
		after, _ := os.ReadFile(file)
		if exit != exitUsage || !strings.Contains(errs, code) || !bytes.Equal(before, after) {
			t.Errorf("exit code %d, changed: %v, %s", exit, !bytes.Equal(before, after), errs)
		}
	}
	if err := os.WriteFile(file, []byte("not an account"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("kept/account.db: error: the file is damaged", "--data", "kept")
	refused("[data-file]", "--data", file)
	refused("--data needs real time", "--data", "kept", "--clock", "virtual")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	startServe(t, "--data", "kept").endpoint(t, "SFN")
	refused("[data-in-use]", "--data", "kept")
}

// asJSON is a value as JSON.
func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
