package local_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/messaging"
	"github.com/connect-async/connect-async/internal/statesapi"
	"github.com/connect-async/connect-async/internal/testrun"
)

var errKilled = errors.New("killed")

// memoryJournal is a journal in memory, whose process can be killed: after a number of commits none succeeds.
type memoryJournal struct {
	spaces  map[local.Space]map[string][]byte
	commits int
	kill    int  // the commit with which the process ends, 0 for never
	durable bool // what that commit changes
}

// Commit implements local.Journal.
func (j *memoryJournal) Commit(changes []local.Change) error {
	j.commits++
	killed := j.kill > 0 && j.commits >= j.kill
	if killed && !(j.durable && j.commits == j.kill) {
		return errKilled
	}
	for _, c := range changes {
		if j.spaces[c.Space] == nil {
			j.spaces[c.Space] = map[string][]byte{}
		}
		if c.Value == nil {
			delete(j.spaces[c.Space], c.Key)
		} else {
			j.spaces[c.Space][c.Key] = c.Value
		}
	}
	if killed {
		return errKilled
	}
	return nil
}

// Each implements local.Journal.
func (j *memoryJournal) Each(space local.Space, prefix string, visit func(string, []byte) error) error {
	for _, key := range slices.Sorted(maps.Keys(j.spaces[space])) {
		if strings.HasPrefix(key, prefix) {
			if err := visit(key, slices.Clone(j.spaces[space][key])); err != nil {
				return err
			}
		}
	}
	return nil
}

// Of everything that an execution can wait for there is something in this state machine. What may be lost is caught.
const everything = `{"StartAt":"P","States":{
	"P":{"Type":"Parallel","Next":"M","ResultPath":null,"Branches":[
		{"StartAt":"F","States":{
			"F":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","TimeoutSeconds":60,"Next":"W",
				"Parameters":{"FunctionName":"once","Payload":{"id.$":"States.Format('{} F', $$.Execution.Name)"}},
				"ResultPath":null,
				"Catch":[{"ErrorEquals":["Lambda.Unknown","States.Timeout"],"ResultPath":null,"Next":"W"}]},
			"W":{"Type":"Wait","Seconds":10,"Next":"D"},
			"D":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:updateItem","ResultPath":null,"End":true,
				"Parameters":{"TableName":"t","Key":{"id":{"S.$":"$$.Execution.Name"}},
				"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}}}},
		{"StartAt":"C","States":{
			"C":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","ResultPath":null,"End":true,
				"Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:child"}}}},
		{"StartAt":"T","States":{
			"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","ResultPath":null,
				"End":true,"Parameters":{"MessageBody.$":"$$.Task.Token"},"HeartbeatSeconds":30,
				"Catch":[{"ErrorEquals":["SQS.SdkClientException"],"ResultPath":null,"Next":"Lost"}]},
			"Lost":{"Type":"Pass","End":true}}},
		{"StartAt":"S","States":{
			"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken","End":true,
				"Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:answers",
				"Input":{"token.$":"$$.Task.Token"}},"ResultPath":null}}},
		{"StartAt":"N","States":{
			"N":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","ResultPath":null,"End":true,
				"Parameters":{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t","Message":"one"}}}}]},
	"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"End":true,"ItemProcessor":{"StartAt":"G","States":{
		"G":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,"ResultPath":null,
			"Parameters":{"FunctionName":"once","Payload":{"id.$":"States.Format('{} {}', $$.Execution.Name, $)"}},
			"Catch":[{"ErrorEquals":["Lambda.Unknown"],"ResultPath":null,"Next":"LostItem"}]},
		"LostItem":{"Type":"Pass","End":true}}}}}}`

const child = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"F"},
	"F":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
		"Parameters":{"FunctionName":"once","Payload":{"id.$":"States.Format('{} child', $$.Execution.Name)"}},
		"Catch":[{"ErrorEquals":["Lambda.Unknown"],"Next":"Lost"}]},
	"Lost":{"Type":"Pass","End":true}}}`

// answering returns the task token that it is started with.
const answering = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"S"},
	"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess","End":true,
		"Parameters":{"TaskToken.$":"$.token","Output":{}}}}}`

// world is what outlives the process of an account.
type world struct {
	*testing.T
	journal *memoryJournal
	now     time.Time
	runs    map[string]int // of the function once, by the id in its event
	tokens  []string
	ends    map[string]int // events of ends, by execution
	started bool           // StartExecution was answered
}

