package jsonata

import "cmp"

// The limits of an evaluation. All are counted, so that an expression fails in the same place every time.
const (
	// stepFunctionsDepth is how deep evaluations of nodes may nest (measured at AWS, floci-io/floci#2735: 100 terms of
	// a sum pass, 101 do not).
	stepFunctionsDepth = 100
	// standardDepth is the limit of the standard dialect (our own: it keeps the stack small).
	standardDepth = 5000
	// maxSteps is how many nodes may be evaluated; the work of functions counts in proportion to their data. It stands
	// for the second that AWS allows.
	maxSteps = 5_000_000
	// maxBytes is the size of one value in the measure of AWS, 8 bytes a number and 1 a character (measured:
	// [1..873782] passes, [1..873783] does not).
	maxBytes = 6_990_256
	// maxRange is the largest result of $range (measured).
	maxRange = 360_145
	// maxAllocated is how many bytes all values of an evaluation may take that are ever made (our own limit).
	maxAllocated = 64 << 20
	// elementBytes is what an element of an array takes of it. A member of an object takes two.
	elementBytes = 24
)

// limits are those of one evaluation.
type limits struct {
	depth     int
	steps     int
	bytes     int // of one value
	allocated int
}

var dialectLimits = map[Dialect]limits{
	StepFunctions: {depth: stepFunctionsDepth, steps: maxSteps, bytes: maxBytes, allocated: maxAllocated},
	Standard: {depth: standardDepth, steps: maxSteps, bytes: 8 * maxSequence,
		allocated: 4 * elementBytes * maxSequence},
}

// or returns the limits with those of another set that it names.
func (l limits) or(other limits) limits {
	return limits{depth: cmp.Or(other.depth, l.depth), steps: cmp.Or(other.steps, l.steps),
		bytes: cmp.Or(other.bytes, l.bytes), allocated: cmp.Or(other.allocated, l.allocated)}
}

// maxSequence is the largest range of the standard dialect.
const maxSequence = 10_000_000

// standardStack is the language's own text for too deep a nesting.
const standardStack = "Stack overflow error: Check for non-terminating recursive function.  " +
	"Consider rewriting as tail-recursive."

// nest counts one more level of nesting.
func (e *evaluation) nest() {
	if e.depth++; e.depth <= e.limits.depth {
		return
	}
	err := fail(codeStack)
	if e.dialect == Standard {
		err.message = standardStack
	}
	panic(interrupt{err: err})
}

// interrupt stops an evaluation that has come to a limit. It is caught in Expression.Evaluate.
type interrupt struct{ err *Error }

// work counts steps.
func (e *evaluation) work(steps int) {
	if e.steps += steps; e.steps > e.limits.steps {
		panic(interrupt{err: fail(codeTime)})
	}
}

// allocate counts n elements that are about to be made.
func (e *evaluation) allocate(n int) {
	if e.allocated += n * elementBytes; e.allocated > e.limits.allocated || n > e.limits.bytes/8 {
		panic(interrupt{err: fail(codeMemory)})
	}
}

// allocateObject counts an object that is about to be made.
func (e *evaluation) allocateObject(members int) {
	e.allocated += (members + 1) * elementBytes
	e.allocate(members + 1)
}

// allocateText counts a text of n bytes that is about to be made.
func (e *evaluation) allocateText(n int) {
	if e.allocated += n; e.allocated > e.limits.allocated || n > e.limits.bytes {
		panic(interrupt{err: fail(codeMemory)})
	}
}

// push adds to an array.
func (e *evaluation) push(a *array, items ...any) {
	if e.allocated += len(items) * elementBytes; e.allocated > e.limits.allocated ||
		len(a.items)+len(items) > e.limits.bytes/8 {
		panic(interrupt{err: fail(codeMemory)})
	}
	a.items = append(a.items, items...)
}
