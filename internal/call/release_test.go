package call_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// released is a project whose flow invokes the alias of the async function.
func released(t *testing.T, o style.Options, results string) *project.Project {
	t.Helper()
	o.FunctionARN, o.Job, o.Data = "${async}", "balance", map[string]string{"account": "1"}
	text, err := style.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	yaml := fmt.Sprintf(`name: bank
jobs: {balance: {steps: [balance], timeout: 6m, results: %s}}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:balance", timeout: 6m}}
flows: [{file: flow.json, type: inbound, managed: true}]
deploy: {releases: alias}
`, results)
	dir := t.TempDir()
	for name, content := range map[string][]byte{"flow.json": text, project.FileName: []byte(yaml)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	return p
}

// release is a release of the async function: what serves which contact.
type release struct {
	t       *testing.T
	account *local.Account
	served  map[string][]string // versions by contact, in order
}

// version is the async function as one of two releases. The second one has a key in its replies and an attribute in its
// items that the first does not know.
type version struct {
	local.AsyncFunction
	release *release
	number  string
}

// Invoke implements local.Function.
func (v version) Invoke(ctx context.Context, payload []byte) function.Result {
	var event struct {
		Details struct{ ContactData struct{ ContactId string } }
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		v.release.t.Error(err)
	}
	contact := event.Details.ContactData.ContactId
	v.release.served[contact] = append(v.release.served[contact], v.number)
	result := v.AsyncFunction.Invoke(ctx, payload)
	if v.number == "2" && result.Err == nil && result.FunctionError == "" {
		result.Payload = append([]byte(`{"sfn_added":"by version 2",`), result.Payload[1:]...)
	}
	return result
}

// added is the results table of the second release.
type added struct{ local.Results }

// Pending implements async.Results.
func (r added) Pending(ctx context.Context, record async.Record, now time.Time) (async.Record, error) {
	old, err := r.Results.Pending(ctx, record, now)
	if err != nil || old.Execution != "" {
		return old, err
	}
	request := fmt.Sprintf(`{"TableName": %q, "Key": {"execution": {"S": %q}}, "UpdateExpression": "SET #a = :a",
		"ExpressionAttributeNames": {"#a": "added"}, "ExpressionAttributeValues": {":a": {"S": "by version 2"}}}`,
		r.Table, record.Execution)
	_, err = r.Account.TableRequest("UpdateItem", json.RawMessage(request))
	return old, err
}

// publish publishes both versions. The alias is at the first.
func (r *release) publish(p *project.Project, c clock.Clock) {
	name := p.AsyncName()
	r.account.Unpublish(name)
	for i, number := range []string{"1", "2"} {
		var results async.Results
		if table := p.ResultsTable(); table != "" {
			results = local.Results{Account: r.account, Table: table}
			if number == "2" {
				results = added{results.(local.Results)}
			}
		}
		job := p.Jobs[0]
		config := async.Config{Input: async.InputEvent, ResultsTable: p.ResultsTable(), ExpectedCallers: p.Callers,
			Jobs: []async.Job{{Name: job.Name, Timeout: job.Timeout,
				StateMachineARN: r.account.StateMachineARN(project.MachineName(p.Name, job.Name))}}}
		handler := async.New(config, local.States{Account: r.account}, results, c,
			async.WithRandom(rand.NewPCG(7, uint64(i))))
		r.account.AddFunction(name, version{release: r, number: number, AsyncFunction: local.AsyncFunction{
			Account: r.account, Handler: handler, Timeout: async.FunctionTimeout}})
		if _, err := r.account.PublishVersion(name); err != nil {
			r.t.Fatal(err)
		}
	}
	r.shift(name, 0)
}

// shift gives the second version a share of the calls.
func (r *release) shift(name string, weight float64) {
	to := local.FunctionAlias{Version: "1", Weights: map[string]float64{"2": weight}}
	if weight == 1 {
		to = local.FunctionAlias{Version: "2"}
	}
	if err := r.account.SetFunctionAlias(name, project.AsyncAlias, to); err != nil {
		r.t.Error(err)
	}
}

// shifts are the steps of a release and of the way back, each of the same length.
var shifts = []float64{0, 0.1, 0.5, 1, 0.5, 0.1, 0}

// TestCallsDuringARelease shifts an alias from one version of the async function to the next and back while a thousand
// callers wait: nobody hears a failure, every function runs once for each caller, and many are served by both versions,
// forwards and back.
func TestCallsDuringARelease(t *testing.T) {
	callers := testrun.Count(t, 24, 1000)
	ways := map[string]style.Options{"describe": {Style: style.Poll}, "table": {Style: style.Poll}}
	if testrun.IsHeavy() {
		ways["event"] = style.Options{Style: style.Wait}
	}
	for results, o := range ways {
		t.Run(string(o.Style)+" "+results, func(t *testing.T) {
			p := released(t, o, results)
			p.Callers = callers
			r := &release{t: t, served: map[string][]string{}}
			given := waiting(callers)
			c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given, Virtual: true})
			if c == nil {
				t.Fatal(found)
			}
			defer c.Close()
			var events []call.Event
			summaries, err := c.PlayIn(t.Context(), func(account *local.Account, clk clock.Clock) {
				r.account = account
				r.publish(p, clk)
				for i, weight := range shifts {
					clk.AfterFunc(time.Duration(i)*eachShift, func() { r.shift(p.AsyncName(), weight) })
				}
			}, func(e call.Event) { events = append(events, e) })
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range summaries {
				checkServed(t, i, s)
			}
			r.check(p, callers)
			r.checkRepeated(events)
		})
	}
}

