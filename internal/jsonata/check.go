package jsonata

import "slices"

// Reference is something that an expression refers to.
type Reference struct {
	Name     string // "$", "$$", a bare name, or the name of a field of $states
	Position int    // in characters, as in Error
}

// TopLevel returns what the expression asks of a context item where it has none in Step Functions: $, $$ and bare names
// outside of the steps of a path. In order of their places.
func (x *Expression) TopLevel() []Reference {
	w := &walk{}
	w.node(x.root, true)
	return w.context
}

// StatesFields returns the fields of $states that the expression asks for by name, such as "result".
func (x *Expression) StatesFields() []Reference {
	w := &walk{}
	w.node(x.root, true)
	return w.states
}

// UnknownFunctions returns the functions that the expression calls although nothing has their name: neither the
// language nor the expression itself.
func (x *Expression) UnknownFunctions() []Reference {
	w := &walk{bound: map[string]bool{}}
	w.node(x.root, true)
	var unknown []Reference
	for _, called := range w.called {
		if _, ok := builtins[called.Name]; !ok && !w.bound[called.Name] {
			unknown = append(unknown, called)
		}
	}
	return unknown
}

// Variables returns the variables of the state machine that the expression refers to: names to which neither the
// language nor the expression itself gives a value.
func (x *Expression) Variables() []Reference {
	w := &walk{bound: map[string]bool{"states": true}}
	w.node(x.root, true)
	var free []Reference
	for _, used := range w.used {
		if _, ok := builtins[used.Name]; !ok && !w.bound[used.Name] && !slices.Contains(w.called, used) {
			free = append(free, used)
		}
	}
	return free
}

// walk collects references. top says that a node has no context item.
type walk struct {
	context, states []Reference
	called, used    []Reference     // functions, and all variables
	bound           map[string]bool // variables that the expression gives a value; nil when nobody asks
}

// bind notes variables that the expression gives a value.
func (w *walk) bind(names ...string) {
	for _, name := range names {
		if w.bound != nil {
			w.bound[name] = true
		}
	}
}

// names notes what a node calls and binds.
func (w *walk) names(n *node) {
	switch n.kind {
	case callNode, partialNode:
		if n.left.kind == variableNode {
			w.called = append(w.called, Reference{Name: n.left.text, Position: n.left.position})
		}
	case bindNode:
		w.bind(n.left.text)
	case lambdaNode:
		w.bind(n.params...)
	}
	w.bind(n.focus, n.index)
	for _, stage := range n.stages {
		w.bind(stage.index)
	}
}

func (w *walk) node(n *node, top bool) {
	if n == nil {
		return
	}
	w.names(n)
	switch n.kind {
	case pathNode:
		w.path(n, top)
	case variableNode:
		if n.text == "$" || n.text == "" && top {
			w.context = append(w.context, Reference{Name: "$" + n.text, Position: n.position})
		}
		if n.text != "$" && n.text != "" {
			w.used = append(w.used, Reference{Name: n.text, Position: n.position})
		}
	case wildcardNode, descendantNode, parentNode:
		if top {
			w.context = append(w.context, Reference{Name: n.text, Position: n.position})
		}
	case bindNode:
		w.node(n.right, top)
	case transformNode:
		for _, part := range []*node{n.left, n.right, n.third} {
			w.node(part, false)
		}
	default:
		w.parts(n, top)
	}
	w.after(n)
}

func (w *walk) parts(n *node, top bool) {
	for _, part := range []*node{n.left, n.right, n.third} {
		w.node(part, top)
	}
	for _, item := range n.list {
		w.node(item, top)
	}
	for _, pair := range n.pairs {
		w.node(pair[0], top)
		w.node(pair[1], top)
	}
}

// after walks what is evaluated for each value that a node gives.
func (w *walk) after(n *node) {
	for _, filter := range n.predicates {
		w.node(filter, false)
	}
	for _, stage := range n.stages {
		w.node(stage.filter, false)
	}
	for _, term := range n.terms {
		w.node(term.expression, false)
	}
	w.node(n.group, false)
}

func (w *walk) path(n *node, top bool) {
	first := n.list[0]
	if first.kind == nameNode && top {
		w.context = append(w.context, Reference{Name: first.text, Position: first.position})
	}
	if first.kind == variableNode && first.text == "states" && len(n.list) > 1 && n.list[1].kind == nameNode {
		w.states = append(w.states, Reference{Name: n.list[1].text, Position: n.list[1].position})
	}
	for i, s := range n.list {
		if s.kind == nameNode {
			w.names(s)
			w.after(s)
		} else {
			w.node(s, top && i == 0)
		}
	}
}
