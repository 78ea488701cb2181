package local_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
)

// testdata/frozen has a file for each release that wrote names, items or replies in another way than the one before:
// what a few calls came to with that release. No file is ever changed. FREEZE=NAME writes another one.

// frozenCall is one call of the async function, with its reply and the item as it is after that.
type frozenCall struct {
	After      string            `json:"after"` // how long after the call before
	Parameters map[string]string `json:"parameters"`
	Reply      map[string]any    `json:"reply"`
	Item       attributesOf      `json:"item"`
}

// attributesOf is an item in DynamoDB's JSON.
type attributesOf map[string]map[string]any

// frozenCalls are the calls of a new file: a result, a failure, the same question again, a cancel. ID stands for the
// execution of the latest start.
var frozenCalls = []frozenCall{
	{After: "0s", Parameters: map[string]string{"account": "7"}},
	{After: "1s", Parameters: map[string]string{"execution_id": "ID", "count": "1"}},
	{After: "1s", Parameters: map[string]string{"account": "7"}},
	{After: "20s", Parameters: map[string]string{"execution_id": "ID", "count": "2"}},
	{After: "1s", Parameters: map[string]string{"account": "7", "again": "1"}},
	{After: "20s", Parameters: map[string]string{"execution_id": "ID"}},
	{After: "1s", Parameters: map[string]string{"request": "a", "account": "8"}},
	{After: "20s", Parameters: map[string]string{"execution_id": "ID"}},
	{After: "1s", Parameters: map[string]string{"action": "run", "request": "b"}},
	{After: "1s", Parameters: map[string]string{"action": "cancel", "execution_id": "ID"}},
	{After: "20s", Parameters: map[string]string{"action": "run", "request": "b", "count": "2"}},
}

// frozenAccount is an account with the async function of a job and its results table.
func frozenAccount(t *testing.T, c *clock.Virtual) (*local.Account, local.AsyncFunction) {
	t.Helper()
	a := local.New(local.Options{Clock: c, Seed: 5})
	invocations := 0
	a.AddFunction("work", local.StandIn{Clock: c, Timeout: time.Minute, Next: func() local.Outcome {
		o := local.Outcome{Takes: 10 * time.Second, Payload: json.RawMessage(`{"balance":"42.10"}`)}
		if invocations++; invocations == 3 {
			o.Error, o.Message = "Broken", "it is broken"
		}
		return o
	}})
	a.AddResultsTable("results")
	job := machine.Job{Name: "balance", Timeout: time.Minute, ResultsTable: "results",
		Steps: []machine.Step{{Name: "work", FunctionARN: a.FunctionARN("work"), Timeout: time.Minute}}}
	config := async.Config{Input: async.InputMinimal, ExpectedCallers: 10, ResultsTable: "results",
		Jobs: []async.Job{{Name: "balance", Timeout: time.Minute,
			StateMachineARN: create(t, a, "bank-balance", "", define(t, job))}}}
	handler := async.New(config, local.States{Account: a}, local.Results{Account: a, Table: "results"}, c)
	return a, local.AsyncFunction{Account: a, Handler: handler, Timeout: async.FunctionTimeout}
}

const frozenContact = "4a573372-1f28-4e26-b97b-000000000001"

// askFrozen invokes the async function as a flow does.
func askFrozen(t *testing.T, f local.AsyncFunction, parameters map[string]string) map[string]any {
	t.Helper()
	event, _ := json.Marshal(map[string]any{"Name": "ContactFlowEvent", "Details": map[string]any{
		"ContactData": map[string]string{"ContactId": frozenContact, "InitialContactId": frozenContact},
		"Parameters":  parameters}})
	var result function.Result
	if result = f.Invoke(bg, event); result.Err != nil {
		t.Fatal(result.Err)
	}
	var reply map[string]any
	if err := json.Unmarshal(result.Payload, &reply); err != nil {
		t.Fatal(err)
	}
	return reply
}

// itemOf is the item of an execution.
func itemOf(t *testing.T, a *local.Account, execution string) attributesOf {
	t.Helper()
	request := fmt.Sprintf(`{"TableName": "results", "Key": {"execution": {"S": %q}}}`, nameIn(execution))
	text, err := a.TableRequest("GetItem", json.RawMessage(request))
	var got struct{ Item attributesOf }
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.Item
}

// nameIn is the name in the ARN of an execution.
func nameIn(execution string) string {
	a, _ := arn.Parse(execution)
	path := a.Path()
	return path[len(path)-1]
}

