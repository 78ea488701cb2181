package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/testrun"
)

// asker asks the async function about one job of an account.
type asker struct {
	t       *testing.T
	handler *async.Function
	config  async.Config
}

func newAsker(t *testing.T, a *local.Account, v *clock.Virtual, job async.Job) asker {
	results := local.Results{Account: a, Table: "results"}
	job.Name, job.Progress, job.Timeout = "job", true, time.Hour
	texts := async.Texts{Language: "en", Sentences: map[string][]string{}, Steps: map[string]string{}}
	for _, name := range []string{"a", "b", "c", "d"} {
		texts.Steps[name] = "I am at " + name + "."
	}
	config := async.Config{Jobs: []async.Job{job}, ResultsTable: "results", ExpectedCallers: 1,
		Texts: []async.JobTexts{{Job: "job", Languages: []async.Texts{texts}}}}
	states := local.States{Account: a}
	if len(job.Steps) > 0 { // which its history tells
		config.ResultsTable = ""
		return asker{t: t, config: config, handler: async.New(config, states, nil, v, async.WithProgress(states, nil))}
	}
	return asker{t: t, config: config, handler: async.New(config, states, results, v,
		async.WithProgress(states, results))}
}

// ask runs the question of one contact.
func (q asker) ask(count int) map[string]string {
	q.t.Helper()
	event := `{"Name":"ContactFlowEvent","Details":{"ContactData":{"InitialContactId":` +
		`"4a573372-1f28-4e26-b97b-000000000001"},"Parameters":{"action":"run","count_max":"100000","list":[1,2]`
	if count > 0 {
		event += `,"count":"` + strconv.Itoa(count) + `"`
	}
	body, err := q.handler.Handle(bg, "1", []byte(event+`}}}`))
	var reply map[string]any
	if err != nil || json.Unmarshal(body, &reply) != nil {
		q.t.Fatalf("%v: %s", err, body)
	}
	texts := map[string]string{}
	for key, value := range reply {
		texts[key], _ = value.(string)
	}
	return texts
}

// writer makes the writes of a chain's state machine as a network may: late, twice, out of order or never.
type writer struct {
	a        *local.Account
	v        *clock.Virtual
	random   *rand.Rand
	lossy    bool
	skew     time.Duration // by which the clock of the state machine is ahead of the async function's
	name     string        // of the execution
	began    time.Time
	entered  []time.Time // the steps, as they began
	settled  []time.Time // when the write of each was taken first, or given up; zero before
	givenUp  bool        // at least one
	took     []bool      // whether the table took the write of each at last
	replaced bool        // another start has put its record in the place of the execution's
	ended    bool
}

const (
	writerSteps = 4
	writerLimit = 35 * time.Second // of a step: that of its function and the margin of its task
)

// play is the state machine.
func (w *writer) play(t *testing.T, parameters []map[string]any) {
	for i := range writerSteps {
		w.entered, w.settled = append(w.entered, w.v.Now()), append(w.settled, time.Time{})
		w.took = append(w.took, false)
		if !w.write(t, i, parameters[i]) {
			w.givenUp = true
			w.settle(i)
		}
		sleep(w.v, time.Duration(w.random.IntN(20000))*time.Millisecond)
	}
	w.ended = true
}

func (w *writer) settle(i int) {
	if w.settled[i].IsZero() {
		w.settled[i] = w.v.Now()
	}
}

// write tries twice, as the definition says, and reports whether it learned what the table said.
func (w *writer) write(t *testing.T, i int, parameters map[string]any) bool {
	request := filled(t, parameters, map[string]string{"$$.Execution.Name": w.name,
		"$$.Execution.StartTime": w.began.Add(w.skew).Format(async.ItemTime),
		"$$.State.EnteredTime":   w.v.Now().Add(w.skew).Format(async.ItemTime)})
	for range 2 {
		travels, lost := 5*time.Millisecond, false
		switch n := w.random.IntN(10); {
		case n == 0:
			travels = time.Duration(w.random.IntN(1500)) * time.Millisecond
		case n == 1:
			travels, lost = time.Duration(w.random.IntN(60000))*time.Millisecond, true
		case n == 2 && w.lossy:
			travels, lost = -1, true
		case n == 3: // twice
			w.land(i, request, time.Duration(w.random.IntN(30000))*time.Millisecond)
		}
		if travels >= 0 {
			w.land(i, request, travels)
		}
		if !lost || !w.lossy && travels > 2*time.Second {
			sleep(w.v, max(travels, 0))
			return true
		}
		sleep(w.v, 3*time.Second)
	}
	return !w.lossy
}

