// Package standin says which tasks of state machines are performed on this machine, and which stand-in is meant for a
// task: by the name of its state, or by a pattern for its resource.
//
// It imports internal/arn, internal/dynamodb, internal/messaging and internal/value, and is imported by what performs
// tasks, and by what only says which tasks nothing performs. All of it is functions of their arguments.
package standin
