package jsonata

import (
	"slices"
)

// function is a value that can be called.
type function interface {
	// arity is the number of parameters, which decides how many arguments functions such as $map pass.
	arity() int
	// call calls the function once. input is the context item where it is called. The result may be a *tailCall.
	call(e *evaluation, arguments []any, input any) (any, *Error)
}

// lambda is a function that is written in the expression.
type lambda struct {
	node  *node
	input any
	frame *frame
}

func (l *lambda) arity() int { return len(l.node.params) }

func (l *lambda) call(e *evaluation, arguments []any, input any) (any, *Error) {
	if l.node.sign != nil {
		var err *Error
		if arguments, err = l.node.sign.check(arguments, input); err != nil {
			return nil, err
		}
	}
	f := &frame{parent: l.frame, names: l.node.params, values: make([]any, len(l.node.params))}
	f.names = f.names[:len(f.names):len(f.names)]
	for i := range f.values {
		f.values[i] = undefined
		if i < len(arguments) {
			f.values[i] = arguments[i]
		}
	}
	return e.eval(l.node.left, l.input, f)
}

// native is a function that is made by another one.
type native struct {
	parameters int
	run        func(e *evaluation, arguments []any, input any) (any, *Error)
}

func (n *native) arity() int { return n.parameters }

func (n *native) call(e *evaluation, arguments []any, input any) (any, *Error) {
	return n.run(e, arguments, input)
}

// tailCall is a call that ends a function: it is made after the function's own frame is gone, so that a tail-recursive
// function can go on for as long as it likes.
type tailCall struct {
	node  *node
	input any
	frame *frame
}

// invoke calls a value and makes the tail calls that come of it.
func (e *evaluation) invoke(callee any, arguments []any, input any) (any, *Error) {
	result, err := e.invokeOnce(callee, arguments, input)
	for err == nil {
		tail, ok := result.(*tailCall)
		if !ok {
			break
		}
		procedure, args, failed := e.prepare(tail.node, tail.input, tail.frame)
		if failed != nil {
			return nil, failed
		}
		if result, err = e.invokeOnce(procedure, args, input); err != nil {
			err = err.at(tail.node.position).of(calleeName(tail.node.left))
		}
	}
	return result, err
}

func (e *evaluation) invokeOnce(callee any, arguments []any, input any) (any, *Error) {
	f, ok := callee.(function)
	if !ok {
		return nil, fail("T1006")
	}
	return f.call(e, arguments, input)
}

// prepare evaluates the procedure and the arguments of a call.
func (e *evaluation) prepare(n *node, input any, f *frame) (any, []any, *Error) {
	procedure, err := e.eval(n.left, input, f)
	if err != nil {
		return nil, nil, err
	}
	if name := calleeName(n.left); isUndefined(procedure) && n.left.kind == pathNode && e.isBound(f, name) {
		return nil, nil, fail("T1005").at(n.position).of(name).saying(name)
	}
	arguments := make([]any, len(n.list), len(n.list)+1)
	for i, argument := range n.list {
		if arguments[i], err = e.eval(argument, input, f); err != nil {
			return nil, nil, err
		}
	}
	return procedure, arguments, nil
}

func (e *evaluation) isBound(f *frame, name string) bool { return !isUndefined(e.lookup(f, name)) }

// calleeName is how errors name what is called.
func calleeName(n *node) string {
	if n.kind == pathNode {
		return n.list[0].text
	}
	return n.text
}

func (e *evaluation) call(n *node, input any, f *frame) (any, *Error) {
	if n.tail {
		return &tailCall{node: n, input: input, frame: f}, nil
	}
	procedure, arguments, err := e.prepare(n, input, f)
	if err != nil {
		return nil, err
	}
	return e.callWith(n, procedure, arguments, input)
}

func (e *evaluation) callWith(n *node, procedure any, arguments []any, input any) (any, *Error) {
	result, err := e.invoke(procedure, arguments, input)
	if err != nil {
		return nil, err.at(n.position).ofCallee(n.left)
	}
	return result, nil
}

// ofCallee adds the name of what is called, where it has one.
func (e *Error) ofCallee(n *node) *Error {
	if name := calleeName(n); name != "" {
		return e.of(name)
	}
	return e
}

// apply evaluates left ~> right: a call with one more argument in front, a call, or the composition of two functions.
func (e *evaluation) apply(n *node, input any, f *frame) (any, *Error) {
	left, err := e.eval(n.left, input, f)
	if err != nil {
		return nil, err
	}
	if n.right.kind == callNode {
		return e.applyCall(n.right, left, input, f)
	}
	right, err := e.eval(n.right, input, f)
	if err != nil {
		return nil, err
	}
	second, ok := right.(function)
	if !ok {
		return nil, fail("T2006").at(n.position).with(right)
	}
	if first, ok := left.(function); ok {
		return compose(first, second), nil
	}
	result, err := e.invoke(second, []any{left}, input)
	if err != nil {
		return nil, err.at(n.position)
	}
	return result, nil
}

func (e *evaluation) applyCall(n *node, first, input any, f *frame) (any, *Error) {
	procedure, arguments, err := e.prepare(n, input, f)
	if err != nil {
		return nil, err
	}
	result, err := e.callWith(n, procedure, slices.Insert(arguments, 0, first), input)
	for _, filter := range n.predicates {
		if err != nil {
			break
		}
		result, err = e.filter(filter, result, f)
	}
	if err == nil && n.group != nil {
		result, err = e.group(n.group, result, f)
	}
	return result, err
}

func compose(first, second function) function {
	return &native{parameters: 1, run: func(e *evaluation, arguments []any, input any) (any, *Error) {
		between, err := e.invoke(first, arguments, input)
		if err != nil {
			return nil, err
		}
		return e.invoke(second, []any{between}, input)
	}}
}

// partial evaluates a call some of whose arguments are left open.
func (e *evaluation) partial(n *node, input any, f *frame) (any, *Error) {
	procedure, err := e.eval(n.left, input, f)
	if err != nil {
		return nil, err
	}
	if name := calleeName(n.left); isUndefined(procedure) && n.left.kind == pathNode && e.isBound(f, name) {
		return nil, fail("T1007").at(n.position).of(name).saying(name)
	}
	callee, ok := procedure.(function)
	if !ok {
		return nil, fail("T1008").at(n.position).ofCallee(n.left)
	}
	given := make([]any, len(n.list))
	open := 0
	for i, argument := range n.list {
		if argument.kind == placeholderNode {
			open++
		} else if given[i], err = e.eval(argument, input, f); err != nil {
			return nil, err
		}
	}
	return &native{parameters: open, run: func(e *evaluation, arguments []any, input any) (any, *Error) {
		return e.invoke(callee, n.fill(given, arguments), input)
	}}, nil
}

// fill puts arguments in the places that are open.
func (n *node) fill(given, arguments []any) []any {
	filled := slices.Clone(given)
	for i, argument := range n.list {
		if argument.kind != placeholderNode {
			continue
		}
		filled[i] = undefined
		if len(arguments) > 0 {
			filled[i], arguments = arguments[0], arguments[1:]
		}
	}
	return filled
}
