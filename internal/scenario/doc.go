// Package scenario is what a scenario file says: how a call goes, who calls, what the functions do, how long things
// take, and what is expected.
//
// The form of the file is one table (table.go and the files beside it): each key with its meaning and how its value
// is read, written and described. Read, Write and Form all follow it, so that what is read can be written and read
// again to the same value. A Scenario is plain data; nothing here plays it.
//
// It imports internal/asl for the statuses of executions, internal/async, internal/jsonata for conditions,
// internal/flow, internal/form, internal/local, internal/project for where a project has its schemas, internal/speech
// and internal/source.
package scenario
