package project_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/project"
)

// TestReuse reads what answers a question that was answered before.
func TestReuse(t *testing.T) {
	const functions = `
functions:
  again: {arn: x, repeatable: true}
  once: {arn: x}
`
	for job, want := range map[string]project.Job{
		"{steps: [once]}":                                      {Reuse: "always"},
		"{steps: [again]}":                                     {Repeatable: true, Reuse: "running"},
		"{steps: [again, once]}":                               {Reuse: "always"},
		"{steps: [again, once], repeatable: true}":             {Repeatable: true, Reuse: "running"},
		"{steps: [again], repeatable: false}":                  {Reuse: "always"},
		"{steps: [once], reuse: running, reuse_seconds: 3600}": {Reuse: "running", ReuseFor: time.Hour},
		"{definition: flow.json}":                              {Reuse: "always"},
		"{definition: flow.json, reuse: running}":              {Reuse: "running"},
	} {
		dir := write(t, "name: bank\njobs:\n  a: "+job+functions)
		p, found := project.Read(dir)
		if len(found) > 0 {
			t.Fatal(job, found)
		}
		got := p.Jobs[0]
		want.ReuseFor = max(want.ReuseFor, time.Minute)
		if got.Repeatable != want.Repeatable || got.Reuse != want.Reuse || got.ReuseFor != want.ReuseFor {
			t.Errorf("%s: %+v, want %+v", job, got, want)
		}
	}
	for job, want := range map[string]string{
		"{steps: [once], reuse: never}":         "reuse",
		"{steps: [once], reuse_seconds: 59}":    "reuse_seconds",
		"{steps: [once], reuse_seconds: 86401}": "reuse_seconds",
	} {
		_, found := project.Read(write(t, "name: bank\njobs:\n  a: "+job+functions))
		if len(found) != 1 || !strings.Contains(fmt.Sprint(found[0]), want) {
			t.Errorf("%s: %v", job, found)
		}
	}
}
