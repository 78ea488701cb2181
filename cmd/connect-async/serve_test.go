package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// watched is an output that can be waited for.
type watched struct {
	mu      sync.Mutex
	text    strings.Builder
	written chan struct{} // closed and replaced at every write
	stop    func()        // interrupts the program and waits for its end
}

func newWatched() *watched { return &watched{written: make(chan struct{})} }

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.written)
	w.written = make(chan struct{})
	return w.text.Write(p)
}

// printed is what was printed until now.
func (w *watched) printed() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// find waits until a pattern is printed and returns its last group. Just before go test would end all tests it gives
// up, and shows what was printed.
func (w *watched) find(t *testing.T, pattern string) string {
	t.Helper()
	ctx := t.Context()
	if deadline, limited := t.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-10*time.Second))
		defer cancel()
	}
	for {
		w.mu.Lock()
		text, next := w.text.String(), w.written
		w.mu.Unlock()
		if found := regexp.MustCompile(pattern).FindStringSubmatch(text); found != nil {
			return found[len(found)-1]
		}
		if strings.Contains(text, "stopped: ") {
			t.Fatalf("%s is not in\n%s", pattern, text)
		}
		select {
		case <-next:
		case <-ctx.Done():
			t.Fatalf("%s is not in\n%s", pattern, text)
		}
	}
}

// startServe runs `serve` on free ports until the test ends.
func startServe(t *testing.T, args ...string) *watched {
	t.Helper()
	return startServer(t, append([]string{"serve", "--port", "0", "--lambda-port", "0"}, args...)...)
}

// startServer runs a verb that ends when it is interrupted, until the test ends, and then expects that it stops
// cleanly.
func startServer(t *testing.T, args ...string) *watched {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, errs, code := newWatched(), &bytes.Buffer{}, make(chan int, 1)
	go func() {
		exit := run(ctx, args, plainTerminal(out, errs))
		_, _ = out.Write([]byte("stopped: " + errs.String() + "\n"))
		code <- exit
	}()
	out.stop = sync.OnceFunc(func() {
		cancel()
		isForPrograms := slices.Contains(args, "--json") // what is for people is among the errors then
		if got := <-code; got != exitGood || errs.Len() > 0 && !isForPrograms {
			t.Errorf("exit code %d: %s", got, errs)
		}
	})
	t.Cleanup(out.stop)
	return out
}

const exported = `export AWS_ENDPOINT_URL_%=(http://127\.0\.0\.1:\d+)`

// endpoint waits for the address of a service.
func (w *watched) endpoint(t *testing.T, service string) string {
	return w.find(t, strings.Replace(exported, "%", service, 1))
}

// post sends a request and decodes the answer.
func post(t *testing.T, url, target, body string) (answer map[string]any) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", target)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || json.Unmarshal(text, &answer) != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", target, response.StatusCode, text, err)
	}
	return answer
}

// start starts an execution, with further members of the request, and returns its ARN.
func start(t *testing.T, url, machine, name, more string) string {
	t.Helper()
	arn := "arn:aws:states:us-east-1:000000000000:stateMachine:" + machine
	request := `{"stateMachineArn":"` + arn + `","name":"` + name + `"`
	return post(t, url, "AWSStepFunctions.StartExecution", request+more+"}")["executionArn"].(string)
}

// TestServeProject starts an execution of a project's job by both ways: as a client of Step Functions, and through the
// async function.
func TestServeProject(t *testing.T) {
	t.Parallel()
	out := startServe(t, quickProject(t))
	states, lambda := out.endpoint(t, "SFN"), out.endpoint(t, "LAMBDA")
	out.find(t, `state machine  arn:aws:states:us-east-1:000000000000:stateMachine:test-quick\n`)
	start(t, states, "test-quick", "one", `,"input":"{\"card\":\"4111\"}"`)
	out.find(t, `SUCCEEDED +\d+\.\d s +1 transition +test-quick  one\n`)

	invoke := lambda + "/2015-03-31/functions/test-async/invocations"
	event := `{"Name":"ContactFlowEvent","Details":{
		"ContactData":{"InitialContactId":"4a573372-1f28-4e26-b97b-000000000001"},
		"Parameters":{"request":"r1"PARAMETERS}}}`
	reply := post(t, invoke, "", strings.Replace(event, "PARAMETERS", "", 1))
	if reply["status"] != "CREATED" {
		t.Fatalf("%v", reply)
	}
	out.find(t, `SUCCEEDED .*  test-quick  .*4a573372-1f28-4e26-b97b-000000000001-[0-9a-f]{16}\n`)
	id := `,"execution_id":"` + reply["execution_id"].(string) + `"`
	reply = post(t, invoke, "", strings.Replace(event, "PARAMETERS", id, 1))
	if reply["sfn_result"] != "SUCCESS" {
		t.Errorf("%v", reply)
	}
	if strings.Contains(out.printed(), "4111") {
		t.Error("data of an execution are in the log")
	}
}

