// Package awsfacts holds what AWS publishes in figures: quotas, limits and prices, each with its date and source; what
// is only assumed says so. A figure that two packages need is written down here and nowhere else; facts_test.go looks
// for copies. Ranges of the parameters of an action belong to the table of the flow language.
//
// It imports only the standard library. Its values are constants of the program; AWS may change them at any time.
package awsfacts
