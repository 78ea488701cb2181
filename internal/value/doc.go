// Package value holds JSON values in memory: decoded once, in the order of the text, and never written to afterwards.
//
// A value is an any that holds one of
//
//	nil          null
//	bool         true and false
//	json.Number  a number, as it is written
//	string       a string
//	[]any        an array of values
//	*Object      an object, whose members keep their order
//
// and nothing else. Since nobody writes to a value, a copy is a copy of the any, parts may be shared, and any number
// of goroutines may read it. What changes a value (Object.With) returns a new one that shares what has not changed.
//
// It imports nothing of this module.
package value
