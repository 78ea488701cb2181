package jsonata

import (
	"slices"

	"github.com/connect-async/connect-async/internal/value"
)

// grouped is what a key of a group has collected.
type grouped struct {
	key   string
	pair  int
	data  any      // the values, joined as the language joins them
	bound []*tuple // instead, in a path with names
}

// group evaluates an object constructor, which groups the values of its input by their keys.
func (e *evaluation) group(n *node, input any, f *frame) (any, *Error) {
	groups, err := e.collect(n, input, f)
	if err != nil {
		return nil, err
	}
	members := make([]value.Member, 0, len(groups))
	for i, g := range groups {
		context, inner := g.data, f
		if g.bound != nil {
			joined := e.join(g.bound)
			context, inner = joined.value, joined.inFrame(f)
		}
		if i > 0 {
			inner = &frame{parent: inner, parallel: true}
		}
		v, err := e.eval(n.pairs[g.pair][1], context, inner)
		if err != nil {
			return nil, err
		}
		if !isUndefined(v) {
			members = append(members, value.M(g.key, v))
		}
	}
	e.allocateObject(len(members))
	return value.NewObject(members...), nil
}

// collect evaluates the keys for each value.
func (e *evaluation) collect(n *node, input any, f *frame) ([]*grouped, *Error) {
	var groups []*grouped
	index := map[string]*grouped{}
	add := func(key string, pair int, item any, t *tuple) *Error {
		g, ok := index[key]
		if !ok {
			g = &grouped{key: key, pair: pair, data: item}
			index[key] = g
			groups = append(groups, g)
		} else if g.pair != pair {
			return fail("D1009").at(n.position).with(key)
		} else if t == nil {
			g.data = e.appendTo(g.data, item)
		}
		if t != nil {
			g.bound = append(g.bound, t)
		}
		return nil
	}
	err := e.eachForGroup(input, f, func(context any, t *tuple, inner *frame) *Error {
		for pair := range n.pairs {
			key, err := e.eval(n.pairs[pair][0], context, inner)
			if err != nil {
				return err
			}
			text, isText := key.(string)
			if !isText && !isUndefined(key) {
				return fail("T1003").at(n.position).with(key)
			}
			if isText {
				if err := add(text, pair, context, t); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return groups, err
}

// eachForGroup calls do with each value that is grouped. Of nothing, the one value is undefined.
func (e *evaluation) eachForGroup(input any, f *frame, do func(any, *tuple, *frame) *Error) *Error {
	if bound, ok := input.(*tuples); ok {
		for _, t := range bound.list {
			if err := do(t.value, t, t.inFrame(f)); err != nil {
				return err
			}
		}
		return nil
	}
	items, ok := elements(input)
	if !ok {
		items = []any{input}
	}
	if len(items) == 0 {
		items = []any{undefined}
	}
	for _, item := range items {
		if err := do(item, nil, f); err != nil {
			return err
		}
	}
	return nil
}

// join makes one tuple of several: each name has all its values.
func (e *evaluation) join(list []*tuple) *tuple {
	joined := *list[0]
	joined.values = slices.Clone(joined.values)
	for _, t := range list[1:] {
		joined.value = e.appendTo(joined.value, t.value)
		for i, name := range t.names {
			if at := slices.Index(joined.names, name); at >= 0 {
				joined.values[at] = e.appendTo(joined.values[at], t.values[i])
			} else {
				joined.with(name, t.values[i])
			}
		}
	}
	return &joined
}

// appendTo joins two values to an array, as $append does.
func (e *evaluation) appendTo(a, b any) any {
	if isUndefined(a) {
		return b
	}
	if isUndefined(b) {
		return a
	}
	left, ok := elements(a)
	sequence := !ok
	if !ok {
		left = []any{a}
	}
	right, ok := elements(b)
	if !ok {
		right = []any{b}
	}
	joined := &array{items: make([]any, 0, len(left)+len(right)), sequence: sequence}
	e.work((len(left) + len(right)) / 16)
	e.push(joined, left...)
	e.push(joined, right...)
	return joined
}
