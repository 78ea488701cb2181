// Package function runs a Lambda function as real processes on this machine, over the Lambda Runtime API, and gives the
// answers that Lambda's Invoke would give.
//
// It imports internal/awsfacts, internal/clock, internal/handlers, internal/loopback and internal/source only. A
// Function lives from New to Close. It owns a pool of environments; an environment is one process, the listener on
// 127.0.0.1 from which that process fetches its events, and the pipe that carries what it prints. One invocation runs
// in an environment at a time; when all are busy another one is started, up to the function's concurrency. Close ends
// every process, waits for every goroutine and removes every file that was made.
//
// Waiting for a process is waiting in real time, so a Function needs a clock that runs with the wall: clock.Real.
package function