// playFrozen makes calls with this release.
func playFrozen(t *testing.T, calls []frozenCall) []frozenCall {
	t.Helper()
	c := clock.NewVirtual(start)
	a, f := frozenAccount(t, c)
	var played []frozenCall
	err := c.Run(func() {
		id := ""
		for _, call := range calls {
			after, _ := time.ParseDuration(call.After)
			_ = c.Sleep(bg, after)
			sent := map[string]string{}
			for name, value := range call.Parameters {
				sent[name] = strings.Replace(value, "ID", id, 1)
			}
			call.Reply = askFrozen(t, f, sent)
			id, _ = call.Reply["execution_id"].(string)
			call.Item = itemOf(t, a, id)
			played = append(played, call)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return played
}

// frozenReleases are the files, by the name of the release.
func frozenReleases(t *testing.T) map[string][]frozenCall {
	t.Helper()
	files, _ := filepath.Glob("testdata/frozen/*.json")
	releases := map[string][]frozenCall{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		var calls []frozenCall
		if err == nil {
			err = json.Unmarshal(text, &calls)
		}
		if err != nil {
			t.Fatal(err)
		}
		releases[strings.TrimSuffix(filepath.Base(file), ".json")] = calls
	}
	if len(releases) == 0 {
		t.Fatal("there are no frozen releases")
	}
	return releases
}

// TestFieldsAreAdditive: replies and items have all that those of each release before had, under the same names and
// with the same values, and executions are called as they were. So that release reads what this one writes.
func TestFieldsAreAdditive(t *testing.T) {
	if name := os.Getenv("FREEZE"); name != "" {
		text, err := json.MarshalIndent(playFrozen(t, frozenCalls), "", "  ")
		if err == nil {
			err = os.WriteFile("testdata/frozen/"+name+".json", append(text, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for release, calls := range frozenReleases(t) {
		now := playFrozen(t, calls)
		for i, before := range calls {
			place := fmt.Sprintf("%s, call %d", release, i+1)
			for key, value := range before.Reply {
				if got, there := now[i].Reply[key]; !there || fmt.Sprint(got) != fmt.Sprint(value) {
					t.Errorf("%s: %s in the reply is %v, and was %v", place, key, got, value)
				}
			}
			for name, value := range before.Item {
				if got := now[i].Item[name]; !sameAttribute(got, value) {
					t.Errorf("%s: %s in the item is %v, and was %v", place, name, got, value)
				}
			}
			if len(before.Item) == 0 || before.Reply["execution_id"] == "" {
				t.Errorf("%s: no item, or no execution", place)
			}
		}
	}
}

// sameAttribute compares two attributes. Times and when items expire may differ, as long as they have the same form.
func sameAttribute(got, want map[string]any) bool {
	for kind, value := range want {
		text, _ := value.(string)
		other, _ := got[kind].(string)
		_, isTime := time.Parse(async.ItemTime, text)
		_, alsoTime := time.Parse(async.ItemTime, other)
		if times := isTime == nil && alsoTime == nil; times || kind == "N" && len(text) == len(other) {
			continue
		}
		if other != text {
			return false
		}
	}
	return len(got) > 0
}

// TestReadsWhatReleasesBeforeWrote: this release answers from the items of each release before, with the replies of
// that release, and a start finds the execution that it began.
func TestReadsWhatReleasesBeforeWrote(t *testing.T) {
	for release, calls := range frozenReleases(t) {
		for i, before := range calls {
			readFrozen(t, fmt.Sprintf("%s, call %d", release, i+1), before)
		}
	}
}

// readFrozen puts the item of a call into another account, with its execution where that still ran, and checks and
// starts it there.
func readFrozen(t *testing.T, place string, before frozenCall) {
	t.Helper()
	c := clock.NewVirtual(start.Add(2 * time.Minute))
	a, f := frozenAccount(t, c)
	id, _ := before.Reply["execution_id"].(string)
	item, _ := json.Marshal(map[string]any{"TableName": "results", "Item": before.Item})
	if _, err := a.TableRequest("PutItem", item); err != nil {
		t.Fatal(err)
	}
	running := before.Item["status"]["S"] == async.StatusPending
	err := c.Run(func() {
		machine := strings.Replace(id[:strings.LastIndex(id, ":")], ":execution:", ":stateMachine:", 1)
		if running {
			if _, err := a.StartExecution(machine, nameIn(id), json.RawMessage(`{"account":"7"}`)); err != nil {
				t.Fatal(err)
			}
		}
		reply := askFrozen(t, f, map[string]string{"execution_id": id})
		want := map[bool]string{true: async.StatusRunning, false: async.StatusFinished}[running]
		if reply["status"] != want || reply["execution_id"] != id {
			t.Errorf("%s: a check of its item says %v of %v, want %s", place, reply["status"], reply["execution_id"],
				want)
		}
		for _, key := range []string{"sfn_result", "sfn_status", "sfn_error", "balance"} {
			if !running && before.Reply["status"] == async.StatusFinished && reply[key] != before.Reply[key] {
				t.Errorf("%s: a check of its item says %s %v, and the release itself %v", place, key, reply[key],
					before.Reply[key])
			}
		}
		if _, isStart := before.Parameters["execution_id"]; isStart || !running {
			return
		}
		again := askFrozen(t, f, before.Parameters)
		executions, err := a.Executions(machine)
		if again["execution_id"] != id || len(executions) != 1 || err != nil {
			t.Errorf("%s: the same start began another execution: %v, not %s (%d, %v)", place, again["execution_id"],
				id, len(executions), err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
