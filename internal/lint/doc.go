// Package lint finds the faults of contact flows and state machines that publishing refuses, or that leave a caller in silence.
//
// A rule is one row of a table (see Rules): what it finds, why that matters to the caller, what to do, the evidence, and the
// check. There is one Go file per rule, and one archive in examples: the bad and the good example that the documentation shows,
// and the cases that tests add (see Example). Rules read a Setup: a flow, the state machine behind it and the project file, as
// far as they are there; a rule that needs a part that is absent does not run.
//
// Documents are read by Read, which finds flows and state machines also inside templates, and keeps the line and column of every
// value. Unlike flow.Parse it accepts what Connect refuses, so that everything wrong can be reported at once. What Connect
// accepts of each action type stands in one table (see spec).
//
// It imports asl, async, awsfacts, flow, project, source and speech. It does no I/O and reads no clock: the same documents always give the same
// findings, in the same order.
package lint
