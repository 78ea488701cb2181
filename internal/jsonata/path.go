package jsonata

import "math"

// tuple is a value with names bound to it: those of @ and #, and the values that % stands for.
type tuple struct {
	value  any
	names  []string
	values []any
}

// with returns the tuple with one more name.
func (t *tuple) with(name string, v any) {
	t.names = append(t.names[:len(t.names):len(t.names)], name)
	t.values = append(t.values[:len(t.values):len(t.values)], v)
}

// tuples is what a path with such names goes through.
type tuples struct{ list []*tuple }

// inFrame makes a frame of a tuple's names. A name that is bound twice has its last value.
func (t *tuple) inFrame(parent *frame) *frame {
	f := &frame{parent: parent}
	for i, name := range t.names {
		f.bind(name, t.values[i])
	}
	return f
}

// path evaluates a path: each step against each value that the one before it gave.
func (e *evaluation) path(n *node, input any, f *frame) (any, *Error) {
	current := input
	if !isArray(input) || n.list[0].kind == variableNode {
		current = &array{items: []any{input}, sequence: true}
	}
	var bound *tuples
	for i, s := range n.list {
		var err *Error
		switch {
		case i == 0 && s.consArray:
			current, err = e.eval(s, current, f)
		case bound != nil || s.tuple:
			bound, err = e.tupleStep(s, current, bound, f)
		default:
			current, err = e.step(s, current, f, i == len(n.list)-1)
		}
		if err != nil {
			return nil, err
		}
		if items, ok := elements(current); bound == nil && (isUndefined(current) || ok && len(items) == 0) {
			break
		}
	}
	return e.pathResult(n, current, bound, f)
}

func (e *evaluation) pathResult(n *node, current any, bound *tuples, f *frame) (any, *Error) {
	if bound != nil {
		if n.tuple {
			current = bound
		} else {
			plain := &array{sequence: true}
			for _, t := range bound.list {
				e.push(plain, t.value)
			}
			current = plain
		}
	}
	if a, ok := current.(*array); ok && n.keepArray {
		kept := *a
		if a.cons && !a.sequence {
			kept = array{items: []any{a}, sequence: true}
		}
		kept.keep = true
		current = &kept
	}
	if n.group == nil {
		return current, nil
	}
	if bound != nil {
		return e.group(n.group, bound, f)
	}
	return e.group(n.group, current, f)
}

// step evaluates a step of a path without names.
func (e *evaluation) step(s *node, input any, f *frame, last bool) (any, *Error) {
	items, isArray := elements(input)
	if !isArray {
		items = []any{input}
	}
	if s.kind == sortNode {
		sorted, err := e.sortItems(s, items, f)
		if err != nil {
			return nil, err
		}
		return e.stages(s.stages, &array{items: sorted, sequence: true}, f)
	}
	result := &array{sequence: true}
	for _, item := range items {
		v, err := e.eval(s, item, f)
		if err != nil {
			return nil, err
		}
		for _, stage := range s.stages {
			if v, err = e.filter(stage.filter, v, f); err != nil {
				return nil, err
			}
		}
		if !isUndefined(v) {
			e.push(result, v)
		}
	}
	return e.flattenStep(result, last), nil
}

// flattenStep makes one sequence of what a step gave.
func (e *evaluation) flattenStep(result *array, last bool) any {
	if last && len(result.items) == 1 && isArray(result.items[0]) && !isSequence(result.items[0]) {
		return result.items[0]
	}
	flat := &array{sequence: true}
	for _, v := range result.items {
		items, ok := elements(v)
		if a, isComputed := v.(*array); !ok || isComputed && a.cons {
			e.push(flat, v)
		} else {
			e.push(flat, items...)
		}
	}
	return flat
}

// tupleStep evaluates a step of a path with names.
func (e *evaluation) tupleStep(s *node, input any, bound *tuples, f *frame) (*tuples, *Error) {
	if bound == nil {
		bound = &tuples{}
		items, ok := elements(input)
		if !ok {
			items = []any{input}
		}
		for _, item := range items {
			bound.list = append(bound.list, &tuple{value: item})
		}
	}
	e.allocate(2 * len(bound.list))
	var result *tuples
	var err *Error
	if s.kind == sortNode {
		result, err = e.sortTuples(s, bound, f)
	} else {
		result, err = e.tupleValues(s, bound, f)
	}
	if err != nil {
		return nil, err
	}
	return e.tupleStages(s.stages, result, f)
}

