// Package source reads JSON and YAML documents and remembers the line and column of every value. It defines Finding,
// the one type in which anything wrong with a document is reported.
//
// It imports nothing of this module. Everything in it is a value: a parsed Node is never written to again and may be
// shared freely.
package source
