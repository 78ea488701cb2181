// Package layout places the blocks of a contact flow as a person would in the console's designer: from left to right
// along the branches, in layers, with few crossings.
//
// Flow places the actions of a flow, and Place the blocks of any directed graph. Blocks that loops lead back to are the
// only ones to the left of where a branch begins. No two blocks overlap, and the same graph gives the same places on
// every machine: all arithmetic is on whole numbers. A placing is one computation; nothing is kept.
//
// It imports internal/flowlang only.
package layout
