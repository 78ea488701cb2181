package layout

import "github.com/connect-async/connect-async/internal/flowlang"

// Width is the width of a block in the console's designer.
const Width = 200

// Where the console draws the entry of a flow, and the first block right of it (export).
var (
	Entry = Point{X: 40, Y: 40}
	first = Point{X: 160, Y: 40}
)

// Height is the height of a block with a number of branches in the console's designer. In exports no block is closer
// below another.
func Height(branches int) int { return 104 + 28*branches }

// Flow places the actions of a flow, by their index, as the designer would draw them.
func Flow(f *flowlang.Flow) []Point {
	blocks := make([]Block, len(f.Actions))
	for i, a := range f.Actions {
		drawn := a.Drawn()
		blocks[i] = Block{Width: Width, Height: Height(len(drawn))}
		for _, b := range drawn {
			to := -1
			if b.To != nil {
				to = b.To.Index
			}
			blocks[i].Next = append(blocks[i].Next, to)
		}
	}
	start := -1
	if f.Start != nil {
		start = f.Start.Index
	}
	points := Place(blocks, start)
	for i := range points {
		points[i].X += first.X
		points[i].Y += first.Y
	}
	return points
}
