// Package local is an AWS account on this machine, as far as the product needs one: Lambda functions and Step Functions state
// machines by ARN. It serves development, tests and planning; in production the work runs on AWS's own services.
//
// It drives the executions of the asl engine on a clock: it performs their commands and reports what came of them. A waiting
// execution is a value and some timers, without a goroutine. On virtual time functions are stand-ins; a real function needs the
// real clock. It may import asl, function, async and what is below them.
//
// An Account is filled with functions and state machines first and then used, by any number of goroutines, until Close.
package local
