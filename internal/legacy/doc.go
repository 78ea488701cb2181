// Package legacy converts contact flows from the console's export format from before 2022 (modules, start) to the
// Amazon Connect Flow language (Actions, StartAction).
//
// Convert is all of it. The table of block types says for each what its parameters and branches are called today; the
// names of the older format come from exports. What is not in the table is reported and never guessed: a parameter or
// branch is left out, and a block becomes a message that leads where the block's error did, so that nothing is skipped
// which should have been asked.
//
// It imports internal/flowlang and internal/source. Nothing is kept.
package legacy
