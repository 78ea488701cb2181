package awsfacts

import "time"

// Quotas of Lambda, read on 2026-11-22 in its developer guide ("Lambda quotas", "Configure Lambda function memory", API
// reference of Invoke).
const (
	// FunctionTimeout is the longest time limit that a function can have.
	FunctionTimeout = 15 * time.Minute
	// MinMemoryMB is the least memory that a function can have, and its default.
	MinMemoryMB = 128
	// MaxMemoryMB is the most memory that a function can have.
	MaxMemoryMB = 10_240
	// PayloadBytes is the size of the request and of the response of a synchronous invocation.
	PayloadBytes = 6 << 20
	// EventPayloadBytes is the size of the request of an asynchronous invocation.
	EventPayloadBytes = 1 << 20
	// EnvironmentBytes is the size of all of a function's environment variables, names and values.
	EnvironmentBytes = 4 << 10
	// EventTries is how often Lambda makes an asynchronous invocation whose function fails, and EventPause is the pause
	// before the second try; the one before the third is twice as long.
	EventTries = 3
	EventPause = time.Minute
	// LogTailBytes is how much of the end of its log an invocation returns when it is asked to.
	LogTailBytes = 4 << 10
	// ConcurrentExecutions is how many functions an account runs at once in a Region, by default.
	ConcurrentExecutions = 1000
	// ConcurrencyQuota is its name in Service Quotas.
	ConcurrencyQuota = "Concurrent executions"
)

// EnvironmentRate is how many execution environments Lambda adds to one function ("Understanding Lambda function
// scaling": 1,000 every 10 seconds, for each function).
func EnvironmentRate() Rate { return Rate{Bucket: 1000, PerSecond: 100} }
