// Package player performs the commands of contacts on a clock. It is the one event loop over flow.Contact: a call,
// the rule about the longest function and a simulation of many callers use it with different functions, voices and
// observers.
//
// A Player lives from New to the moment when its contact has finished. It holds no goroutine while it waits: what
// happens is queued, and whoever finds the queue at rest works through it, on real time and on virtual time alike. Only
// an invocation of a function is a task of the clock, since functions may block.
//
// It imports internal/flow, internal/speech and internal/clock. It must not know who answers an invocation: no account,
// no process, no HTTP.
package player
