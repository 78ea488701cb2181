package workspace_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/workspace"
)

const bankStart = `name: bank
functions: {slow: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow"}}
`

// slowTask is a state machine of the user's own that knows nothing of a results table.
const slowTask = `{"StartAt":"Slow","States":{"Slow":{"Type":"Task","End":true,
"Resource":"arn:aws:lambda:us-east-1:111122223333:function:slow"}}}`

// noticed is how long after its start an execution of 12 s is noticed by checks every 2 s, of 10,000 callers: so many
// that Step Functions can rarely be asked.
func noticed(t *testing.T, yaml, definition string, o local.Options) (after time.Duration, reply map[string]any) {
	t.Helper()
	files := map[string]string{project.FileName: bankStart + yaml, "own.asl.json": definition}
	p, found := project.Read(write(t, files))
	if p == nil {
		t.Fatal(found)
	}
	took := scenario.Takes{Low: 12 * time.Second, High: 12 * time.Second}
	standIns := map[string]scenario.StandIn{"slow": {Outcomes: []scenario.Outcome{{Takes: took,
		Returns: json.RawMessage(`{"balance":"42.10"}`)}}}}
	w := open(t, workspace.Options{Project: p, StandIns: standIns, Callers: 10_000,
		Names: map[string]string{"{{AWS LAMBDA ARN}}": "slow"}})
	virtual := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	began := virtual.Now()
	o.Clock = virtual
	account, found := w.Account(o, nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	err := virtual.Run(func() {
		reply = ask(t, account, `{"job":"slow"}`)
		id := reply["execution_id"]
		for reply["status"] != "FINISHED" && virtual.Now().Sub(began) < 10*time.Minute {
			_ = virtual.Sleep(context.Background(), 2*time.Second)
			reply = ask(t, account, fmt.Sprintf(`{"execution_id":%q,"count":"1"}`, id))
		}
		after = virtual.Now().Sub(began)
	})
	if err != nil {
		t.Fatal(err)
	}
	return after, reply
}

// ask invokes the async function as a flow does.
func ask(t *testing.T, account *local.Account, parameters string) (reply map[string]any) {
	t.Helper()
	event := `{"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-000000000001"},"Parameters":` +
		parameters + `}}`
	r := account.Invoke(context.Background(), "bank-async", []byte(event))
	if err := json.Unmarshal(r.Payload, &reply); err != nil {
		t.Fatalf("%v: %+v", err, r)
	}
	return reply
}

// TestOwnDefinitionIsSeenToEnd plays state machines that write nothing into the table that the project has, for this or
// for a sibling job.
func TestOwnDefinitionIsSeenToEnd(t *testing.T) {
	for name, yaml := range map[string]string{
		"own table": `jobs: {slow: {definition: own.asl.json, results: table, timeout: 6m}}`,
		"sibling's table": `jobs: {slow: {definition: own.asl.json, timeout: 6m},
			other: {steps: [slow], results: table}}`,
		"own, by event":   `jobs: {slow: {definition: own.asl.json, results: event, timeout: 6m}}`,
		"steps, by event": `jobs: {slow: {steps: [slow], results: event, timeout: 6m}}`,
	} {
		after, reply := noticed(t, yaml, slowTask, local.Options{})
		if after > 15*time.Second || reply["balance"] != "42.10" {
			t.Errorf("%s: noticed after %v: %v", name, after, reply)
		}
	}
}

// TestOriginalsStateMachineIsSeenToEnd puts the original's state machine behind a results table as it is.
func TestOriginalsStateMachineIsSeenToEnd(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testrun.Recorded(t, "RECORDED_ORIGINAL"), "state-machine.asl.json"))
	if err != nil {
		t.Fatal(err)
	}
	yaml := `jobs: {slow: {definition: own.asl.json, results: table, timeout: 6m}}`
	after, reply := noticed(t, yaml, string(text), local.Options{})
	if after > 15*time.Second || reply["balance"] != "42.10" {
		t.Errorf("noticed after %v: %v", after, reply)
	}
}

// TestEventsThatGoWrong loses, delays and doubles the event of an end.
func TestEventsThatGoWrong(t *testing.T) {
	yaml := `jobs: {slow: {steps: [slow], results: event, timeout: 2m}}`
	for name, test := range map[string]struct {
		fault       local.Fault
		least, most time.Duration
	}{
		"late":  {local.Fault{Takes: 20 * time.Second}, 32 * time.Second, 36 * time.Second},
		"twice": {local.Fault{LoseReply: true}, 12 * time.Second, 15 * time.Second},
		"lost":  {local.Fault{Error: "Lost"}, 16 * time.Second, 3 * time.Minute},
	} {
		test.fault.Service = local.EventBridge
		after, reply := noticed(t, yaml, slowTask, local.Options{Faults: []local.Fault{test.fault}})
		if after < test.least || after > test.most || reply["balance"] != "42.10" {
			t.Errorf("%s: noticed after %v: %v", name, after, reply)
		}
	}
}

// TestMachineWritesUnlessTheEventAloneDoes looks for tasks that write into the table.
func TestMachineWritesUnlessTheEventAloneDoes(t *testing.T) {
	for results, want := range map[string]bool{"describe": false, "table": true, "event": false} {
		yaml := bankStart + `jobs: {slow: {steps: [slow], results: ` + results + `}}`
		p, _ := project.Read(write(t, map[string]string{project.FileName: yaml}))
		w := open(t, workspace.Options{Project: p, Virtual: true})
		writes := false
		for _, task := range w.Machines[0].Tasks() {
			writes = writes || task.Service == "dynamodb"
		}
		if writes != want {
			t.Errorf("results: %s: the state machine writes: %v", results, writes)
		}
	}
}
