package awsfacts

import "time"

// Limits of Amazon Connect, read on 2026-11-22 in its administrator guide ("Invoke AWS Lambda functions", the page of
// the Lambda block, "Amazon Connect service quotas") and in the API reference of CreateContactFlow.
const (
	// SynchronousLimit is how long a flow waits for a function, in silence.
	SynchronousLimit = 8 * time.Second
	// AsynchronousLimit is how long a function may take that is invoked asynchronously (since July 2025).
	AsynchronousLimit = 60 * time.Second
	// ChainLimit is how long functions in a row may take together, without a prompt between them.
	ChainLimit = 20 * time.Second
	// ReplyBytes is the size that the reply of a function must stay below.
	ReplyBytes = 32 * 1024
	// AttributeBytes is the size of all contact attributes together, and of all flow attributes.
	AttributeBytes = 32 * 1024
	// FlowCharacters is the length of a flow's content.
	FlowCharacters = 256_000
	// ConcurrentCalls is how many calls a new instance takes at once. ConcurrentCallsQuota is its name in the guide.
	ConcurrentCalls      = 10
	ConcurrentCallsQuota = "Concurrent calls"
)

// ConnectRequestRate is how often an account may call each operation of Amazon Connect's API that has no quota of its
// own, in a Region; those that list, describe and write flows are among them ("Amazon Connect service quotas").
func ConnectRequestRate() Rate { return Rate{Bucket: 5, PerSecond: 2} }
