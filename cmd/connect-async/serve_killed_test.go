package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recordingFunction is a command of the test program: a function that appends the id in its event to a file, so that
// each of its runs is known whatever is killed.
const recordingFunction = "recording-function"

func runRecordingFunction() {
	lambda.Start(func(e struct{ ID, File string }) error {
		file, err := os.OpenFile(e.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = file.WriteString(e.ID + "\n")
		return err
	})
}

// killedProject calls the function at the start, after a Wait and in a child, and counts in a table. What may be lost
// when the server is killed, a call in flight, is caught.
var killedProject = map[string]string{
	"connect-async.yaml": `name: kill
jobs: {load: {definition: load.asl.json}, child: {definition: child.asl.json}}
functions: {record: {code: FUNCTION, runtime: provided.al2023, timeout: 10s}}
`,
	"load.asl.json": `{"StartAt":"First","States":{
		"First":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","ResultPath":null,"Next":"Count",
			"Parameters":{"FunctionName":"record","Payload":{
				"file":"RUNS","id.$":"States.Format('{} first', $$.Execution.Name)"}},
			"Catch":[{"ErrorEquals":["Lambda.Unknown"],"ResultPath":null,"Next":"Count"}]},
		"Count":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:updateItem","ResultPath":null,"Next":"Both",
			"Parameters":{"TableName":"counts","Key":{"id":{"S":"all"}},"UpdateExpression":"ADD n :one",
				"ExpressionAttributeValues":{":one":{"N":"1"}}}},
		"Both":{"Type":"Parallel","End":true,"ResultPath":null,"Branches":[
			{"StartAt":"Wait","States":{
				"Wait":{"Type":"Wait","Seconds":1,"Next":"Second"},
				"Second":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,"ResultPath":null,
					"Parameters":{"FunctionName":"record","Payload":{
						"file":"RUNS","id.$":"States.Format('{} second', $$.Execution.Name)"}},
					"Catch":[{"ErrorEquals":["Lambda.Unknown"],"ResultPath":null,"Next":"Lost"}]},
				"Lost":{"Type":"Pass","End":true}}},
			{"StartAt":"Child","States":{"Child":{"Type":"Task","End":true,"ResultPath":null,
				"Resource":"arn:aws:states:::states:startExecution.sync:2",
				"Parameters":{
					"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:kill-child"}}}}]}}}`,
	"child.asl.json": `{"StartAt":"Call","States":{
		"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","ResultPath":null,"End":true,
			"Parameters":{"FunctionName":"record","Payload":{
				"file":"RUNS","id.$":"States.Format('{} child', $$.Execution.Name)"}},
			"Catch":[{"ErrorEquals":["Lambda.Unknown"],"ResultPath":null,"Next":"Lost"}]},
		"Lost":{"Type":"Pass","End":true}}}`,
}

// killedServer is a server that is killed while clients start executions, and what they were told.
type killedServer struct {
	*testing.T
	dir     string // of the project, with the data and the file of runs
	random  *rand.Rand
	number  int // of executions that were asked for
	slowest time.Duration

	mu       sync.Mutex
	answered []string      // ARNs of executions
	answers  chan struct{} // one for each in this round
}

// start starts the server as a process.
func (s *killedServer) start() (url string, kill func()) {
	s.Helper()
	cmd := testrun.Command(s.T, "connect-async-process", "serve", s.dir, "--port", "0", "--lambda-port", "0",
		"--table", "counts=id", "--data", filepath.Join(s.dir, "data"))
	out := newWatched()
	cmd.Stdout, cmd.Stderr = out, out
	began := clock.Real{}.Now()
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_, _ = fmt.Fprintf(out, "stopped: %v\n", cmd.Wait())
		close(ended)
	}()
	url = out.endpoint(s.T, "SFN")
	s.slowest = max(s.slowest, clock.Real{}.Now().Sub(began))
	return url, func() {
		_ = cmd.Process.Kill()
		<-ended
	}
}

// load starts executions until the server does not answer any more.
func (s *killedServer) load(url string, pause time.Duration) {
	for {
		s.mu.Lock()
		s.number++
		name := fmt.Sprintf("e%d", s.number)
		s.mu.Unlock()
		machine := "arn:aws:states:us-east-1:000000000000:stateMachine:kill-load"
		body := `{"stateMachineArn":"` + machine + `","name":"` + name + `"}`
		r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			s.Error(err)
			return
		}
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return // killed
		}
		var answer struct{ ExecutionARN string }
		err = json.NewDecoder(response.Body).Decode(&answer)
		response.Body.Close()
		if err == nil && answer.ExecutionARN != "" {
			s.mu.Lock()
			s.answered = append(s.answered, answer.ExecutionARN)
			s.mu.Unlock()
			s.answers <- struct{}{}
		}
		_ = clock.Real{}.Sleep(context.Background(), pause)
	}
}

