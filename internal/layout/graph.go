package layout

// graph is a layered graph. Its nodes are the blocks and, with higher indexes, the places where a line passes a layer.
// Lines to one block that pass the same layer pass it together. All links lead from one layer to the next.
type graph struct {
	start int      // the node at the top
	layer []int    // by node
	rows  [][]int  // by layer: its nodes, from top to bottom
	place []int    // by node: its index in its row
	out   [][]link // by node: to the next layer
	in    [][]link // by node: from the layer before
}

// link is an end of a line from one layer to the next.
type link struct {
	node   int
	port   int // of a link from the layer before: where the line leaves the node there, 0 (its top) to full
	weight int // how much it matters that the line is straight
}

const (
	full = 1 << 12 // the height of a node, for ports

	mainWeight  = 1000 // of the first branch: it bends for others by less than half a unit
	sideWeight  = 1
	startWeight = 1000 * mainWeight
)

// newGraph puts the blocks into layers, each as far to the left as the branches to it allow.
func newGraph(blocks []Block, start int) *graph {
	w := walkFrom(blocks, start)
	g := &graph{start: w.entered[0], layer: w.layers(blocks), out: make([][]link, len(blocks)),
		in: make([][]link, len(blocks))}
	layers := 0
	for _, l := range g.layer {
		layers = max(layers, l+1)
	}
	g.rows = make([][]int, layers)
	for _, n := range w.entered {
		g.rows[g.layer[n]] = append(g.rows[g.layer[n]], n)
	}
	passing := map[[2]int]int{} // by block and layer: the node where lines to the block pass the layer
	for _, from := range w.entered {
		for i, to := range blocks[from].Next {
			switch {
			case !within(blocks, to) || to == from:
			case g.layer[from] < g.layer[to]:
				g.connect(passing, from, to, branch(i, len(blocks[from].Next)))
			default: // back: kept close, the line in the middle
				g.connect(passing, to, from, link{port: full / 2, weight: sideWeight})
			}
		}
	}
	g.place = make([]int, len(g.layer))
	g.renumber()
	return g
}

func within(blocks []Block, n int) bool { return n >= 0 && n < len(blocks) }

// branch is the end of the line of one of a block's branches.
func branch(index, count int) link {
	l := link{port: (index + 1) * full / (count + 1), weight: sideWeight}
	if index == 0 {
		l.weight = mainWeight
	}
	return l
}

// connect links two blocks through all layers between them.
func (g *graph) connect(passing map[[2]int]int, from, to int, first link) {
	for g.layer[from]+1 < g.layer[to] {
		at := [2]int{to, g.layer[from] + 1}
		next, shared := passing[at]
		if !shared {
			next = g.addPassing(at[1])
			passing[at] = next
		}
		g.join(from, next, first)
		if shared {
			return // from here on others have led to the block before
		}
		from, first = next, link{port: full / 2, weight: first.weight}
	}
	g.join(from, to, first)
}

func (g *graph) addPassing(layer int) (node int) {
	node = len(g.layer)
	g.layer, g.out, g.in = append(g.layer, layer), append(g.out, nil), append(g.in, nil)
	g.rows[layer] = append(g.rows[layer], node)
	return node
}

func (g *graph) join(from, to int, l link) {
	g.out[from] = append(g.out[from], link{node: to, weight: l.weight})
	g.in[to] = append(g.in[to], link{node: from, port: l.port, weight: l.weight})
}

// renumber notes the place of each node in its row.
func (g *graph) renumber() {
	for _, row := range g.rows {
		for i, n := range row {
			g.place[n] = i
		}
	}
}

// walk is a walk along the branches, depth first.
type walk struct {
	entered []int // blocks in the order in which the walk came to them
	left    []int // blocks in the order in which it was through with them
	order   []int // by block: its index in left
}

// walkFrom walks from the start, then from each block that was not reached, the ones that no branch leads to first.
func walkFrom(blocks []Block, start int) *walk {
	w := &walk{order: make([]int, len(blocks))}
	seen := make([]bool, len(blocks))
	isTarget := make([]bool, len(blocks))
	for _, b := range blocks {
		for _, to := range b.Next {
			if within(blocks, to) {
				isTarget[to] = true
			}
		}
	}
	if within(blocks, start) {
		w.visit(blocks, start, seen)
	}
	for _, targets := range []bool{false, true} {
		for n := range blocks {
			if !seen[n] && isTarget[n] == targets {
				w.visit(blocks, n, seen)
			}
		}
	}
	return w
}

// visit walks from one block to all that were not seen, without recursion: flows can be long.
func (w *walk) visit(blocks []Block, root int, seen []bool) {
	type visiting struct{ node, branch int }
	seen[root] = true
	w.entered = append(w.entered, root)
	for stack := []visiting{{node: root}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if top.branch == len(blocks[top.node].Next) {
			w.order[top.node] = len(w.left)
			w.left = append(w.left, top.node)
			stack = stack[:len(stack)-1]
			continue
		}
		to := blocks[top.node].Next[top.branch]
		top.branch++
		if within(blocks, to) && !seen[to] {
			seen[to] = true
			w.entered = append(w.entered, to)
			stack = append(stack, visiting{node: to})
		}
	}
}

// layers returns the layer of each block: one more than that of every block before it. A branch to a block that the
// walk was not yet through with leads back, and does not count.
func (w *walk) layers(blocks []Block) []int {
	layer := make([]int, len(blocks))
	for i := len(w.left) - 1; i >= 0; i-- {
		from := w.left[i]
		for _, to := range blocks[from].Next {
			if within(blocks, to) && w.order[to] < i {
				layer[to] = max(layer[to], layer[from]+1)
			}
		}
	}
	return layer
}