// land lets a request arrive.
func (w *writer) land(i int, request []byte, travels time.Duration) {
	w.v.AfterFunc(travels, func() {
		w.v.Go(func() {
			if _, err := w.a.TableRequest("UpdateItem", request); err == nil {
				w.took[i] = true
				w.settle(i)
			}
		})
	})
}

// replace puts another record in the place of the execution's, as a start does whose first try was not confirmed.
func (w *writer) replace(t *testing.T) {
	t.Helper()
	results, now := local.Results{Account: w.a, Table: "results"}, w.v.Now()
	old := record(t, w.a, w.name)
	old.Expires = now.Add(-time.Second)
	must(t, results.Forget(bg, old))
	_, err := results.Pending(bg, async.Record{Execution: w.name, Status: async.StatusPending, Started: now,
		Timeout: time.Hour, Expires: now.Add(time.Hour)}, now)
	must(t, err)
	w.replaced = true
}

// filled are the parameters of a task as the request that it makes.
func filled(t *testing.T, parameters map[string]any, values map[string]string) []byte {
	t.Helper()
	var fill func(v any) any
	fill = func(v any) any {
		o, ok := v.(map[string]any)
		if !ok {
			return v
		}
		out := map[string]any{}
		for key, member := range o {
			if name, computed := strings.CutSuffix(key, ".$"); computed {
				out[name] = values[member.(string)]
			} else {
				out[key] = fill(member)
			}
		}
		return out
	}
	text, err := json.Marshal(fill(parameters))
	must(t, err)
	return text
}

// stepWrites are the parameters of the writes of a chain's steps.
func stepWrites(t *testing.T, names ...string) []map[string]any {
	t.Helper()
	job := tableJob(names...)
	job.Progress = true
	var definition struct {
		States map[string]struct{ Parameters map[string]any }
	}
	must(t, json.Unmarshal([]byte(define(t, job)), &definition))
	var writes []map[string]any
	for _, name := range names {
		writes = append(writes, definition.States["write step "+name].Parameters)
	}
	return writes
}

// check compares what a reply says at a time with what is true then. It must not end the goroutine, for which the clock
// would wait for ever.
func (w *writer) check(t *testing.T, reply map[string]string, stale map[string]int) {
	t.Helper()
	said := reply[async.KeyStep]
	if told, ok := strings.CutPrefix(reply[async.KeySay], "I am at "); ok && told != reply[async.KeyStepName]+"." {
		t.Errorf("%q is said in %v", told, reply)
	}
	if said == async.None {
		return
	}
	now := w.v.Now()
	k, _ := strconv.Atoi(said)
	switch {
	case k > len(w.entered):
		t.Errorf("step %d has not begun: %v", k, reply)
	case w.replaced:
		t.Errorf("step %d is said of a record that another start wrote later", k)
	case k < len(w.entered) && !w.settled[k].IsZero() && w.settled[k].Before(now):
		if !w.givenUp || slices.Contains(w.took[k:len(w.entered)], true) ||
			now.After(w.entered[k-1].Add(writerLimit+w.skew)) {
			t.Errorf("at %v: step %d is over: entered %v, settled %v, took %v, lossy %v", now, k, w.entered, w.settled,
				w.took, w.lossy)
		}
		stale["said a step that is over, since the next one's write is lost"]++
	default:
		stale["true"]++
	}
}