// TestServeVirtual starts empty, and lets an hour pass at once.
func TestServeVirtual(t *testing.T) {
	t.Chdir(t.TempDir())
	out := startServe(t, "--clock", "virtual", "--table", "orders=id")
	url := out.endpoint(t, "SFN")
	machine := `{"StartAt":"W","States":{
		"W":{"Type":"Wait","Seconds":3600,"Next":"T"},
		"T":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem",
			"Parameters":{"TableName":"orders","Item":{"id":{"S":"a"}}},"End":true}}}`
	request, err := json.Marshal(map[string]string{
		"name": "hour", "roleArn": "arn:aws:iam::000000000000:role/r", "definition": machine,
	})
	if err != nil {
		t.Fatal(err)
	}
	post(t, url, "AWSStepFunctions.CreateStateMachine", string(request))
	start(t, url, "hour", "one", "")
	out.find(t, `SUCCEEDED +3600\.0 s +2 transitions +hour  one\n`)
	item := post(t, url, "DynamoDB_20120810.GetItem", `{"TableName":"orders","Key":{"id":{"S":"a"}}}`)
	if item["Item"] == nil {
		t.Errorf("%v", item)
	}
	post(t, url, "DynamoDB_20120810.DeleteItem", `{"TableName":"orders","Key":{"id":{"S":"a"}}}`)
	fails := strings.NewReplacer("hour", "fails", "orders", "none").Replace(string(request))
	post(t, url, "AWSStepFunctions.CreateStateMachine", fails)
	start(t, url, "fails", "one", "")
	out.find(t, `FAILED +3600\.0 s +2 transitions +fails  one  DynamoDB.ResourceNotFoundException\n`)
}

// TestServeStopsWithExecutionsRunning interrupts while an execution waits.
func TestServeStopsWithExecutionsRunning(t *testing.T) {
	t.Chdir(t.TempDir())
	out := startServe(t)
	url := out.endpoint(t, "SFN")
	post(t, url, "AWSStepFunctions.CreateStateMachine", `{"name":"wait","roleArn":"arn:aws:iam::000000000000:role/r",`+
		`"definition":"{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":200,\"End\":true}}}"}`)
	start(t, url, "wait", "one", "")
	out.stop()
	out.find(t, `Stopped\. Executions that were still running: 1\.\n`)
}

// TestServeStandIns runs a chain of functions that live in AWS; 30 seconds pass at once.
func TestServeStandIns(t *testing.T) {
	out := startServe(t, "../../examples/chain", "--clock", "virtual")
	start(t, out.endpoint(t, "SFN"), "loans-offer", "one", "")
	out.find(t, `SUCCEEDED +30\.0 s +3 transitions +loans-offer  one\n`)
	reply := post(t, out.endpoint(t, "LAMBDA")+"/2015-03-31/functions/offer/invocations", "", `{}`)
	if reply["amount"] != "10000" {
		t.Errorf("%v", reply)
	}
}

// TestServeTasks serves tasks of any service: with a stand-in of the project's scenario, and without one, which is said
// when the state machine is made.
func TestServeTasks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"connect-async.yaml": "name: test\nfunctions: {}\nscenario: s.yaml\n",
		"s.yaml":             "tasks: {\"*:sns:publish\": {takes: 30s, returns: {MessageId: m}}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := startServe(t, dir, "--clock", "virtual")
	url := out.endpoint(t, "SFN")
	for name, service := range map[string]string{"tell": "sns:publish", "run": "ecs:runTask"} {
		definition := `{"StartAt":"T","States":{"T":{"Type":"Task","End":true,` +
			`"Resource":"arn:aws:states:::` + service + `"}}}`
		createMachine(t, url, name, definition)
		start(t, url, name, "one", "")
	}
	out.find(t, `SUCCEEDED +30\.0 s +1 transition +tell  one\n`)
	out.find(t, `WARNING +run has tasks that nothing on this machine performs:\n`+
		` +"T" \(arn:aws:states:::ecs:runTask\)\n`)
	out.find(t, `FAILED +0\.0 s +1 transition +run  one  States\.Runtime\n`)
}

