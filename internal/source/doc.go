// Package source reads JSON and YAML documents and remembers the line and column of every value, and defines Finding, the
// one form in which anything wrong with a document is reported.
//
// It imports nothing of this module. Everything in it is a value: a parsed Node is never written to again and may be
// shared freely.
package source
