package machine

import (
	"fmt"
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
)

// Names of the states that write to the results table. No step can have them: names of functions have no blanks.
const (
	writeResult = "write result"
	notWritten  = "result not written"
)

func writeStepName(step Step) string { return "write step " + step.Name }

func writeFailureName(step Step) string { return "write failure of " + step.Name }

// write is a state that writes the end of the execution, or how far it is, into the results table and hands its input
// on.
type write struct {
	Type           string
	Comment        string
	Resource       string
	Parameters     updateItem
	ResultPath     *string // always null: the answer of the table is of no interest
	TimeoutSeconds int
	Retry          []retrier
	Catch          []writeCatcher
	Next           string `json:",omitempty"`
	End            bool   `json:",omitempty"`
}

type updateItem struct {
	TableName                 string
	Key                       map[string]attribute
	UpdateExpression          string
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]attribute
}

// attribute is a text of an item: fixed, or computed by a path or a function; or a number, as DynamoDB writes them.
type attribute struct {
	Text     string `json:"S,omitempty"`
	Computed string `json:"S.$,omitempty"`
	Number   string `json:"N,omitempty"`
}

// writeCatcher drops the error and keeps the input.
type writeCatcher struct {
	ErrorEquals []string
	ResultPath  *string
	Next        string
}

type succeed struct {
	Type    string
	Comment string
}

// newWriteResult writes the result of the last step as JSON text.
func newWriteResult(table string) write {
	w := newWrite(table, notWritten)
	w.Comment = "Writes the result into the results table."
	w.End = true
	w.Parameters.ExpressionAttributeValues[":status"] = attribute{Text: async.ExecutionSucceeded}
	w.Parameters.ExpressionAttributeValues[":output"] = attribute{Computed: "States.JsonToString($)"}
	w.set(async.SetItemOutput)
	return w
}

// newWriteFailure writes what a step failed with, the same that the execution ends with.
func newWriteFailure(table string, step Step) write {
	w := newWrite(table, failedName(step))
	w.Comment = fmt.Sprintf("Writes the failure of %s into the results table.", step.Name)
	w.Next = failedName(step)
	w.Parameters.ExpressionAttributeValues[":status"] = attribute{Text: async.ExecutionFailed}
	w.Parameters.ExpressionAttributeValues[":error"] = attribute{Computed: "$.Error"}
	w.Parameters.ExpressionAttributeValues[":cause"] = attribute{Computed: causeOf(step)}
	w.set(async.SetItemFailure)
	return w
}

// newWriteStep writes that a step begins. It holds up the work for a few seconds at most: the work goes on without what
// the table does not take.
func newWriteStep(job Job, i int) write {
	step := job.Steps[i]
	w := newWrite(job.ResultsTable, step.Name)
	w.Comment = fmt.Sprintf("Writes into the results table that %s begins.", step.Name)
	w.Next = step.Name
	w.TimeoutSeconds = 2
	w.Retry[0].MaxAttempts = 1
	w.Parameters.UpdateExpression = ""
	w.Parameters.ConditionExpression = async.ItemIsBeforeStep
	w.Parameters.ExpressionAttributeValues = map[string]attribute{
		":pending":      {Text: async.StatusPending},
		":began":        {Computed: "$$.Execution.StartTime"},
		":step":         {Number: strconv.Itoa(i + 1)},
		":steps":        {Number: strconv.Itoa(len(job.Steps))},
		":step_name":    {Text: step.Name},
		":step_seconds": {Number: strconv.Itoa(seconds(step.Timeout + margin))},
		":step_began":   {Computed: "$$.State.EnteredTime"},
	}
	w.set(async.SetItemStep)
	return w
}

// reportTo tells a function in its client context where it may report how far it is: in which table, under which key,
// and where the table is if not in AWS. What the function gets as its event stays as it is.
func reportTo(job Job, step Step) string {
	endpoint := ""
	if job.Endpoint != "" {
		endpoint = fmt.Sprintf(`,"endpoint":"%s"`, job.Endpoint)
	}
	return fmt.Sprintf(`States.Base64Encode(States.Format('\{"custom":\{"table":"%s","key":"%s"%s\}\}', `+
		`$$.Execution.Name))`, job.ResultsTable, async.ReportKey(step.Name, "{}"), endpoint)
}

// set adds to the update.
func (w *write) set(expression string) {
	p := &w.Parameters
	p.UpdateExpression += expression
	p.ExpressionAttributeNames = async.ItemNames(p.UpdateExpression, p.ConditionExpression)
}

// newWrite writes the execution's status and end into its record, unless the record has an end already or is not there.
// What cannot be written, a result that is too large for instance, is found out by DescribeExecution later.
func newWrite(table, otherwise string) write {
	return write{
		Type:     "Task",
		Resource: "arn:aws:states:::dynamodb:updateItem",
		Parameters: updateItem{
			TableName:           table,
			Key:                 map[string]attribute{async.ItemExecution: {Computed: "$$.Execution.Name"}},
			UpdateExpression:    async.SetItemStatus + async.SetItemEnded,
			ConditionExpression: async.ItemIsPending,
			ExpressionAttributeValues: map[string]attribute{
				":pending": {Text: async.StatusPending},
				":ended":   {Computed: "$$.State.EnteredTime"},
			},
		},
		TimeoutSeconds: 10,
		Retry: []retrier{{
			ErrorEquals: writeRetries, IntervalSeconds: 1, MaxAttempts: 3,
			BackoffRate: 2, MaxDelaySeconds: 5, JitterStrategy: "FULL",
		}},
		Catch: []writeCatcher{{ErrorEquals: []string{"States.ALL"}, Next: otherwise}},
	}
}

// writeRetries are the errors of DynamoDB that pass (its developer guide, error handling), and a write that hangs.
var writeRetries = []string{
	"DynamoDB.InternalServerErrorException",
	"DynamoDB.ProvisionedThroughputExceededException",
	"DynamoDB.RequestLimitExceededException",
	"DynamoDB.ThrottlingException",
	"DynamoDB.SdkClientException",
	"States.Timeout",
}

// newNotWritten ends the execution with its result when the table did not take it.
func newNotWritten() succeed {
	return succeed{Type: "Succeed", Comment: "The work succeeded; a check finds that out from the execution itself."}
}
