package jsonata

// This file turns what the parser has read into what is evaluated: chains of dots become paths, predicates go to the
// steps that they filter, names become paths of one step, and each % finds the step whose input it stands for.

func resolveAll(list []*node) ([]*node, *Error) {
	for i := range list {
		var err *Error
		if list[i], err = resolve(list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// resolve resolves a node and those below it.
func resolve(n *node) (*node, *Error) {
	if n == nil {
		return nil, nil
	}
	switch n.kind {
	case nameNode:
		return &node{kind: pathNode, position: n.position, list: []*node{n}, keepArray: n.keepArray}, nil
	case binaryNode:
		return resolveBinary(n)
	case arrayNode, callNode, partialNode, blockNode:
		return resolveListed(n)
	case objectNode:
		return n, resolveObject(n, n)
	case negateNode:
		return resolveNegate(n)
	case lambdaNode:
		return resolveLambda(n)
	}
	return resolveParts(n)
}

// parts resolves the parts of a node that stays what it is.
func resolveParts(n *node) (*node, *Error) {
	for _, part := range []**node{&n.left, &n.right, &n.third} {
		if *part == nil || n.kind == bindNode && part == &n.left {
			continue
		}
		resolved, err := resolve(*part)
		if err != nil {
			return nil, err
		}
		*part = resolved
		if n.kind != transformNode {
			pushAncestry(n, resolved)
		}
	}
	return n, nil
}

func resolveListed(n *node) (*node, *Error) {
	if n.left != nil {
		procedure, err := resolve(n.left)
		if err != nil {
			return nil, err
		}
		n.left = procedure
	}
	if _, err := resolveAll(n.list); err != nil {
		return nil, err
	}
	for _, item := range n.list {
		pushAncestry(n, item)
		if n.kind == blockNode && (item.consArray || item.kind == pathNode && item.list[0].consArray) {
			n.consArray = true
		}
	}
	return n, nil
}

// object resolves the pairs of an object constructor; ancestors that they ask for are sought from owner.
func resolveObject(n, owner *node) *Error {
	for i := range n.pairs {
		for j := range n.pairs[i] {
			resolved, err := resolve(n.pairs[i][j])
			if err != nil {
				return err
			}
			n.pairs[i][j] = resolved
			pushAncestry(owner, resolved)
		}
	}
	return nil
}

// negate makes a negative number of a number.
func resolveNegate(n *node) (*node, *Error) {
	if n.left.kind == numberNode {
		n.kind = numberNode
		n.value, _ = negated(n.left.value)
		n.left = nil
		return n, nil
	}
	return resolveParts(n)
}

func resolveLambda(n *node) (*node, *Error) {
	body, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	n.left = body
	markTail(body)
	return n, nil
}

// markTail marks the calls whose value is that of the function around them.
func markTail(n *node) {
	switch {
	case n == nil || len(n.predicates) > 0 || n.group != nil:
	case n.kind == callNode:
		n.tail = true
	case n.kind == conditionNode:
		markTail(n.right)
		markTail(n.third)
	case n.kind == blockNode && len(n.list) > 0:
		markTail(n.list[len(n.list)-1])
	}
}

func resolveBinary(n *node) (*node, *Error) {
	resolved, err := resolveOperator(n)
	if err != nil {
		return nil, err
	}
	resolved.keepArray = resolved.keepArray || n.keepArray
	return resolved, nil
}

func resolveOperator(n *node) (*node, *Error) {
	switch n.text {
	case ".":
		return resolvePath(n)
	case "[":
		return resolveFilter(n)
	case "{":
		return resolveGrouped(n)
	case "^":
		return resolveSorted(n)
	case "@":
		return resolveFocused(n)
	case "#":
		return resolveIndexed(n)
	case "~>":
		n.kind = applyNode
	}
	if _, err := resolveParts(n); err != nil {
		return nil, err
	}
	n.keepArray = n.kind == applyNode && (n.left.keepArray || n.right.keepArray)
	return n, nil
}

// asPath returns a path that begins with a node, which may be one itself.
func asPath(n *node) *node {
	if n.kind == pathNode {
		return n
	}
	path := &node{kind: pathNode, position: n.position, list: []*node{n}}
	if n.kind == parentNode {
		path.seeking = []*slot{n.slot}
	}
	return path
}

// step returns the step that what follows a node belongs to: the last one of a path, or the node itself.
func step(n *node) *node {
	if n.kind == pathNode {
		return n.list[len(n.list)-1]
	}
	return n
}

func resolvePath(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	right, err := resolve(n.right)
	if err != nil {
		return nil, err
	}
	path := asPath(left)
	if right.kind == pathNode {
		path.list = append(path.list, right.list...)
		path.keepArray = path.keepArray || right.keepArray
	} else {
		right.asStep()
		path.list = append(path.list, right)
	}
	for _, s := range path.list {
		switch s.kind {
		case numberNode, constantNode:
			return nil, fail("S0213").at(s.position).with(s.value)
		case stringNode:
			s.kind = nameNode
		}
		path.keepArray = path.keepArray || s.keepArray
	}
	for _, end := range []*node{path.list[0], step(path)} {
		end.consArray = end.consArray || end.kind == arrayNode
	}
	return path, resolveAncestry(path)
}

// asStep makes predicates the stages of a step.
func (n *node) asStep() {
	for _, filter := range n.predicates {
		n.stages = append(n.stages, stage{filter: filter})
	}
	n.predicates = nil
}

func resolveFilter(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	filtered := step(left)
	if filtered.group != nil || left.group != nil {
		return nil, fail("S0209").at(n.position)
	}
	filter, err := resolve(n.right)
	if err != nil {
		return nil, err
	}
	if len(filter.seeking) > 0 {
		for _, s := range filter.seeking {
			if s.level != 1 {
				s.level--
			} else if err := seekParent(filtered, s); err != nil {
				return nil, err
			}
		}
	}
	pushAncestry(filtered, filter)
	if left.kind == pathNode {
		filtered.stages = append(filtered.stages, stage{filter: filter})
	} else {
		filtered.predicates = append(filtered.predicates, filter)
	}
	return left, nil
}

func resolveGrouped(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	if left.group != nil {
		return nil, fail("S0210").at(n.position)
	}
	left.group = n.right
	return left, resolveObject(n.right, n.right)
}

func resolveSorted(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	path := asPath(left)
	left.asStep()
	order := &node{kind: sortNode, position: n.position, terms: n.terms}
	for i := range order.terms {
		resolved, err := resolve(order.terms[i].expression)
		if err != nil {
			return nil, err
		}
		order.terms[i].expression = resolved
		pushAncestry(order, resolved)
	}
	path.list = append(path.list, order)
	return path, resolveAncestry(path)
}

func resolveFocused(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	s := step(left)
	if len(s.stages) > 0 || len(s.predicates) > 0 {
		return nil, fail("S0215").at(n.position)
	}
	if s.kind == sortNode {
		return nil, fail("S0216").at(n.position)
	}
	s.keepArray = s.keepArray || n.keepArray
	s.focus, s.tuple = n.right.text, true
	return left, nil
}

func resolveIndexed(n *node) (*node, *Error) {
	left, err := resolve(n.left)
	if err != nil {
		return nil, err
	}
	path := asPath(left)
	if path != left {
		left.asStep()
	}
	s := step(path)
	if len(s.stages) == 0 {
		s.index = n.right.text
	} else {
		s.stages = append(s.stages, stage{index: n.right.text})
	}
	s.tuple = true
	return path, nil
}

// pushAncestry makes the parents that a part asks for those of the whole.
func pushAncestry(whole, part *node) {
	if part == nil {
		return
	}
	whole.seeking = append(whole.seeking, part.seeking...)
	if part.kind == parentNode {
		whole.seeking = append(whole.seeking, part.slot)
	}
}

// resolveAncestry finds the steps of a path that the parents sought by its last step stand for.
func resolveAncestry(path *node) *Error {
	last := step(path)
	sought := last.seeking
	if last.kind == parentNode {
		sought = append(sought, last.slot)
	}
	for _, s := range sought {
		for i := len(path.list) - 2; s.level > 0; {
			if i < 0 {
				path.seeking = append(path.seeking, s)
				break
			}
			at := path.list[i]
			i--
			for i >= 0 && at.focus != "" && path.list[i].focus != "" {
				at = path.list[i] // steps that bind the focus start from the same value
				i--
			}
			if err := seekParent(at, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// seekParent goes from a step towards the value that a slot stands for.
func seekParent(n *node, s *slot) *Error {
	switch n.kind {
	case nameNode, wildcardNode:
		if s.level--; s.level == 0 {
			if n.ancestor != nil {
				s.label = n.ancestor.label
			}
			n.ancestor, n.tuple = s, true
		}
		return nil
	case parentNode:
		s.level++
		return nil
	case blockNode:
		if len(n.list) > 0 {
			n.tuple = true
			return seekParent(n.list[len(n.list)-1], s)
		}
		return nil
	case pathNode:
		n.tuple = true
		for i := len(n.list) - 1; i >= 0; i-- {
			if i < len(n.list)-1 && s.level <= 0 {
				break
			}
			if err := seekParent(n.list[i], s); err != nil {
				return err
			}
		}
		return nil
	}
	return fail("S0217").at(n.position).of(n.text)
}
