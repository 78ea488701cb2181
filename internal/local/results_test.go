package local_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
)

func tableJob(steps ...string) machine.Job {
	job := machine.Job{Name: "job", Timeout: 2 * time.Minute, ResultsTable: "results"}
	for _, name := range steps {
		job.Steps = append(job.Steps, step(name))
	}
	return job
}

func define(t *testing.T, job machine.Job) string {
	t.Helper()
	text, err := machine.Definition(job)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// record reads the record of an execution.
func record(t *testing.T, a *local.Account, name string) async.Record {
	t.Helper()
	r, _, err := local.Results{Account: a, Table: "results"}.Get(bg, name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestStateMachineWritesItsEnd(t *testing.T) {
	const long = 120 << 10
	for _, test := range []struct {
		name  string
		steps map[string]function.Result
		want  string // of the record
	}{
		{
			"object",
			map[string]function.Result{"a": returns(`{"balance":"42.10","n":[1,null]}`)},
			`SUCCEEDED {"balance":"42.10","n":[1,null]}`,
		},
		{
			"text",
			map[string]function.Result{"a": returns(`"don't {panic} \"now\""`)},
			`SUCCEEDED "don't {panic} \"now\""`,
		},
		{"null", map[string]function.Result{"a": returns(`null`)}, `SUCCEEDED null`},
		{"chain", map[string]function.Result{"a": returns(`{}`), "b": returns(`7`)}, `SUCCEEDED 7`},
		{
			"failure",
			map[string]function.Result{"a": returns(`{}`), "b": raises("NoSuchAccount")},
			`FAILED NoSuchAccount step b: {"errorType":"NoSuchAccount"}`,
		},
		{
			"first fails",
			map[string]function.Result{"a": raises("It's {bad}"), "b": returns(`7`)},
			`FAILED It's {bad} step a: {"errorType":"It's {bad}"}`,
		},
		{
			"too many quotes for the request",
			map[string]function.Result{"a": returns(`"` + strings.Repeat(`\"`, long) + `"`)},
			`PENDING`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
				a.AddResultsTable("results")
				var names []string
				for _, name := range []string{"a", "b"} {
					if r, ok := test.steps[name]; ok {
						a.AddFunction(name, &scripted{answers: []function.Result{r}})
						names = append(names, name)
					}
				}
				arn := create(t, a, "job", "", define(t, tableJob(names...)))
				pending := async.Record{
					Execution: "one",
					Status:    async.StatusPending,
					Started:   start,
					Timeout:   time.Minute,
					Expires:   start.Add(time.Hour),
				}
				if _, err := (local.Results{Account: a, Table: "results"}).Pending(bg, pending, start); err != nil {
					t.Fatal(err)
				}
				e, err := a.StartExecution(arn, "one", nil)
				if err != nil {
					t.Fatal(err)
				}
				sleep(v, time.Minute)
				r, d := record(t, a, "one"), e.Describe()
				got := strings.TrimSpace(r.Status + " " + r.Output + strings.TrimSpace(r.Error+" "+r.Cause))
				if got != test.want {
					t.Errorf("the record says %.200s, want %s", got, test.want)
				}
				if r.Status != async.StatusPending &&
					(r.Status != string(d.Status) || r.Output != "" && !sameJSON(r.Output, string(d.Output)) ||
						r.Error != d.Error || r.Cause != d.Cause || !r.Ended.Equal(start)) {
					t.Errorf("the record %+v is not what the execution says: %+v", r, d)
				}
				if r.Status == async.StatusPending && d.Status != "SUCCEEDED" {
					t.Errorf("a result that does not fit made the execution end as %+v", d)
				}
				if r.Expires != pending.Expires || r.Timeout != time.Minute {
					t.Errorf("the start's attributes are gone: %+v", r)
				}
			})
		})
	}
}

