package jsonata

import (
	"slices"

	"github.com/connect-async/connect-async/internal/value"
)

// each3 calls the function in the second argument with an element, its index and the array, as many of them as it
// takes.
func (c *call) each3(v any, key any, whole any) (any, *Error) {
	arguments := []any{v, key, whole}
	arity := 1
	if f, ok := c.arguments[1].(function); ok {
		arity = max(f.arity(), 1)
	}
	return c.e.invoke(c.arguments[1], arguments[:min(arity, 3)], c.input)
}

func (c *call) mapArray() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	result := &array{sequence: true}
	for i, item := range c.list(0) {
		v, err := c.each3(item, int64(i), c.arguments[0])
		if err != nil {
			return nil, err
		}
		if !isUndefined(v) {
			c.e.push(result, v)
		}
	}
	return result, nil
}

func (c *call) filterArray() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	result := &array{sequence: true}
	for i, item := range c.list(0) {
		v, err := c.each3(item, int64(i), c.arguments[0])
		if err != nil {
			return nil, err
		}
		if c.e.truth(v) {
			c.e.push(result, item)
		}
	}
	return result, nil
}

func (c *call) single() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	found, result := false, undefined
	for i, item := range c.list(0) {
		chosen := true
		if !c.undefinedAt(1) {
			v, err := c.each3(item, int64(i), c.arguments[0])
			if err != nil {
				return nil, err
			}
			chosen = c.e.truth(v)
		}
		if chosen && found {
			return nil, fail("D3138").nth(i)
		}
		if chosen {
			found, result = true, item
		}
	}
	if !found {
		return nil, fail("D3139")
	}
	return result, nil
}

