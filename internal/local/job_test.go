package local_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// jobs are tasks that wait for a job to end.
var jobs = []string{
	"athena:startQueryExecution.sync", "batch:submitJob.sync", "codebuild:startBuild.sync", "ecs:runTask.sync",
	"elasticmapreduce:addStep.sync", "emr-serverless:startJobRun.sync", "glue:startJobRun.sync",
	"states:startExecution.sync:2",
	"sns:publish.waitForTaskToken", "states:startExecution.waitForTaskToken", // whose stand-in answers by itself
}

// aJob is a stand-in whose job takes an hour.
func aJob(a *local.Account) {
	a.SetTaskStandIns(map[string]local.TaskStandIn{"T": comesTo(local.TaskOutcome{
		Takes: time.Hour, Submits: json.RawMessage(`{"JobId":"1"}`), Result: json.RawMessage(`{"Status":"DONE"}`),
	})})
}

// job is a state machine that waits for a job.
func job(resource string) string {
	return task("arn:aws:states:::"+resource, `{"StateMachineArn":"none","Name.$":"$$.Execution.Name"}`)
}

// TestJobs plays jobs to their ends, to a time-out, and until their execution is stopped: nothing of a job is left.
func TestJobs(t *testing.T) {
	for _, resource := range jobs {
		timed := strings.Replace(job(resource), `"End":true`, `"End":true,"TimeoutSeconds":60`, 1)
		for name, c := range map[string]struct {
			definition string
			stopped    bool
			after      time.Duration
			want       string
		}{
			"ends":      {definition: job(resource), after: time.Hour, want: `SUCCEEDED {"Status":"DONE"}`},
			"times out": {definition: timed, after: time.Minute, want: `FAILED States.Timeout`},
			"stopped":   {definition: job(resource), stopped: true, after: time.Second, want: `ABORTED Mine`},
		} {
			v := clock.NewVirtual(start)
			var d local.Description
			err := v.Run(func() {
				a := local.New(local.Options{Clock: v, Seed: 1})
				aJob(a)
				e, err := a.StartExecution(create(t, a, "m", asl.Standard, c.definition), "", nil)
				must(t, err)
				if c.stopped {
					sleep(v, time.Second)
					e.Stop("Mine", "")
				}
				must(t, a.Wait(bg, e.WhenEnded))
				d = e.Describe()
				if !strings.HasPrefix(kinds(a, t, d.ARN), "TaskScheduled TaskStarted TaskSubmitted") {
					t.Errorf("%s: %s", resource, kinds(a, t, d.ARN))
				}
			})
			got := string(d.Status) + " " + string(d.Output) + d.Error
			if took := v.Now().Sub(start); err != nil || got != c.want || took != c.after {
				t.Errorf("%s %s: %s after %v, want %s after %v: %v", resource, name, got, took, c.want, c.after, err)
			}
		}
	}
}

// beginJob starts an execution in an account that ends while its job goes on.
func beginJob(t *testing.T, resource string) (journal *memoryJournal, arn string) {
	t.Helper()
	journal = &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		aJob(a)
		e, err := a.StartExecution(create(t, a, "m", asl.Standard, job(resource)), "", nil)
		must(t, err)
		arn = e.ARN
		sleep(v, time.Second)
	})
	return journal, arn
}

// TestJobsGoOn restarts the account while a job runs: the job ends when it would have, or at once when that has passed.
func TestJobsGoOn(t *testing.T) {
	for _, resource := range jobs {
		for down, ends := range map[time.Duration]time.Duration{
			20 * time.Minute: time.Hour, 3 * time.Hour: 3 * time.Hour,
		} {
			journal, arn := beginJob(t, resource)
			restart(t, journal, start.Add(down), func(a *local.Account, _ *clock.Virtual) {
				aJob(a)
				e, err := a.Execution(arn)
				must(t, err)
				a.Resume()
				must(t, a.Wait(bg, e.WhenEnded))
				must(t, a.Committed())
				d := e.Describe()
				if string(d.Output) != `{"Status":"DONE"}` || d.Stopped.Sub(d.Started) != ends ||
					kinds(a, t, arn) != "TaskScheduled TaskStarted TaskSubmitted TaskSucceeded" {
					t.Errorf("%s, down for %v: %+v, %s", resource, down, d, kinds(a, t, arn))
				}
			})
		}
	}
}

// TestJobWithoutStandIn restarts the account without the stand-in that a job had: nobody knows how it ends.
func TestJobWithoutStandIn(t *testing.T) {
	for _, resource := range []string{"glue:startJobRun.sync", "states:startExecution.sync"} {
		journal, arn := beginJob(t, resource)
		restart(t, journal, start.Add(time.Minute), func(a *local.Account, _ *clock.Virtual) {
			e, err := a.Execution(arn)
			must(t, err)
			a.Resume()
			must(t, a.Wait(bg, e.WhenEnded))
			if d := e.Describe(); !strings.HasSuffix(d.Error, ".SdkClientException") {
				t.Errorf("%s: %+v", resource, d)
			}
		})
	}
}