// TestStateMachineEndsWithoutTable lets every write fail: the execution ends as it would have.
func TestStateMachineEndsWithoutTable(t *testing.T) {
	for _, test := range []struct {
		answer function.Result
		want   string
	}{{returns(`{"x":1}`), `SUCCEEDED {"x":1} `}, {raises("Bad"), "FAILED  Bad"}} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			a.AddFunction("a", &scripted{answers: []function.Result{test.answer}})
			d := finish(t, a, v, create(t, a, "job", "", define(t, tableJob("a"))), `{}`)
			if got := fmt.Sprintf("%s %s %s", d.Status, d.Output, d.Error); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestStateMachineDoesNotOverwriteACancel cancels while the function runs.
func TestStateMachineDoesNotOverwriteACancel(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		a.AddFunction("a", local.StandIn{Clock: v, Timeout: time.Minute, Next: lasts(10 * time.Second)})
		arn := create(t, a, "job", "", define(t, tableJob("a")))
		if _, err := a.StartExecution(arn, "one", nil); err != nil {
			t.Fatal(err)
		}
		aborted := async.Record{Execution: "one", Status: "ABORTED", Ended: start, Expires: start.Add(time.Hour)}
		if err := (local.Results{Account: a, Table: "results"}).Finish(bg, aborted, start); err != nil {
			t.Fatal(err)
		}
		sleep(v, time.Minute)
		if r := record(t, a, "one"); r.Status != "ABORTED" {
			t.Errorf("%+v", r)
		}
	})
}

// TestExpiredItemCountsAsAbsent writes over items that the table may have forgotten, and only over those.
func TestExpiredItemCountsAsAbsent(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		r := local.Results{Account: a, Table: "results"}
		begin := func(ctx context.Context, record async.Record, now time.Time) error {
			_, err := r.Pending(ctx, record, now)
			return err
		}
		pending := async.Record{Execution: "one", Status: async.StatusPending, Started: start,
			Expires: start.Add(time.Hour)}
		ended := async.Record{Execution: "one", Status: "SUCCEEDED", Output: "1", Ended: start,
			Expires: start.Add(2 * time.Hour)}
		for _, step := range []struct {
			what  string
			write func(context.Context, async.Record, time.Time) error
			r     async.Record
			after time.Duration
			want  string
		}{
			{"start", begin, pending, 0, "PENDING"},
			{"end", r.Finish, ended, time.Minute, "SUCCEEDED"},
			{"start while it is kept", begin, pending, 90 * time.Minute, "SUCCEEDED"},
			{"start after it expired", begin, pending, 3 * time.Hour, "PENDING"},
			{"end", r.Finish, ended, 3 * time.Hour, "SUCCEEDED"},
			{"other end while it is kept", r.Finish, async.Record{Execution: "one", Status: "FAILED"}, time.Hour,
				"SUCCEEDED"},
			{"other end after it expired", r.Finish, async.Record{Execution: "one", Status: "FAILED"}, 3 * time.Hour,
				"FAILED"},
		} {
			if err := step.write(bg, step.r, start.Add(step.after)); err != nil {
				t.Fatal(err)
			}
			if got := record(t, a, "one"); got.Status != step.want {
				t.Errorf("%s made it %s, want %s", step.what, got.Status, step.want)
			}
		}
	})
}

// TestEndsAreOrdered writes the ends of one execution: the later one wins, and the same one only adds what is missing.
func TestEndsAreOrdered(t *testing.T) {
	end := func(status, output, failed string, after time.Duration) async.Record {
		return async.Record{Execution: "one", Status: status, Output: output, Error: failed, Ended: start.Add(after),
			Expires: start.Add(time.Hour)}
	}
	const ms = time.Millisecond
	failed, succeeded := end("FAILED", "", "E", 0), end("SUCCEEDED", "1", "", ms)
	bare, other := end("FAILED", "", "", 0), end("FAILED", "", "F", 0)
	stopped, stoppedThen := end("ABORTED", "", "", ms), end("ABORTED", "", "F", 0)
	for name, test := range map[string]struct {
		first, second, want async.Record
	}{
		"later":                        {failed, succeeded, succeeded},
		"later failure":                {failed, stopped, stopped},
		"earlier":                      {succeeded, failed, succeeded},
		"same, with what is missing":   {bare, failed, failed},
		"same, with other things":      {failed, other, failed},
		"same, with less":              {failed, bare, failed},
		"another one of the same time": {failed, stoppedThen, failed},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			a.AddResultsTable("results")
			r := local.Results{Account: a, Table: "results"}
			if err := errors.Join(r.Finish(bg, test.first, start), r.Finish(bg, test.second, start)); err != nil {
				t.Fatal(err)
			}
			if got := record(t, a, "one"); got != test.want {
				t.Errorf("%s: the record is %+v, want %+v", name, got, test.want)
			}
		})
	}
}

