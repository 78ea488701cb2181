package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ask makes a request without a body, and returns the status and the answer.
func ask(t *testing.T, method, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(text))
}

// TestServeMessages looks into what a state machine sent, answers the token in it, and takes the message away.
func TestServeMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	out := startServe(t, "--clock", "virtual")
	url := out.endpoint(t, "SFN")
	createMachine(t, url, "asks", `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","End":true,`+
		`"Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{`+
		`"QueueUrl":"https://sqs.us-east-1.amazonaws.com/000000000000/orders","MessageBody":{"card":"visa",`+
		`"token.$":"$$.Task.Token"},"MessageAttributes":{"kind":{"DataType":"String","StringValue":"secret"}}}}}}`)
	start(t, url, "asks", "one", "")
	out.find(t, `SENT +\d+ B  sqs orders  state Ask  attributes kind\n`)

	var listed struct {
		Messages []struct{ Service, To, Body, State string }
	}
	status, text := ask(t, http.MethodGet, url+messagesPath+"?service=sqs&to=orders")
	if err := json.Unmarshal([]byte(text), &listed); err != nil || status != 200 || len(listed.Messages) != 1 {
		t.Fatalf("%d %s %v", status, text, err)
	}
	var body struct{ Card, Token string }
	if err := json.Unmarshal([]byte(listed.Messages[0].Body), &body); err != nil || body.Card != "visa" {
		t.Fatalf("%+v %v", listed, err)
	}
	post(t, url, "AWSStepFunctions.SendTaskSuccess", `{"taskToken":"`+body.Token+`","output":"{}"}`)
	out.find(t, `SUCCEEDED .*  asks  one\n`)

	for _, c := range []struct {
		method, query string
		status        int
		want          string
	}{
		{http.MethodDelete, "?to=other", 200, `{"messages":[]}`},
		{http.MethodPost, "", 405, `{"error":"use GET to list messages, or DELETE to list and remove them"}`},
		{http.MethodGet, "?queue=orders", 400, `{"error":"unknown parameter \"queue\" (supported: service, to)"}`},
		{http.MethodGet, "?service=s3", 400, `{"error":"unknown service \"s3\" (supported: sqs, sns, events)"}`},
		{http.MethodDelete, "?to=https://sqs.us-east-1.amazonaws.com/000000000000/orders", 200, text},
		{http.MethodGet, "", 200, `{"messages":[]}`},
	} {
		if status, got := ask(t, c.method, url+messagesPath+c.query); status != c.status || got != c.want {
			t.Errorf("%s %s: %d %s, want %s", c.method, c.query, status, got, c.want)
		}
	}
	if printed := out.printed(); strings.Contains(printed, "visa") || strings.Contains(printed, "secret") {
		t.Errorf("data of a message are in the log:\n%s", printed)
	}
}

// TestServeHTTPTask calls a server of this machine from a state machine, while the virtual clock stands still.
func TestServeHTTPTask(t *testing.T) {
	t.Chdir(t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		writeJSON(w, map[string]string{"asked": r.Method + " " + r.URL.Path})
	}))
	defer server.Close()
	out := startServe(t, "--clock", "virtual")
	url := out.endpoint(t, "SFN")
	createMachine(t, url, "calls", `{"StartAt":"Call","TimeoutSeconds":1,"States":{"Call":{"Type":"Task","End":true,`+
		`"Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint.$":"$.url","Method":"GET"},`+
		`"ResultSelector":{"body.$":"$.ResponseBody.asked"}}}}`)
	arn := start(t, url, "calls", "one", `,"input":"{\"url\":\"`+server.URL+`/a\"}"`)
	out.find(t, `SUCCEEDED .*  calls  one\n`)
	d := post(t, url, "AWSStepFunctions.DescribeExecution", `{"executionArn":"`+arn+`"}`)
	if d["output"] != `{"body":"GET /a"}` {
		t.Errorf("%v", d)
	}
	start(t, url, "calls", "two", `,"input":"{\"url\":\"https://api.example.com/\"}"`)
	out.find(t, `FAILED .*  calls  two  States\.Runtime\n`)
}
