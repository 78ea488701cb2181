package jsonata

import (
	"encoding/json"
	"math"
	"regexp"

	"github.com/connect-async/connect-async/internal/value"
)

// evaluation is one evaluation of an expression.
type evaluation struct {
	env       *Environment
	dialect   Dialect
	limits    limits
	root      any // $$
	depth     int
	steps     int
	allocated int
	draws     uint64
}

// frame holds the variables of a block, a call or a tuple.
type frame struct {
	parent *frame
	names  []string
	values []any
	// parallel frames do not count nesting: the language's reference does not for elements of array constructors after
	// the first and values of groups after the first, and neither does AWS.
	parallel bool
}

func (f *frame) bind(name string, v any) {
	for i := range f.names {
		if f.names[i] == name {
			f.values[i] = v
			return
		}
	}
	f.names, f.values = append(f.names, name), append(f.values, v)
}

// lookup finds a variable in the frames, then among the machine's variables, then among the functions.
func (e *evaluation) lookup(f *frame, name string) any {
	for ; f != nil; f = f.parent {
		for i := range f.names {
			if f.names[i] == name {
				return f.values[i]
			}
		}
	}
	if name == "$" {
		return e.root
	}
	if e.env.Variable != nil {
		if v, ok := e.env.Variable(name); ok {
			return v
		}
	}
	if b, ok := builtins[name]; ok {
		return b
	}
	return undefined
}

// eval evaluates a node and makes of a sequence what it stands for.
func (e *evaluation) eval(n *node, input any, f *frame) (any, *Error) {
	e.work(1)
	if !f.parallel {
		e.nest()
		defer func() { e.depth-- }()
	}
	result, err := e.evalKind(n, input, f)
	if err != nil {
		return nil, err
	}
	for _, filter := range n.predicates {
		if result, err = e.filter(filter, result, f); err != nil {
			return nil, err
		}
	}
	if n.group != nil && n.kind != pathNode {
		if result, err = e.group(n.group, result, f); err != nil {
			return nil, err
		}
	}
	return collapse(n, result), nil
}

// collapse makes of a sequence with one element that element, and of an empty one undefined.
func collapse(n *node, v any) any {
	a, ok := v.(*array)
	if !ok || !a.sequence {
		return v
	}
	if n.keepArray && !a.keep {
		kept := *a
		kept.keep = true
		a = &kept
	}
	switch {
	case len(a.items) == 0:
		return undefined
	case len(a.items) == 1 && !a.keep:
		return a.items[0]
	}
	return a
}

func (e *evaluation) evalKind(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case pathNode:
		return e.path(n, input, f)
	case nameNode:
		return e.member(input, n.text), nil
	case stringNode:
		return n.text, nil
	case numberNode, constantNode:
		return n.value, nil
	case regexNode:
		return &matcher{pattern: n.value.(*regexp.Regexp)}, nil
	case variableNode:
		return e.variable(n, input, f), nil
	case parentNode:
		return e.lookup(f, n.slot.label), nil
	case wildcardNode:
		return e.wildcard(input), nil
	case descendantNode:
		return e.descendants(input), nil
	case binaryNode:
		return e.binary(n, input, f)
	case rangeNode:
		return e.rangeOf(n, input, f)
	case negateNode:
		return e.negate(n, input, f)
	}
	return e.evalCompound(n, input, f)
}

func (e *evaluation) evalCompound(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case bindNode:
		v, err := e.eval(n.right, input, f)
		if err == nil {
			f.bind(n.left.text, v)
		}
		return v, err
	case arrayNode:
		return e.array(n, input, f)
	case objectNode:
		return e.group(n, input, f)
	case blockNode:
		return e.block(n, input, f)
	case conditionNode:
		return e.condition(n, input, f)
	case callNode:
		return e.call(n, input, f)
	case partialNode:
		return e.partial(n, input, f)
	case applyNode:
		return e.apply(n, input, f)
	case lambdaNode:
		return &lambda{node: n, input: input, frame: f}, nil
	case transformNode:
		return &transform{node: n, frame: f}, nil
	}
	return nil, fail("S0201").at(n.position).of(n.text)
}

func (e *evaluation) variable(n *node, input any, f *frame) any {
	if n.text != "" {
		return e.lookup(f, n.text)
	}
	if a, ok := input.(*array); ok && a.outer {
		return a.items[0]
	}
	return input
}

// member looks a name up in an object, or in all elements of an array.
func (e *evaluation) member(v any, name string) any {
	switch v := v.(type) {
	case *value.Object:
		if member, ok := v.Get(name); ok {
			return member
		}
		return undefined
	case []any:
		return e.members(v, name)
	case *array:
		return e.members(v.items, name)
	}
	return undefined
}

