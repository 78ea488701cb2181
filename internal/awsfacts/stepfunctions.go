package awsfacts

import (
	"slices"
	"time"
)

// QuotasAsOf is the day on which the quotas of Step Functions were read, from its developer guide ("Service quotas").
const QuotasAsOf = "2026-11-22"

// Quotas of Standard executions, from the same page.
const (
	// DataBytes is the size of the input and the output of an execution, a state and a task, as UTF-8; also of one
	// variable.
	DataBytes = 256 << 10
	// EventDataBytes is how much of them, as escaped JSON text, an Execution Status Change event carries: the output
	// when it alone is not larger, the input when both together are not (developer guide, EventBridge).
	EventDataBytes = 248 << 10
	// HistoryEvents is how many events the history of an execution can have.
	HistoryEvents = 25_000
	// HTTPTaskTimeout is how long the request of an HTTP Task can take.
	HTTPTaskTimeout = time.Minute
	// ExecutionKept is how long after its end an execution, and so its name, is kept.
	ExecutionKept = 90 * 24 * time.Hour
	// RedrivePeriod is how long after its end an execution can be redriven.
	RedrivePeriod = 14 * 24 * time.Hour
	// RedriveTokenKept is how long a client token of RedriveExecution is known after its first use.
	RedriveTokenKept = 15 * time.Minute
	// ExecutionTimeout is how long an execution can run.
	ExecutionTimeout = 365 * 24 * time.Hour
	// NameCharacters is the length of the name of a state machine, an execution, a state or a variable.
	NameCharacters = 80
)

// What is assumed of the events of ends, since AWS publishes neither figure, only that delivery is best effort. The
// second is told in words in the flow package's table of assumptions.
const (
	// EventDelay is the median of how long an event travels.
	EventDelay = 400 * time.Millisecond
	// EventSlowest is how many times as long one event in a hundred takes.
	EventSlowest = 5
)

// Rate is a token bucket of an API, by account and Region.
type Rate struct {
	Bucket    int     // how many requests it holds
	PerSecond float64 // how many are added a second
}

// StatesQuotas is the code of Step Functions in Service Quotas.
const StatesQuotas = "states"

// RefillQuota is the name in Service Quotas of how often a second an API of Step Functions may be called, or for
// StateTransition how often a second executions may change their state.
func RefillQuota(api string) string { return api + " throttle token refill rate per second" }

// bigRegions have higher quotas than the others.
var bigRegions = []string{"us-east-1", "us-west-2", "eu-west-1"}

// BigRegions returns the Regions that have higher quotas than the others.
func BigRegions() []string { return slices.Clone(bigRegions) }

// DescribeExecutionRate is how often an account may call it in a Region.
func DescribeExecutionRate(region string) Rate {
	return pick(region, Rate{Bucket: 300, PerSecond: 15}, Rate{Bucket: 250, PerSecond: 10})
}

// GetExecutionHistoryRate is how often an account may call it in a Region.
func GetExecutionHistoryRate(region string) Rate {
	return pick(region, Rate{Bucket: 400, PerSecond: 20}, Rate{Bucket: 400, PerSecond: 20})
}

// StartExecutionRate is how often an account may call it in a Region, for Standard state machines.
func StartExecutionRate(region string) Rate {
	return pick(region, Rate{Bucket: 1300, PerSecond: 300}, Rate{Bucket: 800, PerSecond: 150})
}

// StateTransitionRate is how many transitions an account's Standard state machines make in a Region; beyond that they
// slow down.
func StateTransitionRate(region string) Rate {
	return pick(region, Rate{Bucket: 5000, PerSecond: 5000}, Rate{Bucket: 800, PerSecond: 800})
}

// StopExecutionRate is how often an account may call it in a Region.
func StopExecutionRate(region string) Rate {
	return pick(region, Rate{Bucket: 1000, PerSecond: 200}, Rate{Bucket: 500, PerSecond: 25})
}

func pick(region string, big, other Rate) Rate {
	if slices.Contains(bigRegions, region) {
		return big
	}
	return other
}
