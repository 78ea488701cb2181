// Package flowlang knows the Amazon Connect Flow language: how a contact flow is written, which action types there
// are, and what publishing refuses.
//
// Read makes a Flow of any document, right or wrong: whatever can be read is there, with its place, and nothing is
// refused. Flow.Check then says what Amazon Connect refuses when the flow is published. Package flow plays what can be
// played, package lint adds rules about what callers hear; both read the same Flow, the same table of action types and
// the same findings, so that nobody is told two things about one file.
//
// Everything here is immutable after Read and may be shared. Evidence is cited as in the AWS documentation ("Developer
// guide", "Admin guide"), "export" (seen in a console export) or "live" (observed at the service).
//
// It imports internal/source, internal/awsfacts and internal/arn only.
package flowlang