func (e *evaluation) tupleValues(s *node, bound *tuples, f *frame) (*tuples, *Error) {
	result := &tuples{}
	for _, from := range bound.list {
		v, err := e.eval(s, from.value, from.inFrame(f))
		if err != nil {
			return nil, err
		}
		if isUndefined(v) {
			continue
		}
		if inner, ok := v.(*tuples); ok {
			e.allocate(2 * len(inner.list))
			for _, t := range inner.list {
				joined := *from
				joined.value = t.value
				for i, name := range t.names {
					joined.with(name, t.values[i])
				}
				result.list = append(result.list, &joined)
			}
			continue
		}
		items, ok := elements(v)
		if !ok {
			items = []any{v}
		}
		e.allocate(2 * len(items))
		for i, item := range items {
			result.list = append(result.list, s.bindTuple(from, item, i))
		}
	}
	return result, nil
}

// bindTuple makes the tuple for a value that a step gave.
func (s *node) bindTuple(from *tuple, item any, index int) *tuple {
	t := *from
	if s.focus != "" {
		t.with(s.focus, item)
	} else {
		t.value = item
	}
	if s.index != "" {
		t.with(s.index, int64(index))
	}
	if s.ancestor != nil {
		t.with(s.ancestor.label, from.value)
	}
	return &t
}

func (e *evaluation) tupleStages(stages []stage, result *tuples, f *frame) (*tuples, *Error) {
	for _, stage := range stages {
		if stage.filter == nil {
			for i, t := range result.list {
				named := *t
				named.with(stage.index, int64(i))
				result.list[i] = &named
			}
			continue
		}
		filtered, err := e.filterTuples(stage.filter, result, f)
		if err != nil {
			return nil, err
		}
		result = filtered
	}
	return result, nil
}

func (e *evaluation) stages(stages []stage, v any, f *frame) (any, *Error) {
	for _, stage := range stages {
		if stage.filter == nil {
			continue
		}
		var err *Error
		if v, err = e.filter(stage.filter, v, f); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// filter evaluates a predicate: an index, indexes, or a condition.
func (e *evaluation) filter(filter *node, v any, f *frame) (any, *Error) {
	if bound, ok := v.(*tuples); ok {
		return e.filterTuples(filter, bound, f)
	}
	items, ok := elements(v)
	if !ok {
		items = []any{v}
	}
	result := &array{sequence: true}
	if filter.kind == numberNode {
		item, ok := at(items, filter.value)
		if inner, isArray := elements(item); ok && isArray {
			return asArray(item, inner), nil
		}
		if ok && !isUndefined(item) {
			e.push(result, item)
		}
		return result, nil
	}
	for i, item := range items {
		chosen, err := e.chosen(filter, item, i, len(items), f)
		if err != nil {
			return nil, err
		}
		for range chosen {
			e.push(result, item)
		}
	}
	return result, nil
}

// asArray returns an array as it is.
func asArray(v any, items []any) any {
	if a, ok := v.(*array); ok {
		return a
	}
	return items
}

// at returns the element at an index, which counts from the end when it is negative.
func at(items []any, index any) (any, bool) {
	n, _ := number(index)
	i := math.Floor(n)
	if i < 0 {
		i += float64(len(items))
	}
	if i < 0 || i >= float64(len(items)) {
		return undefined, false
	}
	return items[int(i)], true
}

// chosen says how many times a predicate chooses the element at an index.
func (e *evaluation) chosen(filter *node, context any, index, length int, f *frame) (int, *Error) {
	v, err := e.eval(filter, context, f)
	if err != nil {
		return 0, err
	}
	indexes, ok := elements(v)
	if isNumber(v) {
		indexes, ok = []any{v}, true
	}
	for _, i := range indexes {
		ok = ok && isNumber(i)
	}
	if !ok || len(indexes) == 0 {
		if e.truth(v) {
			return 1, nil
		}
		return 0, nil
	}
	e.work(len(indexes))
	times := 0
	for _, i := range indexes {
		n, _ := number(i)
		if n = math.Floor(n); n < 0 {
			n += float64(length)
		}
		if n == float64(index) {
			times++
		}
	}
	return times, nil
}

func (e *evaluation) filterTuples(filter *node, bound *tuples, f *frame) (*tuples, *Error) {
	result := &tuples{}
	if filter.kind == numberNode {
		i, _ := number(filter.value)
		if i = math.Floor(i); i < 0 {
			i += float64(len(bound.list))
		}
		if i >= 0 && i < float64(len(bound.list)) {
			result.list = append(result.list, bound.list[int(i)])
		}
		return result, nil
	}
	for i, t := range bound.list {
		times, err := e.chosen(filter, t.value, i, len(bound.list), t.inFrame(f))
		if err != nil {
			return nil, err
		}
		for range times {
			result.list = append(result.list, t)
		}
	}
	return result, nil
}
