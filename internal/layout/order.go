package layout

import (
	"cmp"
	"slices"
)

// rounds is how often the layers are put in order, from the left and from the right. More rounds rarely help.
const rounds = 6

// order puts the nodes of each layer in an order with few crossings: each in the middle of its neighbours in the layer
// before, then in the layer after, until no exchange of two neighbours helps. The best order of all rounds is kept.
func (g *graph) order() {
	best, fewest := g.copyRows(), g.crossings()
	for round := 0; round < 2*rounds && fewest > 0; round++ {
		if round%2 == 0 {
			for l := 1; l < len(g.rows); l++ {
				g.sortRow(l, g.in)
			}
		} else {
			for l := len(g.rows) - 2; l >= 0; l-- {
				g.sortRow(l, g.out)
			}
		}
		g.exchange()
		if n := g.crossings(); n < fewest {
			best, fewest = g.copyRows(), n
		}
	}
	g.rows = best
	g.renumber()
}

func (g *graph) copyRows() [][]int {
	rows := make([][]int, len(g.rows))
	for i, row := range g.rows {
		rows[i] = slices.Clone(row)
	}
	return rows
}

// sortRow sorts a layer by the middle of each node's links to one side.
func (g *graph) sortRow(l int, side [][]link) {
	middle := make([]int, len(g.layer))
	for i, n := range g.rows[l] {
		middle[n] = i * full
		if links := side[n]; len(links) > 0 {
			sum := 0
			for _, other := range links {
				sum += g.height(other)
			}
			middle[n] = sum / len(links)
		}
	}
	slices.SortStableFunc(g.rows[l], func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
	for i, n := range g.rows[l] {
		g.place[n] = i
	}
}

// height is how far down its row a link ends. All lines to a node end at one place.
func (g *graph) height(l link) int { return g.place[l.node]*full + l.port }

// exchange exchanges neighbours in a layer as long as that takes crossings away.
func (g *graph) exchange() {
	for pass, better := 0, true; better && pass < rounds; pass++ {
		better = false
		for _, row := range g.rows {
			for i := 1; i < len(row); i++ {
				above, below := row[i-1], row[i]
				if g.between(below, above) < g.between(above, below) {
					row[i-1], row[i] = below, above
					g.place[below], g.place[above] = i-1, i
					better = true
				}
			}
		}
	}
}

// between counts the crossings of the links of two nodes of one layer, if one were above the other.
func (g *graph) between(above, below int) int {
	count := 0
	for _, a := range g.in[above] {
		for _, b := range g.in[below] {
			if g.height(a) > g.height(b) {
				count++
			}
		}
	}
	for _, a := range g.out[above] {
		for _, b := range g.out[below] {
			if g.place[a.node] > g.place[b.node] {
				count++
			}
		}
	}
	return count
}

// crossings counts the crossings of all links.
func (g *graph) crossings() int {
	count := 0
	for l := 1; l < len(g.rows); l++ {
		count += g.crossingsBefore(l)
	}
	return count
}

// crossingsBefore counts the crossings between a layer and the one before: of the links from top to bottom of the
// layer, each crosses those before it that end further down. A binary indexed tree counts these.
func (g *graph) crossingsBefore(l int) int {
	var ends []int // on the side of the layer before
	for _, n := range g.rows[l] {
		start := len(ends)
		for _, from := range g.in[n] {
			ends = append(ends, g.height(from))
		}
		slices.Sort(ends[start:]) // lines to one node do not cross
	}
	ranks := slices.Compact(slices.Sorted(slices.Values(ends)))
	tree := make([]int, len(ranks)+1)
	count := 0
	for seen, end := range ends {
		rank, _ := slices.BinarySearch(ranks, end)
		upTo := 0
		for i := rank + 1; i > 0; i -= i & -i {
			upTo += tree[i]
		}
		count += seen - upTo
		for i := rank + 1; i < len(tree); i += i & -i {
			tree[i]++
		}
	}
	return count
}
