package draw

import (
	"math"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
	"github.com/connect-async/connect-async/internal/source"
)

// places are where the actions of a flow are drawn, by index: where the designer has them, if it has a place of its own
// for each.
func places(f *flowlang.Flow) []layout.Point {
	byAction := map[string]*source.Node{}
	for _, m := range f.Doc.Get("Metadata").Get("ActionMetadata").Entries() {
		byAction[m.Key] = m.Value.Get("position")
	}
	points := make([]layout.Point, len(f.Actions))
	taken := map[layout.Point]bool{}
	for i, a := range f.Actions {
		x, okX := coordinate(byAction[a.Identifier].Get("x"))
		y, okY := coordinate(byAction[a.Identifier].Get("y"))
		points[i] = layout.Point{X: x, Y: y}
		if !okX || !okY || taken[points[i]] {
			return layout.Flow(f)
		}
		taken[points[i]] = true
	}
	return points
}

// farthest is a coordinate beyond which nobody places a block.
const farthest = 1_000_000

func coordinate(n *source.Node) (v int, ok bool) {
	number, err := strconv.ParseFloat(n.Scalar(), 64)
	if err != nil || !(math.Abs(number) <= farthest) {
		return 0, false
	}
	return int(math.Round(number)), true
}
