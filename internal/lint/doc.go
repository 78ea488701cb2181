// Package lint finds the faults of contact flows and state machines that publishing refuses, or that leave a caller in
// silence.
//
// A rule is one row of a table (see Rules): what it finds, why that matters to the caller, what to do, the evidence,
// and the check. There is one Go file per rule, and one archive in examples: the bad and the good example that the
// documentation shows, and the cases that tests add (see Example). Rules read a Setup: a flow, the state machine
// behind it and the project file, as far as they exist; a rule that needs a missing part does not run. What publishing
// refuses is known to package flowlang, whose checks are rules here.
//
// Where a finding has one right answer, its row also says how Fix mends it: Fix changes the text of a flow, keeps every
// other byte of it, and makes no change that would bring another finding.
//
// Documents are read by Read, which finds flows and state machines in templates too, and keeps the line and column of
// every value. A Document, a Flow and a Machine are never written to after that and may be shared.
//
// It imports internal/arn, internal/player, internal/flow, internal/asl, internal/project, internal/template,
// internal/form, internal/flowlang, internal/handlers, internal/edit, internal/async, internal/speech,
// internal/awsfacts, internal/standin, internal/clock and internal/source. It does no I/O but through the files of
// functions in a Setup, and time is virtual: the same documents always give the same findings, in the same order.
package lint
