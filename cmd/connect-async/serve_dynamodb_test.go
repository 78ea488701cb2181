package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// passedOn is a request that a stand-in for DynamoDB got.
type passedOn struct{ target, authorization, host, body string }

// dynamoDBStandIn answers every request with what is known for its operation, and keeps the requests.
func dynamoDBStandIn(t *testing.T, answers map[string]string) (address string, requests func() []passedOn) {
	t.Helper()
	var mu sync.Mutex
	var all []passedOn
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		target := r.Header.Get("X-Amz-Target")
		mu.Lock()
		all = append(all, passedOn{
			target: target, authorization: r.Header.Get("Authorization"), host: r.Host, body: string(body),
		})
		mu.Unlock()
		answer, ok := answers[target[strings.LastIndex(target, ".")+1:]]
		if !ok || strings.Contains(answer, "__type") {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []passedOn {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// ended starts a state machine of one task and waits for its end.
func ended(t *testing.T, url, name, resource, parameters string) map[string]any {
	t.Helper()
	createMachine(t, url, name, `{"StartAt":"T","States":{"T":{"Type":"Task","End":true,
		"Resource":"arn:aws:states:::`+resource+`","Parameters":`+parameters+`}}}`)
	arn := start(t, url, name, "one", "")
	for t.Context().Err() == nil {
		d := post(t, url, "AWSStepFunctions.DescribeExecution", `{"executionArn":"`+arn+`"}`)
		if d["status"] != "RUNNING" {
			return d
		}
	}
	return nil
}

// TestServeDynamoDB sends what clients and tasks ask of DynamoDB to another one.
func TestServeDynamoDB(t *testing.T) {
	t.Parallel()
	address, requests := dynamoDBStandIn(t, map[string]string{
		"PutItem": `{}`, "ExecuteStatement": `{"Items":[]}`, "ListStreams": `{"Streams":[]}`,
		"UpdateItem": `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}`,
	})
	out := startServe(t, "--dynamodb", address)
	url := out.endpoint(t, "SFN")
	out.find(t, `  DynamoDB       `+address+`\n`)

	post(t, url, "DynamoDBStreams_20120810.ListStreams", `{}`)
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(`{"TableName":"orders"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 mine")
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", response, err)
	}
	response.Body.Close()
	for _, test := range []struct{ resource, parameters, want string }{
		{"dynamodb:putItem", `{"TableName":"orders","Item":{"id":{"S":"a"}}}`, "SUCCEEDED"},
		{"aws-sdk:dynamodb:executeStatement", `{"Statement":"SELECT * FROM orders"}`, `SUCCEEDED {"Items":[]}`},
		{"dynamodb:updateItem", `{"TableName":"orders","Key":{}}`,
			"FAILED DynamoDB.ConditionalCheckFailedException no ("},
	} {
		name := test.resource[strings.LastIndex(test.resource, ":")+1:]
		d := ended(t, url, name, test.resource, test.parameters)
		text := func(member string) string { s, _ := d[member].(string); return s }
		got := text("status") + " " + text("output") + text("error") + " " + text("cause")
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s", test.resource, got)
		}
	}

	got := requests()
	if len(got) != 5 || got[0].target != "DynamoDBStreams_20120810.ListStreams" {
		t.Fatalf("the other one was asked %v", got)
	}
	want := passedOn{target: "DynamoDB_20120810.PutItem", authorization: "AWS4-HMAC-SHA256 mine",
		host: strings.TrimPrefix(url, "http://"), body: `{"TableName":"orders"}`}
	if got[1] != want {
		t.Errorf("got %v, not %v", got[1], want)
	}
	const signed = "AWS4-HMAC-SHA256 Credential=local/"
	signature := got[2].authorization
	if !strings.HasPrefix(signature, signed) || !strings.Contains(signature, "/us-east-1/dynamodb/") {
		t.Errorf("the task's request is signed %q", signature)
	}
}

// TestServeDynamoDBForResults writes and reads the results of a project in another DynamoDB: one of ours.
func TestServeDynamoDBForResults(t *testing.T) {
	t.Parallel()
	tables := startServe(t).endpoint(t, "DYNAMODB")
	dir := quickProject(t)
	file := filepath.Join(dir, "connect-async.yaml")
	project := strings.Replace(string(readBytes(t, file)), "steps: [quick]", "steps: [quick], results: table", 1)
	writeFiles(t, dir, map[string]string{"connect-async.yaml": project})
	out := startServe(t, dir, "--dynamodb", tables)
	invoke := out.endpoint(t, "LAMBDA") + "/2015-03-31/functions/test-async/invocations"
	event := func(more string) string {
		return `{"Name":"ContactFlowEvent","Details":{"ContactData":{"InitialContactId":"4a573372"},
			"Parameters":{"request":"r1"` + more + `}}}`
	}
	reply := post(t, invoke, "", event(""))
	if reply["status"] != "CREATED" {
		t.Fatalf("%v", reply)
	}
	out.find(t, `SUCCEEDED .* test-quick  .*\n`)
	id, _ := reply["execution_id"].(string)
	if reply = post(t, invoke, "", event(`,"execution_id":"`+id+`"`)); reply["sfn_result"] != "SUCCESS" {
		t.Errorf("%v", reply)
	}
	scanned := post(t, tables, "DynamoDB_20120810.Scan", `{"TableName":"test-results"}`)
	if items := string(asJSON(t, scanned["Items"])); !strings.Contains(items, `"status":{"S":"SUCCEEDED"}`) {
		t.Errorf("the result is not there: %v", scanned)
	}
}

func TestServeDynamoDBThatIsNotThere(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	server.Close()
	url := startServe(t, "--dynamodb", server.URL).endpoint(t, "SFN")
	d := ended(t, url, "m", "aws-sdk:dynamodb:scan", `{"TableName":"orders"}`)
	if cause, _ := d["cause"].(string); d["error"] != "DynamoDb.SdkClientException" ||
		!strings.Contains(cause, "does not answer: ") || !strings.Contains(cause, "or leave out --dynamodb.") {
		t.Errorf("%v", d)
	}
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.Scan")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusBadGateway || !strings.Contains(string(body), "leave out --dynamodb") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}
