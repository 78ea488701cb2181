// Package jsonata evaluates expressions of the query language JSONata, version 2.0.6, as AWS Step Functions does.
//
// Parse turns a text into an Expression, which is immutable and may be evaluated by any number of goroutines at once.
// What an evaluation sees (its input, variables, time and random numbers) is in an Environment. Data are values of
// internal/value; they are never written to.
//
// An evaluation cannot hang, exhaust memory or overflow the stack: it counts evaluated nodes, nesting and allocated
// bytes (limits.go), so that the same expression fails in the same place every time. Errors are of type *Error and
// carry the language's code, its message and the place in the expression.
//
// The language is written down in its documentation (https://docs.jsonata.org) and its test suite, which a test runs.
// There are two dialects: Standard is that of the documentation, StepFunctions that of AWS, which has functions of its
// own, no context item at the top level and infinite numbers.
//
// It imports internal/value only.
package jsonata