func (e *evaluation) members(items []any, name string) any {
	e.work(len(items))
	found := &array{sequence: true}
	for _, item := range items {
		member := e.member(item, name)
		if inner, ok := elements(member); ok {
			e.push(found, inner...)
		} else if !isUndefined(member) {
			e.push(found, member)
		}
	}
	return found
}

func (e *evaluation) wildcard(input any) any {
	if a, ok := input.(*array); ok && a.outer && len(a.items) > 0 {
		input = a.items[0]
	}
	found := &array{sequence: true}
	for _, child := range children(input) {
		if isArray(child) {
			e.flatten(child, found)
		} else {
			e.push(found, child)
		}
	}
	return found
}

// children returns the elements of an array or the values of an object.
func children(v any) []any {
	if object, ok := v.(*value.Object); ok {
		list := make([]any, 0, object.Len())
		for _, member := range object.All() {
			list = append(list, member)
		}
		return list
	}
	items, _ := elements(v)
	return items
}

// flatten adds the values in arrays of arrays.
func (e *evaluation) flatten(v any, into *array) {
	e.work(1)
	items, ok := elements(v)
	if !ok {
		e.push(into, v)
		return
	}
	for _, item := range items {
		e.flatten(item, into)
	}
}

func (e *evaluation) descendants(input any) any {
	if isUndefined(input) {
		return undefined
	}
	found := &array{sequence: true}
	e.descend(input, found)
	return found
}

func (e *evaluation) descend(v any, into *array) {
	e.work(1)
	if !isArray(v) {
		e.push(into, v)
	}
	for _, child := range children(v) {
		e.descend(child, into)
	}
}

func (e *evaluation) negate(n *node, input any, f *frame) (any, *Error) {
	v, err := e.eval(n.left, input, f)
	if err != nil || isUndefined(v) {
		return v, err
	}
	result, ok := negated(v)
	if !ok {
		return nil, fail("D1002").at(n.position).of(n.text).with(v)
	}
	return result, nil
}

// array evaluates an array constructor.
func (e *evaluation) array(n *node, input any, f *frame) (any, *Error) {
	result := &array{cons: n.consArray}
	for i, item := range n.list {
		inner := f
		if i > 0 {
			inner = &frame{parent: f, parallel: true}
		}
		v, err := e.eval(item, input, inner)
		if err != nil {
			return nil, err
		}
		items, isArray := elements(v)
		switch {
		case isUndefined(v):
		case isArray && item.kind != arrayNode:
			e.push(result, items...)
		default:
			e.push(result, v)
		}
	}
	return result, nil
}

func (e *evaluation) block(n *node, input any, f *frame) (any, *Error) {
	inner := &frame{parent: f}
	result := undefined
	for _, expression := range n.list {
		var err *Error
		if result, err = e.eval(expression, input, inner); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func (e *evaluation) condition(n *node, input any, f *frame) (any, *Error) {
	holds, err := e.eval(n.left, input, f)
	switch {
	case err != nil:
		return nil, err
	case e.truth(holds):
		return e.eval(n.right, input, f)
	case n.third != nil:
		return e.eval(n.third, input, f)
	}
	return undefined, nil
}

// rangeOf evaluates from..to.
func (e *evaluation) rangeOf(n *node, input any, f *frame) (any, *Error) {
	from, err := e.eval(n.left, input, f)
	if err != nil {
		return nil, err
	}
	to, err := e.eval(n.right, input, f)
	if err != nil {
		return nil, err
	}
	first, ok := integer(from)
	if !ok && !isUndefined(from) {
		return nil, fail("T2003").at(n.position).with(from)
	}
	last, ok := integer(to)
	if !ok && !isUndefined(to) {
		return nil, fail("T2004").at(n.position).with(to)
	}
	if isUndefined(from) || isUndefined(to) || first > last {
		return undefined, nil
	}
	size := last - first + 1
	if e.dialect == Standard && (size > maxSequence || size < 0) {
		return nil, fail("D2014").at(n.position).with(size)
	}
	e.allocate(int(min(uint64(size), math.MaxInt32)))
	e.work(int(size) / 16)
	items := make([]any, size)
	for i := range items {
		items[i] = first + int64(i)
	}
	return &array{items: items, sequence: true}, nil
}

// integer returns a number without a fraction.
func integer(v any) (int64, bool) {
	if n, ok := whole(v); ok {
		return n, true
	}
	f, ok := number(v)
	return int64(f), ok && f == math.Trunc(f) && math.Abs(f) < 1<<63
}

// random returns 64 random bits.
func (e *evaluation) random() uint64 {
	if e.env.Random != nil {
		return e.env.Random()
	}
	e.draws++
	z := e.draws * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// typeName is what $type says of a value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case int64, float64, json.Number:
		return "number"
	case *value.Object:
		return "object"
	case function:
		return "function"
	}
	if isArray(v) {
		return "array"
	}
	return "undefined"
}