// live runs an account until its executions have ended, or until it is killed. The first life starts an execution.
func (w *world) live(first bool) {
	w.Helper()
	v := clock.NewVirtual(w.now)
	var killed clock.Signal
	var died time.Time
	err := v.Run(func() {
		a := local.New(local.Options{Clock: v, Seed: uint64(w.now.UnixNano())})
		if err := a.Keep(w.journal, func(error) { died = v.Now(); killed.Set() }); err != nil {
			w.Fatal(err)
		}
		statesapi.Perform(a)
		w.fill(a, v)
		a.Resume()
		v.Go(func() { w.work(a, v, &killed) })
		if first {
			arn := a.StateMachineARN("main")
			_, err := a.StartExecution(arn, "run", json.RawMessage(`{"items":["1","2","3"]}`))
			w.started = err == nil && a.Committed() == nil
		}
		for !killed.IsSet() && (a.Running() > 0 || v.Now().Sub(w.now) < 3*time.Hour) {
			sleep(v, time.Minute)
		}
		if !killed.IsSet() {
			w.check(a)
		}
	})
	if err != nil {
		w.Error(err)
	}
	w.now = died
}

// fill puts into the account what a project has.
func (w *world) fill(a *local.Account, v *clock.Virtual) {
	a.AddTable("t", "id")
	a.AddFunction("once", invoked(func(payload []byte) function.Result {
		var event struct{ ID string }
		_ = json.Unmarshal(payload, &event)
		w.runs[event.ID]++
		sleep(v, 3*time.Second)
		return returns(`{}`)
	}))
	a.AddStandIn("sqs", "sendMessage", invoked(func(payload []byte) function.Result {
		var message struct{ MessageBody string }
		_ = json.Unmarshal(payload, &message)
		w.tokens = append(w.tokens, message.MessageBody)
		return returns(`{}`)
	}))
	a.AddFunction("ends", invoked(func(event []byte) function.Result {
		var e struct{ Detail struct{ Name string } }
		_ = json.Unmarshal(event, &e)
		w.ends[e.Detail.Name]++
		return returns(`null`)
	}))
	a.SendEnds("ends")
	for name, definition := range map[string]string{
		"main": everything, "child": child, "answers": answering,
	} {
		if _, err := a.StateMachine(a.StateMachineARN(name)); err != nil {
			create(w.T, a, name, asl.Standard, definition)
		}
	}
}

// work sends the tokens back that were handed out.
func (w *world) work(a *local.Account, v *clock.Virtual, killed *clock.Signal) {
	for !killed.IsSet() && v.Now().Sub(w.now) < time.Hour {
		sleep(v, 4*time.Second)
		for _, token := range w.tokens {
			_ = a.SendTaskSuccess(token, json.RawMessage(`{}`)) // the task may have ended
		}
	}
}

// check checks what must be true when all executions have ended.
func (w *world) check(a *local.Account) {
	w.Helper()
	for id, n := range w.runs {
		if n > 1 {
			w.Errorf("%s ran %d times", id, n)
		}
	}
	mains, _ := a.Executions(a.StateMachineARN("main"))
	children, _ := a.Executions(a.StateMachineARN("child"))
	answers, _ := a.Executions(a.StateMachineARN("answers"))
	if w.started && len(mains) != 1 || len(mains) > 1 || len(children) != len(mains) || len(answers) != len(mains) {
		w.Errorf("%d executions, %d children and %d that answer, StartExecution was answered: %v", len(mains),
			len(children), len(answers), w.started)
	}
	for _, e := range slices.Concat(mains, children, answers) {
		d := e.Describe()
		if d.Status != asl.Succeeded || w.ends[d.Name] == 0 || d.Transitions == 0 || d.Stopped.IsZero() {
			w.Errorf("%+v, %d events", d, w.ends[d.Name])
		}
		w.checkHistory(e)
	}
	sent := a.Messages(func(messaging.Message) bool { return true })
	if len(sent) != len(mains) {
		w.Errorf("%d messages: %+v", len(sent), sent)
	}
	count, err := a.TableRequest("GetItem", json.RawMessage(`{"TableName":"t","Key":{"id":{"S":"run"}}}`))
	if len(mains) > 0 && (err != nil || !strings.Contains(string(count), `"n":{"N":"1"}`)) {
		w.Errorf("the table was changed to %s: %v", count, err)
	}
}