const answers = `import json, os, urllib.request
def handler(event, context):
    body = json.dumps({"taskToken": event["token"], "output": json.dumps({"said": "yes"})}).encode()
    headers = {"X-Amz-Target": "AWSStepFunctions.SendTaskSuccess"}
    urllib.request.urlopen(urllib.request.Request(os.environ["AWS_ENDPOINT_URL_SFN"], body, headers))
`

// TestServeTokenFromFunction has a real function send its task token back to the server.
func TestServeTokenFromFunction(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "python3")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"connect-async.yaml": "name: test\njobs: {ask: {definition: ask.asl.json}}\n" +
			"functions: {ask: {code: ask.py, runtime: python3.13, handler: ask.handler}}\n",
		"ask.py": answers,
		"ask.asl.json": `{"StartAt":"T","States":{"T":{
			"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Parameters":{"FunctionName":"ask","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := startServe(t, dir, "--clock", "virtual")
	url := out.endpoint(t, "SFN")
	arn := start(t, url, "test-ask", "one", "")
	out.find(t, `SUCCEEDED .*  test-ask`)
	d := post(t, url, "AWSStepFunctions.DescribeExecution", `{"executionArn":"`+arn+`"}`)
	if d["output"] != `{"said":"yes"}` && d["output"] != `{"said": "yes"}` {
		t.Errorf("%v", d)
	}
}

// TestServeVirtualRealFunction holds the clock while a real process runs.
func TestServeVirtualRealFunction(t *testing.T) {
	out := startServe(t, quickProject(t), "--clock", "virtual")
	url := out.endpoint(t, "SFN")
	start(t, url, "test-quick", "one", "")
	out.find(t, `SUCCEEDED +0\.0 s +1 transition +test-quick  one\n`)
}

// invokeServed invokes a function with a contact's event by Lambda's API. Whatever it answers will do.
func invokeServed(t *testing.T, url, name, do string) {
	t.Helper()
	event := `{"Name":"ContactFlowEvent","Details":{"ContactData":{"InitialContactId":"c"},"Parameters":{"do":"DO"}}}`
	response, err := http.Post(url+"/2015-03-31/functions/"+name+"/invocations", "application/json",
		strings.NewReader(strings.Replace(event, "DO", do, 1)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

// TestServeShowsInvocations invokes a function and the async function by Lambda's API: each has its line, with the
// function's own log below it, and its error.
func TestServeShowsInvocations(t *testing.T) {
	t.Parallel()
	out := startServe(t, quickProject(t))
	invoke := func(name, do string) { invokeServed(t, out.endpoint(t, "LAMBDA"), name, do) }
	invoke("quick", "garbage")
	out.find(t, `\n\d\d:\d\d:\d\d  RETURNED +\d+\.\d s  function quick\n {12}\x{FFFD}+\{not json\n`)
	invoke("quick", "fail")
	out.find(t, `FAILED +\d+\.\d s  function quick  errorString: no such account\n`)
	invoke("test-async", "")
	out.find(t, `RETURNED +\d+\.\d s  function test-async  CREATED\n`)
	invoke("test-async", `","count":"x`)
	out.find(t, `RETURNED +\d+\.\d s  function test-async  LOOP_DONE FAILURE  InvalidNumber\n`)
	for _, frame := range []string{"START", "END", "REPORT"} {
		if strings.Contains(out.printed(), frame+" RequestId") {
			t.Errorf("a line %s is printed:\n%s", frame, out.printed())
		}
	}
}

// TestServeWithoutLogs checks that nothing that a function wrote is printed.
func TestServeWithoutLogs(t *testing.T) {
	out := startServe(t, quickProject(t), "--logs=false")
	for _, do := range []string{"garbage", "fail"} {
		invokeServed(t, out.endpoint(t, "LAMBDA"), "quick", do)
	}
	out.find(t, `RETURNED +\d+\.\d s  function quick\n`)
	out.find(t, `FAILED +\d+\.\d s  function quick\n`)
	if text := out.printed(); strings.Contains(text, "not json") || strings.Contains(text, "account\n") {
		t.Error(text)
	}
}

// TestServeWithoutJobs serves the functions of a project that has no job, and no async function.
func TestServeWithoutJobs(t *testing.T) {
	dir := quickProject(t)
	replaceIn(t, filepath.Join(dir, "connect-async.yaml"), "jobs: {quick: {steps: [quick]}}\n", "")
	out := startServe(t, dir)
	reply := post(t, out.endpoint(t, "LAMBDA")+"/2015-03-31/functions/quick/invocations", "", `{}`)
	if reply["seen"] != "no execution" || strings.Contains(out.printed(), "test-async") {
		t.Errorf("%v\n%s", reply, out.printed())
	}
}
