// Package flowdiff compares two contact flows by what they do: by action and branch, not by line.
//
// Compare finds out which action of one flow is which of the other, by identifier and otherwise by what it is and what
// leads to it, and returns the differences as values that can be printed or written as JSON. The order in which a flow
// is written does not count; where the designer shows its blocks is told apart.
//
// A comparison is one computation on two immutable flows. It imports internal/flowlang and internal/source.
package flowdiff
