// Package flowfmt writes a contact flow in its one canonical form, so that two versions of a flow differ in a review
// only where they differ.
//
// Actions come in the order in which a contact gets to them, and what is laid out for each in the same order. Keys that
// the flow language names have one order, and the errors of an action are sorted. What may mean something keeps its
// order: conditions, of which the first that holds counts, and keys that the author chose, such as attributes and the
// input of a function. Numbers are written as they were. Nothing is added or left out.
//
// Format and Flow return bytes and keep nothing. It imports internal/flowlang and internal/source.
package flowfmt
