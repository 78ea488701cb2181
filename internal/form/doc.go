// Package form is how our own files are described: a table of the keys of each object, with the meaning of each key and
// how its value is read, written and described.
//
// Fields are such a table. Reading by it reports unknown keys and wrong values; its Schema is a JSON schema of the
// file; Page writes the reference of the file. So there is one place that says what a file may contain. Where a file is
// only read, forms need not be able to write.
//
// It imports internal/source. Tables are package variables that are never written to.
package form
