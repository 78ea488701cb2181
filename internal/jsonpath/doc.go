// Package jsonpath evaluates what a state of the Amazon States Language may say about its data: paths ($.a[0],
// $$.State.Name, $variable.b), payload templates (objects with keys that end in ".$") and the 18 intrinsic functions
// (States.Format and so on).
//
// It imports internal/value only. Paths, templates and expressions are parsed once, are immutable, and may be used by
// any number of goroutines. Documents are values of internal/value: they are never written to, and results may share
// parts with them. Numbers stay as they were written until a function computes with them, and objects keep their
// order.
//
// The rules for paths are those of Jayway JsonPath, as Step Functions follows them (recorded): a definite path, one
// of names and single indexes, gives a value or an error; every other path gives a list, empty when nothing matches.
package jsonpath
