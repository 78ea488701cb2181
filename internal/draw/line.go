package draw

import (
	"fmt"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
)

// Distances of lines.
const (
	entryY     = 22 // where lines enter a block, from its top
	aside      = 16 // of a line that goes back, from its blocks
	laneGap    = 8  // between two such lines
	sideBySide = 5  // as many of them have room between two blocks
	nearest    = 40 // how far a curve bends
	furthest   = 120
)

// lane is where lines go back to one block: below all blocks, and how far right of their own.
type lane struct{ y, aside int }

// laneOf gives each block that lines lead back to from the same height or below a lane.
func (d *drawing) laneOf() map[*flowlang.Action]lane {
	lanes := map[*flowlang.Action]lane{}
	for _, a := range d.flow.Actions {
		for _, b := range a.Drawn() {
			if b.To == nil || !d.goesBack(a, b.To) || d.isBelow(b.To, a) {
				continue
			}
			if n := len(lanes); lanes[b.To] == (lane{}) {
				lanes[b.To] = lane{y: d.bottom + aside + n*laneGap, aside: aside + n%sideBySide*laneGap}
			}
		}
	}
	return lanes
}

// goesBack reports whether a line goes back: to a block that is not to the right.
func (d *drawing) goesBack(from, to *flowlang.Action) bool {
	return d.places[to.Index].X < d.places[from.Index].X+layout.Width
}

// isBelow reports whether there is room for a line above a block and below another.
func (d *drawing) isBelow(a, other *flowlang.Action) bool {
	return d.places[a.Index].Y >= d.places[other.Index].Y+height(other)
}

// lines places the branches of an action.
func (d *drawing) lines(a *flowlang.Action) {
	for i, b := range a.Drawn() {
		if b.To == nil {
			continue
		}
		from, to := d.places[a.Index], d.places[b.To.Index]
		x1, y1, x2, y2 := from.X+layout.Width, from.Y+rowY(i), to.X, to.Y+entryY
		l := Line{
			From: a.Identifier, Branch: b.Name, To: b.To.Identifier, X: x2, Y: y2, Mark: d.markOf(a, b),
			Error: b.Kind == flowlang.Failure && b.Name != flowlang.NoMatchingCondition,
		}
		switch {
		case !d.goesBack(a, b.To):
			l.Path = curve(x1, y1, x2, y2)
		case d.isBelow(b.To, a):
			l.Path = back(x1, y1, x2, y2, lane{y: to.Y - aside, aside: aside})
		default:
			l.Path = back(x1, y1, x2, y2, d.lanes[b.To])
		}
		d.scene.Lines = append(d.scene.Lines, l)
	}
}

// curve is the path of a line from the right of a block to the left of another.
func curve(x1, y1, x2, y2 int) string {
	reach := max(nearest, min(furthest, (x2-x1)/2))
	return fmt.Sprintf("M%d,%d C%d,%d %d,%d %d,%d", x1, y1, x1+reach, y1, x2-reach, y2, x2-6, y2)
}

// back is the path of a line that goes round: to the right, along a lane to the left, and to its block.
func back(x1, y1, x2, y2 int, along lane) string {
	return fmt.Sprintf("M%d,%d H%d V%d H%d V%d H%d", x1, y1, x1+along.aside, along.y, x2-aside, y2, x2-6)
}

// start places where the flow begins.
func (d *drawing) start() {
	if d.flow.Start == nil {
		return
	}
	p := d.places[d.flow.Start.Index]
	x, y := p.X, p.Y+entryY
	d.scene.Lines = append(d.scene.Lines, Line{
		To: d.flow.Start.Identifier, Path: curve(x-margin, y, x, y), X: x, Y: y,
	})
}
