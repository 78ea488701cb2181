package async

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// historian tells histories and keeps items. It implements Histories and Items.
type historian struct {
	w      *world
	events []HistoryEvent // the newest first
	fails  error
	takes  time.Duration
	asked  int
	items  map[string]Values
	reads  int
}

func (h *historian) History(ctx context.Context, _ string) ([]HistoryEvent, error) {
	h.asked++
	if err := h.w.clock.Sleep(ctx, h.takes); err != nil {
		return nil, &ServiceError{Err: err}
	}
	return h.events, h.fails
}

func (h *historian) Item(ctx context.Context, key string) (item Values, found bool, err error) {
	h.reads++
	if err := h.w.clock.Sleep(ctx, h.takes); err != nil {
		return item, false, &ServiceError{Err: err}
	}
	item, found = h.items[key]
	return item, found, h.fails
}

func (h *historian) Change(ctx context.Context, key string, w Write) (made bool, err error) {
	if err := h.w.clock.Sleep(ctx, h.takes); err != nil {
		return false, &ServiceError{Err: err}
	}
	item, ok := h.items[key]
	if !ok {
		item = Values{Numbers: map[string]int64{}}
		h.items[key] = item
	}
	for assignment := range strings.SplitSeq(strings.TrimPrefix(w.Update, "SET "), ", ") {
		name, value, _ := strings.Cut(assignment, " = ")
		item.Numbers[strings.TrimPrefix(name, "#")] = w.Values.Numbers[value]
	}
	if r, ok := h.w.table[key]; ok { // which has what was said
		said := ReadItem(key, item)
		r.Said, r.SaidLeft, r.SaidReport = said.Said, said.SaidLeft, said.SaidReport
		h.w.table[key] = r
	}
	return h.fails == nil, h.fails
}

// progressFlow is a flow that asks about a job with progress.
func progressFlow(t *testing.T, env map[string]string, job Job) (*world, *flow, *historian) {
	w := newWorld()
	f := newFlow(t, w, env)
	h := &historian{w: w, items: map[string]Values{}}
	of := &f.f.config.Jobs[0]
	of.Progress, of.Steps, of.StepsVary = true, job.Steps, job.StepsVary
	f.f.config.Texts = []JobTexts{{Job: AllJobs, Languages: []Texts{{Language: "en",
		Steps: map[string]string{"Find": "I am looking for you.", "Rate": "I am rating you."}}}}}
	WithProgress(h, h)(f.f)
	return w, f, h
}

var hasTable = map[string]string{"RESULTS_TABLE": "bank-results"}

// TestRunningStep reads histories: of chains, retries, Choice, Parallel and Map states, ends and redrives.
func TestRunningStep(t *testing.T) {
	steps := []string{"Find", "Rate", "All"}
	for name, c := range map[string]struct {
		history string // the oldest first
		want    int
	}{
		"nothing yet":            {"ExecutionStarted", 0},
		"the first runs":         {"ExecutionStarted TaskStateEntered:Find TaskScheduled TaskStarted", 1},
		"it is tried again":      {"TaskStateEntered:Find TaskScheduled TaskFailed TaskScheduled TaskStarted", 1},
		"it is over":             {"TaskStateEntered:Find TaskSucceeded TaskStateExited:Find", 0},
		"another state":          {"TaskStateEntered:Find TaskStateExited:Find ChoiceStateEntered:Which", 0},
		"without its exit":       {"TaskStateEntered:Find TaskFailed FailStateEntered:Sorry", 0},
		"the second runs":        {"TaskStateEntered:Find TaskStateExited:Find TaskStateEntered:Rate", 2},
		"one is left out":        {"TaskStateExited:Find ChoiceStateEntered:Which ParallelStateEntered:All", 3},
		"within a parallel step": {"ParallelStateEntered:All TaskStateEntered:x TaskStateExited:x", 3},
		"a branch is not a step": {"ParallelStateEntered:Both TaskStateEntered:x WaitStateEntered:y", 0},
		"a parallel step ends":   {"ParallelStateEntered:All TaskStateEntered:x ParallelStateExited:All", 0},
		"a parallel step fails":  {"ParallelStateEntered:All TaskStateEntered:x ParallelStateFailed", 0},
		"within a map step":      {"MapStateEntered:All TaskStateEntered:x MapIterationSucceeded", 3},
		"it has failed":          {"TaskStateEntered:Find TaskFailed ExecutionFailed", 0},
		"it was stopped":         {"TaskStateEntered:Find ExecutionAborted", 0},
		"it is redriven":         {"TaskStateEntered:Find ExecutionFailed ExecutionRedriven TaskScheduled", 1},
		"redriven and over": {"TaskStateEntered:Find ExecutionFailed ExecutionRedriven TaskSucceeded " +
			"TaskStateExited:Find", 0},
		"redriven elsewhere": {"TaskStateEntered:Find TaskStateExited:Find FailStateEntered:Sorry ExecutionFailed " +
			"ExecutionRedriven", 0},
		"redriven in what caught a failure": {"ParallelStateEntered:All ParallelStateFailed ParallelStateExited:All " +
			"TaskStateEntered:Handle ExecutionFailed ExecutionRedriven", 0},
		"redriven and failed": {"TaskStateEntered:Find ExecutionFailed ExecutionRedriven ExecutionFailed", 0},
		"again by a loop":     {"TaskStateEntered:Rate TaskStateExited:Rate TaskStateEntered:Find", 1},
	} {
		var events []HistoryEvent
		for event := range strings.FieldsSeq(c.history) {
			kind, state, _ := strings.Cut(event, ":")
			events = append([]HistoryEvent{{Type: kind, Name: state, At: epoch}}, events...)
		}
		if got := runningStep(events, steps); got.Number != c.want {
			t.Errorf("%s: step %d, want %d", name, got.Number, c.want)
		}
	}
}

