package machine_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/machine"
)

func job(table string, steps ...string) machine.Job {
	j := machine.Job{Name: "offer", Timeout: 90500 * time.Millisecond, ResultsTable: table}
	for i, name := range steps {
		j.Steps = append(j.Steps, machine.Step{Name: name,
			FunctionARN: "arn:aws:lambda:us-east-1:111122223333:function:" + name,
			Timeout:     30 * time.Second, Repeatable: i > 0})
	}
	return j
}

// TestDefinitionsAreValid has the service's own checks look at both variants. How they run is tested in internal/local.
func TestDefinitionsAreValid(t *testing.T) {
	progress := job("results", "a", "b", "c")
	progress.Progress, progress.Steps[1].Reports, progress.Endpoint = true, true, "http://127.0.0.1:1"
	for _, j := range []machine.Job{job("", "a"), job("", "a", "b", "c"), job("results", "a"),
		job("results", "a", "b"), progress} {
		text, err := machine.Definition(j)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []asl.Kind{asl.Standard, asl.Express} {
			if found := asl.Validate(text, kind); len(found) > 0 {
				t.Errorf("%v\n%s", found, text)
			}
		}
		if again, _ := machine.Definition(j); !bytes.Equal(text, again) {
			t.Error("the same job gives other bytes")
		}
		writes := len(j.Steps) + 1
		if j.Progress {
			writes += len(j.Steps)
		}
		if got := strings.Count(string(text), `"arn:aws:states:::dynamodb:updateItem"`); j.ResultsTable != "" &&
			got != writes || j.ResultsTable == "" && got != 0 {
			t.Errorf("%d writes\n%s", got, text)
		}
		if !strings.Contains(string(text), `"TimeoutSeconds": 91,`) {
			t.Errorf("the job's timeout is not rounded up to 91 s\n%s", text)
		}
	}
}

func TestJobsThatCannotBe(t *testing.T) {
	noTable := job("", "a")
	noTable.Progress = true
	for want, j := range map[string]machine.Job{"at least one step": job(""), "needs a results table": noTable,
		"the step a twice": job("results", "a", "a")} {
		if _, err := machine.Definition(j); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
