// Package load plays thousands of callers against the quotas of one AWS account, on virtual time: whether they are
// served, what they wait for, which quota stops them, and what it costs.
//
// Callers are played by the same parts as a single call: the contact flow by package player, the async function by
// itself, state machines by package asl. What repeats is kept: a contact that stands where another one stood, and gets
// the same reply, goes on in the same way (course.go), and so does a check that only looks once (check.go). Step
// Functions, Lambda and DynamoDB are token buckets and limits of concurrency (quota.go), with the figures of package
// awsfacts.
//
// A Setup is made once and may be run any number of times, one after the other; a run is over when Run returns. The
// same runs of a new Setup give the same results. It reads no clock and prints nothing.
//
// It imports internal/call, internal/scenario, internal/player, internal/local, internal/asl, internal/flow,
// internal/flowlang, internal/style, internal/async, internal/project, internal/cost, internal/awsfacts, internal/clock
// and internal/source.
package load
