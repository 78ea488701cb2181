// Package local is an AWS account on this machine, as far as the product needs one: Lambda functions, Step Functions
// state machines, DynamoDB tables, and messages that state machines send. It serves development, tests and planning; in
// production the work runs on AWS's own services.
//
// It drives the executions of the asl engine on a clock: it performs their commands and reports what came of them. A
// waiting execution is a value and some timers, without a goroutine. On virtual time functions are stand-ins, or are
// wrapped in Outside, which holds the clock while they run.
//
// It imports internal/arn, internal/asl, internal/async, internal/function, internal/dynamodb, internal/httptask,
// internal/messaging, internal/awsfacts, internal/clock, internal/standin and internal/source.
//
// Names, repeated starts, error codes and their texts are those of Step Functions: where a comment says "recorded",
// it was seen in answers recorded from AWS. An execution and its name are forgotten 90 days after its end.
//
// An Account may be used by any number of goroutines. With a Journal it outlives the process (Keep, Resume): each
// event of an execution is durable before its commands are performed, and what a client is told is durable before it
// is told. Without one nothing is kept.
package local
