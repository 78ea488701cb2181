package jsonata

// sortItems sorts values by the terms of an order-by.
func (e *evaluation) sortItems(n *node, items []any, f *frame) ([]any, *Error) {
	return mergeSort(e, items, func(a, b any) (bool, *Error) {
		return e.follows(n, &tuple{value: a}, &tuple{value: b}, f)
	})
}

func (e *evaluation) sortTuples(n *node, bound *tuples, f *frame) (*tuples, *Error) {
	sorted, err := mergeSort(e, bound.list, func(a, b *tuple) (bool, *Error) { return e.follows(n, a, b, f) })
	if err != nil {
		return nil, err
	}
	result := &tuples{}
	for i, t := range sorted {
		if n.index != "" {
			indexed := *t
			indexed.with(n.index, int64(i))
			t = &indexed
		}
		result.list = append(result.list, t)
	}
	return result, nil
}

// follows reports whether a comes after b.
func (e *evaluation) follows(n *node, a, b *tuple, f *frame) (bool, *Error) {
	for _, term := range n.terms {
		left, err := e.eval(term.expression, a.value, a.inFrame(f))
		if err != nil {
			return false, err
		}
		right, err := e.eval(term.expression, b.value, b.inFrame(f))
		if err != nil {
			return false, err
		}
		order, err := orderOf(left, right)
		if err != nil {
			return false, err.at(n.position)
		}
		if term.descending {
			order = -order
		}
		if order != 0 {
			return order > 0, nil
		}
	}
	return false, nil
}

// orderOf compares two values of a term; undefined comes last.
func orderOf(left, right any) (int, *Error) {
	switch {
	case isUndefined(left) && isUndefined(right):
		return 0, nil
	case isUndefined(left):
		return 1, nil
	case isUndefined(right):
		return -1, nil
	}
	text, isText := left.(string)
	other, isOther := right.(string)
	if !isText && !isNumber(left) || !isOther && !isNumber(right) {
		return 0, fail("T2008").with(left).and(right)
	}
	if isText != isOther {
		return 0, fail("T2007").with(left).and(right)
	}
	if isText {
		return compareStrings(text, other), nil
	}
	return compareNumbers(left, right), nil
}

// mergeSort sorts stably. It asks comparators in the order of the language's reference, which shows where one has
// effects.
func mergeSort[T any](e *evaluation, items []T, follows func(a, b T) (bool, *Error)) ([]T, *Error) {
	if len(items) <= 1 {
		return items, nil
	}
	e.work(len(items) / 8)
	middle := len(items) / 2
	left, err := mergeSort(e, items[:middle], follows)
	if err != nil {
		return nil, err
	}
	right, err := mergeSort(e, items[middle:], follows)
	if err != nil {
		return nil, err
	}
	merged := make([]T, 0, len(items))
	for len(left) > 0 && len(right) > 0 {
		after, err := follows(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if after {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	return append(append(merged, left...), right...), nil
}
