package layout

// passes is how often the rows are aligned with the rows on either side.
const passes = 8

// points turns layers and orders into places.
func (g *graph) points(blocks []Block) []Point {
	y := make([]int, len(g.layer))
	size := func(n int) int { // with the space below
		if n < len(blocks) {
			return blocks[n].Height + gapY
		}
		return lane
	}
	for l := range g.rows {
		g.alignRow(l, nil, size, y)
	}
	for range passes {
		for l := len(g.rows) - 2; l >= 0; l-- {
			g.alignRow(l, g.out, size, y)
		}
		for l := 1; l < len(g.rows); l++ {
			g.alignRow(l, g.in, size, y)
		}
	}
	points := make([]Point, len(blocks))
	x := 0
	for _, row := range g.rows {
		width := 0
		for _, n := range row {
			if n < len(blocks) {
				points[n] = Point{X: x, Y: y[n]}
				width = max(width, blocks[n].Width)
			}
		}
		x += width + gapX
	}
	return points
}

// run is a part of a row whose nodes touch. They move together.
type run struct{ sum, weight, nodes int }

// value is where the run would like to be, to the nearest whole number; never above the top.
func (r run) value() int { return max(2*r.sum+r.weight, 0) / (2 * r.weight) }

// alignRow moves the nodes of a row to the height of those they are linked to on one side, as close as their order and
// sizes allow: the least squares under that condition, by merging what would overlap. Without links a node stays.
func (g *graph) alignRow(l int, side [][]link, size func(int) int, y []int) {
	var runs []run
	offset := 0
	for _, n := range g.rows[l] {
		next := g.wish(n, side, y, offset)
		offset += size(n)
		for len(runs) > 0 && runs[len(runs)-1].value() >= next.value() {
			last := runs[len(runs)-1]
			next = run{sum: last.sum + next.sum, weight: last.weight + next.weight, nodes: last.nodes + next.nodes}
			runs = runs[:len(runs)-1]
		}
		runs = append(runs, next)
	}
	i, offset := 0, 0
	for _, r := range runs {
		for range r.nodes {
			n := g.rows[l][i]
			y[n] = r.value() + offset
			offset += size(n)
			i++
		}
	}
}

// wish is where one node would like to be: the start at the top, the others as their links lead.
func (g *graph) wish(n int, side [][]link, y []int, offset int) run {
	switch {
	case n == g.start:
		return run{sum: -offset * startWeight, weight: startWeight, nodes: 1}
	case side == nil || len(side[n]) == 0:
		return run{sum: y[n] - offset, weight: 1, nodes: 1}
	}
	r := run{nodes: 1}
	for _, l := range side[n] {
		r.sum += l.weight * (y[l.node] - offset)
		r.weight += l.weight
	}
	return r
}