// TestDoubtIsNotedWhilePending notes doubts in a record that is pending, and in no other.
func TestDoubtIsNotedWhilePending(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		r := local.Results{Account: a, Table: "results"}
		want := async.Record{Execution: "one", Status: async.StatusPending, Started: start, Timeout: time.Minute,
			Expires: start.Add(time.Hour)}
		doubted := async.Record{Execution: "one", Asked: start.Add(2 * time.Second), Answered: start.Add(time.Second)}
		if err := r.Doubted(bg, doubted); err != nil {
			t.Fatal(err)
		}
		if old, err := r.Pending(bg, want, start); err != nil || old != (async.Record{}) {
			t.Fatalf("a first start found %+v, %v", old, err)
		}
		if err := r.Doubted(bg, doubted); err != nil {
			t.Fatal(err)
		}
		want.Asked, want.Answered = doubted.Asked, doubted.Answered
		if got := record(t, a, "one"); got != want {
			t.Errorf("the record is %+v, want %+v", got, want)
		}
		want.Cancelled, doubted.Cancelled = start, start
		err := r.Doubted(bg, doubted)
		doubted.Cancelled = time.Time{}
		if err = errors.Join(err, r.Doubted(bg, doubted)); err != nil {
			t.Fatal(err)
		}
		if got := record(t, a, "one"); got != want {
			t.Errorf("the record is %+v, want %+v", got, want)
		}
		end := async.Record{Execution: "one", Status: "SUCCEEDED", Output: "1", Ended: start, Expires: want.Expires}
		doubted.Asked = start.Add(time.Minute)
		if err := errors.Join(r.Finish(bg, end, start), r.Doubted(bg, doubted)); err != nil {
			t.Fatal(err)
		}
		if got := record(t, a, "one"); got.Status != "SUCCEEDED" || got.Asked != want.Asked {
			t.Errorf("a doubt after the end made it %+v", got)
		}
	})
}

// TestStateMachineWritesNothingWithoutARecord: what it would write could not expire.
func TestStateMachineWritesNothingWithoutARecord(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		a.AddFunction("a", &scripted{answers: []function.Result{returns(`{"card":"4111"}`)}})
		d := finish(t, a, v, create(t, a, "job", "", define(t, tableJob("a"))), `{}`)
		if d.Status != "SUCCEEDED" {
			t.Errorf("the execution ended as %+v", d)
		}
		_, found, err := local.Results{Account: a, Table: "results"}.Get(bg, d.Name)
		if err != nil || found {
			t.Errorf("an item without expires: found %v, %v", found, err)
		}
	})
}

func TestTableThatPasses(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		a.AddResultsTable("results")
		throttled := function.Result{Err: &local.Error{Code: "ProvisionedThroughputExceededException"}}
		table := &scripted{answers: []function.Result{throttled, throttled, returns(`{}`)}}
		a.AddStandIn("dynamodb", "updateItem", table)
		a.AddFunction("a", &scripted{answers: []function.Result{returns(`{}`)}})
		d := finish(t, a, v, create(t, a, "job", "", define(t, tableJob("a"))), `{}`)
		if d.Status != "SUCCEEDED" || len(table.payloads) != 3 || d.Transitions != 4 {
			t.Errorf("%+v, %d writes", d, len(table.payloads))
		}
	})
}
