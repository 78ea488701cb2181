package scenario

import (
	"encoding/json"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/jsonata"
	"github.com/connect-async/connect-async/internal/source"
)

// tasksForm is that of the stand-ins of tasks.
var tasksForm = form.Named("STATE", form.Item[[]TaskOutcome]{
	Schema: func() *form.Schema {
		calls := taskCalls.Schema(nil)
		calls.Description = "what one task after the other comes to; the last one repeats. Those with the same " +
			"condition take turns by themselves, and those without one are for what no condition fits"
		calls.MinItems = 1
		return form.Either(taskItem.Schema(), &form.Schema{
			Types: []string{"object"}, Closed: true, Required: []string{"calls"},
			Properties: []form.Property{{Key: "calls", Schema: calls}},
		})
	},
	Read: func(f form.File, m source.Member) (outcomes []TaskOutcome) {
		in := source.Read(f.Name, m.Value, f.Found)
		if taskCalls.Read(f, in, "calls", &outcomes); in.Node("calls") != nil {
			in.Done()
			return outcomes
		}
		only := defaultTask()
		taskFields.Read(f, in, &only)
		return []TaskOutcome{only}
	},
	Write: func(f form.File, outcomes []TaskOutcome) any {
		if len(outcomes) != 1 {
			return form.Mapping{{Key: "calls", Value: taskCalls.Write(f, outcomes, nil)}}
		}
		return taskItem.Write(f, outcomes[0])
	},
})

var (
	taskItem  = form.Entry(taskFields, defaultTask, nil)
	taskCalls = form.List(taskItem)
)

func defaultTask() TaskOutcome { return TaskOutcome{Returns: json.RawMessage("{}")} }

var taskFields = form.Fields[TaskOutcome]{
	form.At("when", "a condition on the task's input, the parameters of its call, in JSONata",
		func(o *TaskOutcome) *string { return &o.When }, form.Text().Checked(checkCondition)).
		Otherwise("always").Example("amount > 100"),
	form.At("takes", "how long the task takes: a time span, or a range of which any time may be taken",
		func(o *TaskOutcome) *Takes { return &o.Takes }, takesForm()).Otherwise("no time").Example("30s"),
	form.At("returns", "the result of the task: any value",
		func(o *TaskOutcome) *json.RawMessage { return &o.Returns }, anything()).
		Otherwise("{}").Example(`{MessageId: "1"}`),
	taskFails,
	form.At("submits", "what the call returns with which .sync and .waitForTaskToken begin",
		func(o *TaskOutcome) *json.RawMessage { return &o.Submits }, anything()).Otherwise("{}"),
	form.At("waits", "the task waits for its task token: whoever got it ends the task",
		func(o *TaskOutcome) *bool { return &o.Waits }, form.Bool()),
}

// taskFails is the error that a task fails with.
var taskFails = raised("the error that the task fails with", taskFailed,
	func(o *TaskOutcome) *string { return &o.Error }, form.Fields[TaskOutcome]{
		form.At("error", "the name of the error, as Catch and Retry have it",
			func(o *TaskOutcome) *string { return &o.Error }, form.Text()).Default(taskFailed).
			Example("S3.NoSuchKeyException"),
		form.At("cause", "the cause", func(o *TaskOutcome) *string { return &o.Cause }, form.Text()).
			Example("The specified key does not exist."),
	})

// taskFailed is the name of an error that has none.
const taskFailed = "States.TaskFailed"

func checkCondition(when string) (message, remedy string) {
	if when == "" {
		return "", ""
	}
	if _, err := jsonata.Parse(when, jsonata.StepFunctions); err != nil {
		return "the condition is not valid: " + err.Error(),
			"Write a condition in JSONata on the task's input, such as amount > 100."
	}
	return "", ""
}