// checkHistory checks that a history has no gap and an end.
func (w *world) checkHistory(e *local.Execution) {
	w.Helper()
	history := e.History()
	for i, event := range history {
		if event.ID != int64(i+1) || event.PreviousEventID >= event.ID || i > 0 &&
			event.Timestamp.Before(history[i-1].Timestamp) {
			w.Errorf("event %d of %s: %+v", i+1, e.Name, event)
		}
	}
	if len(history) == 0 || history[len(history)-1].Type != "ExecutionSucceeded" {
		w.Errorf("the history of %s has %d events", e.Name, len(history))
	}
}

// TestKilledAtAnyCommit kills a process at each of its commits, before the changes are durable and after that, and
// lets another one go on.
func TestKilledAtAnyCommit(t *testing.T) {
	fresh := func(kill int, durable bool) *world {
		journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}, kill: kill, durable: durable}
		return &world{T: t, journal: journal, now: start, runs: map[string]int{}, ends: map[string]int{}}
	}
	whole := fresh(0, false)
	whole.live(true)
	if !whole.started || whole.runs["run F"] != 1 || len(whole.runs) != 5 {
		t.Fatalf("without a kill %v ran", whole.runs)
	}
	step := testrun.Count(t, 3, 1)
	for kill := 1; kill <= whole.journal.commits; kill += step {
		for _, durable := range []bool{false, true} {
			w := fresh(kill, durable)
			w.live(true)
			w.journal.kill = 0
			w.now = w.now.Add(time.Duration(kill%3) * 7 * time.Second)
			w.live(false)
			if t.Failed() {
				t.Fatalf("killed at commit %d of %d, which was durable: %v", kill, whole.journal.commits, durable)
			}
		}
	}
}

// restart runs f with a new account on what a journal holds.
func restart(t *testing.T, j local.Journal, at time.Time, f func(a *local.Account, v *clock.Virtual)) {
	t.Helper()
	v := clock.NewVirtual(at)
	a := local.New(local.Options{Clock: v, Seed: uint64(at.UnixNano())})
	err := v.Run(func() {
		if err := a.Keep(j, func(err error) { t.Error(err) }); err != nil {
			t.Fatal(err)
		}
		f(a, v)
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTasksThatWereInFlight checks what becomes of a task that was in flight when the process ended: its time-out or
// missed heartbeat when the time has passed meanwhile, and an error that says that nobody knows otherwise.
func TestTasksThatWereInFlight(t *testing.T) {
	const timed = `{"StartAt":"T","States":{"T":{"Type":"Task","TimeoutSeconds":60,"End":true,
		"Resource":"arn:aws:lambda:us-east-1:000000000000:function:slow"}}}`
	for _, c := range []struct {
		name, definition string
		down             time.Duration
		error, event     string
	}{
		{"unknown", timed, time.Second, "Lambda.Unknown", "LambdaFunctionFailed"},
		{"timed out", timed, 2 * time.Minute, "States.Timeout", "LambdaFunctionTimedOut"},
		{"no heartbeat", asks, 2 * time.Minute, "States.Timeout", "TaskTimedOut"},
		{"waited", waits, 2 * time.Minute, "", "WaitStateExited"},
	} {
		journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
		var arn string
		fill := func(a *local.Account, v *clock.Virtual) {
			a.AddFunction("ask", &scripted{answers: []function.Result{returns(`{}`)}})
			a.AddFunction("slow", local.StandIn{Clock: v, Timeout: time.Hour, Next: lasts(time.Hour)})
		}
		restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
			fill(a, v)
			e, err := a.StartExecution(create(t, a, "m", asl.Standard, c.definition), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			arn = e.ARN
			sleep(v, 500*time.Millisecond)
		})
		restart(t, journal, start.Add(c.down), func(a *local.Account, v *clock.Virtual) {
			fill(a, v)
			e, err := a.Execution(arn)
			if err != nil {
				t.Fatal(err)
			}
			a.Resume()
			sleep(v, time.Millisecond)
			history := e.History()
			if d := e.Describe(); d.Error != c.error || history[len(history)-2].Type != c.event {
				t.Errorf("%s: %+v, %s", c.name, d, history[len(history)-2].Type)
			}
		})
	}
}

// TestPassedTimersFireInTheirOrder lets two waits end while no process runs, of which the one that began second ends
// first.
func TestPassedTimersFireInTheirOrder(t *testing.T) {
	const two = `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"Long","States":{"Long":{"Type":"Wait","Seconds":60,"End":true}}},
		{"StartAt":"Short","States":{"Short":{"Type":"Wait","Seconds":30,"End":true}}}]}}}`
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		_, err := a.StartExecution(create(t, a, "m", asl.Standard, two), "one", nil)
		must(t, err)
	})
	restart(t, journal, start.Add(time.Hour), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		sleep(v, time.Millisecond)
		list, err := a.Executions(a.StateMachineARN("m"))
		must(t, err)
		var left []string
		for _, event := range list[0].History() {
			if event.Type == "WaitStateExited" {
				left = append(left, event.Details.Name)
			}
		}
		if !slices.Equal(left, []string{"Short", "Long"}) {
			t.Errorf("the waits ended in the order %v", left)
		}
	})
}