// TestProgressFromHistory says the step of the history, once, and how many there are.
func TestProgressFromHistory(t *testing.T) {
	w, f, h := progressFlow(t, nil, Job{Steps: []string{"Find", "Rate"}})
	play(t, w, func() {
		expect(t, f.call(parametersOf{"action": "run"}), "sfn_step=none sfn_step_name=none sfn_steps=none "+
			"sfn_eta_seconds=none sfn_next_seconds=1")
		w.sleep(time.Second)
		h.events = []HistoryEvent{{Type: "TaskStateEntered", Name: "Find", At: w.clock.Now()}}
		r := f.call(parametersOf{"action": "run", "count": "2"})
		expect(t, r, "sfn_step=1 sfn_step_name=Find sfn_steps=2 sfn_eta_seconds=none status=RUNNING")
		if r[KeySay] != "I am looking for you." {
			t.Errorf("the reply says %q", r[KeySay])
		}
		h.events[0].At = w.clock.Now().Add(time.Second)
		held := parametersOf{"action": "check", "count": "3", "hold_seconds": "2", "time_limit": "8"}
		if r := f.call(held); r[KeyNext] == NextProgress || r[KeyStep] != "1" {
			t.Errorf("a held check, which nobody hears, says %q", r[KeySay])
		}
		w.sleep(2 * time.Second)
		if r := f.call(parametersOf{"action": "run", "count": "3"}); r[KeySay] == "I am looking for you." {
			t.Error("a step is said twice")
		}
		w.sleep(10 * time.Second)
		r = f.call(parametersOf{"action": "run", "count": "4"})
		expect(t, r, "status=FINISHED sfn_step=none sfn_next_seconds=none")
	})
	f.f.config.Jobs[0].StepsVary = true
	w.takes = time.Minute
	play(t, w, func() {
		f.call(parametersOf{"action": "run", "request": "2"})
		h.events[0].At = w.clock.Now()
		expect(t, f.call(parametersOf{"action": "run", "request": "2", "count": "2"}), "sfn_step=1 sfn_steps=none")
	})
}

