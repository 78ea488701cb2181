// Package async is the async function: the Lambda function that a contact flow calls to start a state machine, to check
// its execution until the result is there, and to cancel it. It turns one event of Amazon Connect into one reply, and
// needs of AWS only what the interfaces Executions and Results say. docs/contract.md describes what goes in and out.
// Ends is the function for ends beside it, which writes into the results table what EventBridge says of executions.
//
// It imports internal/arn, internal/clock, internal/awsfacts and the standard library: no SDK, no engine, no HTTP. It
// waits only through the clock, so that the same code runs in AWS and on virtual time.
//
// A Function is made once, before the first event, and then handles any number of events, also concurrently. It keeps
// nothing between them but which state machines turned out to be of the wrong type, whether Step Functions was
// throttled in the last minutes, and metrics that wait for the next line of the log: what is known about an execution
// is in Step Functions, in the results table, and in the flow's own hands.
package async
