package jsonata

import (
	"time"
)

// Dialect says whose JSONata an expression is written in.
type Dialect int

// The dialects.
const (
	// StepFunctions is the dialect of AWS Step Functions.
	StepFunctions Dialect = iota
	// Standard is the dialect of the language's documentation.
	Standard
)

// Expression is a parsed expression. It is immutable.
type Expression struct {
	root    *node
	dialect Dialect
	text    string
}

// Parse parses an expression. The error is an *Error.
func Parse(text string, dialect Dialect) (*Expression, error) {
	p := &parser{lexer: lexer{text: text}}
	parsed, err := p.parse()
	if err != nil {
		return nil, err
	}
	root, err := resolve(parsed)
	if err != nil {
		return nil, err
	}
	if root.kind == parentNode || len(root.seeking) > 0 {
		return nil, fail("S0217").at(root.position).of(root.text)
	}
	return &Expression{root: root, dialect: dialect, text: text}, nil
}

// String returns the expression as it was written.
func (x *Expression) String() string { return x.text }

// Environment is what an evaluation sees.
type Environment struct {
	// Input is the context item, $ and $$. HasInput is false where there is none.
	Input    any
	HasInput bool
	// Variable looks up a variable by its name without $. It may be nil.
	Variable func(name string) (any, bool)
	// Now is the time of $now and $millis, which stays the same.
	Now time.Time
	// Random gives 64 random bits to $random, $uuid and $shuffle. It may be nil: then they draw from a fixed seed.
	Random func() uint64

	limits limits // in tests: other limits
}

// Result is what an evaluation gave. At most one of Defined and Representable is false: undefined is not a value, and a
// function is one that JSON does not have.
type Result struct {
	Value         any  // nil when it is undefined
	Defined       bool // the expression has a value
	Representable bool // it is one of JSON
}

// Evaluate evaluates the expression. The error is an *Error.
func (x *Expression) Evaluate(env *Environment) (result Result, err error) {
	e := &evaluation{env: env, dialect: x.dialect, limits: dialectLimits[x.dialect].or(env.limits)}
	defer func() {
		switch stopped := recover().(type) {
		case nil:
		case interrupt:
			err = stopped.err
		default:
			panic(stopped)
		}
	}()
	found, failed := e.run(x.root)
	if failed != nil {
		return Result{}, failed
	}
	if isUndefined(found) {
		return Result{Representable: true}, nil
	}
	v, ok := e.toValue(found)
	return Result{Value: v, Defined: true, Representable: ok}, nil
}

// run evaluates the root node.
func (e *evaluation) run(root *node) (any, *Error) {
	input := undefined
	if e.env.HasInput {
		input = e.env.Input
	}
	e.root = input
	if items, ok := elements(input); ok {
		input = &array{items: []any{items}, sequence: true, outer: true}
	}
	return e.eval(root, input, &frame{})
}