// eachShift is how long each step of the release lasts.
const eachShift = time.Minute

// lost is the share of the replies that Connect does not get. It invokes the function again, perhaps the other version.
const lost = 0.05

// waiting are callers who call during the whole release, and wait for 5 to 45 s.
func waiting(callers int) scenario.Scenario {
	given := scenario.Default()
	one := given.Callers[0]
	given.Callers = nil
	var standIn scenario.StandIn
	for i := range callers {
		one.Arrives = time.Duration(i) * time.Duration(len(shifts)) * eachShift / time.Duration(callers)
		given.Callers = append(given.Callers, one)
		standIn.Outcomes = append(standIn.Outcomes, outcome(time.Duration(5+i*7%41)*time.Second, `{"balance":"42.10"}`))
	}
	given.Functions = map[string]scenario.StandIn{"balance": standIn}
	given.Faults = []local.Fault{{Service: local.Lambda, Rate: lost, LoseReply: true}}
	return given
}

// checkServed checks that a caller got the result, of one execution, and heard of no failure.
func checkServed(t *testing.T, caller int, s call.Summary) {
	t.Helper()
	if s.Executions != 1 || s.Function != "SUCCEEDED" || !s.Detected || s.Ending != flow.EndingDisconnected {
		t.Errorf("caller %d: %d executions, %s, detected %v, %s", caller, s.Executions, s.Function, s.Detected,
			s.Ending)
	}
	said := async.BuiltInTexts(style.DefaultLanguage).Sentences
	for _, kind := range []string{async.TextFailed, async.TextUnreadable, async.TextTooLong, async.TextNoService} {
		for _, text := range said[kind] {
			if slices.Contains(s.Heard, text) {
				t.Errorf("caller %d heard %q", caller, text)
			}
		}
	}
	if !slices.ContainsFunc(said[async.TextDone], func(text string) bool { return slices.Contains(s.Heard, text) }) {
		t.Errorf("caller %d did not hear the result: %q", caller, s.Heard)
	}
}

// check checks that every contact has one execution, and that contacts were served by both versions in either order.
func (r *release) check(p *project.Project, callers int) {
	r.t.Helper()
	executions, err := r.account.Executions(r.account.StateMachineARN(project.MachineName(p.Name, p.Jobs[0].Name)))
	if err != nil || len(executions) != callers || len(r.served) != callers {
		r.t.Errorf("%d executions of %d contacts (%v), want %d", len(executions), len(r.served), err, callers)
	}
	var forwards, back int
	for _, versions := range r.served {
		order := strings.Join(versions, "")
		if strings.Contains(order, "12") {
			forwards++
		}
		if strings.Contains(order, "21") {
			back++
		}
	}
	r.t.Logf("%d callers: %d were served by version 1 and then 2, %d by 2 and then 1", callers, forwards, back)
	if forwards < callers/10 || back < callers/10 {
		r.t.Errorf("too few were served by both versions: %d forwards, %d back, of %d", forwards, back, callers)
	}
}

// checkRepeated checks that Connect repeated starts whose replies were lost: then the other version may get them.
func (r *release) checkRepeated(events []call.Event) {
	r.t.Helper()
	began, repeated := map[int]bool{}, 0
	for _, e := range events {
		if e.Type != call.TypeFunction || began[e.Caller] {
			continue
		}
		began[e.Caller] = true
		if e.Error != "" {
			repeated++
		}
	}
	if r.t.Logf("%d starts were repeated", repeated); repeated == 0 {
		r.t.Error("no start was repeated")
	}
}