// TestSaidStepsAreTrue plays the writes of a chain to the table late, twice and out of order, by a clock that is
// another one than the async function's; some records are replaced by those of another start. Whatever a reply says is
// true: the step has begun, and no later one. Where writes are lost for good, a step that is over is said no longer
// than it may take at most, and not beyond the next write that arrives.
func TestSaidStepsAreTrue(t *testing.T) {
	seen := map[string]int{}
	writes := stepWrites(t, "a", "b", "c", "d")
	for seed := range testrun.Soak(t, 8) {
		random := rand.New(rand.NewPCG(uint64(seed), 93))
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			a.AddResultsTable("results")
			long := strings.Replace(waits, "60", "3600", 1)
			q := newAsker(t, a, v, async.Job{StateMachineARN: create(t, a, "m", asl.Standard, long)})
			id := q.ask(0)[async.KeyExecutionID]
			w := &writer{a: a, v: v, random: random, lossy: random.IntN(2) == 0, began: v.Now(),
				name: id[strings.LastIndex(id, ":")+1:]}
			if random.IntN(4) == 0 {
				w.skew = time.Duration(random.IntN(1000)-500) * time.Millisecond
			}
			replaced := random.IntN(60) // the call before which the record is replaced; often there are fewer
			v.Go(func() { w.play(t, writes) })
			for count := 2; !w.ended && !t.Failed(); count++ {
				if count == replaced+2 && v.Now().Sub(w.began) > time.Second {
					w.replace(t)
				}
				sleep(v, time.Duration(random.IntN(3000)+1)*time.Millisecond)
				if reply := q.ask(count); !w.ended {
					w.check(t, reply, seen)
				}
			}
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Log(seen)
	if seen["true"] == 0 {
		t.Error("no reply said a step")
	}
}

// TestStepsGoForward sends single writes: of the same step, an earlier one, an earlier execution of the same name, and
// after the end.
func TestStepsGoForward(t *testing.T) {
	writes := stepWrites(t, "a", "b")
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		r := local.Results{Account: a, Table: "results"}
		pending := async.Record{Execution: "one", Status: async.StatusPending, Started: start, Timeout: time.Minute,
			Expires: start.Add(time.Hour)}
		_, err := r.Pending(bg, pending, start)
		must(t, err)
		write := func(step int, began time.Time) (taken bool) {
			_, err := a.TableRequest("UpdateItem", filled(t, writes[step-1], map[string]string{
				"$$.Execution.Name": "one", "$$.Execution.StartTime": began.Format(async.ItemTime),
				"$$.State.EnteredTime": v.Now().Format(async.ItemTime)}))
			return err == nil
		}
		if write(2, start.Add(-time.Millisecond)) {
			t.Error("a write of an earlier execution is taken")
		}
		if !write(1, start) || write(1, start) {
			t.Error("the first step is not written once")
		}
		want := async.Step{Number: 1, Of: 2, Name: "a", Began: start, For: 35 * time.Second}
		if got := record(t, a, "one").Step; got != want {
			t.Errorf("the step is %+v, want %+v", got, want)
		}
		if !write(2, start) || write(1, start) {
			t.Error("steps go back")
		}
		must(t, r.Finish(bg, async.Record{Execution: "one", Status: async.ExecutionSucceeded, Ended: start}, start))
		if write(2, start) {
			t.Error("a step is written after the end")
		}
	})
}

// reporter is a function that says twice how far it is, where its client context says, and takes 4 s.
type reporter struct {
	a  *local.Account
	v  *clock.Virtual
	at string
}

func (f reporter) Invoke(ctx context.Context, _ []byte) function.Result {
	var told struct {
		Custom struct{ Table, Key, Endpoint string }
	}
	if err := json.Unmarshal([]byte(function.ClientContext(ctx)), &told); err != nil || told.Custom.Endpoint != f.at {
		return function.Result{Err: fmt.Errorf("%w: %v", err, told)}
	}
	for _, text := range []string{"one", "two"} {
		write, _ := json.Marshal(map[string]any{"TableName": told.Custom.Table,
			"Key":                       map[string]any{"execution": map[string]any{"S": told.Custom.Key}},
			"UpdateExpression":          "SET progress = :p",
			"ExpressionAttributeValues": map[string]any{":p": map[string]any{"S": text}}})
		if _, err := f.a.TableRequest("UpdateItem", write); err != nil {
			return function.Result{Err: err}
		}
		sleep(f.v, 2*time.Second)
	}
	return returns(`{}`)
}

