// Package replay reads the contact flow log of a call that is over, and plays the call again as the log has it: what
// the caller heard and when, what the functions replied, where the log leaves the branches of the flow as they are
// played here, and which assumptions about Amazon Connect that settles. It writes the call as a scenario, and the
// probe flows whose logs settle assumptions.
//
// It imports internal/arn, internal/async, internal/awsfacts, internal/call, internal/flow, internal/flowlang,
// internal/player, internal/project, internal/scenario, internal/source, internal/speech, internal/value and
// internal/workspace. It reads no files but flows, and asks no service: its callers read the log. A Log and a Replay
// are values that are not written to after Parse and Play, and nothing of them goes on.
package replay
