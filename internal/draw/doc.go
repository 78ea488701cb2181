// Package draw draws a contact flow as an SVG image, for pull requests and reports: blocks as the console's designer
// shows them, with what they say, and a line for each branch.
//
// Blocks are where the designer has them or, when it does not have a place for each, where package layout puts them.
// Marks say what is special about blocks and branches: what a diff found, or what no test has taken. The same flow and
// marks give the same bytes. Texts of a flow are escaped, and the image refers to nothing outside of it.
//
// SVG is one computation, and so is NewScene, which says what stands where, for a page that draws it itself; nothing
// is kept. It imports internal/flowlang, internal/layout, internal/flowdiff and internal/source.
package draw
