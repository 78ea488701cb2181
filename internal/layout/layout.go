package layout

// Block is what is placed.
type Block struct {
	Width, Height int
	Next          []int // indexes of the blocks that its branches lead to, in the order in which they are drawn
}

// Point is the place of a block's upper left corner.
type Point struct{ X, Y int }

// Space between blocks.
const (
	gapX = 80 // room for the lines
	gapY = 40
	lane = 20 // on either side of a line that passes a layer
)

// Place places blocks, with no coordinate below 0. The one with index start is at the origin where all others can be
// reached from it; what cannot be reached begins at the left, too. The first branch of a block is the one that goes
// straight where it can. A start of -1 is none, and indexes in Next that are not those of blocks are ignored.
func Place(blocks []Block, start int) []Point {
	if len(blocks) == 0 {
		return nil
	}
	g := newGraph(blocks, start)
	g.order()
	return g.points(blocks)
}