// round starts the server, loads it, and kills it some time after some answers.
func (s *killedServer) round() {
	url, kill := s.start()
	s.answers = make(chan struct{}, 10_000)
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() { s.load(url, 15*time.Millisecond) })
	}
	for range s.random.IntN(30) {
		<-s.answers
	}
	_ = clock.Real{}.Sleep(context.Background(), time.Duration(s.random.IntN(100_000))*time.Microsecond)
	kill()
	clients.Wait()
}

// settled waits until no execution of a state machine runs, and returns all.
func (s *killedServer) settled(url, machine string) (arns []string) {
	s.Helper()
	list := func(more string) (arns []string) {
		for next := ""; ; {
			answer := post(s.T, url, "AWSStepFunctions.ListExecutions",
				`{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:`+machine+`"`+more+next+`}`)
			for _, e := range answer["executions"].([]any) {
				arns = append(arns, e.(map[string]any)["executionArn"].(string))
			}
			token, more := answer["nextToken"].(string)
			if !more {
				return arns
			}
			next = `,"nextToken":"` + token + `"`
		}
	}
	for len(list(`,"statusFilter":"RUNNING"`)) > 0 && s.Context().Err() == nil {
		_ = clock.Real{}.Sleep(s.Context(), 100*time.Millisecond)
	}
	return list("")
}

// checkExecution checks that an execution has succeeded, and that its history has no gap.
func (s *killedServer) checkExecution(url, arn string) {
	s.Helper()
	request := `{"executionArn":"` + arn + `"}`
	if d := post(s.T, url, "AWSStepFunctions.DescribeExecution", request); d["status"] != "SUCCEEDED" {
		s.Errorf("%v", d)
	}
	events := post(s.T, url, "AWSStepFunctions.GetExecutionHistory", request)["events"].([]any)
	for i, e := range events {
		if e.(map[string]any)["id"] != float64(i+1) {
			s.Fatalf("event %d of %s is %v", i+1, arn, e)
		}
	}
	if last := events[len(events)-1].(map[string]any); last["type"] != "ExecutionSucceeded" {
		s.Errorf("%s ends with %v", arn, last)
	}
}

// checkRuns checks that nothing ran twice.
func (s *killedServer) checkRuns() {
	s.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "runs"))
	if err != nil {
		s.Fatal(err)
	}
	seen := map[string]bool{}
	for id := range strings.Lines(string(text)) {
		if seen[id] {
			s.Errorf("%s ran twice", strings.TrimSpace(id))
		}
		seen[id] = true
	}
	s.Logf("%d calls of the function", len(seen))
}

// TestServeDataKilled kills `serve --data` at random times under load: no execution is lost that StartExecution
// answered, nothing runs twice, and no history has a gap. Quick runs kill the account at every commit instead, in
// internal/local.
func TestServeDataKilled(t *testing.T) {
	testrun.Heavy(t)
	kills := testrun.Soak(t, 5)
	function, err := exec.LookPath(recordingFunction)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(clock.Real{}.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := &killedServer{T: t, dir: t.TempDir(), random: rand.New(rand.NewPCG(seed, 0))}
	for name, text := range killedProject {
		text = strings.ReplaceAll(text, "RUNS", filepath.ToSlash(filepath.Join(s.dir, "runs")))
		text = strings.ReplaceAll(text, "FUNCTION", filepath.ToSlash(function))
		writeFiles(t, s.dir, map[string]string{name: text})
	}
	for range kills {
		s.round()
	}
	url, kill := s.start()
	defer kill()
	loads, children := s.settled(url, "kill-load"), s.settled(url, "kill-child")
	t.Logf("%d kills, %d executions of %d that were answered; the slowest start took %v",
		kills, len(loads), len(s.answered), s.slowest)
	found := map[string]bool{}
	for _, arn := range append(loads, children...) {
		found[arn] = true
		s.checkExecution(url, arn)
	}
	for _, arn := range s.answered {
		if !found[arn] {
			t.Errorf("%s was lost", arn)
		}
	}
	item := post(t, url, "DynamoDB_20120810.GetItem", `{"TableName":"counts","Key":{"id":{"S":"all"}}}`)
	count := fmt.Sprint(item["Item"].(map[string]any)["n"].(map[string]any)["N"])
	if count != fmt.Sprint(len(loads)) || len(children) != len(loads) {
		t.Errorf("%s were counted, and there are %d children of %d executions", count, len(children), len(loads))
	}
	s.checkRuns()
}
