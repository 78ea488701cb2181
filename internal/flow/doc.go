// Package flow plays Amazon Connect contact flows as values.
//
// A Flow is a flow that flowlang has read, compiled once by Compile and never written to again; it may be
// shared by any number of contacts, concurrently. A Contact is one caller (or chat, or task) on the way through a
// flow: plain data that is advanced by events and answers with commands. It has no clock, does no I/O and starts no
// goroutines. Whoever holds it performs the commands, gives every event its time, and reports what came of them.
// Contacts can be written as JSON and restored at any point between two events.
//
// The life of a contact: NewContact, then Advance with Connected, then Advance with whatever happens, until a Finish
// command is returned; after that Advance returns nothing.
//
// What a contact does at each action type is one table, from which docs/flows.md is written; what AWS leaves open is a
// named assumption (see AssumptionTable). How flows are written, and what publishing refuses, is in package
// flowlang. Evidence is cited as in the AWS documentation, "export" (seen in a console export) or "live" (observed at
// the service).
//
// It imports internal/arn, internal/flowlang, internal/source, internal/value and internal/awsfacts only.
package flow
