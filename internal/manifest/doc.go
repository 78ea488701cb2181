// Package manifest writes the files of a verb into a folder without losing anything, and remembers which it wrote.
//
// The memory is a manifest in the folder: the names of the files and their hashes. With it a later run knows which
// files nobody edited since, replaces these, removes those that are no longer part of what it writes, and refuses to
// touch the others. Everything is written into a temporary folder first and then renamed, so that a run that is killed
// leaves each file as it was or as it is to be, and the next run completes it.
//
// It imports internal/source only. A Writer is used once; a Manifest is never written to after Read.
package manifest
