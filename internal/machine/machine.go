// Package machine writes the state machine of a job: one function, or a chain of functions.
//
// It imports internal/async, for the names in the results table. What it writes runs on AWS Step Functions and,
// unchanged, in the local engine.
//
// The first step receives the event that the flow's start sent, with one key added: "execution", an object with the
// execution's id (its ARN) and name. An "execution" that the event has already stays as it is. Each further step
// receives the result of the step before it, as it is; the result of the last step is the result of the job. With a
// results table, the result or the failure is written there before the execution ends; when that does not succeed, the
// execution ends all the same. With progress, each step is written there before it begins, likewise.
package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Job is what the state machine should do.
type Job struct {
	Name    string
	Steps   []Step        // at least one, each with its own name
	Timeout time.Duration // of the whole execution, rounded up to seconds
	// ResultsTable is the name of the DynamoDB table that the end is written to, "" for none.
	ResultsTable string
	// Progress has each step written into ResultsTable, which there must be, before the step begins.
	Progress bool
	// Endpoint is where functions that report find ResultsTable, "" for where AWS has it.
	Endpoint string
}

// Step is one function of a job.
type Step struct {
	Name        string
	FunctionARN string        // may carry a version or alias
	Timeout     time.Duration // the function's own limit
	Repeatable  bool          // may the function safely run twice?
	Reports     bool          // with progress of the job: the function reports how far it is
}

// margin is what a step may take longer than its function's own limit, so that Lambda's own report of a timeout comes
// first.
const margin = 5 * time.Second

// addExecution merges the execution's id and name under the event: of a key that both have, the event's value stays.
const addExecution = `States.JsonMerge(States.StringToJson(States.Format(` +
	`'\{"execution":\{"id":"{}","name":"{}"\}\}', $$.Execution.Id, $$.Execution.Name)), $, false)`

type definition struct {
	Comment        string
	StartAt        string
	TimeoutSeconds int
	States         map[string]any
}

type task struct {
	Type           string
	Resource       string
	Parameters     parameters
	OutputPath     string
	TimeoutSeconds int
	Retry          []retrier
	Catch          []catcher
	Next           string `json:",omitempty"`
	End            bool   `json:",omitempty"`
}

type parameters struct {
	FunctionName  string
	Payload       string `json:"Payload.$"`
	ClientContext string `json:"ClientContext.$,omitempty"`
}

type retrier struct {
	ErrorEquals     []string
	IntervalSeconds int
	MaxAttempts     int
	BackoffRate     float64
	MaxDelaySeconds int
	JitterStrategy  string
}

type catcher struct {
	ErrorEquals []string
	Next        string
}

type fail struct {
	Type      string
	Comment   string
	ErrorPath string
	CausePath string
}

// Definition returns the state machine of a job in the Amazon States Language, as indented JSON. The same job gives the
// same bytes.
func Definition(job Job) ([]byte, error) {
	if len(job.Steps) == 0 {
		return nil, errors.New("a job needs at least one step")
	}
	if job.Progress && job.ResultsTable == "" {
		return nil, fmt.Errorf("the job %s has progress, which needs a results table", job.Name)
	}
	d := definition{
		Comment:        fmt.Sprintf("Runs %s for connect-async.", job.Name),
		StartAt:        job.entry(0),
		TimeoutSeconds: seconds(job.Timeout),
		States:         map[string]any{},
	}
	for i, step := range job.Steps {
		if _, twice := d.States[step.Name]; twice {
			return nil, fmt.Errorf("the job %s has the step %s twice", job.Name, step.Name)
		}
		t := newTask(step)
		if i == 0 {
			t.Parameters.Payload = addExecution
		}
		switch {
		case i+1 < len(job.Steps):
			t.Next = job.entry(i + 1)
		case job.ResultsTable != "":
			t.Next = writeResult
		default:
			t.End = true
		}
		if job.ResultsTable != "" {
			t.Catch[0].Next = writeFailureName(step)
			d.States[writeFailureName(step)] = newWriteFailure(job.ResultsTable, step)
		}
		if job.Progress {
			d.States[job.entry(i)] = newWriteStep(job, i)
			if step.Reports {
				t.Parameters.ClientContext = reportTo(job, step)
			}
		}
		d.States[step.Name] = t
		d.States[failedName(step)] = newFail(step)
	}
	if job.ResultsTable != "" {
		d.States[writeResult] = newWriteResult(job.ResultsTable)
		d.States[notWritten] = newNotWritten()
	}
	return json.MarshalIndent(d, "", "  ")
}

// entry is the state with which a step begins.
func (j Job) entry(step int) string {
	if j.Progress {
		return writeStepName(j.Steps[step])
	}
	return j.Steps[step].Name
}

func newTask(step Step) task {
	return task{
		Type:           "Task",
		Resource:       "arn:aws:states:::lambda:invoke",
		Parameters:     parameters{FunctionName: step.FunctionARN, Payload: "$"},
		OutputPath:     "$.Payload",
		TimeoutSeconds: seconds(step.Timeout + margin),
		Retry:          []retrier{retry(step)},
		Catch:          []catcher{{ErrorEquals: []string{"States.ALL"}, Next: failedName(step)}},
	}
}

// retry repeats what certainly did not run. The other transient errors of Lambda may come after the function ran, so
// they are repeated only for functions that may run twice.
func retry(step Step) retrier {
	r := retrier{ErrorEquals: []string{"Lambda.TooManyRequestsException"}, IntervalSeconds: 1, MaxAttempts: 5,
		BackoffRate: 2, MaxDelaySeconds: 5, JitterStrategy: "FULL"}
	if step.Repeatable {
		r.ErrorEquals = append(r.ErrorEquals, "Lambda.ServiceException", "Lambda.AWSLambdaException",
			"Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException")
	}
	return r
}

// newFail ends the execution with the step's own error, and puts the step's name in front of the cause.
func newFail(step Step) fail {
	return fail{
		Type:      "Fail",
		Comment:   fmt.Sprintf("Says that %s failed, and why.", step.Name),
		ErrorPath: "$.Error",
		CausePath: causeOf(step),
	}
}

// causeOf is the cause of a caught error with the step's name in front of it.
func causeOf(step Step) string {
	return fmt.Sprintf("States.Format('step %s: {}', $.Cause)", step.Name)
}

func failedName(step Step) string { return step.Name + " failed" }

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