// TestHistoriesThatCannotBeRead: the status is told all the same, as fast, and the service is left alone for a while.
func TestHistoriesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name   string
		fails  error
		takes  time.Duration
		rests  time.Duration
		logged string
	}{
		{name: "throttled", fails: errThrottled, rests: 2 * time.Second},
		{name: "denied", fails: &ServiceError{Code: "AccessDeniedException", Status: 400}, rests: maxRest,
			logged: "states:GetExecutionHistory"},
		{name: "lost", fails: errLost},
		{name: "slow", takes: time.Hour},
	} {
		w, f, h := progressFlow(t, nil, Job{Steps: []string{"Find"}})
		h.fails, h.takes = c.fails, c.takes
		play(t, w, func() {
			f.call(parametersOf{"action": "run"})
			began, before := w.clock.Now(), h.asked
			r := f.call(parametersOf{"action": "run", "count": "2"})
			expect(t, r, "status=RUNNING sfn_status=RUNNING sfn_degraded=false sfn_step=none")
			if took := w.clock.Now().Sub(began); took > extraLimit {
				t.Errorf("%s: the reply took %v", c.name, took)
			}
			rests := f.f.rest.until.Sub(began)
			if c.rests == 0 && h.asked == before || c.rests > 0 && (rests > 2*c.rests || rests < c.rests/2) {
				t.Errorf("%s: rests %v, asked %d times", c.name, rests, h.asked)
			}
		})
		if logged := strings.Contains(f.log.String(), "states:GetExecutionHistory"); logged != (c.logged != "") {
			t.Errorf("%s: the log is %s", c.name, f.log)
		}
	}
}

// TestHistoriesAreAskedForAtHalfTheRate: 200 expected callers have slots of 20 s, of which the first 2 s count.
func TestHistoriesAreAskedForAtHalfTheRate(t *testing.T) {
	w, f, h := progressFlow(t, map[string]string{"EXPECTED_CALLERS": "200"}, Job{Steps: []string{"Find"}})
	w.takes = time.Hour
	play(t, w, func() {
		f.call(parametersOf{"action": "run"})
		h.asked = 0
		for range 200 {
			w.sleep(2 * time.Second)
			f.call(parametersOf{"action": "run", "count": "2", "count_max": "999"})
		}
	})
	if h.asked != 20 { // 200 of them ask ten times a second
		t.Errorf("asked %d times in 400 s, want once in each of 20 slots", h.asked)
	}
}

// TestProgressFromTheTable says what the record says: steps once, and nothing that may not be true.
func TestProgressFromTheTable(t *testing.T) {
	w, f, _ := progressFlow(t, hasTable, Job{})
	w.takes = 5 * time.Minute
	play(t, w, func() {
		id := f.call(parametersOf{"action": "run"})[KeyExecutionID]
		name := id[strings.LastIndex(id, ":")+1:]
		write := func(s Step) {
			r := w.table[name]
			r.Step = s
			w.table[name] = r
		}
		ask := func() map[string]string { return f.call(parametersOf{"action": "run", "count": "2"}) }
		write(Step{Number: 1, Of: 2, Name: "Find", Began: w.clock.Now(), For: 30 * time.Second})
		w.sleep(20 * time.Second) // a waiting sentence would have had its turn
		r := ask()
		expect(t, r, "sfn_step=1 sfn_step_name=Find sfn_steps=2 sfn_next=progress")
		if r[KeySay] != "I am looking for you." {
			t.Errorf("the reply says %q", r[KeySay])
		}
		w.sleep(11 * time.Second)
		expect(t, ask(), "sfn_step=none sfn_steps=none") // longer than it may take
		write(Step{Number: 2, Of: 2, Name: "Rate", Began: w.clock.Now(), For: time.Hour})
		expect(t, ask(), "sfn_step=2")
		w.before = func(_ context.Context, op string) error {
			if op == "Get" {
				return errLost
			}
			return nil
		}
		expect(t, ask(), "sfn_step=none status=RUNNING") // the table cannot be read
	})
}

// findsStep starts an execution that is in its only step, and returns its name.
func (f *flow) findsStep() (name string) {
	id := f.call(parametersOf{"action": "run"})[KeyExecutionID]
	name = id[strings.LastIndex(id, ":")+1:]
	r := f.world.table[name]
	r.Step = Step{Number: 1, Of: 1, Name: "Find", Began: f.world.clock.Now(), For: time.Hour}
	f.world.table[name] = r
	return name
}

