// Package asl runs state machines written in the Amazon States Language, with JSONPath or JSONata as the query
// language.
//
// Parse turns a definition into a Machine, which is immutable and may be shared. Machine.NewExecution makes an
// Execution: a plain value that holds all of a run and does nothing by itself. Whoever holds it calls Advance with an
// event (the execution started, a task succeeded, a timer fired) and performs the commands that come back (invoke this
// task, set this timer, keep this history event), until the command Finish. An Execution can be written as JSON
// between any two events and restored with Machine.Restore; it goes on as if nothing had happened.
//
// There is no clock in this package, no I/O and no goroutine: each event carries its time, and random numbers come
// from the seed in Options, so the same events always give the same commands. An Execution must not be advanced by two
// goroutines at once.
//
// Every command that opens something (a task, a timer, a child execution) carries an ID; events name it. An event for
// an ID that is closed is ignored, so that a late result or a timer that fires while it is being cancelled does no
// harm.
//
// It imports internal/arn, internal/awsfacts, internal/jsonata, internal/jsonpath, internal/source and internal/value
// only. Behaviour is that of AWS Step Functions: where a comment says "recorded", it was seen in histories recorded
// from AWS, where it names a page, in AWS's documentation. The iterations of a Distributed Map are executions of their
// own: the command of the state asks for all of them at once.
package asl
