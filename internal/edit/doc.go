// Package edit changes parts of a JSON document and keeps every other byte of it: numbers as they are spelled, the
// order of keys, indentation and line ends. What is added is written as its surroundings are.
//
// Of makes a Text of a document and of what was read from it; Set, Put, Add, Append, Rename and Remove collect changes
// to values, and Changes returns them. A Text is for one set of changes that do not touch each other: what is changed
// is read again before it is changed further. Apply puts changes into a file, also into one that holds the document as
// a JSON string.
//
// It imports internal/source and the tokens of go-json-experiment.
package edit
