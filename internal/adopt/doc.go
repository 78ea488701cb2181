// Package adopt puts the wait for a slow function into a contact flow that people have: it replaces one synchronous
// Lambda block by the loop of a poll, or by a module that holds it.
//
// Block finds the block, and Flow writes the flow again: an edit of its bytes in which every other action stays as it
// is, to the last space. What comes before the block still leads to it, and what follows reads the same reply. The
// caller says what the flow is, reads and writes the files, and shows what changed. Way says how a call gets to the
// block, for a scenario.
//
// Everything is a computation on values: the same flow and the same options give the same bytes. It imports
// internal/style, internal/layout, internal/edit, internal/flowlang, internal/async, internal/arn and internal/source.
package adopt