// TestFunctionsReportWhileTheyRun: what a function says is told as long as its step runs, and expires with the record.
func TestFunctionsReportWhileTheyRun(t *testing.T) {
	job := tableJob("a", "b", "c")
	job.Progress, job.Steps[1].Reports, job.Endpoint = true, true, "http://127.0.0.1:1"
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		slow := local.StandIn{Clock: v, Timeout: time.Minute, Next: lasts(3 * time.Second)}
		a.AddFunction("a", slow)
		a.AddFunction("b", reporter{a: a, v: v, at: job.Endpoint})
		a.AddFunction("c", slow)
		asked := async.Job{Reports: []string{"b", "c"},
			StateMachineARN: create(t, a, "job", asl.Standard, define(t, job))}
		q := newAsker(t, a, v, asked)
		var told []string
		id := ""
		for reply := q.ask(0); reply[async.KeyResult] == ""; reply = q.ask(len(told) + 1) {
			told = append(told, reply[async.KeyStep]+" "+reply[async.KeyReport])
			id = reply[async.KeyExecutionID]
			sleep(v, 500*time.Millisecond)
		}
		if got := slices.Compact(told); fmt.Sprint(got) != "[none none 1 none 2 one 2 two 3 none]" {
			t.Errorf("told %v", got)
		}
		name, results := id[strings.LastIndex(id, ":")+1:], local.Results{Account: a, Table: "results"}
		config := q.config
		config.Ends = true
		ends := async.NewEnds(config, local.States{Account: a}, results, v, async.WithProgress(nil, results))
		event := fmt.Sprintf(`{"source":"aws.states","detail":{"executionArn":%q,"status":"SUCCEEDED","output":"{}",`+
			`"startDate":%d,"stopDate":%d}}`, id, start.UnixMilli(), v.Now().UnixMilli())
		must(t, ends.Handle(bg, "1", []byte(event)))
		item, _, err := results.Item(bg, async.ReportKey("b", name))
		if err != nil || item.Texts[async.ItemReport] != "two" || item.Numbers[async.ItemExpires] == 0 {
			t.Errorf("the report is %v, %v", item, err)
		}
		item, _, err = results.Item(bg, async.ReportKey("c", name))
		if err != nil || item.Numbers[async.ItemExpires] == 0 {
			t.Errorf("a report that comes after the end does not expire: %v, %v", item, err)
		}
		if _, found, _ := results.Item(bg, async.ReportKey("a", name)); found {
			t.Error("a function that does not report has an item")
		}
	})
}

// TestChainSaysItsSteps runs a chain whose second function is throttled at first, and asks every half second.
func TestChainSaysItsSteps(t *testing.T) {
	job := tableJob("a", "b", "c")
	job.Progress = true
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		throttled := function.Result{Err: &local.Error{Code: "TooManyRequestsException", Message: "Rate exceeded"}}
		a.AddFunction("a", local.StandIn{Clock: v, Timeout: time.Minute, Next: lasts(3 * time.Second)})
		a.AddFunction("b", &scripted{answers: []function.Result{throttled, throttled, returns(`{}`)}})
		a.AddFunction("c", local.StandIn{Clock: v, Timeout: time.Minute, Next: lasts(4 * time.Second)})
		q := newAsker(t, a, v, async.Job{StateMachineARN: create(t, a, "job", asl.Standard, define(t, job))})
		var steps, told []string
		for reply := q.ask(0); reply[async.KeyResult] == ""; reply = q.ask(len(told) + 1) {
			told = append(told, reply[async.KeySay])
			step := reply[async.KeyStep] + reply[async.KeyStepName] + "/" + reply[async.KeySteps]
			if reply[async.KeyStep] != async.None && !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
			sleep(v, 500*time.Millisecond)
		}
		if fmt.Sprint(steps) != "[1a/3 2b/3 3c/3]" {
			t.Errorf("the steps are %v", steps)
		}
		for _, name := range []string{"a", "b", "c"} {
			if n := strings.Count(strings.Join(told, "\n"), "I am at "+name+"."); n != 1 {
				t.Errorf("step %s is said %d times: %q", name, n, told)
			}
		}
	})
}