// TestAccountIsRestored compares, after every change of an account, all that can be asked of it with what can be asked
// of another that begins with the same journal.
func TestAccountIsRestored(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		for i, change := range changes {
			must(t, change(a))
			must(t, a.Committed())
			copied := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
			for space, values := range journal.spaces {
				copied.spaces[space] = maps.Clone(values)
			}
			other := local.New(local.Options{Clock: v})
			must(t, other.Keep(copied, func(err error) { t.Error(err) }))
			if difference := cmp.Diff(snapshot(a), snapshot(other)); difference != "" {
				t.Fatalf("after change %d: %s", i, difference)
			}
		}
	})
	restart(t, journal, start.Add(time.Second), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		sleep(v, 2*time.Minute)
		if n := a.Running(); n > 0 {
			t.Errorf("%d executions still run", n)
		}
		if _, err := a.StateMachine(a.StateMachineARN("going")); code(err) != "StateMachineDoesNotExist" {
			t.Errorf("a state machine that was being deleted: %v", err)
		}
	})
	restart(t, journal, start.Add(100*24*time.Hour), func(a *local.Account, v *clock.Virtual) {
		must(t, a.Committed())
		if left := journal.spaces["history"]; len(left) > 0 {
			t.Errorf("after 100 days %d events are left", len(left))
		}
	})
}

// changes are one of every kind that an account can be told to make.
var changes = []func(a *local.Account) error{
	func(a *local.Account) error { return createIn(a, "m", asl.Standard) },
	func(a *local.Account) error { return createIn(a, "x", asl.Express) },
	func(a *local.Account) error { return createIn(a, "going", asl.Standard) },
	func(a *local.Account) error { return createIn(a, "gone", asl.Standard) },
	func(a *local.Account) error { return a.Delete(a.StateMachineARN("gone")) },
	func(a *local.Account) error {
		_, err := a.Publish(a.StateMachineARN("m"), "", "the first")
		return err
	},
	func(a *local.Account) error {
		definition := strings.Replace(waits, "60", "61", 1)
		_, err := a.Update(local.StateMachine{ARN: a.StateMachineARN("m"), Definition: definition})
		return err
	},
	func(a *local.Account) error {
		_, err := a.Publish(a.StateMachineARN("m"), "", "the second")
		return err
	},
	func(a *local.Account) error {
		routes := []local.Route{{VersionARN: a.StateMachineARN("m:1"), Weight: 100}}
		_, err := a.CreateAlias(local.Alias{Name: "live", Routes: routes})
		return err
	},
	func(a *local.Account) error {
		routes := []local.Route{{VersionARN: a.StateMachineARN("m:1"), Weight: 100}}
		_, err := a.CreateAlias(local.Alias{Name: "other", Routes: routes})
		return err
	},
	func(a *local.Account) error {
		_, err := a.UpdateAlias(a.StateMachineARN("m:live"), "described", nil)
		return err
	},
	func(a *local.Account) error { return a.DeleteAlias(a.StateMachineARN("m:other")) },
	func(a *local.Account) error { return a.DeleteVersion(a.StateMachineARN("m:2")) },
	func(a *local.Account) error {
		tag := func([]local.Tag) []local.Tag { return []local.Tag{{Key: "k", Value: "v"}} }
		return a.SetTags(a.StateMachineARN("m"), tag)
	},
	func(a *local.Account) error {
		for _, name := range []string{"m", "m:1", "m:live", "x", "going"} {
			_, err := a.StartExecution(a.StateMachineARN(name), "", json.RawMessage(`{"text": "<ü>"}`))
			if err != nil {
				return err
			}
		}
		return nil
	},
	func(a *local.Account) error {
		stopped, err := a.StartExecution(a.StateMachineARN("m"), "stopped", nil)
		if err != nil {
			return err
		}
		stopped.Stop("Mine", "because")
		return a.Committed()
	},
	func(a *local.Account) error {
		stopped, err := a.Execution(strings.Replace(a.StateMachineARN("m:stopped"), "stateMachine", "execution", 1))
		if err != nil {
			return err
		}
		_, err = stopped.Redrive("token")
		return err
	},
	func(a *local.Account) error { return a.Delete(a.StateMachineARN("going")) },
	func(a *local.Account) error { _, err := a.CreateActivity("work", nil); return err },
	func(a *local.Account) error { _, err := a.CreateActivity("gone", nil); return err },
	func(a *local.Account) error {
		tag := func([]local.Tag) []local.Tag { return []local.Tag{{Key: "k", Value: "v"}} }
		return a.SetTags(a.ActivityARN("work"), tag)
	},
	func(a *local.Account) error { return a.DeleteActivity(a.ActivityARN("gone")) },
	func(a *local.Account) error { a.AddTable("t", "id", "n"); return nil },
	func(a *local.Account) error { return createTableIn(a, "made") },
	func(a *local.Account) error { return createTableIn(a, "dropped") },
	func(a *local.Account) error {
		_, err := a.TableRequest("BatchWriteItem", json.RawMessage(`{"RequestItems":{
			"made":[{"PutRequest":{"Item":{"id":{"S":"x"},"state":{"S":"open"}}}}],
			"dropped":[{"PutRequest":{"Item":{"id":{"S":"x"}}}}]}}`))
		return err
	},
	func(a *local.Account) error {
		_, err := a.TableRequest("DeleteTable", json.RawMessage(`{"TableName":"dropped"}`))
		return err
	},
	func(a *local.Account) error {
		return change(a, "PutItem", `"Item":{"id":{"S":"a/b"},"n":{"N":"1.50"},"s":{"SS":["y","x"]},
			"l":{"L":[{"BOOL":true},{"NULL":true},{"M":{}}]}}`)
	},
	func(a *local.Account) error { return change(a, "PutItem", `"Item":{"id":{"S":"gone"},"n":{"N":"1"}}`) },
	func(a *local.Account) error {
		return change(a, "DeleteItem", `"Key":{"id":{"S":"gone"},"n":{"N":"1"}}`)
	},
}

