package layout_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// random is a graph like a flow: most branches lead to a block soon after, some far, back or nowhere.
func random(n int, seed uint64) []layout.Block {
	r := rand.New(rand.NewPCG(seed, 0))
	blocks := make([]layout.Block, n)
	for i := range blocks {
		for range r.IntN(5) {
			to := i + 1 + r.IntN(4)
			if r.IntN(6) == 0 {
				to = r.IntN(n+4) - 2
			}
			blocks[i].Next = append(blocks[i].Next, to)
		}
		blocks[i].Width, blocks[i].Height = layout.Width, layout.Height(len(blocks[i].Next))
	}
	return blocks
}

// checkPlaces checks what holds of every placing.
func checkPlaces(t *testing.T, blocks []layout.Block, points []layout.Point) {
	t.Helper()
	for i, a := range points {
		if a.X < 0 || a.Y < 0 {
			t.Errorf("block %d is at %v", i, a)
		}
		for j, b := range points[:i] {
			if a.X < b.X+blocks[j].Width && b.X < a.X+blocks[i].Width &&
				a.Y < b.Y+blocks[j].Height && b.Y < a.Y+blocks[i].Height {
				t.Errorf("blocks %d and %d overlap: %v, %v", j, i, b, a)
			}
		}
	}
}

// leads reports whether branches lead from one block to another.
func leads(blocks []layout.Block, from, to int) bool {
	seen := make([]bool, len(blocks))
	seen[from] = true
	for list := []int{from}; len(list) > 0; list = list[1:] {
		if list[0] == to {
			return true
		}
		for _, n := range blocks[list[0]].Next {
			if n >= 0 && n < len(blocks) && !seen[n] {
				seen[n] = true
				list = append(list, n)
			}
		}
	}
	return false
}

// checkDirections checks that every branch goes right, but for those that close a loop.
func checkDirections(t *testing.T, blocks []layout.Block, points []layout.Point) {
	t.Helper()
	for from, b := range blocks {
		for _, to := range b.Next {
			if to < 0 || to >= len(blocks) || points[to].X >= points[from].X+b.Width {
				continue
			}
			if !leads(blocks, to, from) {
				t.Errorf("the branch from %d to %d goes left and closes no loop", from, to)
			}
		}
	}
}

func TestBlocksNeverOverlapAndBranchesGoRight(t *testing.T) {
	for seed := range testrun.Count(t, 60, 2000) {
		blocks := random(1+seed%60, uint64(seed))
		points := layout.Place(blocks, seed%3-1)
		checkPlaces(t, blocks, points)
		checkDirections(t, blocks, points)
		if again := layout.Place(blocks, seed%3-1); !reflect.DeepEqual(again, points) {
			t.Errorf("seed %d: the same graph is placed at %v and at %v", seed, points, again)
		}
		if t.Failed() {
			t.Fatalf("seed %d: %v", seed, blocks)
		}
	}
}

func TestSmallGraphs(t *testing.T) {
	block := func(next ...int) layout.Block { return layout.Block{Width: 200, Height: 100, Next: next} }
	for name, c := range map[string]struct {
		blocks []layout.Block
		start  int
		want   []layout.Point
	}{
		"none":            {blocks: nil, start: 0, want: nil},
		"itself, nowhere": {blocks: []layout.Block{block(0, -1, 7)}, start: 5, want: []layout.Point{{}}},
		"a line": {blocks: []layout.Block{block(1), block(2), block()},
			want: []layout.Point{{}, {X: 280}, {X: 560}}},
		"not where listed": {blocks: []layout.Block{block(), block(0)}, start: 1, want: []layout.Point{{X: 280}, {}}},
		"a loop":           {blocks: []layout.Block{block(1), block(0)}, want: []layout.Point{{}, {X: 280}}},
		"success straight": {blocks: []layout.Block{block(1, 2), block(), block()},
			want: []layout.Point{{}, {X: 280}, {X: 280, Y: 140}}},
		"unreachable below": {blocks: []layout.Block{block(), block()}, want: []layout.Point{{}, {Y: 140}}},
	} {
		if got := layout.Place(c.blocks, c.start); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: placed at %v, want %v", name, got, c.want)
		}
	}
}

// segment is the line of a branch as it is drawn: from the right of a block to the left of another.
type segment struct{ x1, y1, x2, y2 int }

func segments(blocks []layout.Block, points []layout.Point) []segment {
	var list []segment
	for i, b := range blocks {
		for k, to := range b.Next {
			if to >= 0 && to < len(blocks) && to != i {
				list = append(list, segment{x1: points[i].X + b.Width, x2: points[to].X, y2: points[to].Y + 40,
					y1: points[i].Y + b.Height*(k+1)/(len(b.Next)+1)})
			}
		}
	}
	return list
}

// crossed counts the pairs of lines that cross, other than at their ends.
func crossed(list []segment) int {
	side := func(s segment, x, y int) int {
		v := (s.x2-s.x1)*(y-s.y1) - (s.y2-s.y1)*(x-s.x1)
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	count := 0
	for i, a := range list {
		for _, b := range list[:i] {
			if side(a, b.x1, b.y1)*side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1)*side(b, a.x2, a.y2) < 0 {
				count++
			}
		}
	}
	return count
}

// inRows is the simple placing that generated flows had: rows of eight, in the document's order.
func inRows(blocks []layout.Block) []layout.Point {
	points := make([]layout.Point, len(blocks))
	for i := range blocks {
		points[i] = layout.Point{X: i % 8 * 280, Y: i / 8 * 240}
	}
	return points
}

// blocksOf are the blocks of a flow, and where the console has them.
func blocksOf(f *flowlang.Flow) (blocks []layout.Block, console []layout.Point) {
	for _, a := range f.Actions {
		b := layout.Block{Width: layout.Width, Height: layout.Height(len(a.Drawn()))}
		for _, branch := range a.Drawn() {
			if branch.To != nil {
				b.Next = append(b.Next, branch.To.Index)
			}
		}
		blocks = append(blocks, b)
		at := f.Doc.Get("Metadata").Get("ActionMetadata").Get(a.Identifier).Get("position")
		var p layout.Point
		fmt.Sscan(at.Get("x").Scalar(), &p.X)
		fmt.Sscan(at.Get("y").Scalar(), &p.Y)
		console = append(console, p)
	}
	return blocks, console
}

func TestRecordedFlowsCrossLess(t *testing.T) {
	sum, sumRows, sumConsole := 0, 0, 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := flowlang.Read(file, doc)
		if err != nil {
			t.Fatal(err)
		}
		blocks, console := blocksOf(f)
		points := layout.Flow(f)
		if at := points[f.Start.Index]; at != (layout.Point{X: 160, Y: 40}) {
			t.Errorf("%s: the start is at %v", file, at)
		}
		checkPlaces(t, blocks, points)
		checkDirections(t, blocks, points)
		got, rows := crossed(segments(blocks, points)), crossed(segments(blocks, inRows(blocks)))
		if got > rows {
			t.Errorf("%s: %d crossings, in rows it would be %d", file, got, rows)
		}
		sum, sumRows, sumConsole = sum+got, sumRows+rows, sumConsole+crossed(segments(blocks, console))
	}
	t.Logf("%d crossings; in rows %d, as people placed them %d", sum, sumRows, sumConsole)
}

func BenchmarkPlace250(b *testing.B) {
	blocks := random(250, 1)
	for b.Loop() {
		layout.Place(blocks, 0)
	}
}