// ownDefinition is a random state machine of the user's own, whose functions take a random time and fail at random. top
// are the names of all states at its top.
func ownDefinition(random *rand.Rand) (definition string, top []string) {
	const invoke = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},` +
		`"ResultPath":null,"Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":2,"MaxAttempts":2}]`
	nested := func(name string) string {
		return fmt.Sprintf(`{"StartAt":%q,"States":{%[1]q:{%s,"End":true}}}`, name, invoke)
	}
	n := 2 + random.IntN(5)
	for i := range n + 1 {
		top = append(top, fmt.Sprint("S", i))
	}
	var states []string
	add := func(name, state string) { states = append(states, fmt.Sprintf("%q:{%s}", name, state)) }
	for i, name := range top[:n] {
		next := fmt.Sprintf(`,"Next":%q`, top[i+1])
		caught := next + `,"Catch":[{"ErrorEquals":["Caught"],"ResultPath":null,"Next":"Handle"}]`
		switch random.IntN(7) {
		case 0:
			add(name, `"Type":"Wait","Seconds":3`+next)
		case 1:
			after := top[min(i+2, n)]
			add(name, fmt.Sprintf(`"Type":"Choice","Choices":[{"Variable":"$.skips","IsPresent":%v,"Next":%q}],`+
				`"Default":%q`, random.IntN(2) == 0, top[i+1], after))
		case 2:
			add(name, fmt.Sprintf(`"Type":"Parallel","ResultPath":null,"Branches":[%s,%s]`, nested(name+"l"),
				nested(name+"r"))+caught)
		case 3:
			add(name, fmt.Sprintf(`"Type":"Map","ItemsPath":"$.Details.Parameters.list","ResultPath":null,`+
				`"ItemProcessor":%s`, nested(name+"m"))+caught)
		default:
			add(name, invoke+caught)
		}
	}
	add(top[n], `"Type":"Succeed"`)
	add("Handle", invoke+`,"Next":"Sorry"`)
	add("Sorry", `"Type":"Fail","Error":"Sorry"`)
	return `{"StartAt":"S0","States":{` + strings.Join(states, ",") + `}}`, append(top, "Handle", "Sorry")
}

// runsAtTop is the state at the top that runs by the whole history, "" for none.
func runsAtTop(history []asl.HistoryEvent, top []string) string {
	runs := ""
	for _, e := range history {
		name := ""
		if e.Details != nil {
			name = e.Details.Name
		}
		switch {
		case e.Type == "ExecutionRedriven" && runs == "": // the state that failed begins again
			for _, before := range history {
				if before.ID < e.ID && strings.HasSuffix(before.Type, "StateEntered") &&
					slices.Contains(top, before.Details.Name) {
					runs = before.Details.Name
				}
			}
		case strings.HasPrefix(e.Type, "Execution") && e.Type != "ExecutionStarted":
			runs = ""
		case !slices.Contains(top, name):
		case strings.HasSuffix(e.Type, "StateEntered"):
			runs = name
		case strings.HasSuffix(e.Type, "StateExited") && runs == name:
			runs = ""
		}
	}
	return runs
}

// TestStepsOfHistoriesAreTrue runs random definitions with Choice, Parallel and Map states, retries, failures that are
// caught, and redrives. A reply says the step that runs, or none.
func TestStepsOfHistoriesAreTrue(t *testing.T) {
	seen := map[string]int{}
	for seed := range testrun.Soak(t, 6) {
		random := rand.New(rand.NewPCG(uint64(seed), 94))
		definition, top := ownDefinition(random)
		steps, vary, err := machine.Steps([]byte(definition))
		if err != nil {
			continue // no step at all
		}
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			a.AddResultsTable("results")
			a.AddFunction("f", local.StandIn{Clock: v, Timeout: time.Minute, Next: func() local.Outcome {
				o := local.Outcome{Takes: time.Duration(random.IntN(6000)) * time.Millisecond, Payload: []byte(`{}`)}
				if n := random.IntN(12); n < 3 {
					o.Error = []string{"Again", "Caught", "Fatal"}[n]
				}
				return o
			}})
			q := newAsker(t, a, v, async.Job{Steps: steps, StepsVary: vary,
				StateMachineARN: create(t, a, "m", asl.Standard, definition)})
			id, redriven := q.ask(0)[async.KeyExecutionID], false
			e, err := a.Execution(id)
			if err != nil {
				t.Error(err)
				return
			}
			for count := 2; count < 200; count++ {
				sleep(v, time.Duration(random.IntN(1500)+1)*time.Millisecond)
				before := runsAtTop(e.History(), top) // the history was read between then and now
				reply := q.ask(count)
				said, runs := reply[async.KeyStepName], runsAtTop(e.History(), top)
				switch {
				case said == async.None:
					seen["none"]++
				case said != runs && said != before:
					t.Errorf("seed %d: %s is said, and %q runs, after %q: %v\n%s", seed, said, runs, before, reply,
						definition)
					return
				default:
					seen["true"]++
				}
				if reply[async.KeyResult] != "" && (redriven || e.Describe().Status != asl.Failed) {
					break
				}
				if reply[async.KeyResult] != "" {
					redriven = true
					if _, err := e.Redrive(""); err != nil {
						t.Errorf("seed %d: %v", seed, err)
						return
					}
				}
			}
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Log(seen)
	if seen["true"] == 0 {
		t.Error("no reply said a step")
	}
}
