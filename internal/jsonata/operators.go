package jsonata

import "math"

// binary evaluates an operator between two operands.
func (e *evaluation) binary(n *node, input any, f *frame) (any, *Error) {
	left, err := e.eval(n.left, input, f)
	if err != nil {
		return nil, err
	}
	switch n.text {
	case "and":
		if !e.truth(left) {
			return false, nil
		}
	case "or":
		if e.truth(left) {
			return true, nil
		}
	}
	right, err := e.eval(n.right, input, f)
	if err != nil {
		return nil, err
	}
	result, err := e.operate(n.text, left, right)
	if err != nil {
		return nil, err.at(n.position).of(n.text)
	}
	return result, nil
}

func (e *evaluation) operate(operator string, left, right any) (any, *Error) {
	switch operator {
	case "and", "or":
		return e.truth(right), nil
	case "+", "-", "*", "/", "%":
		return e.arithmetic(operator, left, right)
	case "=", "!=":
		if isUndefined(left) || isUndefined(right) {
			return false, nil
		}
		return e.equal(left, right) == (operator == "="), nil
	case "<", "<=", ">", ">=":
		return relate(operator, left, right)
	case "&":
		return e.concatenate(left, right)
	}
	return e.within(left, right), nil
}

func (e *evaluation) arithmetic(operator string, left, right any) (any, *Error) {
	if !isUndefined(left) && !isNumber(left) {
		return nil, fail("T2001").with(left)
	}
	if !isUndefined(right) && !isNumber(right) {
		return nil, fail("T2002").with(right)
	}
	if isUndefined(left) || isUndefined(right) {
		return undefined, nil
	}
	if e.dialect == Standard {
		for _, operand := range []any{left, right} {
			if f, _ := number(operand); math.IsInf(f, 0) || math.IsNaN(f) {
				return nil, fail("D1001").with(operand)
			}
		}
	}
	return calculate(operator, left, right), nil
}

// relate compares two numbers or two strings.
func relate(operator string, left, right any) (any, *Error) {
	for _, operand := range []any{left, right} {
		if _, isString := operand.(string); !isUndefined(operand) && !isString && !isNumber(operand) {
			return nil, fail("T2010").with(left).and(right)
		}
	}
	if isUndefined(left) || isUndefined(right) {
		return undefined, nil
	}
	text, isText := left.(string)
	other, isOther := right.(string)
	if isText != isOther {
		return nil, fail("T2009").with(left).and(right)
	}
	order := compareStrings(text, other)
	if !isText {
		order = compareNumbers(left, right)
	}
	switch operator {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	}
	return order >= 0, nil
}

func (e *evaluation) concatenate(left, right any) (any, *Error) {
	var parts [2]string
	for i, operand := range []any{left, right} {
		if isUndefined(operand) {
			continue
		}
		text, err := e.stringOf(operand, false)
		if err != nil {
			return nil, err
		}
		parts[i] = text
	}
	e.allocateText(len(parts[0]) + len(parts[1]))
	return parts[0] + parts[1], nil
}

// within reports whether a value is one of an array's elements, or the value itself.
func (e *evaluation) within(left, right any) bool {
	if isUndefined(left) || isUndefined(right) {
		return false
	}
	items, ok := elements(right)
	if !ok {
		items = []any{right}
	}
	e.work(len(items) / 16)
	for _, item := range items {
		if same(item, left) {
			return true
		}
	}
	return false
}

// same compares as the language's "in" does: objects and arrays are never the same.
func same(a, b any) bool {
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0
	}
	switch a.(type) {
	case nil, bool, string:
		return a == b
	}
	return false
}