// createIn creates a state machine that waits.
func createIn(a *local.Account, name string, kind asl.Kind) error {
	_, err := a.Create(local.StateMachine{Name: name, Kind: kind, Definition: waits, RoleARN: role})
	return err
}

// createTableIn creates a table with an index.
func createTableIn(a *local.Account, name string) error {
	_, err := a.TableRequest("CreateTable", json.RawMessage(`{"TableName":"`+name+`","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[
			{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"state","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"by-state",
			"KeySchema":[{"AttributeName":"state","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`))
	return err
}

// change changes the table t.
func change(a *local.Account, operation, request string) error {
	_, err := a.TableRequest(operation, json.RawMessage(`{"TableName":"t",`+request+`}`))
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// snapshot is all that can be asked of an account after the changes.
func snapshot(a *local.Account) (all []any) {
	for _, m := range a.StateMachines() {
		versions, _ := a.Versions(m.ARN)
		aliases, _ := a.Aliases(m.ARN)
		for _, m := range append(versions, m) {
			m.Machine = nil
			all = append(all, written(m))
		}
		all = append(all, aliases)
		executions, _ := a.Executions(m.ARN)
		for _, e := range executions {
			history, _ := json.Marshal(e.History())
			all = append(all, e.Describe(), string(history), written(e.StateMachine()))
		}
	}
	all = append(all, a.Activities())
	for _, key := range []string{`{"id":{"S":"a/b"},"n":{"N":"1.5"}}`, `{"id":{"S":"gone"},"n":{"N":"1"}}`} {
		item, err := a.TableRequest("GetItem", json.RawMessage(`{"TableName":"t","Key":`+key+`}`))
		all = append(all, string(item), code(err))
	}
	for _, asked := range []struct{ operation, request string }{
		{operation: "ListTables", request: `{}`},
		{operation: "DescribeTable", request: `{"TableName":"made"}`},
		{operation: "Scan", request: `{"TableName":"made","IndexName":"by-state"}`},
	} {
		answer, err := a.TableRequest(asked.operation, json.RawMessage(asked.request))
		all = append(all, string(answer), code(err))
	}
	return append(all, a.Running())
}

// written is a value as JSON.
func written(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
