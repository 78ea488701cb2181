// Package jsonpath evaluates what a state of the Amazon States Language may say about its data: paths ($.a[0], $$.State.Name,
// $variable.b), payload templates (objects with keys that end in ".$") and the 18 intrinsic functions (States.Format and so
// on).
//
// It is a leaf: it imports nothing of this module. Paths, templates and expressions are parsed once, are immutable, and may
// be used by any number of goroutines. Documents are values as encoding/json decodes them with UseNumber; they are never
// written to, and results may share parts with them. Numbers stay as they were written until a function computes with them.
// Where the order of an object's keys shows, it is the sorted order, since AWS's own order is not fixed either.
//
// The rules for paths are those of Jayway JsonPath, as Step Functions follows them (recorded): a definite path, one of names
// and single indexes, gives a value or an error; every other path gives a list, empty when nothing matches.
package jsonpath