func (c *call) reduce() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	arity := c.arguments[1].(function).arity()
	if arity < 2 {
		return nil, fail("D3050").nth(1)
	}
	items := c.list(0)
	result, i := c.arguments[2], 0
	if c.undefinedAt(2) && len(items) > 0 {
		result, i = items[0], 1
	}
	for ; i < len(items); i++ {
		arguments := []any{result, items[i], int64(i), c.arguments[0]}
		var err *Error
		if result, err = c.e.invoke(c.arguments[1], arguments[:min(arity, 4)], c.input); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func (c *call) append() (any, *Error) { return c.e.appendTo(c.arguments[0], c.arguments[1]), nil }

func (c *call) sort() (any, *Error) {
	items := c.list(0)
	if c.undefinedAt(0) || len(items) <= 1 {
		return c.arguments[0], nil
	}
	c.e.allocate(len(items))
	follows := func(a, b any) (bool, *Error) {
		v, err := c.e.invoke(c.arguments[1], []any{a, b}, c.input)
		return c.e.truth(v), err
	}
	if c.undefinedAt(1) {
		follows = func(a, b any) (bool, *Error) { order, _ := orderOf(a, b); return order > 0, nil }
		if !allNumbers(items) && !allTexts(items) {
			return nil, fail("D3070").nth(1)
		}
	}
	sorted, err := mergeSort(c.e, items, follows)
	return &array{items: sorted}, err
}

func allNumbers(items []any) bool {
	return !slices.ContainsFunc(items, func(v any) bool { return !isNumber(v) })
}

func allTexts(items []any) bool {
	return !slices.ContainsFunc(items, func(v any) bool { _, ok := v.(string); return !ok })
}

func (c *call) reverse() (any, *Error) {
	if c.undefinedAt(0) || len(c.list(0)) <= 1 {
		return c.arguments[0], nil
	}
	c.e.allocate(len(c.list(0)))
	reversed := slices.Clone(c.list(0))
	slices.Reverse(reversed)
	return &array{items: reversed}, nil
}

func (c *call) shuffle() (any, *Error) {
	if c.undefinedAt(0) || len(c.list(0)) <= 1 {
		return c.arguments[0], nil
	}
	c.e.allocate(len(c.list(0)))
	shuffled := slices.Clone(c.list(0))
	for i := len(shuffled) - 1; i > 0; i-- {
		j := int(c.e.random() % uint64(i+1))
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	}
	return &array{items: shuffled}, nil
}

func (c *call) distinct() (any, *Error) {
	items, ok := elements(c.arguments[0])
	if !ok || len(items) <= 1 {
		return c.arguments[0], nil
	}
	result := &array{sequence: isSequence(c.arguments[0])}
	seen := map[any]bool{}
	for _, item := range items {
		key, simple := simpleKey(item)
		if simple && seen[key] || !simple && slices.ContainsFunc(result.items,
			func(v any) bool { return c.e.equal(v, item) }) {
			continue
		}
		if simple {
			seen[key] = true
		}
		c.e.push(result, item)
	}
	return result, nil
}

// simpleKey returns what a null, boolean, text or number is told from others by.
func simpleKey(v any) (key any, simple bool) {
	if f, ok := number(v); ok {
		if n, exact := whole(v); exact {
			return n, true
		}
		return computed(f), true
	}
	switch v.(type) {
	case nil, bool, string:
		return v, true
	}
	return nil, false
}

func (c *call) zip() (any, *Error) {
	result := &array{}
	for i := 0; ; i++ {
		row := &array{}
		for j := range c.arguments {
			if items := c.list(j); i < len(items) {
				c.e.push(row, items[i])
			}
		}
		if len(row.items) < len(c.arguments) || len(c.arguments) == 0 {
			return result, nil
		}
		c.e.work(1)
		c.e.push(result, row)
	}
}

func (c *call) keys() (any, *Error) {
	result := &array{sequence: true}
	seen := map[string]bool{}
	c.addKeys(c.arguments[0], result, seen)
	return result, nil
}

func (c *call) addKeys(v any, result *array, seen map[string]bool) {
	if object, ok := v.(*value.Object); ok {
		for name := range object.All() {
			if !seen[name] {
				seen[name] = true
				c.e.push(result, name)
			}
		}
		return
	}
	items, _ := elements(v)
	for _, item := range items {
		c.e.work(1)
		c.addKeys(item, result, seen)
	}
}

func (c *call) lookup() (any, *Error) { return c.e.member(c.arguments[0], c.text(1)), nil }

func (c *call) spread() (any, *Error) {
	v := c.arguments[0]
	if object, ok := v.(*value.Object); ok {
		result := &array{sequence: true}
		for name, member := range object.All() {
			c.e.allocateObject(1)
			c.e.push(result, value.NewObject(value.M(name, member)))
		}
		return result, nil
	}
	items, ok := elements(v)
	if !ok {
		return v, nil
	}
	result := &array{sequence: true}
	c.e.work(len(items))
	for _, item := range items {
		inner := &call{e: c.e, arguments: []any{item}}
		one, err := inner.spread()
		if err != nil {
			return nil, err
		}
		if members, ok := elements(one); ok {
			c.e.push(result, members...)
		} else if !isUndefined(one) {
			c.e.push(result, one)
		}
	}
	return result, nil
}

func (c *call) merge() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	var members []value.Member
	for _, item := range c.list(0) {
		object, _ := item.(*value.Object)
		c.e.allocateObject(object.Len())
		for name, member := range object.All() {
			members = append(members, value.M(name, member))
		}
	}
	return value.NewObject(members...), nil
}

func (c *call) sift() (any, *Error) {
	object, _ := c.arguments[0].(*value.Object)
	var members []value.Member
	for name, member := range object.All() {
		v, err := c.each3(member, name, c.arguments[0])
		if err != nil {
			return nil, err
		}
		if c.e.truth(v) {
			members = append(members, value.M(name, member))
		}
	}
	if len(members) == 0 {
		return undefined, nil
	}
	c.e.allocateObject(len(members))
	return value.NewObject(members...), nil
}

func (c *call) each() (any, *Error) {
	object, _ := c.arguments[0].(*value.Object)
	result := &array{sequence: true}
	for name, member := range object.All() {
		v, err := c.each3(member, name, c.arguments[0])
		if err != nil {
			return nil, err
		}
		if !isUndefined(v) {
			c.e.push(result, v)
		}
	}
	return result, nil
}