// TestReportsAreSaid: what a function reports is said once, where it can be spoken as it is, after the step itself.
func TestReportsAreSaid(t *testing.T) {
	w, f, h := progressFlow(t, hasTable, Job{})
	f.f.config.Jobs[0].Reports = []string{"Find"}
	w.takes = 5 * time.Minute
	play(t, w, func() {
		name := f.findsStep()
		say := func(report string) string {
			w.sleep(20 * time.Second)
			h.items[ReportKey("Find", name)] = Values{Texts: map[string]string{ItemReport: report}}
			r := f.call(parametersOf{"action": "run", "count": "2"})
			if want := orNone(strings.TrimSpace(report)); r[KeyReport] != want {
				t.Errorf("%s is %q, want %q", KeyReport, r[KeyReport], want)
			}
			if r[KeyNext] != NextProgress {
				return ""
			}
			return r[KeySay]
		}
		for i, c := range []struct{ report, want string }{
			{"One of three.", "I am looking for you."}, {"One of three.", "One of three."}, {"One of three.", ""},
			{" Two of three. ", "Two of three."}, {"<b>", ""}, {" ", ""}, {"Two of three.", ""},
		} {
			if got := say(c.report); got != c.want {
				t.Errorf("%d: %q is said after %q, want %q", i, got, c.report, c.want)
			}
		}
	})
}

// TestProgressIsInTime: a table that is slow holds up the reply for no longer than is allowed, for all requests.
func TestProgressIsInTime(t *testing.T) {
	w, f, h := progressFlow(t, hasTable, Job{})
	f.f.config.Jobs[0].Reports = []string{"Find"}
	h.takes = 120 * time.Millisecond
	w.takes = 5 * time.Minute
	play(t, w, func() {
		f.findsStep()
		w.sleep(20 * time.Second)
		began := w.clock.Now()
		expect(t, f.call(parametersOf{"action": "run", "count": "2"}), "status=RUNNING sfn_step=1")
		if took := w.clock.Now().Sub(began); took > extraLimit {
			t.Errorf("the reply took %v", took)
		}
	})
}

// TestRecentEnds learns how long executions take, and says how long one that runs usually takes yet.
func TestRecentEnds(t *testing.T) {
	w, f, h := progressFlow(t, hasTable, Job{})
	f.withEnds(once(time.Second))
	WithProgress(h, h)(w.ends.f)
	run := func(request string, count int) map[string]string {
		p := parametersOf{"action": "run", "request": request, "count_max": "99"}
		if count > 0 {
			p["count"] = fmt.Sprint(count)
		}
		return f.call(p)
	}
	play(t, w, func() {
		for i := range 5 {
			w.takes = time.Duration(38+i) * time.Second
			run(fmt.Sprint("r", i), 0)
			w.sleep(5 * time.Second)
			expect(t, run(fmt.Sprint("r", i), 2), "sfn_eta_seconds=none")
			w.sleep(time.Minute)
		}
		w.sleep(time.Minute)
		w.takes = 50 * time.Second
		run("x", 0)
		w.sleep(12 * time.Second)
		r := run("x", 2)
		expect(t, r, "sfn_eta_seconds=29") // four of five took at most 41 s
		if r[KeySay] != "About half a minute more." {
			t.Errorf("the reply says %q", r[KeySay])
		}
		w.sleep(30 * time.Second)
		expect(t, run("x", 3), "status=RUNNING sfn_eta_seconds=none") // longer than usual
		w.sleep(30 * time.Second)
		expect(t, run("x", 4), "status=FINISHED sfn_eta_seconds=none")
		reads := h.reads
		run("x", 5)
		run("x", 6)
		if h.reads != reads {
			t.Error("recent ends are read for each reply")
		}
	})
	kept := h.items[RecentKey("")]
	if took := readTook(kept); len(took) < recentLeast || !slices.Contains(took, 40*time.Second) {
		t.Errorf("kept %v", took)
	}
	if kept.Numbers[ItemExpires] == 0 {
		t.Error("the item never expires")
	}
}

// TestHistoriesAndRecentEnds: where the history tells the step and the table how long the work takes, both are said.
func TestHistoriesAndRecentEnds(t *testing.T) {
	w, f, h := progressFlow(t, hasTable, Job{Steps: []string{"Find"}})
	w.takes = time.Minute
	numbers := map[string]int64{ItemExpires: epoch.Add(time.Hour).Unix()}
	for _, letter := range "abcde" {
		numbers[recentPrefix+string(letter)] = 40_000
	}
	h.items[RecentKey("")] = Values{Numbers: numbers}
	play(t, w, func() {
		f.call(parametersOf{"action": "run"})
		h.events = []HistoryEvent{{Type: "TaskStateEntered", Name: "Find", At: w.clock.Now()}}
		w.sleep(time.Second)
		for i, want := range []string{"I am looking for you.", "About a minute more.", "About half a minute more."} {
			r := f.call(parametersOf{"action": "run", "count": fmt.Sprint(i + 2)})
			if expect(t, r, "sfn_step=1"); r[KeySay] != want {
				t.Errorf("after %d s the reply says %q, want %q", 1+5*i, r[KeySay], want)
			}
			w.sleep(5 * time.Second)
		}
	})
}

