package adopt

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// places are those of the actions: the first is where the block was, the others are laid out to the right of it, as
// far below as there is room for all of them. It is false when the block has no place.
func places(f *flowlang.Flow, block *flowlang.Action, actions []style.Action) ([]layout.Point, bool) {
	taken, own, ok := occupied(f, block)
	if !ok {
		return nil, false
	}
	blocks := graph(actions)
	points := layout.Place(blocks, 0)
	right, down := own.X-points[0].X, own.Y-points[0].Y
	for _, p := range points[1:] {
		right, down = max(right, -p.X), max(down, -p.Y)
	}
	for i := range points {
		points[i].X += right
		points[i].Y += down
	}
	points[0] = own
	for hits(points[1:], blocks[1:], taken) {
		for i := range points[1:] {
			points[i+1].Y += lowerBy
		}
	}
	return points, true
}

// gap is what is left free around a block, and lowerBy how far the new ones are moved to find room.
const (
	gap     = 30
	lowerBy = 20
)

// rectangle is what a block covers.
type rectangle struct {
	layout.Point
	height int
}

// occupied are the blocks that have a place, and the place of one of them.
func occupied(f *flowlang.Flow, block *flowlang.Action) (taken []rectangle, own layout.Point, ok bool) {
	entries := f.Doc.Get("Metadata").Get("ActionMetadata")
	for _, a := range f.Actions {
		position := entries.Get(a.Identifier).Get("position")
		x, hasX := coordinate(position.Get("x"))
		y, hasY := coordinate(position.Get("y"))
		if !hasX || !hasY {
			continue
		}
		p := layout.Point{X: x, Y: y}
		if a == block {
			own, ok = p, true
		}
		taken = append(taken, rectangle{Point: p, height: layout.Height(len(a.Drawn()))})
	}
	return taken, own, ok
}

// coordinate reads a coordinate of the designer. One that no designer shows does not count.
func coordinate(n *source.Node) (int, bool) {
	v, err := strconv.ParseFloat(n.Scalar(), 64)
	const most = 100_000
	return int(min(max(v, -most), most)), err == nil && v >= -most && v <= most
}

// hits reports whether one of the points is too close to a block.
func hits(points []layout.Point, blocks []layout.Block, taken []rectangle) bool {
	for i, p := range points {
		for _, r := range taken {
			if p.X < r.X+layout.Width+gap && r.X < p.X+layout.Width+gap && p.Y < r.Y+r.height+gap &&
				r.Y < p.Y+blocks[i].Height+gap {
				return true
			}
		}
	}
	return false
}

// graph are the actions as blocks. Branches out of the loop are left out.
func graph(actions []style.Action) []layout.Block {
	index := map[string]int{}
	for i, a := range actions {
		index[a.Identifier] = i
	}
	blocks := make([]layout.Block, len(actions))
	for i, a := range actions {
		branches := append(a.Transitions.Get("Conditions").Elements(), a.Transitions)
		branches = append(branches, a.Transitions.Get("Errors").Elements()...)
		b := layout.Block{Width: layout.Width, Height: layout.Height(len(branches))}
		for _, branch := range branches {
			if next, inside := index[branch.Get("NextAction").Str()]; inside {
				b.Next = append(b.Next, next)
			}
		}
		blocks[i] = b
	}
	return blocks
}
