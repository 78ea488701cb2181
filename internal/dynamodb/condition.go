package dynamodb

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// condition is a condition expression, ready to be evaluated.
type condition func(it item) bool

// always is the condition that every item meets.
func always(item) bool { return true }

func not(c condition) condition { return func(it item) bool { return !c(it) } }

// operand is a part of a condition that has a value, if the item has the attribute.
type operand func(it item) (value, bool)

func constant(v value) operand { return func(item) (value, bool) { return v, true } }

func (o operand) exists(it item) bool { _, ok := o(it); return ok }

// readCondition reads a condition or filter expression, and returns the attributes that it is about, too.
func (e *expressions) readCondition(kind, text string) (c condition, roots []string, err error) {
	s := e.scan(kind, text)
	c = s.or()
	return c, s.roots, s.end()
}

func (s *scanner) or() condition {
	left := s.and()
	for s.accept("OR") {
		a, b := left, s.and()
		left = func(it item) bool { return a(it) || b(it) }
	}
	return left
}

func (s *scanner) and() condition {
	left := s.not()
	for s.accept("AND") {
		a, b := left, s.not()
		left = func(it item) bool { return a(it) && b(it) }
	}
	return left
}

func (s *scanner) not() condition {
	switch {
	case s.accept("NOT"):
		return not(s.not())
	case s.next == "(":
		return s.inParentheses()
	case s.calls() && s.next != "size":
		return s.call()
	}
	return s.comparison()
}

// inParentheses reads a condition in parentheses, which must not be in a second pair.
func (s *scanner) inParentheses() condition {
	opened := s.at
	s.advance()
	content := s.at
	c := s.or()
	if s.next == ")" && s.group == (group{from: content, to: s.at}) {
		s.fail("The expression has redundant parentheses;")
	}
	s.expect(")")
	s.group = group{from: opened, to: s.at}
	return c
}

// function is a function that conditions are made of (developer guide, operator and function reference).
type function struct {
	operands int
	on       func(operands []operand) condition
}

var functions = map[string]function{
	"attribute_exists":     {operands: 1, on: func(o []operand) condition { return o[0].exists }},
	"attribute_not_exists": {operands: 1, on: func(o []operand) condition { return not(o[0].exists) }},
	"attribute_type":       {operands: 2, on: func(o []operand) condition { return holds(o[0], o[1], value.isOfType) }},
	"begins_with":          {operands: 2, on: func(o []operand) condition { return holds(o[0], o[1], value.begins) }},
	"contains":             {operands: 2, on: func(o []operand) condition { return holds(o[0], o[1], value.contains) }},
}

// call reads a function with its operands.
func (s *scanner) call() condition {
	name := s.advance()
	f, ok := functions[name]
	if !ok {
		s.fail("Invalid function name; function: " + name)
		return always
	}
	s.expect("(")
	operands := []operand{s.argument(name)}
	for s.accept(",") {
		operands = append(operands, s.operand())
	}
	if len(operands) != f.operands && s.err == nil {
		s.fail("Incorrect number of operands for operator or function; operator or function: " + name +
			", number of operands: " + strconv.Itoa(len(operands)))
		return always
	}
	s.expect(")")
	if s.err != nil {
		return always
	}
	return f.on(operands)
}

// argument reads the first operand of a function. Those that ask whether there is an attribute take nothing else.
func (s *scanner) argument(function string) operand {
	if strings.HasPrefix(s.next, ":") && strings.HasPrefix(function, "attribute_") {
		s.fail("Operator or function requires a document path; operator or function: " + function)
	}
	return s.operand()
}

// holds is a question about two values; without one of them the answer is no.
func holds(left, right operand, ask func(a, b value) bool) condition {
	return func(it item) bool {
		a, ok := left(it)
		b, alsoOK := right(it)
		return ok && alsoOK && ask(a, b)
	}
}

func (v value) isOfType(kind value) bool { return v.kind == kind.text }

func (v value) begins(prefix value) bool {
	return v.kind == prefix.kind && (v.kind == "S" || v.kind == "B") && strings.HasPrefix(v.text, prefix.text)
}

func (v value) contains(part value) bool {
	switch v.kind {
	case "S", "B":
		return part.kind == v.kind && strings.Contains(v.text, part.text)
	case "SS", "NS", "BS":
		return part.kind == v.kind[:1] && slices.Contains(v.set, part.text)
	case "L":
		return slices.ContainsFunc(v.list, part.equal)
	}
	return false
}

// comparators are the signs between two operands.
var comparators = map[string]func(a, b value) bool{
	"=":  value.equal,
	"<":  func(a, b value) bool { order, ok := a.compare(b); return ok && order < 0 },
	"<=": func(a, b value) bool { order, ok := a.compare(b); return ok && order <= 0 },
	">":  func(a, b value) bool { order, ok := a.compare(b); return ok && order > 0 },
	">=": func(a, b value) bool { order, ok := a.compare(b); return ok && order >= 0 },
}

// unequal is the sign that is the contrary of =, so that it holds where an operand is missing, too.
const unequal = "<>"

// compare is the condition with a sign between two operands.
func compare(left operand, sign string, right operand) condition {
	if sign == unequal {
		return not(holds(left, right, value.equal))
	}
	return holds(left, right, comparators[sign])
}

func isBetween(o, low, high operand) condition {
	from, to := compare(o, ">=", low), compare(o, "<=", high)
	return func(it item) bool { return from(it) && to(it) }
}

// comparison reads a comparison, a range or a choice of values.
func (s *scanner) comparison() condition {
	left := s.operand()
	if _, ok := comparators[s.next]; ok || s.next == unequal {
		sign := s.advance()
		return compare(left, sign, s.operand())
	}
	switch {
	case s.accept("BETWEEN"):
		low := s.operand()
		s.expect("AND")
		return isBetween(left, low, s.operand())
	case s.accept("IN"):
		return s.oneOf(left)
	}
	s.unexpected()
	return always
}

func (s *scanner) oneOf(left operand) condition {
	s.expect("(")
	choices := []condition{compare(left, "=", s.operand())}
	for s.accept(",") {
		choices = append(choices, compare(left, "=", s.operand()))
	}
	s.expect(")")
	return func(it item) bool {
		return slices.ContainsFunc(choices, func(c condition) bool { return c(it) })
	}
}

// operand reads a value, a path, or the size of what a path leads to.
func (s *scanner) operand() operand {
	if strings.HasPrefix(s.next, ":") {
		return constant(s.value())
	}
	if s.next == "size" && s.calls() {
		s.advance()
		s.expect("(")
		p := s.path()
		s.expect(")")
		return func(it item) (value, bool) { v, ok := p.in(it); return v.measure(), ok }
	}
	p := s.path()
	return p.in
}

// measure is what the function size returns: characters, bytes or elements.
func (v value) measure() value {
	n := len(v.set) + len(v.list) + len(v.members)
	switch v.kind {
	case "S":
		n = utf8.RuneCountInString(v.text)
	case "B":
		n = len(v.text)
	}
	return value{kind: "N", text: strconv.Itoa(n)}
}