// TestRepliesWithoutProgress have none of its keys, whatever the table says.
func TestRepliesWithoutProgress(t *testing.T) {
	w, f, _ := progressFlow(t, hasTable, Job{})
	f.f.config.Jobs[0].Progress = false
	play(t, w, func() {
		r := f.call(parametersOf{"action": "run"})
		for _, key := range []string{KeyStep, KeyStepName, KeySteps, KeyETA, KeyNextAsk} {
			if got, ok := r[key]; ok {
				t.Errorf("%s is %q", key, got)
			}
		}
	})
}

// TestProgressKeysAreInTheContract checks the table of keys.
func TestProgressKeysAreInTheContract(t *testing.T) {
	var keys []string
	for _, m := range (&invocation{}).progressKeys(newFlow(t, newWorld(), nil).f, true) {
		keys = append(keys, m.key)
	}
	sameNames(t, "keys of progress", firsts(contractTables(t)["key of progress"]), keys)
	sameNames(t, "keys of progress", slices.Clone(ProgressKeys), keys)
}

// TestTextsOfProgress reads and writes them, and refuses what cannot be said.
func TestTextsOfProgress(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"steps":{"a":"At a.","b":"At b."},"remaining":{"10":"Soon.","90":"A while."}}`, ""},
		{`{"steps":{"a":"At a.","b":"At a."}}`, `steps has "At a." twice`},
		{`{"steps":["At a."]}`, "steps is not an object of texts"},
		{`{"steps":{"a":""}}`, "a text of steps has no words"},
		{`{"steps":{"a":"<b>"}}`, "is spoken as it is"},
		{`{"remaining":{"soon":"Soon."}}`, `"soon" is not a whole number from 1 to 86400 of seconds`},
		{`{"remaining":{"1":"Soon.","01":"Later."}}`, "remaining has 1 seconds twice"},
		{`{"step":"At a."}`, `"step" is not one of first`},
	} {
		text, want := c.text, c.want
		var config Config
		err := config.ReadTexts(`{"j":{"en":` + text + `}}`)
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", text, err)
		case want == "":
			if got := MarshalTexts(config.Texts); got != `{"j":{"en":`+text+`}}` {
				t.Errorf("%s is written as %s", text, got)
			}
			full := config.Texts[0].Languages[0].completed()
			if r, ok := full.remaining(11 * time.Second); !ok || r.Text != "A while." {
				t.Errorf("11 s are %q", r.Text)
			}
		}
	}
	for _, language := range BuiltInLanguages() {
		texts := BuiltInTexts(language)
		if r, ok := texts.remaining(25 * time.Second); !ok || r.Seconds != 30 || r.Text == "" {
			t.Errorf("%s: 25 s are %+v", language, r)
		}
		if _, ok := texts.remaining(time.Hour); ok {
			t.Errorf("%s has words for an hour", language)
		}
	}
}

// TestProgressThatCannotBe is refused when the function begins.
func TestProgressThatCannotBe(t *testing.T) {
	for text, want := range map[string]string{
		`"progress": true`:                    "needs RESULTS_TABLE",
		`"progress": true, "steps": []`:       "is not a list of names of steps",
		`"progress": true, "steps": [1]`:      "is not a list of names of steps",
		`"progress": true, "reports": [""]`:   "is not a list of names of steps",
		`"progress": "maybe"`:                 "is not one of true, false",
		`"progress": true, "steps": ["Find"]`: "",
	} {
		_, errs := fromMap(map[string]string{EnvStateMachines: `{"a": {"arn": "` + machineARN + `", ` + text + `}}`})
		if got := fmt.Sprint(errs); want == "" && len(errs) > 0 || !strings.Contains(got, want) {
			t.Errorf("%s: %v", text, errs)
		}
	}
}
