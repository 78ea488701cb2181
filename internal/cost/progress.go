package cost

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// What a job with progress costs, by the writes that package async and the state machine make.
const (
	toldRemaining = 4 // sentences about how long the work takes yet, of a wait of a minute or two
	keptEnd       = 1 // how long the execution took
)

// Progress is what a month costs on top where a job has progress: for each step that its state machine writes a state
// transition and a write, and a write for each sentence that is told and for the end. Steps that histories tell cost
// nothing.
func Progress(l Load, steps int, p awsfacts.Prices) float64 {
	if steps == 0 {
		return 0
	}
	written := float64(steps) * (p.StateTransition + p.DynamoDBWrite)
	told := float64(steps+toldRemaining+keptEnd) * p.DynamoDBWrite
	return l.Requests * (written + told)
}

// HistoryCallers is how many callers may wait at once before some replies do not say the step that a history tells:
// GetExecutionHistory is asked at half of its rate, and each caller asks as often as Step Functions is looked at.
func HistoryCallers(l Load) int {
	rate := l.rate("GetExecutionHistory", awsfacts.GetExecutionHistoryRate(l.Region))
	return int(rate / 2 * async.MaxLookEvery.Seconds())
}
