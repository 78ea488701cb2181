package dynamodb

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// condition is a condition expression, ready to be evaluated.
type condition func(it item) bool

// operand is a part of a condition that has a value, if the item has the attribute.
type operand func(it item) (value, bool)

// condition reads a condition expression; an empty one always holds.
func (e *expressions) condition() (condition, error) {
	if e.ConditionExpression == "" {
		return func(item) bool { return true }, nil
	}
	s := e.scan("ConditionExpression", e.ConditionExpression)
	c := s.or()
	return c, s.end()
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
	if s.accept("NOT") {
		c := s.not()
		return func(it item) bool { return !c(it) }
	}
	if s.accept("(") {
		c := s.or()
		s.expect(")")
		return c
	}
	if read, ok := functions[strings.ToLower(s.next)]; ok && strings.HasPrefix(strings.TrimLeft(s.rest, " "), "(") {
		s.advance()
		s.expect("(")
		c := read(s)
		s.expect(")")
		return c
	}
	return s.comparison()
}

// functions are the functions that conditions are made of (developer guide, operator and function reference).
var functions = map[string]func(s *scanner) condition{
	"attribute_exists": func(s *scanner) condition {
		p := s.path()
		return func(it item) bool { _, ok := p.in(it); return ok }
	},
	"attribute_not_exists": func(s *scanner) condition {
		p := s.path()
		return func(it item) bool { _, ok := p.in(it); return !ok }
	},
	"attribute_type": func(s *scanner) condition {
		return s.both(func(v, kind value) bool { return v.kind == kind.text })
	},
	"begins_with": func(s *scanner) condition {
		return s.both(func(v, prefix value) bool {
			return v.kind == prefix.kind && (v.kind == "S" || v.kind == "B") && strings.HasPrefix(v.text, prefix.text)
		})
	},
	"contains": func(s *scanner) condition { return s.both(value.contains) },
}

// both reads two operands and compares their values; without one of them the result is false.
func (s *scanner) both(ask func(a, b value) bool) condition {
	left := s.operand()
	s.expect(",")
	return holds(left, s.operand(), ask)
}

func holds(left, right operand, ask func(a, b value) bool) condition {
	return func(it item) bool {
		a, ok := left(it)
		b, alsoOK := right(it)
		return ok && alsoOK && ask(a, b)
	}
}

func (v value) contains(part value) bool {
	switch v.kind {
	case "S":
		return part.kind == "S" && strings.Contains(v.text, part.text)
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
	"<>": func(a, b value) bool { return !a.equal(b) },
	"<":  func(a, b value) bool { order, ok := a.compare(b); return ok && order < 0 },
	"<=": func(a, b value) bool { order, ok := a.compare(b); return ok && order <= 0 },
	">":  func(a, b value) bool { order, ok := a.compare(b); return ok && order > 0 },
	">=": func(a, b value) bool { order, ok := a.compare(b); return ok && order >= 0 },
}

// comparison reads a comparison, a range or a choice of values.
func (s *scanner) comparison() condition {
	left := s.operand()
	if ask, ok := comparators[s.next]; ok {
		s.advance()
		return holds(left, s.operand(), ask)
	}
	switch {
	case s.accept("BETWEEN"):
		low := s.operand()
		s.expect("AND")
		from, to := holds(left, low, comparators[">="]), holds(left, s.operand(), comparators["<="])
		return func(it item) bool { return from(it) && to(it) }
	case s.accept("IN"):
		return s.oneOf(left)
	}
	s.unexpected()
	return nil
}

func (s *scanner) oneOf(left operand) condition {
	s.expect("(")
	choices := []condition{holds(left, s.operand(), value.equal)}
	for s.accept(",") {
		choices = append(choices, holds(left, s.operand(), value.equal))
	}
	s.expect(")")
	return func(it item) bool {
		return slices.ContainsFunc(choices, func(c condition) bool { return c(it) })
	}
}

// operand reads a value, a path, or the size of what a path leads to.
func (s *scanner) operand() operand {
	if strings.HasPrefix(s.next, ":") {
		v := s.value()
		return func(item) (value, bool) { return v, true }
	}
	if strings.EqualFold(s.next, "size") && strings.HasPrefix(strings.TrimLeft(s.rest, " "), "(") {
		s.advance()
		s.expect("(")
		p := s.path()
		s.expect(")")
		return func(it item) (value, bool) { v, ok := p.in(it); return v.size(), ok }
	}
	p := s.path()
	return p.in
}

// size is what the function size returns: characters, bytes or elements.
func (v value) size() value {
	n := len(v.set) + len(v.list) + len(v.members)
	switch v.kind {
	case "S":
		n = utf8.RuneCountInString(v.text)
	case "B":
		n = base64.StdEncoding.DecodedLen(len(v.text)) - strings.Count(v.text, "=")
	}
	return value{kind: "N", text: strconv.Itoa(n)}
}
