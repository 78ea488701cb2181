package asl

import "github.com/connect-async/connect-async/internal/awsfacts"

// Limits of Step Functions (AWS developer guide, service quotas) and, where the service has none, our own.
const (
	// MaxDataBytes is the size of the input and the output of an execution, a state and a task, as UTF-8.
	MaxDataBytes = awsfacts.DataBytes
	// MaxHistoryEvents is the number of history events of a STANDARD execution.
	MaxHistoryEvents = awsfacts.HistoryEvents
	// maxInlineConcurrency is how many iterations of an inline Map state run at once.
	maxInlineConcurrency = 40
	// maxVariableBytes is the size of one variable and of all that one Assign sets.
	maxVariableBytes = awsfacts.DataBytes
	// maxAllVariablesBytes is the size of all variables of an execution.
	maxAllVariablesBytes = 10 << 20
	// maxDepth is how deep Parallel and Map states may nest (our own limit).
	maxDepth = 50
	// maxBatchedBytes is the size of all items together that ItemBatcher makes batches of (our own limit).
	maxBatchedBytes = 16 << 20
	// maxBurst is how many states an execution may enter without waiting for anything (our own limit; it ends an
	// EXPRESS execution that loops, since the number of history events does not).
	maxBurst = 100_000
)
